import type { ClearanceRefusal, GateNextStep, GateRefusal } from '@acogida/reference';
import type { AskedClearance, Obstacle } from './gate-events.ts';
import type { Attempt, GateFile } from './gate-state.ts';
import type { Reading } from './lease.ts';

/** How an agency stands on the log, as this node sees it. */
export type AuthorityStanding = 'CURRENT' | 'STALE' | 'EQUIVOCATING' | 'GONE';

/** What came of asking one authority. */
export type ClearanceAnswer = { readonly clearanceId: string } & (
  | { readonly outcome: 'GRANTED'; readonly leaseMs: number }
  | { readonly outcome: 'REFUSED'; readonly reasons: readonly ClearanceRefusal[] }
  | { readonly outcome: 'UNREACHABLE' | 'UNVERIFIABLE' }
);

/** What the node knows beside the stream of the case, at the moment of the question. */
export interface Situation {
  /** Clearance authorities of the jurisdiction; null where the directory has not said it. */
  readonly authorities: readonly string[] | null;
  /** Agencies that ever placed a hold on a case that is linked to this one, or on this one before the gate heard of holds. */
  readonly placersOnLinked: readonly string[];
  /** Agencies of which this node knows an open hold on any of them beside what the gate heard, or a word that counts as one. */
  readonly heldBy: readonly string[];
  /** Of agencies that are gone: who answers in their place. */
  readonly successors: Readonly<Record<string, string>>;
  /** Of every authority that is to be asked; one that is missing counts as gone. */
  readonly standings: Readonly<Record<string, AuthorityStanding>>;
  /** What this node itself waits for, on this case or one that is linked to it. */
  readonly obstacles: readonly Extract<GateRefusal, 'EVENT_PARKED' | 'EVENT_QUARANTINED' | 'AWAITS_ATTESTATION'>[];
}

/** Who has to act, for each refusal. */
export const NEXT_STEPS: Readonly<Record<GateRefusal, GateNextStep>> = {
  HOLD_ACTIVE: 'WAIT_FOR_THE_AUTHORITY',
  HOLD_HEARD: 'WAIT_FOR_THE_AUTHORITY',
  POSSIBLE_MATCH: 'AUTHORITY_DECIDES_MATCH',
  NOT_SEARCHED: 'REACH_FOCAL_POINT',
  EVENT_PARKED: 'SETTLE_EVENTS',
  EVENT_QUARANTINED: 'SETTLE_EVENTS',
  AWAITS_ATTESTATION: 'OFFICER_ATTESTS',
  AUTHORITIES_UNKNOWN: 'DIRECTORY_NAMES_WHO',
  AUTHORITY_GONE: 'DIRECTORY_NAMES_WHO',
  UNREACHABLE: 'REACH_FOCAL_POINT',
  AUTHORITY_STALE: 'REACH_FOCAL_POINT',
  UNVERIFIABLE: 'SECURITY_OFFICER',
  AUTHORITY_EQUIVOCATES: 'SECURITY_OFFICER',
  NOT_ASKED: 'ASK_AGAIN',
  LEASE_OVER: 'ASK_AGAIN',
  RESTARTED: 'ASK_AGAIN',
  ASKED_TOO_OFTEN: 'ASK_AGAIN_LATER',
};

const STANDING_REFUSALS: Readonly<Record<AuthorityStanding, GateRefusal | null>> = {
  CURRENT: null,
  STALE: 'AUTHORITY_STALE',
  EQUIVOCATING: 'AUTHORITY_EQUIVOCATES',
  GONE: 'AUTHORITY_GONE',
};

function obstacle(refusal: GateRefusal, authority: string | null = null): Obstacle {
  return { refusal, authority, nextStep: NEXT_STEPS[refusal] };
}

/** The last of those who answer for each other; itself where nobody succeeds it. */
function whoAnswers(agency: string, successors: Situation['successors']): string {
  const seen = new Set([agency]);
  let last = agency;
  for (;;) {
    const next = successors[last];
    if (next === undefined || seen.has(next)) return last;
    seen.add(next);
    last = next;
  }
}

/** Agencies that have a say in a departure, whether or not they are there. */
function sayersOf(file: GateFile, { authorities, placersOnLinked, heldBy }: Situation): readonly string[] {
  return [...(authorities ?? []), ...placersOnLinked, ...heldBy, ...file.heard.map(({ authority }) => authority)];
}

/**
 * Who has to clear a departure: every clearance authority of the jurisdiction, and every agency that ever placed a hold on
 * the case or one that is linked to it, each by whoever answers for it now.
 */
export function authoritiesToAsk(file: GateFile, situation: Situation): readonly string[] {
  const all = sayersOf(file, situation).map((agency) => whoAnswers(agency, situation.successors));
  return [...new Set(all)].sort();
}

/**
 * Agencies that are gone and in whose place one is asked. It is told so: the gate may have heard of the succession before the
 * successor has, whose ledger is then empty of what the agency before had protected.
 */
export function askedInPlaceOf(authority: string, file: GateFile, situation: Situation): readonly string[] {
  const gone = sayersOf(file, situation).filter(
    (agency) => agency !== authority && whoAnswers(agency, situation.successors) === authority,
  );
  return [...new Set(gone)].sort();
}

/** Authorities that were there when they were asked, and are gone now: who answers for them was not asked in their place. */
function passedOnSince({ asked }: Attempt, { successors }: Situation): readonly Obstacle[] {
  const heirs = asked.flatMap(({ authority }) => {
    const heir = whoAnswers(authority, successors);
    return heir !== authority && asked.some((one) => one.authority === heir) ? [heir] : [];
  });
  return [...new Set(heirs)].map((heir) => obstacle('NOT_ASKED', heir));
}

/** What the attempt itself has against it: its leases. */
function leaseObstacles({ askedFrom }: Attempt, leaseMs: number, now: Reading): readonly Obstacle[] {
  if (askedFrom.boot !== now.boot) return [obstacle('RESTARTED')];
  return now.ms - askedFrom.ms < leaseMs ? [] : [obstacle('LEASE_OVER')];
}

function answerObstacles({ authority }: AskedClearance, answer: ClearanceAnswer | undefined): readonly Obstacle[] {
  if (answer === undefined) return [obstacle('UNREACHABLE', authority)];
  switch (answer.outcome) {
    case 'GRANTED':
      return [];
    case 'REFUSED':
      return answer.reasons.map((reason) => obstacle(reason, authority));
    case 'UNREACHABLE':
    case 'UNVERIFIABLE':
      return [obstacle(answer.outcome, authority)];
  }
}

/** The shortest lease of what was granted, in milliseconds; 0 where nothing was. */
export function earliestLeaseMs(answers: readonly ClearanceAnswer[]): number {
  const leases = answers.map((answer) => (answer.outcome === 'GRANTED' ? answer.leaseMs : 0));
  return leases.length === 0 ? 0 : Math.min(...leases);
}

/**
 * All that stands against a departure, in a fixed order; nothing where it may go on (INV-01, INV-02). What is missing, stale,
 * not to be verified, parked, quarantined, unreachable or contradicts itself stands against it.
 *
 * @param answers those to requests of this attempt, one each
 */
export function judgeDeparture(
  file: GateFile,
  attempt: Attempt,
  answers: readonly ClearanceAnswer[],
  situation: Situation,
  now: Reading,
): readonly Obstacle[] {
  const own = situation.obstacles.map((refusal) => obstacle(refusal));
  if ((situation.authorities ?? []).length === 0) own.push(obstacle('AUTHORITIES_UNKNOWN'));
  const holders = file.heard.filter(({ isOpen }) => isOpen).map(({ authority }) => authority);
  const decideOnHolds = [...holders, ...situation.heldBy].map((one) => whoAnswers(one, situation.successors));
  const heard = [...new Set(decideOnHolds)].map((authority) => obstacle('HOLD_HEARD', authority));
  const ofAuthorities = authoritiesToAsk(file, situation).flatMap((authority) => {
    const standing = STANDING_REFUSALS[situation.standings[authority] ?? 'GONE'];
    const asked = attempt.asked.find((one) => one.authority === authority);
    const answer = answers.find((one) => one.clearanceId === asked?.clearanceId);
    const said = asked === undefined ? [obstacle('NOT_ASKED', authority)] : answerObstacles(asked, answer);
    return standing === null ? said : [obstacle(standing, authority), ...said];
  });
  const all = [...own, ...heard, ...passedOnSince(attempt, situation), ...ofAuthorities];
  return all.length > 0 ? all : leaseObstacles(attempt, earliestLeaseMs(answers), now);
}
