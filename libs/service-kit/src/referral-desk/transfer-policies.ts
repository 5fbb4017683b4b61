import type {
  TransferRequestAnsweredV2Data,
  TransferRequestedV2Data,
  TransferRequestWithdrawnV1Data,
} from '@acogida/contracts';
import { DomainError, instantAfter } from '@acogida/core';
import type { Policy, ReceivedEvent } from '@acogida/event-log';
import type { Transaction } from '@acogida/event-store';
import {
  type TransferAnswer,
  type TransferQuestion,
  type TransferRequestCommand,
  transferRequestProcedure,
} from '@acogida/referral';
import type { NodeContext } from '../node-definition.ts';
import { answerByCustody } from './answer-by-custody.ts';
import { caseOf, react } from './policies.ts';
import { transferTermsIn } from './transfer-terms.ts';

/** A request for transfer that nobody answered or withdrew. */
export interface OpenRequest extends Pick<TransferQuestion, 'caseId' | 'asker' | 'custodian'> {
  readonly id: string;
}

/**
 * Requests that wait although there is nothing to wait for, by what is known here of the custody of their cases: to this agency,
 * which does not have the case by now, and of this agency, which has it itself.
 *
 * @param caseId null for every case
 */
export type PointlessRequests = (
  transaction: Transaction,
  agencyId: string,
  caseId: string | null,
) => Promise<readonly OpenRequest[]>;

const POINTLESS = `
  SELECT asked.transfer_request_id AS "id", asked.case_id AS "caseId", asked.asker, asked.custodian
    FROM transfer_request AS asked JOIN custody USING (case_id)
   WHERE asked.granted IS NULL AND asked.withdrawn_at IS NULL
     AND (asked.direction = 'sent') = (custody.holder = $1) AND ($2::uuid IS NULL OR asked.case_id = $2)
   ORDER BY asked.asked_at, asked.transfer_request_id`;

/**
 * Takes a request for transfer in at the agency that is asked. Where that agency does not have the case, it says so at once; all
 * else is for its people to answer.
 *
 * @throws DomainError TRANSFER.NOT_THE_ASKER, TRANSFER.ID_TAKEN, TRANSFER.DEADLINE_UNCLEAR: the event is quarantined
 */
export function whenTransferRequestedThenReceiveIt(context: NodeContext): Policy {
  const name = 'when-transfer-requested-then-receive-it';
  const { agencyId, clock } = context;
  return {
    name,
    on: 'TransferRequested',
    async react(event, transaction) {
      const { transferRequestId, asker, custodian, urgency, answerBy } = event.payload
        .data as unknown as TransferRequestedV2Data;
      if (custodian !== agencyId) return;
      const caseId = caseOf(event);
      const askedAt = new Date(event.payload.occurredAt).toISOString();
      const { answerWithinMs } = transferTermsIn(context, urgency, askedAt);
      const until = answerBy === null ? instantAfter(askedAt, answerWithinMs) : new Date(answerBy).toISOString();
      const received = { event, transaction };
      const id = transferRequestId.toLowerCase();
      const state = await react(context, name, received, transferRequestProcedure, id, {
        ...{ type: 'ReceiveTransferRequest', by: agencyId, publishedBy: event.source },
        question: { transferRequestId: id, caseId, asker, custodian, urgency, askedAt, answerBy: until },
      });
      if (state === null || state.answer !== null || state.isWithdrawn) return;
      const answer = await answerByCustody(context, { caseId, asker }, transaction);
      if (answer === null) return;
      const command = { type: 'AnswerTransferRequest', by: agencyId, now: clock.now(), ...answer } as const;
      await react(context, name, received, transferRequestProcedure, id, command);
    },
  };
}

/**
 * Notes the answer at the agency that asked. The case itself comes, or not, by the transfer that the answer names.
 *
 * @throws DomainError TRANSFER.NOT_THE_CUSTODIAN, TRANSFER.CONTRADICTION, TRANSFER.ANSWER_UNCLEAR: the event is quarantined
 */
export function whenTransferRequestAnsweredThenNoteIt(context: NodeContext): Policy {
  const name = 'when-transfer-request-answered-then-note-it';
  return {
    name,
    on: 'TransferRequestAnswered',
    async react(event, transaction) {
      const { transferRequestId, granted, referralId, reason, heldBy } = event.payload
        .data as unknown as TransferRequestAnsweredV2Data;
      const id = transferRequestId.toLowerCase();
      const { state } = await context.handler.load(transferRequestProcedure, id, transaction);
      if (state?.side !== 'SENDER') return;
      requireCaseOf(event, state.question.caseId);
      const answer = { granted, referralId: referralId?.toLowerCase() ?? null, reason, heldBy } as TransferAnswer;
      const at = new Date(event.payload.occurredAt).toISOString();
      const note = { type: 'NoteTransferAnswer', by: event.source, at, ...answer } as const;
      await react(context, name, { event, transaction }, transferRequestProcedure, id, note);
    },
  };
}

/**
 * Notes at the agency that was asked that nobody waits for its answer any more.
 *
 * @throws DomainError TRANSFER.NOT_THE_ASKER, TRANSFER.CONTRADICTION: the event is quarantined
 */
export function whenTransferRequestWithdrawnThenNoteIt(context: NodeContext): Policy {
  const name = 'when-transfer-request-withdrawn-then-note-it';
  return {
    name,
    on: 'TransferRequestWithdrawn',
    async react(event, transaction) {
      const { transferRequestId } = event.payload.data as unknown as TransferRequestWithdrawnV1Data;
      const id = transferRequestId.toLowerCase();
      const { state } = await context.handler.load(transferRequestProcedure, id, transaction);
      if (state?.side !== 'RECEIVER') return;
      requireCaseOf(event, state.question.caseId);
      const at = new Date(event.payload.occurredAt).toISOString();
      const note = { type: 'NoteTransferWithdrawal', by: event.source, at } as const;
      await react(context, name, { event, transaction }, transferRequestProcedure, id, note);
    },
  };
}

/** By the read models of the desk. */
export const pointlessInTable: PointlessRequests = async (transaction, agencyId, caseId) => {
  const { rows } = await transaction.query<OpenRequest>(POINTLESS, [agencyId, caseId]);
  return rows;
};

/** By which the custody of a case may move, with the name of the policy that then looks who waits for it. */
const CUSTODY_MOVES = {
  ReferralAccepted: 'when-referral-accepted-then-end-pointless-requests',
  CustodyReleased: 'when-custody-released-then-end-pointless-requests',
  SuccessionOrdered: 'when-succession-ordered-then-end-pointless-requests',
} as const;

/**
 * Whoever asked this agency for a case that another has by now is told so, and what this agency asked others for a case that it
 * has by now is withdrawn; who gave it the case answers itself. Run after the policies that record where the case went. An order
 * of succession may concern any case.
 */
export function whenCustodyMovedThenEndPointlessRequests(
  context: NodeContext,
  pointless: PointlessRequests,
): readonly Policy[] {
  const { agencyId } = context;
  return Object.entries(CUSTODY_MOVES).map(([on, name]) => ({
    name,
    on,
    async react(event, transaction) {
      const caseId = on === 'SuccessionOrdered' ? null : caseOf(event);
      for (const request of await pointless(transaction, agencyId, caseId)) {
        if (request.custodian === event.source) continue;
        const command = await endOf(context, request, transaction);
        if (command !== null)
          await react(context, name, { event, transaction }, transferRequestProcedure, request.id, command);
      }
    },
  }));
}

async function endOf(
  context: NodeContext,
  request: OpenRequest,
  transaction: Transaction,
): Promise<TransferRequestCommand | null> {
  const acts = { by: context.agencyId, now: context.clock.now() };
  if (request.asker === context.agencyId) return { type: 'WithdrawTransferRequest', ...acts };
  const answer = await answerByCustody(context, request, transaction);
  return answer && { type: 'AnswerTransferRequest', ...acts, ...answer };
}

function requireCaseOf(event: ReceivedEvent, caseId: string): void {
  if (caseOf(event) === caseId) return;
  throw new DomainError('TRANSFER.CONTRADICTION', 'conflict', 'the request is of another case');
}
