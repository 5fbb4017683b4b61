import { type Instant, instantAfter } from '@acogida/core';
import { type CaseKeysState, type CircleMember, keysOwedTo, openEpochOf, presentMembers } from './case-keys.ts';
import type { RotationReason } from './case-keys-events.ts';

/** How long an epoch lasts when nobody leaves, in ms: 180 days. */
export const LONGEST_EPOCH_MS = 180 * 24 * 60 * 60 * 1000;

/** What a node knows of itself when it asks whether an epoch has to end. */
export interface RotationQuestion {
  /** Number of the node's incarnation: it rises when the node was restored from a copy. */
  readonly incarnation: number;
  readonly now: Instant;
}

/**
 * Why the open epoch has to end before anything more is sealed under it; null when it need not, or there is none.
 *
 * A member that left must not read on. One that was admitted without the past must not read what the epoch has of it. A node
 * that was restored may not know who left since its copy was made (architecture.md §3, Restore). And no key lasts for ever.
 */
export function rotationDue(state: CaseKeysState, { incarnation, now }: RotationQuestion): RotationReason | null {
  const open = openEpochOf(state);
  if (open === undefined || state.isErased) return null;
  if (state.owed !== null) return state.owed.reason;
  if (incarnation > open.incarnation) return 'NEW_INCARNATION';
  return now >= instantAfter(open.begunAt, LONGEST_EPOCH_MS) ? 'AGE' : null;
}

/** What the keys of a case wait for: the next epoch, and keys that members are to be given. */
export type CaseKeysDeadline = 'ROTATE' | 'GRANT';

/** The deadlines that stand open on the keys of a case. Both are due at once, but for the age of an epoch. */
export function caseKeysDeadlines(
  state: CaseKeysState,
): readonly { readonly kind: CaseKeysDeadline; readonly dueAt: Instant }[] {
  const open = openEpochOf(state);
  if (open === undefined || state.isErased) return [];
  const rotate = { kind: 'ROTATE', dueAt: state.owed?.since ?? instantAfter(open.begunAt, LONGEST_EPOCH_MS) } as const;
  // Before the epoch that is owed, nothing is granted: it would be what the one who left has too.
  if (state.owed !== null || owedMembers(state).length === 0) return [rotate];
  const [first = open.begunAt] = owedMembers(state)
    .map((member) => member.grantPutOffUntil ?? owedSince(state, member))
    .sort();
  return [rotate, { kind: 'GRANT', dueAt: first }];
}

/** Since when a member waits for the keys of the open epoch: its beginning, or the admission. */
export function owedSince(state: CaseKeysState, { admittedAt }: CircleMember): Instant {
  const begunAt = openEpochOf(state)?.begunAt ?? admittedAt;
  return begunAt > admittedAt ? begunAt : admittedAt;
}

function owedMembers(state: CaseKeysState): readonly CircleMember[] {
  return presentMembers(state).filter((member) => keysOwedTo(state, member).length > 0);
}

/** Agencies that keys are owed to, in the order in which they came. */
export function membersOwedKeys(state: CaseKeysState): readonly string[] {
  return owedMembers(state).map(({ agency }) => agency);
}
