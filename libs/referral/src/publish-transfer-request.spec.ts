import { describe, expect, it } from '@jest/globals';
import { contractDataFault, type ContractType } from '@acogida/contracts';
import { fold } from '@acogida/core';
import { transferRequestProcedure } from './procedure.ts';
import { publishTransferRequest } from './publish.ts';
import { type TransferAnswer, transferRequestDecider, type TransferRequestEvent } from './transfer-request.ts';
import {
  answered,
  ASKER,
  CUSTODIAN,
  DECLINED,
  ELSEWHERE,
  ESCALATED,
  GRANTED,
  LAPSED,
  later,
  noted,
  now,
  QUESTION,
  RECEIVED,
  REQUESTED,
  WITHDRAWAL_NOTED,
  WITHDRAWN,
} from './transfer-request-examples.ts';

const { transferRequestId, caseId, answerBy } = QUESTION;
const frame = { class: 'referral', caseId } as const;
const asked = { transferRequestId, asker: ASKER, custodian: CUSTODIAN, urgency: 'ROUTINE', answerBy };
const said = (type: ContractType, schemaVersion: number, occurredAt: string, data: object) => ({
  ...{ ...frame, type, schemaVersion, occurredAt, data },
});
const answer = (what: TransferAnswer) => said('TransferRequestAnswered', 2, later, { transferRequestId, ...what });

const publishedAfter = (history: readonly TransferRequestEvent[]) =>
  publishTransferRequest(history.at(-1) as TransferRequestEvent, fold(transferRequestDecider, history));

describe('publishTransferRequest', () => {
  it.each<readonly [readonly TransferRequestEvent[], to: string, circle: string, word: ReturnType<typeof said>]>([
    [[REQUESTED], CUSTODIAN, 'coded', said('TransferRequested', 2, now, asked)],
    [[RECEIVED, answered(GRANTED)], ASKER, 'coded', answer(GRANTED)],
    [[RECEIVED, answered(DECLINED)], ASKER, 'coded', answer(DECLINED)],
    // INV-17: where the case is instead may tell of asylum or trafficking.
    [[RECEIVED, answered(ELSEWHERE)], ASKER, 'care', answer(ELSEWHERE)],
    [
      ...([[REQUESTED, LAPSED, WITHDRAWN], CUSTODIAN, 'coded'] as const),
      said('TransferRequestWithdrawn', 1, later, { transferRequestId }),
    ],
  ])('publishes what each side says, for the circle and for the other side %#', (history, to, circle, word) => {
    expect(publishedAfter(history)).toEqual(
      [circle, { to, under: 'offer-key' }].map((audience) => ({ ...word, audience })),
    );
    expect(contractDataFault(word.type, word.schemaVersion, word.data)).toBeUndefined();
  });

  it.each([
    [[RECEIVED]],
    [[REQUESTED, noted(DECLINED)]],
    [[RECEIVED, ESCALATED]],
    [[REQUESTED, LAPSED]],
    [[RECEIVED, WITHDRAWAL_NOTED]],
  ])('keeps receipt, notes and what a clock found private %#', (history) => {
    expect(publishedAfter(history)).toEqual([]);
  });

  it('every event has a version', () => {
    const events = [REQUESTED, RECEIVED, answered(GRANTED), noted(GRANTED), ESCALATED, LAPSED];
    const types = [...events, WITHDRAWN, WITHDRAWAL_NOTED].map(({ type }) => type);
    expect(Object.keys(transferRequestProcedure.versions).sort()).toEqual([...types].sort());
  });
});
