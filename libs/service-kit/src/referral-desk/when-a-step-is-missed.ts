import { automaticDeadlinesOf, type DeadlineKind, referralProcedure } from '@acogida/referral';
import { deadlineRule } from '../deadlines/deadline-rule.ts';
import type { AnyDeadlineRule } from '../deadlines/port.ts';

/**
 * A step of the receiver that was not taken in time: its supervisor is asked, and when it does not answer either, what is
 * still undecided expires and is back with the sender (INV-19, architecture.md §6).
 */
export const whenAStepIsMissed: AnyDeadlineRule = deadlineRule({
  procedure: referralProcedure,
  revision: 1,
  openIn: (state) => automaticDeadlinesOf(state).map(({ kind, dueAt }) => ({ kind, dueAt })),
  handle: async ({ kind, id }, { now, node, run }) => {
    await run({ procedure: referralProcedure, id, command: { type: commandFor(kind), by: node.agencyId, now } });
  },
});

function commandFor(missed: DeadlineKind): 'ExpireReferral' | 'EscalateReferral' {
  return missed === 'ANSWER_ESCALATION' ? 'ExpireReferral' : 'EscalateReferral';
}
