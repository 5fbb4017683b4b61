import type { TransferRequestAnsweredV1Data, TransferRequestedV1Data } from '@acogida/contracts';
import { DomainError } from '@acogida/core';
import type { Policy } from '@acogida/event-log';
import { custodyProcedure, type TransferAnswer, transferRequestProcedure } from '@acogida/referral';
import type { NodeContext } from '../node-definition.ts';
import { caseOf, react } from './policies.ts';

const NOT_THE_CUSTODIAN = { granted: false, referralId: null, reason: 'NOT_THE_CUSTODIAN' } as const;

/**
 * Takes a request for transfer in at the agency that is asked. Where that agency knows that another has the case, it says so at
 * once; all else is for its people to answer.
 *
 * @throws DomainError TRANSFER.NOT_THE_ASKER, TRANSFER.ID_TAKEN: the event is quarantined
 */
export function whenTransferRequestedThenReceiveIt(context: NodeContext): Policy {
  const name = 'when-transfer-requested-then-receive-it';
  const { agencyId, handler, clock } = context;
  return {
    name,
    on: 'TransferRequested',
    async react(event, transaction) {
      const { transferRequestId, asker, custodian } = event.payload.data as unknown as TransferRequestedV1Data;
      if (custodian !== agencyId) return;
      const caseId = caseOf(event);
      const askedAt = new Date(event.payload.occurredAt).toISOString();
      const received = { event, transaction };
      const id = transferRequestId.toLowerCase();
      const state = await react(context, name, received, transferRequestProcedure, id, {
        ...{ type: 'ReceiveTransferRequest', by: agencyId, publishedBy: event.source },
        question: { transferRequestId: id, caseId, asker, custodian, askedAt },
      });
      const { state: custody } = await handler.load(custodyProcedure, caseId, transaction);
      if (state?.answer !== null || custody === null || custody.holder === agencyId) return;
      const answer = { type: 'AnswerTransferRequest', by: agencyId, now: clock.now(), ...NOT_THE_CUSTODIAN } as const;
      await react(context, name, received, transferRequestProcedure, id, answer);
    },
  };
}

/**
 * Notes the custodian's answer at the agency that asked. The case itself comes, or not, by the transfer that the answer names.
 *
 * @throws DomainError TRANSFER.NOT_THE_CUSTODIAN, TRANSFER.CONTRADICTION: the event is quarantined
 */
export function whenTransferRequestAnsweredThenNoteIt(context: NodeContext): Policy {
  const name = 'when-transfer-request-answered-then-note-it';
  return {
    name,
    on: 'TransferRequestAnswered',
    async react(event, transaction) {
      const { transferRequestId, granted, referralId, reason } = event.payload
        .data as unknown as TransferRequestAnsweredV1Data;
      const id = transferRequestId.toLowerCase();
      const { state } = await context.handler.load(transferRequestProcedure, id, transaction);
      if (state?.side !== 'SENDER') return;
      if (caseOf(event) !== state.question.caseId) {
        throw new DomainError('TRANSFER.CONTRADICTION', 'conflict', 'the request is of another case');
      }
      const answer = { granted, referralId: referralId?.toLowerCase() ?? null, reason } as TransferAnswer;
      const at = new Date(event.payload.occurredAt).toISOString();
      const note = { type: 'NoteTransferAnswer', by: event.source, at, ...answer } as const;
      await react(context, name, { event, transaction }, transferRequestProcedure, id, note);
    },
  };
}
