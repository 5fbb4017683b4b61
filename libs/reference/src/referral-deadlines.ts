import { ACKNOWLEDGE_WITHIN_MS, URGENCIES, type Urgency } from './referral.ts';

/**
 * Time limits of one referral, each in milliseconds of calendar time. They travel with the request, so that both sides
 * reckon with the same.
 */
export interface DeadlinePolicy {
  /** From the request to its acknowledgement (domain.md §1.4). */
  readonly acknowledgeWithinMs: number;
  /** From an escalation to the answer of the receiver's supervisor. */
  readonly escalateForMs: number;
  /** From acknowledgement, or from the information asked for, to the decision. */
  readonly decideWithinMs: number;
  /** From acceptance to the first service. */
  readonly startWithinMs: number;
  /** From the start of the service to its end or a report on it. */
  readonly reportWithinMs: number;
  /** From the end of the service to the sender's closing of the loop. */
  readonly closeLoopWithinMs: number;
}

/** A policy for each urgency. */
export type ReferralDeadlines = Readonly<Record<Urgency, DeadlinePolicy>>;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

function policyOf(acknowledgeWithinMs: number): DeadlinePolicy {
  return {
    acknowledgeWithinMs,
    escalateForMs: Math.max(30 * MINUTE_MS, acknowledgeWithinMs / 2),
    decideWithinMs: acknowledgeWithinMs,
    startWithinMs: acknowledgeWithinMs,
    reportWithinMs: 30 * DAY_MS,
    closeLoopWithinMs: 7 * DAY_MS,
  };
}

/**
 * In force where a country says nothing else: the urgency is the time for each step of the receiver, half of it (30 minutes
 * at least) for its supervisor; a service is reported on within 30 days, a loop closed within 7.
 */
export const DEFAULT_REFERRAL_DEADLINES = Object.fromEntries(
  URGENCIES.map((urgency) => [urgency, policyOf(ACKNOWLEDGE_WITHIN_MS[urgency])]),
) as ReferralDeadlines;
