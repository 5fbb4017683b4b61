import type { Causation } from '@acogida/contracts';
import { leafHash } from '@acogida/ledger';
import { parseEnvelope } from './envelope.ts';
import type { Effects } from './inbox-effects.ts';
import { type InboxOptions, RESTRICTIVE_TYPES } from './inbox-port.ts';
import { type Reading, readRecord } from './inbox-reading.ts';
import { prepareFor } from './inbox-sealing.ts';
import { blocks, type InboxItem, settleAlone, type Settlement } from './inbox-settlement.ts';
import type { KeptRecord, LockedSource, SourceCursor } from './inbox-store.ts';
import { followStreams } from './inbox-streams.ts';

/** Events of one agency that must take effect in order. */
export interface Lane {
  readonly source: string;
  /** Pseudonym of the case, or the stream of words to this agency alone, of which each has a pseudonym of its own. */
  readonly subject: string;
}

/** Tries kept events again, each lane in order until one still cannot take effect. */
export class LaneRelease {
  readonly #options: InboxOptions;
  readonly #effects: Effects;
  /** False only when nothing is known to wait for a cause: then there is nothing to look for. */
  #mayWait = true;
  #waiters = 0;

  constructor(options: InboxOptions, effects: Effects) {
    this.#options = options;
    this.#effects = effects;
  }

  /** An event was parked for its cause; to be called once that is committed. */
  someoneWaits(): void {
    this.#mayWait = true;
    this.#waiters += 1;
  }

  /** Releases the lanes that wait for a cause which has taken effect by now, and what waits for those; returns how many events. */
  async releaseWaiting(): Promise<number> {
    let released = 0;
    while (this.#mayWait) {
      const waiters = this.#waiters;
      const lanes = await this.#options.store.lanesWithArrivedCause();
      for (const lane of lanes) released += await this.release(lane);
      if (lanes.length > 0) continue;
      // Whoever is parked meanwhile says so after its commit, and looks by itself.
      const isSomeoneParked = await this.#options.store.isSomeoneParked();
      if (waiters === this.#waiters) this.#mayWait = isSomeoneParked;
      return released;
    }
    return released;
  }

  /**
   * Runs a lane's kept events again in one transaction; returns how many took effect.
   *
   * @param alsoNumber an event of the lane that was kept as of unknown type, to be tried too
   */
  async release(lane: Lane, alsoNumber: number | null = null): Promise<number> {
    const { store, onEffect } = this.#options;
    const items = await this.#opened(lane, alsoNumber);
    const { applied, isParked } = await store.withSourceLocked(lane.source, async (locked, cursor) => {
      const count = { applied: 0, unsettled: cursor.unsettled, sealed: cursor.sealed, isParked: false };
      if (cursor.status === 'stopped') return count; // nothing of it is taken until people decide, whenever it came
      for (const kept of await locked.keptOfLane(lane.subject, alsoNumber)) {
        const item = items.get(kept.keptId) ?? (await this.#itemOf(kept)); // kept in the meantime
        if (hasPassed(kept, alsoNumber)) {
          await this.#followPassed(locked, cursor, kept, item);
          continue;
        }
        const settlement = await this.#settleAgain(locked, cursor, kept, item);
        count.unsettled += Number(blocks(settlement.state)) - Number(kept.kind !== 'unknown');
        count.sealed += Number(settlement.state === 'sealed');
        if (settlement.state === 'applied') count.applied += 1;
        count.isParked ||= settlement.cause !== null;
        if (blocks(settlement.state)) break;
      }
      if (count.unsettled !== cursor.unsettled || count.sealed !== cursor.sealed) await locked.count(count);
      return count;
    });
    if (isParked) this.someoneWaits();
    if (applied > 0) onEffect?.();
    return applied;
  }

  /**
   * The causes that this node can be expected to have seen first: events of other agencies that it listens to. The order
   * within one agency is that of its numbers, and a cause of this node's own is here by definition.
   */
  foreignCauses(items: readonly Pick<InboxItem, 'envelope' | 'reading'>[]): readonly Causation[] {
    const { agencyId, trust } = this.#options;
    return items.flatMap(({ envelope, reading }) => {
      const cause = reading.kind === 'event' ? reading.event.payload.causation : null;
      if (cause === null || cause.source === agencyId || cause.source === envelope.source) return [];
      return trust.has(cause.source) ? [cause] : [];
    });
  }

  /** What is kept of a lane, opened while no transaction waits for it. */
  async #opened(lane: Lane, alsoNumber: number | null): Promise<ReadonlyMap<string, InboxItem>> {
    const { store } = this.#options;
    const kept = await store.withSourceLocked(lane.source, (locked) => locked.keptOfLane(lane.subject, alsoNumber));
    const items = new Map<string, InboxItem>();
    for (const record of kept) items.set(record.keptId, await this.#itemOf(record));
    return items;
  }

  async #settleAgain(
    locked: LockedSource,
    { sealed }: SourceCursor,
    kept: KeptRecord,
    item: InboxItem,
  ): Promise<Settlement> {
    const { clock, restrictiveTypes = RESTRICTIVE_TYPES } = this.#options;
    const now = clock.now();
    const { missingCauses, streams } = await locked.readPast({
      numbers: [],
      lanes: [],
      causes: this.foreignCauses([item]),
      streams: streamOf(item.reading),
    });
    const obstacles = { blockedFrom: new Map<string, number>(), missingCauses, restrictiveTypes };
    const settlements = await settleAlone([item], obstacles, this.#effects, locked);
    const settlement = settlements[0] as Settlement;
    await locked.updateEvent(settlement, now);
    // The stream of an event of unknown type was followed when it came.
    if (kept.kind !== 'unknown' || kept.isChainPending) await follow(locked, streams, settlement, sealed);
    await locked.resettle(kept.keptId, settlement, now);
    return settlement;
  }

  /** It took effect when it came: only its place in its stream was still to come. */
  async #followPassed(
    locked: LockedSource,
    { sealed }: SourceCursor,
    kept: KeptRecord,
    item: InboxItem,
  ): Promise<void> {
    const { reading } = item;
    if ('opened' in reading) {
      const nothing = { numbers: [], lanes: [], causes: [] };
      const { streams } = await locked.readPast({ ...nothing, streams: streamOf(reading) });
      const { opened } = reading;
      const settled = {
        item,
        state: 'applied',
        reason: null,
        detail: null,
        cause: null,
        opened,
        passedBy: null,
      } as const;
      await follow(locked, streams, settled, sealed);
    }
    await locked.forgetPassed(kept);
  }

  async #itemOf({ record, leaf, kind, reason }: KeptRecord): Promise<InboxItem> {
    if (leafHash(record.value) !== leaf) throw new Error('a kept record is not the one that was received');
    const envelope = parseEnvelope(record.value);
    const shownSealed = kind === 'unknown' || reason === 'MISSING_KEY';
    await prepareFor(this.#options.sealing, [{ envelope }]);
    return { record, envelope, leaf, reading: await readRecord({ envelope }, this.#options), shownSealed };
  }
}

function hasPassed({ kind, number, isChainPending }: KeptRecord, alsoNumber: number | null): boolean {
  return kind === 'passed' || (kind === 'unknown' && isChainPending && number !== alsoNumber);
}

function streamOf(reading: Reading): readonly string[] {
  return 'opened' in reading ? [reading.opened.payload.stream] : [];
}

async function follow(
  locked: LockedSource,
  streams: Parameters<typeof followStreams>[0],
  settlement: Settlement,
  sealed: number,
): Promise<void> {
  const { outOfOrder, moved } = followStreams(streams, [settlement], sealed);
  if (moved.length > 0) await locked.storeStreams(moved);
  if (outOfOrder.size > 0) await locked.flagOutOfOrder(settlement.item.envelope.number);
}
