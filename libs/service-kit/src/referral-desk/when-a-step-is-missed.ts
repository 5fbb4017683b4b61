import { automaticDeadlinesOf, referralProcedure } from '@acogida/referral';
import { deadlineRule } from '../deadlines/deadline-rule.ts';
import type { AnyDeadlineRule } from '../deadlines/port.ts';
import { rerouteUnanswered } from './rerouting.ts';

/** How a desk deals with what was not answered. */
export interface MissedStepOptions {
  /** What nobody answered goes to the next agency by the directory, as far as the country wants it. */
  readonly reroutesUnanswered: boolean;
}

/**
 * A step that was not taken in time: the supervisor of whose turn it is is asked, and when it does not answer either, what is
 * still undecided expires and is back with the sender, or goes on to the next agency (INV-19, architecture.md §6).
 */
export function whenAStepIsMissed({ reroutesUnanswered }: MissedStepOptions): AnyDeadlineRule {
  return deadlineRule({
    procedure: referralProcedure,
    revision: 2,
    openIn: (state) => automaticDeadlinesOf(state).map(({ kind, dueAt }) => ({ kind, dueAt })),
    handle: async ({ kind, id }, turn) => {
      const acts = { by: turn.node.agencyId, now: turn.now };
      if (kind !== 'ANSWER_ESCALATION') {
        await turn.run({ procedure: referralProcedure, id, command: { type: 'EscalateReferral', ...acts } });
        return;
      }
      const { state, events } = await turn.run({
        procedure: referralProcedure,
        id,
        command: { type: 'ExpireReferral', ...acts },
      });
      // Who owed the receiver an answer itself has something to do before anybody else is asked.
      const isUnanswered = state?.escalation?.missed !== 'PROVIDE_INFORMATION';
      if (state !== null && events.length > 0 && isUnanswered && reroutesUnanswered)
        await rerouteUnanswered(state, turn);
    },
  });
}
