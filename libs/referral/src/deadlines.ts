import { type Instant, instantAfter } from '@acogida/core';
import { evolve } from './evolve.ts';
import { DEADLINE_OWNERS, MERGE_TABLE, type RequestStep } from './merge-table.ts';
import type { Deadline, DeadlineKind, Referral, ReferralEvent, ReferralState, ReferralStep } from './referral.ts';

/** What is due: on hold for information, the sender's answer comes first. */
function dueKindOf({ requestStatus, fulfilment, hold, information }: Referral): DeadlineKind | null {
  const { due } = MERGE_TABLE[requestStatus][fulfilment];
  if (due === 'RESUME' && hold?.reason === 'INFORMATION_REQUESTED' && information === null)
    return 'PROVIDE_INFORMATION';
  return due;
}

function after(instant: Instant | null, lengthMs: number): Instant | null {
  return instant === null ? null : instantAfter(instant, lengthMs);
}

function later(one: Instant | null, other: Instant | null): Instant | null {
  return one === null || (other !== null && other > one) ? other : one;
}

function earlier(one: Instant, other: Instant | null): Instant {
  return other !== null && other < one ? other : one;
}

/** A task that came back is as urgent as it was when it was sent; what was served waits longer for a last word. */
function closeLoopBy({ senderTask, request: { deadlines }, times }: Referral): Instant | null {
  const within = senderTask === 'DONE' ? deadlines.closeLoopWithinMs : deadlines.acknowledgeWithinMs;
  return after(times.answeredAt ?? times.endedAt, within);
}

function dueAtOf(kind: DeadlineKind, referral: Referral): Instant | null {
  const { request, times, hold } = referral;
  const { acknowledgeWithinMs, decideWithinMs, startWithinMs, reportWithinMs } = request.deadlines;
  const expectedBy = hold?.expectedBy ?? null;
  switch (kind) {
    case 'SEND':
    case 'ACKNOWLEDGE':
      return request.acknowledgeBy;
    case 'DECIDE':
      return after(later(times.acknowledgedAt, times.resumedAt), decideWithinMs);
    case 'PROVIDE_INFORMATION':
      return after(times.heldAt, decideWithinMs);
    case 'RESUME':
      // However late a place is expected, the receiver says by the time of a report how it stands (INV-19).
      return expectedBy === null
        ? after(times.informedAt ?? times.heldAt, decideWithinMs)
        : earlier(expectedBy, after(times.heldAt, reportWithinMs));
    case 'START':
      return after(times.acceptedAt, startWithinMs);
    case 'REPORT':
      return after(times.startedAt, reportWithinMs);
    case 'COMPENSATE':
      return after(times.endedAt, acknowledgeWithinMs);
    case 'CLOSE_LOOP':
      return closeLoopBy(referral);
    case 'ANSWER_ESCALATION':
      return referral.escalation?.answerBy ?? null;
  }
}

/**
 * What is open now, with the side that has to act: one deadline, and none exactly when nobody has to do anything any more
 * (INV-19). Pure; times are those of the request's own policy, counted from what each side said when it did it.
 *
 * After a step was missed and the supervisor of whose turn it was told, the supervisor's answer is what is open.
 */
export function deadlinesOf(state: ReferralState): readonly Deadline[] {
  const kind = state && dueKindOf(state);
  const dueAt = state && kind && dueAtOf(kind, state);
  if (!kind || !dueAt) return [];
  const { missed, missedAt, answerBy } = state.escalation ?? {};
  return missed === kind && missedAt === dueAt && answerBy !== undefined
    ? [{ kind: 'ANSWER_ESCALATION', dueAt: answerBy, of: DEADLINE_OWNERS[kind] }]
    : [{ kind, dueAt, of: DEADLINE_OWNERS[kind] }];
}

/** Says of each step what is due after it, which makes it an event. */
export function withDue(steps: readonly ReferralStep[], state: ReferralState): readonly ReferralEvent[] {
  let reached = state;
  return steps.map((step) => {
    reached = evolve(reached, step);
    return { ...step, data: { ...step.data, due: deadlinesOf(reached)[0] ?? null } } as ReferralEvent;
  });
}

/**
 * What a node itself acts on when it is missed: the sender's, on steps of the receiver, and on information that it owes the
 * receiver itself. It first asks the supervisor of whose turn it is (`EscalateReferral`), then takes back what is still
 * undecided (`ExpireReferral`). Who has the person is never told by a clock to let go of it: that stays on the task lists.
 */
export function automaticDeadlinesOf(state: ReferralState): readonly Deadline[] {
  if (state?.side !== 'SENDER') return [];
  const step = (kind: DeadlineKind): RequestStep => (kind === 'ANSWER_ESCALATION' ? 'EXPIRE' : 'ESCALATE');
  const { next } = MERGE_TABLE[state.requestStatus][state.fulfilment];
  return deadlinesOf(state).filter(
    ({ kind, of }) => (of === 'RECEIVER' || state.fulfilment === 'ON_HOLD') && next.SENDER.includes(step(kind)),
  );
}
