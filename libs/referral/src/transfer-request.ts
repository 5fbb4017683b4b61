import { type Decider, type Instant, instantAfter } from '@acogida/core';
import { isAgencyId, type TransferDeclineReason, type Urgency } from '@acogida/reference';
import type { Side } from './referral.ts';
import { isSameValue, refusal } from './refusals.ts';
import { requireOtherAgency } from './request-rules.ts';

/** An agency that asks the custodian of a case for it (architecture.md §6). It asks; only the custodian moves custody. */
export type TransferQuestion = {
  readonly transferRequestId: string;
  readonly caseId: string;
  readonly asker: string;
  readonly custodian: string;
  readonly urgency: Urgency;
  readonly askedAt: Instant;
  /** Until when it is to be answered: it travels with the question, so that both sides reckon with the same. */
  readonly answerBy: Instant;
};

/**
 * What the agency that was asked says: granted names the transfer by which it gives the case, declined says why. One that is not
 * the custodian names in `heldBy` who is, where it knows that and may say it.
 */
export type TransferAnswer =
  | { readonly granted: true; readonly referralId: string; readonly reason: null; readonly heldBy: null }
  | {
      readonly granted: false;
      readonly referralId: null;
      readonly reason: TransferDeclineReason;
      readonly heldBy: string | null;
    };

/** A request for transfer as one side knows it. `SENDER` is the agency that asks. */
export interface TransferRequest {
  readonly side: Side;
  readonly question: TransferQuestion;
  readonly answer: TransferAnswer | null;
  /** Until when the supervisor of the agency that was asked is to answer, after nobody did in time; null before, and at the asker. */
  readonly escalatedUntil: Instant | null;
  /** It came back to the asker unanswered: it may ask anew. */
  readonly hasLapsed: boolean;
  /** The asker does not wait for an answer any more. */
  readonly isWithdrawn: boolean;
}

/** Null before the first event. */
export type TransferRequestState = TransferRequest | null;

type Answered = TransferAnswer & { readonly answeredAt: Instant };

/** Events of a stream `transfer-request-<id>`: each side writes what it does and notes what it hears. */
export type TransferRequestEvent =
  | { readonly type: 'TransferRequested'; readonly data: TransferQuestion }
  | { readonly type: 'TransferRequestReceived'; readonly data: TransferQuestion }
  | { readonly type: 'TransferRequestAnswered'; readonly data: Answered }
  | { readonly type: 'TransferAnswerNoted'; readonly data: Answered }
  /** At the agency that was asked: its supervisor has until `answerBy`. */
  | {
      readonly type: 'TransferRequestEscalated';
      readonly data: { readonly missedAt: Instant; readonly answerBy: Instant; readonly escalatedAt: Instant };
    }
  /** At the asker: nobody answered in time. */
  | {
      readonly type: 'TransferRequestLapsed';
      readonly data: { readonly missedAt: Instant; readonly lapsedAt: Instant };
    }
  | { readonly type: 'TransferRequestWithdrawn'; readonly data: { readonly withdrawnAt: Instant } }
  | { readonly type: 'TransferWithdrawalNoted'; readonly data: { readonly withdrawnAt: Instant } };

/** What an agency does of its own, at an instant of its clock. */
interface Acts {
  readonly by: string;
  readonly now: Instant;
}

/** Commands. `by` is the agency that acts, or that published what was heard. */
export type TransferRequestCommand =
  | ({
      readonly type: 'RequestTransfer';
      /** How long the custodian has, in milliseconds of calendar time (domain.md §1.4). */
      readonly answerWithinMs: number;
    } & Acts &
      Pick<TransferQuestion, 'transferRequestId' | 'caseId' | 'custodian' | 'urgency'>)
  | {
      readonly type: 'ReceiveTransferRequest';
      readonly by: string;
      readonly publishedBy: string;
      readonly question: TransferQuestion;
    }
  | ({ readonly type: 'AnswerTransferRequest' } & Acts & TransferAnswer)
  | ({ readonly type: 'NoteTransferAnswer'; readonly by: string; readonly at: Instant } & TransferAnswer)
  /** Of the clock: `escalateForMs` is how long the supervisor has, in milliseconds. */
  | ({ readonly type: 'EscalateTransferRequest'; readonly escalateForMs: number } & Acts)
  | ({ readonly type: 'LapseTransferRequest' } & Acts)
  | ({ readonly type: 'WithdrawTransferRequest' } & Acts)
  | { readonly type: 'NoteTransferWithdrawal'; readonly by: string; readonly at: Instant };

type Of<T extends TransferRequestCommand['type']> = Extract<TransferRequestCommand, { readonly type: T }>;
type Events = readonly TransferRequestEvent[];

function answerOf({ granted, referralId, reason, heldBy }: TransferAnswer): TransferAnswer {
  return { granted, referralId, reason, heldBy } as TransferAnswer;
}

function known(state: TransferRequestState): TransferRequest {
  if (state === null) throw refusal('TRANSFER.UNKNOWN', 'there is no such request here', 'not-found');
  return state;
}

/** What the custodian does it does at its own side, and at the other's it is heard. */
function requireCustodian({ question, side }: TransferRequest, by: string, at: Side): void {
  if (question.custodian === by && side === at) return;
  throw refusal('TRANSFER.NOT_THE_CUSTODIAN', 'only the agency that was asked answers', 'forbidden');
}

function requireAsker({ question, side }: TransferRequest, by: string, at: Side): void {
  if (question.asker === by && side === at) return;
  throw refusal('TRANSFER.NOT_THE_ASKER', 'an agency asks for itself', 'forbidden');
}

/** Whether it still waits for an answer, and this instant is too late for one. */
function isMissed({ question, answer, isWithdrawn }: TransferRequest, now: Instant): boolean {
  return answer === null && !isWithdrawn && question.answerBy <= now;
}

function ask(command: Of<'RequestTransfer'>, state: TransferRequestState): Events {
  const { transferRequestId, caseId, custodian, urgency, answerWithinMs, by, now } = command;
  if (state !== null) {
    const { question, side } = state;
    if (side === 'SENDER' && question.caseId === caseId && question.custodian === custodian) return [];
    throw refusal('TRANSFER.ID_TAKEN', 'another request has this id');
  }
  requireOtherAgency(by, custodian);
  const answerBy = instantAfter(now, answerWithinMs);
  const data = { transferRequestId, caseId, asker: by, custodian, urgency, askedAt: now, answerBy };
  return [{ type: 'TransferRequested', data }];
}

function receive(command: Of<'ReceiveTransferRequest'>, state: TransferRequestState): Events {
  const { by, publishedBy, question } = command;
  if (question.custodian !== by) {
    throw refusal('TRANSFER.NOT_THE_CUSTODIAN', 'it is addressed to another agency', 'forbidden');
  }
  if (question.asker !== publishedBy || question.asker === by) {
    throw refusal('TRANSFER.NOT_THE_ASKER', 'an agency asks for itself', 'forbidden');
  }
  if (question.answerBy <= question.askedAt) {
    throw refusal('TRANSFER.DEADLINE_UNCLEAR', 'it is to be answered after it was asked', 'invalid');
  }
  if (state === null) return [{ type: 'TransferRequestReceived', data: question }];
  if (state.side === 'RECEIVER' && isSameValue(state.question, question)) return [];
  throw refusal('TRANSFER.ID_TAKEN', 'another request has this id');
}

/** Who has the case is named by one that does not have it, and by nobody else. */
function requireClearAnswer({ reason, heldBy }: TransferAnswer, { custodian }: TransferQuestion): void {
  if (heldBy === null || (reason === 'NOT_THE_CUSTODIAN' && isAgencyId(heldBy) && heldBy !== custodian)) return;
  throw refusal('TRANSFER.ANSWER_UNCLEAR', 'only one that is not the custodian says who is', 'invalid');
}

/** Only the agency that was asked answers, once: at its side it decides, at the other's it is heard, however late. */
function answer(command: Of<'AnswerTransferRequest' | 'NoteTransferAnswer'>, state: TransferRequestState): Events {
  const request = known(state);
  const decides = command.type === 'AnswerTransferRequest';
  requireCustodian(request, command.by, decides ? 'RECEIVER' : 'SENDER');
  const answered = answerOf(command);
  if (request.answer !== null) {
    if (isSameValue(request.answer, answered)) return [];
    throw refusal(decides ? 'TRANSFER.ALREADY_ANSWERED' : 'TRANSFER.CONTRADICTION', 'it was answered otherwise before');
  }
  requireClearAnswer(answered, request.question);
  if (command.type === 'NoteTransferAnswer') {
    return [{ type: 'TransferAnswerNoted', data: { ...answered, answeredAt: command.at } }];
  }
  if (request.isWithdrawn) throw refusal('TRANSFER.WITHDRAWN', 'nobody waits for an answer any more');
  return [{ type: 'TransferRequestAnswered', data: { ...answered, answeredAt: command.now } }];
}

function escalate({ by, now, escalateForMs }: Of<'EscalateTransferRequest'>, state: TransferRequestState): Events {
  const request = known(state);
  requireCustodian(request, by, 'RECEIVER');
  if (!isMissed(request, now) || request.escalatedUntil !== null) return [];
  const missedAt = request.question.answerBy;
  const data = { missedAt, answerBy: instantAfter(now, escalateForMs), escalatedAt: now };
  return [{ type: 'TransferRequestEscalated', data }];
}

function lapse({ by, now }: Of<'LapseTransferRequest'>, state: TransferRequestState): Events {
  const request = known(state);
  requireAsker(request, by, 'SENDER');
  if (!isMissed(request, now) || request.hasLapsed) return [];
  return [{ type: 'TransferRequestLapsed', data: { missedAt: request.question.answerBy, lapsedAt: now } }];
}

/** Crossing an answer it is noted all the same, so that both sides know both. */
function withdraw(
  command: Of<'WithdrawTransferRequest' | 'NoteTransferWithdrawal'>,
  state: TransferRequestState,
): Events {
  const request = known(state);
  requireAsker(request, command.by, command.type === 'WithdrawTransferRequest' ? 'SENDER' : 'RECEIVER');
  if (request.isWithdrawn) return [];
  if (command.type === 'NoteTransferWithdrawal') {
    return [{ type: 'TransferWithdrawalNoted', data: { withdrawnAt: command.at } }];
  }
  if (request.answer !== null) throw refusal('TRANSFER.ALREADY_ANSWERED', 'it was answered before');
  return [{ type: 'TransferRequestWithdrawn', data: { withdrawnAt: command.now } }];
}

function begun(side: Side, question: TransferQuestion): TransferRequest {
  return { side, question, answer: null, escalatedUntil: null, hasLapsed: false, isWithdrawn: false };
}

/** A request for transfer. Refuses with TRANSFER.… codes; REFERRAL.TO_SELF and REFERRAL.RECEIVER_MALFORMED for whom it asks. */
export const transferRequestDecider: Decider<TransferRequestCommand, TransferRequestState, TransferRequestEvent> = {
  initialState: null,
  decide: (command, state) => {
    switch (command.type) {
      case 'RequestTransfer':
        return ask(command, state);
      case 'ReceiveTransferRequest':
        return receive(command, state);
      case 'AnswerTransferRequest':
      case 'NoteTransferAnswer':
        return answer(command, state);
      case 'EscalateTransferRequest':
        return escalate(command, state);
      case 'LapseTransferRequest':
        return lapse(command, state);
      case 'WithdrawTransferRequest':
      case 'NoteTransferWithdrawal':
        return withdraw(command, state);
    }
  },
  evolve: (state, event) => {
    switch (event.type) {
      case 'TransferRequested':
        return begun('SENDER', event.data);
      case 'TransferRequestReceived':
        return begun('RECEIVER', event.data);
      case 'TransferRequestAnswered':
      case 'TransferAnswerNoted':
        return state && { ...state, answer: answerOf(event.data) };
      case 'TransferRequestEscalated':
        return state && { ...state, escalatedUntil: event.data.answerBy };
      case 'TransferRequestLapsed':
        return state && { ...state, hasLapsed: true };
      case 'TransferRequestWithdrawn':
      case 'TransferWithdrawalNoted':
        return state && { ...state, isWithdrawn: true };
    }
  },
};
