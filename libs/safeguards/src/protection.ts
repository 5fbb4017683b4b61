import { type Instant, instantAfter } from '@acogida/core';
import type { HoldNextStep, ProtectionStatus, RemovalHold } from '@acogida/reference';
import type { ProtectionBasis } from './hold-ledger-events.ts';
import type { HoldOnScreen } from './ledger-screen.ts';

/** An open hold of another authority, as far as it told. */
export interface HoldElsewhere {
  readonly holdId: string;
  readonly authority: string;
  /** Who answers for it now that its authority is gone; null while that is there. */
  readonly successor: string | null;
  /** Null where this agency may not read it. */
  readonly kind: RemovalHold | null;
  readonly since: Instant;
}

/** Who has to do what, so that it goes on. */
export interface NextAct {
  readonly agency: string;
  readonly step: HoldNextStep;
}

/** One open hold of a person. */
export interface ProtectingHold {
  readonly holdId: string;
  readonly authority: string;
  readonly kind: RemovalHold | null;
  readonly since: Instant;
  /** Null where only its authority knows. */
  readonly isProtected: boolean | null;
  readonly protectedAt: Instant | null;
  readonly basis: ProtectionBasis | null;
  /** By when it protects if nobody does anything; null where it does, where only a gate can end the wait, or nothing is known. */
  readonly protectedAtTheLatest: Instant | null;
  readonly isOvertaken: boolean;
  readonly mustAct: readonly NextAct[];
}

/** Whether a person may be made to leave, as far as an agency knows: its own ledger, and what others told it. */
export interface Protection {
  readonly status: ProtectionStatus;
  /** Since when: protected, or held elsewhere. Null with the other statuses. */
  readonly since: Instant | null;
  /** By when the first hold protects if nobody does anything; null where one does, or where only a gate can end the wait. */
  readonly protectedAtTheLatest: Instant | null;
  /** This agency's own first, each in the order of placing. */
  readonly holds: readonly ProtectingHold[];
}

function actsOf({ waitsFor, isOvertaken, isLiftProposed }: HoldOnScreen, owner: string): readonly NextAct[] {
  const waits = waitsFor.map(({ gate }): NextAct => {
    return gate === null ? { agency: owner, step: 'LEASE_ENDS' } : { agency: gate, step: 'GATE_ANSWERS_HALT' };
  });
  const acts: NextAct[] = isOvertaken ? [{ agency: owner, step: 'DEPARTURE_REPORTED' }, ...waits] : [...waits];
  if (waits.length === 0)
    acts.push({ agency: owner, step: isLiftProposed ? 'SECOND_OFFICER_DECIDES' : 'AUTHORITY_DECIDES' });
  const seen = new Set<string>();
  return acts.filter(({ agency, step }) => !seen.has(`${agency} ${step}`) && seen.add(`${agency} ${step}`));
}

/** When the last of what a hold waits for is over by itself. */
function atTheLatest({ waitsFor }: HoldOnScreen, now: Instant): Instant | null {
  if (waitsFor.length === 0) return null;
  const times = waitsFor.map(({ atTheLatestInMs }) => atTheLatestInMs);
  return times.includes(null) ? null : instantAfter(now, Math.max(...times.map((ms) => ms ?? 0)));
}

function ownHold(hold: HoldOnScreen, owner: string, now: Instant): ProtectingHold {
  const { holdId, kind, since, isProtected, protectedAt, basis, isOvertaken } = hold;
  return {
    ...{ holdId, authority: owner, kind, since, isProtected, protectedAt, basis, isOvertaken },
    ...{ protectedAtTheLatest: atTheLatest(hold, now), mustAct: actsOf(hold, owner) },
  };
}

function heardHold({ holdId, authority, successor, kind, since }: HoldElsewhere): ProtectingHold {
  return {
    ...{ holdId, authority, kind, since, isProtected: null, protectedAt: null, basis: null, isOvertaken: false },
    ...{ protectedAtTheLatest: null, mustAct: [{ agency: successor ?? authority, step: 'AUTHORITY_DECIDES' }] },
  };
}

const earliest = (instants: readonly (Instant | null)[]): Instant | null =>
  instants.filter((instant) => instant !== null).sort()[0] ?? null;

/**
 * What the screen of a person says: protected or not, since when, by when at the latest, and who must act (architecture.md §7).
 * It opens no door: a departure asks every authority at its own moment.
 *
 * @param own open holds of this agency, as `holdsOnScreen` gives them
 * @param owner this agency
 * @param heard open holds of others, oldest first
 */
export function protectionOf(
  own: readonly HoldOnScreen[],
  owner: string,
  heard: readonly HoldElsewhere[],
  now: Instant,
): Protection {
  const ours = own.map((hold) => ownHold(hold, owner, now));
  const holds = [...ours, ...heard.map(heardHold)];
  const since = earliest(ours.map(({ protectedAt }) => protectedAt));
  if (since !== null) return { status: 'PROTECTED', since, protectedAtTheLatest: null, holds };
  const heardSince = earliest(heard.map((hold) => hold.since));
  if (ours.length > 0) {
    const first = earliest(ours.map((hold) => hold.protectedAtTheLatest));
    return { status: 'NOT_YET_PROTECTED', since: null, protectedAtTheLatest: first, holds };
  }
  const status = heardSince === null ? 'NO_HOLD_KNOWN' : 'HELD_ELSEWHERE';
  return { status, since: heardSince, protectedAtTheLatest: null, holds };
}
