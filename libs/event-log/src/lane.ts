import type { Causation } from '@acogida/contracts';
import { inTransaction, type Transaction } from '@acogida/event-store';
import { leafHash } from '@acogida/ledger';
import { parseEnvelope } from './envelope.ts';
import type { Effects } from './inbox-effects.ts';
import { type KeptRecord, keptOfLane, resettle } from './inbox-kept.ts';
import type { InboxOptions } from './inbox-port.ts';
import { readRecord } from './inbox-reading.ts';
import { blocks, type InboxItem, settle, type Settlement } from './inbox-settlement.ts';
import { lockSource, missingCauses, updateEvent } from './inbox-storage.ts';
import { followStreams } from './inbox-streams.ts';

/** Events of one agency under one subject: what must take effect in order. */
export interface Lane {
  readonly source: string;
  readonly subject: string;
}

/** Tries kept events again, each lane in order until one still cannot take effect. */
export class LaneRelease {
  readonly #options: InboxOptions;
  readonly #effects: Effects;

  constructor(options: InboxOptions, effects: Effects) {
    this.#options = options;
    this.#effects = effects;
  }

  /** Releases the lanes that wait for a cause which has taken effect by now, and what waits for those; returns how many events. */
  async releaseWaiting(): Promise<number> {
    let released = 0;
    for (;;) {
      const lanes = await this.#lanesWithArrivedCause();
      if (lanes.length === 0) return released;
      for (const lane of lanes) released += await this.release(lane);
    }
  }

  /**
   * Runs a lane's kept events again in one transaction; returns how many took effect.
   *
   * @param alsoNumber an event of the lane that was kept as of unknown type, to be tried too
   */
  async release(lane: Lane, alsoNumber: number | null = null): Promise<number> {
    const applied = await inTransaction(this.#options.pool, async (transaction) => {
      const { status } = await lockSource(transaction, lane.source);
      if (status === 'stopped') return 0; // nothing of it is taken until people decide, whenever it came
      let count = 0;
      for (const kept of await keptOfLane(transaction, lane.source, lane.subject, alsoNumber)) {
        const settlement = await this.#settleAgain(transaction, lane, kept);
        if (settlement.state === 'applied') count += 1;
        if (blocks(settlement.state)) break;
      }
      return count;
    });
    if (applied > 0) this.#options.onEffect?.();
    return applied;
  }

  /**
   * The causes that this node can be expected to have seen first: events of other agencies that it listens to. The order
   * within one agency is that of its numbers, and a cause of this node's own is here by definition.
   */
  foreignCauses(items: readonly InboxItem[]): readonly Causation[] {
    const { agencyId, trust } = this.#options;
    return items.flatMap(({ envelope, reading }) => {
      const cause = reading.kind === 'event' ? reading.event.payload.causation : null;
      if (cause === null || cause.source === agencyId || cause.source === envelope.source) return [];
      return trust.has(cause.source) ? [cause] : [];
    });
  }

  async #settleAgain(transaction: Transaction, { source }: Lane, kept: KeptRecord): Promise<Settlement> {
    const now = this.#options.clock.now();
    const item = this.#itemOf(kept);
    const obstacles = {
      blockedSubjects: new Set<string>(),
      missingCauses: await missingCauses(transaction, this.foreignCauses([item])),
    };
    const settlements = await settle([item], obstacles, this.#effects, 'alone', transaction);
    const settlement = settlements[0] as Settlement;
    const outOfOrder = await followStreams(transaction, source, settlements);
    await updateEvent(transaction, source, settlement, outOfOrder, now);
    await resettle(transaction, kept.keptId, settlement, now);
    return settlement;
  }

  #itemOf({ record, leaf, kind, reason }: KeptRecord): InboxItem {
    if (leafHash(record.value) !== leaf) throw new Error('a kept record is not the one that was received');
    const envelope = parseEnvelope(record.value);
    const shownSealed = kind === 'unknown' || reason === 'MISSING_KEY';
    return { record, envelope, leaf, reading: readRecord({ envelope }, this.#options), shownSealed };
  }

  /** Lanes whose first unsettled event can go on now: one further back would be asked for again and again. */
  async #lanesWithArrivedCause(): Promise<readonly Lane[]> {
    const { rows } = await this.#options.pool.query<Lane>(
      `SELECT DISTINCT k.source, k.subject
         FROM inbox.kept k JOIN inbox.event e ON e.source = k.cause_source AND e.event_id = k.cause_id
         JOIN inbox.source_cursor c ON c.source = k.source AND c.status <> 'stopped'
        WHERE k.kind = 'parked' AND e.state IN ('applied', 'unknown')
          AND NOT EXISTS (SELECT FROM inbox.kept f
                           WHERE f.source = k.source AND f.subject = k.subject AND f.number < k.number
                             AND f.kind IN ('parked', 'quarantined', 'held'))`,
    );
    return rows;
  }
}
