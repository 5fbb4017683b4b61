import type { Decider, Instant } from '@acogida/core';
import type { TransferDeclineReason } from '@acogida/reference';
import type { Side } from './referral.ts';
import { isSameValue, refusal } from './refusals.ts';
import { requireOtherAgency } from './request-rules.ts';

/** An agency that asks the custodian of a case for it (architecture.md §6). It asks; only the custodian moves custody. */
export type TransferQuestion = {
  readonly transferRequestId: string;
  readonly caseId: string;
  readonly asker: string;
  readonly custodian: string;
  readonly askedAt: Instant;
};

/** What the custodian says: granted names the transfer by which it gives the case, declined says why. */
export type TransferAnswer =
  | { readonly granted: true; readonly referralId: string; readonly reason: null }
  | { readonly granted: false; readonly referralId: null; readonly reason: TransferDeclineReason };

/** A request for transfer as one side knows it. `SENDER` is the agency that asks. */
export interface TransferRequest {
  readonly side: Side;
  readonly question: TransferQuestion;
  readonly answer: TransferAnswer | null;
}

/** Null before the first event. */
export type TransferRequestState = TransferRequest | null;

type Answered = TransferAnswer & { readonly answeredAt: Instant };

/** Events of a stream `transfer-request-<id>`: each side writes what it does and notes what it hears. */
export type TransferRequestEvent =
  | { readonly type: 'TransferRequested'; readonly data: TransferQuestion }
  | { readonly type: 'TransferRequestReceived'; readonly data: TransferQuestion }
  | { readonly type: 'TransferRequestAnswered'; readonly data: Answered }
  | { readonly type: 'TransferAnswerNoted'; readonly data: Answered };

/** Commands. `by` is the agency that acts, or that published what was heard. */
export type TransferRequestCommand =
  | ({ readonly type: 'RequestTransfer'; readonly by: string; readonly now: Instant } & Pick<
      TransferQuestion,
      'transferRequestId' | 'caseId' | 'custodian'
    >)
  | {
      readonly type: 'ReceiveTransferRequest';
      readonly by: string;
      readonly publishedBy: string;
      readonly question: TransferQuestion;
    }
  | ({ readonly type: 'AnswerTransferRequest'; readonly by: string; readonly now: Instant } & TransferAnswer)
  | ({ readonly type: 'NoteTransferAnswer'; readonly by: string; readonly at: Instant } & TransferAnswer);

type Of<T extends TransferRequestCommand['type']> = Extract<TransferRequestCommand, { readonly type: T }>;

function answerOf({ granted, referralId, reason }: TransferAnswer): TransferAnswer {
  return { granted, referralId, reason } as TransferAnswer;
}

function ask(command: Of<'RequestTransfer'>, state: TransferRequestState): readonly TransferRequestEvent[] {
  const { transferRequestId, caseId, custodian, by, now } = command;
  if (state !== null) {
    const { question, side } = state;
    if (side === 'SENDER' && question.caseId === caseId && question.custodian === custodian) return [];
    throw refusal('TRANSFER.ID_TAKEN', 'another request has this id');
  }
  requireOtherAgency(by, custodian);
  return [{ type: 'TransferRequested', data: { transferRequestId, caseId, asker: by, custodian, askedAt: now } }];
}

function receive(command: Of<'ReceiveTransferRequest'>, state: TransferRequestState): readonly TransferRequestEvent[] {
  const { by, publishedBy, question } = command;
  if (question.custodian !== by) {
    throw refusal('TRANSFER.NOT_THE_CUSTODIAN', 'it is addressed to another agency', 'forbidden');
  }
  if (question.asker !== publishedBy || question.asker === by) {
    throw refusal('TRANSFER.NOT_THE_ASKER', 'an agency asks for itself', 'forbidden');
  }
  if (state === null) return [{ type: 'TransferRequestReceived', data: question }];
  if (state.side === 'RECEIVER' && isSameValue(state.question, question)) return [];
  throw refusal('TRANSFER.ID_TAKEN', 'another request has this id');
}

/** Only the agency that was asked answers, once: at its side it decides, at the other's it is heard. */
function answer(
  command: Of<'AnswerTransferRequest' | 'NoteTransferAnswer'>,
  state: TransferRequestState,
): readonly TransferRequestEvent[] {
  if (state === null) throw refusal('TRANSFER.UNKNOWN', 'there is no such request here', 'not-found');
  const decides = command.type === 'AnswerTransferRequest';
  if (state.question.custodian !== command.by || state.side !== (decides ? 'RECEIVER' : 'SENDER')) {
    throw refusal('TRANSFER.NOT_THE_CUSTODIAN', 'only the agency that was asked answers', 'forbidden');
  }
  const answered = answerOf(command);
  if (state.answer !== null) {
    if (isSameValue(state.answer, answered)) return [];
    throw refusal(decides ? 'TRANSFER.ALREADY_ANSWERED' : 'TRANSFER.CONTRADICTION', 'it was answered otherwise before');
  }
  return command.type === 'AnswerTransferRequest'
    ? [{ type: 'TransferRequestAnswered', data: { ...answered, answeredAt: command.now } }]
    : [{ type: 'TransferAnswerNoted', data: { ...answered, answeredAt: command.at } }];
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
    }
  },
  evolve: (state, event) => {
    switch (event.type) {
      case 'TransferRequested':
        return { side: 'SENDER', question: event.data, answer: null };
      case 'TransferRequestReceived':
        return { side: 'RECEIVER', question: event.data, answer: null };
      case 'TransferRequestAnswered':
      case 'TransferAnswerNoted':
        return state && { ...state, answer: answerOf(event.data) };
    }
  },
};
