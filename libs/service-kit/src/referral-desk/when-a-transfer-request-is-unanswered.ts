import {
  automaticTransferDeadlinesOf,
  custodyProcedure,
  type TransferRequest,
  type TransferRequestCommand,
  transferRequestProcedure,
} from '@acogida/referral';
import { deadlineRule } from '../deadlines/deadline-rule.ts';
import type { AnyDeadlineRule, DeadlineTurn } from '../deadlines/port.ts';
import { answerByCustody } from './answer-by-custody.ts';
import { transferTermsIn } from './transfer-terms.ts';

/** The agency that was asked says that it does not have the case, if so; else its supervisor is asked. */
async function atCustodian({ question }: TransferRequest, turn: DeadlineTurn): Promise<TransferRequestCommand> {
  const { node, now, transaction } = turn;
  const acts = { by: node.agencyId, now };
  const answer = await answerByCustody(node, question, transaction);
  if (answer !== null) return { type: 'AnswerTransferRequest', ...acts, ...answer };
  const { escalateForMs } = transferTermsIn(node, question.urgency, now);
  return { type: 'EscalateTransferRequest', ...acts, escalateForMs };
}

/** The asker has the case by now, or has its request back. */
async function atAsker({ question }: TransferRequest, turn: DeadlineTurn): Promise<TransferRequestCommand> {
  const { node, now, transaction } = turn;
  const { state: custody } = await node.handler.load(custodyProcedure, question.caseId, transaction);
  const type = custody?.holder === node.agencyId ? 'WithdrawTransferRequest' : 'LapseTransferRequest';
  return { type, by: node.agencyId, now };
}

/**
 * A request for transfer that nobody answered in time: each side sees it by its own clock, whatever the other does. The supervisor
 * of the agency that was asked is asked, and the asker has it back and may ask anew (INV-19, architecture.md §6).
 */
export const whenATransferRequestIsUnanswered: AnyDeadlineRule = deadlineRule({
  procedure: transferRequestProcedure,
  revision: 1,
  openIn: (state) => automaticTransferDeadlinesOf(state).map(({ kind, dueAt }) => ({ kind, dueAt })),
  handle: async ({ id }, turn) => {
    const { state } = await turn.node.handler.load(transferRequestProcedure, id, turn.transaction);
    if (state === null || automaticTransferDeadlinesOf(state).length === 0) return;
    const command = await (state.side === 'RECEIVER' ? atCustodian(state, turn) : atAsker(state, turn));
    await turn.run({ procedure: transferRequestProcedure, id, command });
  },
});
