import type { Instant } from '@acogida/core';
import type { Side } from './referral.ts';
import type { TransferRequestState } from './transfer-request.ts';

/** What is awaited of a request for transfer: an answer, the supervisor's answer, or that the asker asks anew or lets it be. */
export type TransferDeadlineKind = 'ANSWER_TRANSFER' | 'ANSWER_ESCALATION' | 'ASK_ANEW';

/** A time limit of a request for transfer, with the side that has to act. */
export interface TransferDeadline {
  readonly kind: TransferDeadlineKind;
  readonly dueAt: Instant;
  readonly of: Side;
}

/**
 * What is open now: one deadline, and none exactly when it was answered or withdrawn, so that no request ends in silence. What
 * came back to the asker unanswered is late from the beginning.
 */
export function transferDeadlinesOf(state: TransferRequestState): readonly TransferDeadline[] {
  if (state === null || state.answer !== null || state.isWithdrawn) return [];
  const { question, escalatedUntil, hasLapsed } = state;
  if (hasLapsed) return [{ kind: 'ASK_ANEW', dueAt: question.answerBy, of: 'SENDER' }];
  if (escalatedUntil !== null) return [{ kind: 'ANSWER_ESCALATION', dueAt: escalatedUntil, of: 'RECEIVER' }];
  return [{ kind: 'ANSWER_TRANSFER', dueAt: question.answerBy, of: 'RECEIVER' }];
}

/** What a node itself acts on when it is missed, each side on its own: whoever was asked escalates, whoever asks has it back. */
export function automaticTransferDeadlinesOf(state: TransferRequestState): readonly TransferDeadline[] {
  return transferDeadlinesOf(state).filter(({ kind }) => kind === 'ANSWER_TRANSFER');
}
