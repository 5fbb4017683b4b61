import { instantAfter } from '@acogida/core';
import type {
  TransferAnswer,
  TransferQuestion,
  TransferRequestCommand,
  TransferRequestEvent,
} from './transfer-request.ts';

export const [ASKER, CUSTODIAN] = ['cr-conatt', 'cr-border-intake'] as const;
export const now = '2026-11-22T11:00:00.000Z';
export const later = '2026-11-22T12:00:00.000Z';

/** Asked at `now`, to be answered within seven days. */
export const QUESTION: TransferQuestion = {
  transferRequestId: '3d4c9a3e-53ac-4d0f-9f3a-1b9a4f6d2c10',
  caseId: '9b2f4f0e-5a3c-4f0e-8c51-6a4d1f0c2b11',
  ...{ asker: ASKER, custodian: CUSTODIAN, urgency: 'ROUTINE', askedAt: now },
  answerBy: '2026-11-29T11:00:00.000Z',
};
const { transferRequestId, caseId, answerBy } = QUESTION;

/** So long after it was to be answered, in milliseconds. */
export function lateBy(ms: number): string {
  return instantAfter(answerBy, ms);
}

const declined = { granted: false, referralId: null } as const;
const referralId = '4e1f2b1c-1a58-4f3a-9c3e-0d6c2f6a7b10';

export const GRANTED: TransferAnswer = { granted: true, referralId, reason: null, heldBy: null };
export const DECLINED: TransferAnswer = { ...declined, reason: 'SEPARATES_FAMILY', heldBy: null };
export const ELSEWHERE: TransferAnswer = { ...declined, reason: 'NOT_THE_CUSTODIAN', heldBy: 'cr-refugee-unit' };

export const ASK = {
  type: 'RequestTransfer',
  ...{ by: ASKER, now, transferRequestId, caseId, custodian: CUSTODIAN, urgency: 'ROUTINE' },
  answerWithinMs: 7 * 24 * 3_600_000,
} as const satisfies TransferRequestCommand;

export const REQUESTED: TransferRequestEvent = { type: 'TransferRequested', data: QUESTION };
export const RECEIVED: TransferRequestEvent = { type: 'TransferRequestReceived', data: QUESTION };
/** Said by the agency that was asked. */
export const answered = (answer: TransferAnswer): TransferRequestEvent => ({
  type: 'TransferRequestAnswered',
  data: { ...answer, answeredAt: later },
});
/** Heard by the asker. */
export const noted = (answer: TransferAnswer): TransferRequestEvent => ({
  type: 'TransferAnswerNoted',
  data: { ...answer, answeredAt: later },
});
/** The supervisor has an hour. */
export const ESCALATED: TransferRequestEvent = {
  type: 'TransferRequestEscalated',
  data: { missedAt: answerBy, answerBy: lateBy(3_600_000), escalatedAt: answerBy },
};
export const LAPSED: TransferRequestEvent = {
  type: 'TransferRequestLapsed',
  data: { missedAt: answerBy, lapsedAt: answerBy },
};
export const WITHDRAWN: TransferRequestEvent = { type: 'TransferRequestWithdrawn', data: { withdrawnAt: later } };
export const WITHDRAWAL_NOTED: TransferRequestEvent = { type: 'TransferWithdrawalNoted', data: { withdrawnAt: later } };
