import type { Causation } from '@acogida/contracts';
import type { EffectMode, Effects, EffectiveReading } from './inbox-effects.ts';
import type { KeptReason } from './inbox-port.ts';
import type { OpenedPlace, Reading } from './inbox-reading.ts';
import type { LockedSource } from './inbox-store.ts';
import type { VerifiedRecord } from './inbox-verification.ts';

/**
 * What became of an event at this node. `sealed`: it is not for this node to read, or not yet; nothing waits for it. `revoked`: said
 * under keys that had ended before; it is not read at all, and nothing waits for it.
 */
export type EventState = 'applied' | 'unknown' | 'sealed' | 'revoked' | 'parked' | 'quarantined' | 'held';

/** Whether nobody here knows what an event in this state says: versions of streams may be missing for it. */
export function isUnread(state: EventState): boolean {
  return state === 'sealed' || state === 'revoked';
}

/** A verified record and what this node makes of it. */
export interface InboxItem extends Pick<VerifiedRecord, 'record' | 'envelope' | 'leaf'> {
  readonly reading: Reading;
  /** Projections were already told that it exists and cannot be understood yet. */
  readonly shownSealed: boolean;
}

/** The lanes of those that are sealed, each once, in the order in which rows of several are locked. */
export function sealedLanesOf(settlements: readonly Settlement[]): readonly string[] {
  const lanes = settlements.flatMap(({ state, item }) => (state === 'sealed' ? [item.reading.lane] : []));
  return [...new Set(lanes)].sort();
}

/** How an event was settled. */
export interface Settlement {
  readonly item: InboxItem;
  readonly state: EventState;
  /** Null when applied in its turn, or sealed. */
  readonly reason: KeptReason | null;
  readonly detail: string | null;
  /** What it waits for, when parked for its cause. */
  readonly cause: Causation | null;
  /** Present when it was opened and let through. */
  readonly opened: OpenedPlace | null;
  /** What a restrictive event did not wait for: its blocked lane, or its cause. */
  readonly passedBy: 'lane' | 'cause' | null;
}

/** What decides whether an event may take effect now. */
export interface Obstacles {
  /** Lanes of the source that have an unsettled event, with the number of the first. */
  readonly blockedFrom: ReadonlyMap<string, number>;
  /** `causeKey` of the causes that this node has not applied. */
  readonly missingCauses: ReadonlySet<string>;
  /** Types that pass by their lane. */
  readonly restrictiveTypes: ReadonlySet<string>;
}

/** Names a cause in a set. */
export function causeKey({ source, id }: Causation): string {
  return `${source}/${id}`;
}

/**
 * Settles events of one source in number order, as if every effect succeeded: an unsettled one holds back the later ones of its
 * lane, and only those. Restrictive ones are not held back, sealed ones hold nothing back and are not held back either. Pure.
 */
export function settleTogether(
  items: readonly InboxItem[],
  obstacles: Obstacles,
): {
  readonly settlements: readonly Settlement[];
  /** What policies and projections are shown. */
  readonly shown: readonly EffectiveReading[];
} {
  const lanes = new Lanes(obstacles);
  const settlements = items.map((item) => lanes.note(judge(item, obstacles, lanes.isBlockedAt(item))));
  return { settlements, shown: settlements.flatMap((settlement) => shownToEffects(settlement) ?? []) };
}

/** As `settleTogether`, each effect under a savepoint: one that fails for good has its event quarantined. */
export async function settleAlone(
  items: readonly InboxItem[],
  obstacles: Obstacles,
  effects: Effects,
  locked: Pick<LockedSource, 'savepoint' | 'transaction'>,
): Promise<readonly Settlement[]> {
  const lanes = new Lanes(obstacles);
  const batch = items.map(({ reading }) => reading);
  const settlements: Settlement[] = [];
  for (const item of items) {
    let settlement = judge(item, obstacles, lanes.isBlockedAt(item));
    const shown = shownToEffects(settlement);
    const failure = shown === null ? null : await effects.alone(shown, locked, batch);
    if (failure !== null) settlement = kept(item, 'quarantined', 'EFFECT_FAILED', failure);
    settlements.push(lanes.note(settlement));
  }
  return settlements;
}

/** Settles events in one of the two ways; `shown` is what is still to take effect. */
export async function settle(
  mode: EffectMode,
  items: readonly InboxItem[],
  obstacles: Obstacles,
  effects: Effects,
  locked: Pick<LockedSource, 'savepoint' | 'transaction'>,
): Promise<ReturnType<typeof settleTogether>> {
  if (mode === 'together') return settleTogether(items, obstacles);
  return { settlements: await settleAlone(items, obstacles, effects, locked), shown: [] };
}

/** What holds back what comes after it in its lane, and nothing before it: a key that comes late opens earlier events. */
class Lanes {
  readonly #blockedFrom: Map<string, number>;

  constructor({ blockedFrom }: Obstacles) {
    this.#blockedFrom = new Map(blockedFrom);
  }

  isBlockedAt({ envelope, reading }: InboxItem): boolean {
    const first = this.#blockedFrom.get(reading.lane);
    return first !== undefined && first < envelope.number;
  }

  note(settlement: Settlement): Settlement {
    const { envelope, reading } = settlement.item;
    const first = this.#blockedFrom.get(reading.lane) ?? envelope.number;
    if (blocks(settlement.state)) this.#blockedFrom.set(reading.lane, Math.min(first, envelope.number));
    return settlement;
  }
}

/** Whether an event in this state holds back its lane. */
export function blocks(state: EventState): boolean {
  return state === 'parked' || state === 'quarantined' || state === 'held';
}

function judge(item: InboxItem, obstacles: Obstacles, isBlocked: boolean): Settlement {
  const { reading } = item;
  if (reading.kind === 'sealed') return kept(item, 'sealed', null, null);
  if (reading.kind === 'revoked') return kept(item, 'revoked', null, null);
  const isRestrictive = restricts(item, obstacles.restrictiveTypes);
  if (isBlocked && !isRestrictive) return kept(item, 'held', 'LANE_BLOCKED', null);
  switch (reading.kind) {
    case 'quarantined':
      return kept(item, 'quarantined', reading.reason, reading.detail);
    case 'unknown':
      return {
        ...kept(item, 'unknown', 'UNKNOWN_TYPE', null),
        opened: reading.opened,
        passedBy: isBlocked ? 'lane' : null,
      };
    case 'event': {
      const { causation } = reading.event.payload;
      const isCauseMissing = causation !== null && obstacles.missingCauses.has(causeKey(causation));
      if (isCauseMissing && !isRestrictive) {
        return { ...kept(item, 'parked', 'MISSING_CAUSE', null), cause: causation };
      }
      const applied = { item, state: 'applied', detail: null, cause: null, opened: reading.opened } as const;
      if (isBlocked) return { ...applied, reason: 'PASSED_BY', passedBy: 'lane' };
      return { ...applied, reason: null, passedBy: isCauseMissing ? 'cause' : null };
    }
  }
}

/** A type that this release does not know, of class `hold`, counts as a hold (architecture.md §3, point 4). */
function restricts({ envelope, reading }: InboxItem, restrictiveTypes: ReadonlySet<string>): boolean {
  if (reading.kind === 'event') return restrictiveTypes.has(reading.event.payload.type);
  return reading.kind === 'unknown' && envelope.class === 'hold';
}

function kept(item: InboxItem, state: EventState, reason: KeptReason | null, detail: string | null): Settlement {
  return { item, state, reason, detail, cause: null, opened: null, passedBy: null };
}

/** Applied events are shown to policies and projections, those known only by their class to projections. */
function shownToEffects({ state, item: { reading, shownSealed } }: Settlement): EffectiveReading | null {
  if (reading.kind === 'quarantined' || reading.kind === 'revoked' || state === 'held') return null;
  if (reading.kind === 'event') return state === 'applied' ? reading : null;
  return shownSealed ? null : reading;
}
