import { leafHash } from '@acogida/ledger';
import { allOf } from './all-of.ts';
import { parseEnvelope } from './envelope.ts';
import { type EffectMode, type Effects, togetherElseAlone } from './inbox-effects.ts';
import { alarmsOf } from './inbox-findings.ts';
import { keepUnsettled } from './inbox-kept.ts';
import { type InboxAlarm, type InboxOptions, RESTRICTIVE_TYPES } from './inbox-port.ts';
import { readRecord } from './inbox-reading.ts';
import { prepareFor } from './inbox-sealing.ts';
import { blocks, type InboxItem, settle, type Settlement } from './inbox-settlement.ts';
import type { LockedSource, SourceCursor } from './inbox-store.ts';
import { followUnlocked } from './inbox-streams.ts';
import type { Lane, LaneRelease } from './lane.ts';
import type { LogRecord } from './port.ts';

/** What opening sealed events came to. */
interface Unlocked {
  readonly opened: number;
  readonly applied: number;
  readonly isParked: boolean;
  readonly alarms: readonly InboxAlarm[];
}

const NOTHING: Unlocked = { opened: 0, applied: 0, isParked: false, alarms: [] };

/** Settles events that were sealed when they came, like fresh ones: their keys have come. */
export class Unlocking {
  readonly #options: InboxOptions;
  readonly #effects: Effects;
  readonly #lanes: LaneRelease;

  constructor(options: InboxOptions, effects: Effects, lanes: LaneRelease) {
    this.#options = options;
    this.#effects = effects;
    this.#lanes = lanes;
  }

  /**
   * Opens what it can of sealed events under one subject; those that are still sealed stay so.
   *
   * @param records in number order, as they were received
   * @returns how many are not sealed any more; null when nothing is taken of the agency until people decide
   * @throws transient database errors: nothing was changed
   */
  async open(lane: Lane, records: readonly LogRecord[]): Promise<number | null> {
    const items = (await this.#read(records)).filter(({ reading }) => reading.kind !== 'sealed');
    if (items.length === 0) return 0;
    const { store, onAlarm, onEffect } = this.#options;
    const unlocked = await togetherElseAlone((mode) =>
      store.withSourceLocked(lane.source, async (locked, cursor) => {
        if (cursor.status === 'stopped') return null;
        return this.#settle(locked, cursor, await stillSealed(locked, lane, items), mode);
      }),
    );
    if (unlocked === null) return null;
    for (const alarm of unlocked.alarms) onAlarm?.(alarm);
    if (unlocked.applied > 0) onEffect?.();
    if (unlocked.isParked) this.#lanes.someoneWaits();
    await this.#lanes.releaseWaiting();
    return unlocked.opened;
  }

  async #read(records: readonly LogRecord[]): Promise<readonly InboxItem[]> {
    const received = records.map((record) => ({ record, envelope: parseEnvelope(record.value) }));
    await prepareFor(this.#options.sealing, received);
    const items: InboxItem[] = [];
    for (const { record, envelope } of received) {
      const reading = await readRecord({ envelope }, this.#options);
      items.push({ record, envelope, leaf: leafHash(record.value), reading, shownSealed: true });
    }
    return items;
  }

  async #settle(
    locked: LockedSource,
    { unsettled, sealed }: SourceCursor,
    items: readonly InboxItem[],
    mode: EffectMode,
  ): Promise<Unlocked> {
    if (items.length === 0) return NOTHING;
    const { clock, restrictiveTypes = RESTRICTIVE_TYPES } = this.#options;
    const past = await locked.readPast({
      numbers: [],
      lanes: unsettled === 0 ? [] : items.map(({ reading }) => reading.lane),
      causes: this.#lanes.foreignCauses(items),
      streams: items.flatMap(({ reading }) => ('opened' in reading ? [reading.opened.payload.stream] : [])),
    });
    const obstacles = { ...past, restrictiveTypes };
    const { settlements, shown } = await settle(mode, items, obstacles, this.#effects, locked);
    const { outOfOrder, moved } = followUnlocked(past.streams, settlements, sealed);
    const now = clock.now();
    await allOf([
      ...settlements.map((settlement) => locked.updateEvent(settlement, now)),
      ...[...outOfOrder].map((number) => locked.flagOutOfOrder(number)),
      locked.storeStreams(moved),
      keepUnsettled(locked, settlements, now),
      locked.count({ unsettled: unsettled + countOf(settlements, blocks), sealed: sealed - settlements.length }),
      this.#effects.together(shown, locked.transaction),
    ]);
    return {
      opened: settlements.length,
      applied: countOf(settlements, (state) => state === 'applied'),
      isParked: settlements.some(({ cause }) => cause !== null),
      alarms: alarmsOf(locked.source, settlements, outOfOrder),
    };
  }
}

/** Another run may have opened some of them. */
async function stillSealed(
  locked: LockedSource,
  { subject }: Lane,
  items: readonly InboxItem[],
): Promise<readonly InboxItem[]> {
  const first = items[0]?.envelope.number ?? 0;
  const last = items.at(-1)?.envelope.number ?? 0;
  const sealed = await locked.sealedOf(subject, first - 1, last - first + 1);
  const leaves = new Set(sealed.map(({ leaf }) => leaf));
  return items.filter(({ leaf }) => leaves.has(leaf));
}

function countOf(settlements: readonly Settlement[], counts: (state: Settlement['state']) => boolean): number {
  return settlements.filter(({ state }) => counts(state)).length;
}
