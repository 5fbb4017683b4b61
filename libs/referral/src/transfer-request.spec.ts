import { describe, expect, it } from '@jest/globals';
import { decides } from '@acogida/testing';
import { contractDataFault } from '@acogida/contracts';
import { fold } from '@acogida/core';
import { publishTransferRequest } from './publish.ts';
import {
  type TransferAnswer,
  type TransferQuestion,
  type TransferRequestCommand,
  transferRequestDecider,
  type TransferRequestEvent,
} from './transfer-request.ts';

const { given } = decides(transferRequestDecider);
const [ASKER, CUSTODIAN] = ['cr-conatt', 'cr-border-intake'];
const now = '2026-11-22T11:00:00.000Z';
const later = '2026-11-22T12:00:00.000Z';
const QUESTION: TransferQuestion = {
  transferRequestId: '3d4c9a3e-53ac-4d0f-9f3a-1b9a4f6d2c10',
  caseId: '9b2f4f0e-5a3c-4f0e-8c51-6a4d1f0c2b11',
  ...{ asker: ASKER, custodian: CUSTODIAN, askedAt: now },
};
const { transferRequestId, caseId } = QUESTION;
const GRANTED = { granted: true, referralId: '4e1f2b1c-1a58-4f3a-9c3e-0d6c2f6a7b10', reason: null } as const;
const DECLINED = { granted: false, referralId: null, reason: 'SEPARATES_FAMILY' } as const;

const REQUESTED: TransferRequestEvent = { type: 'TransferRequested', data: QUESTION };
const RECEIVED: TransferRequestEvent = { type: 'TransferRequestReceived', data: QUESTION };
const answered = (answer: TransferAnswer): TransferRequestEvent => ({
  type: 'TransferRequestAnswered',
  data: { ...answer, answeredAt: later },
});
const noted = (answer: TransferAnswer): TransferRequestEvent => ({
  type: 'TransferAnswerNoted',
  data: { ...answer, answeredAt: later },
});

const ASK: TransferRequestCommand = {
  type: 'RequestTransfer',
  ...{ by: ASKER, now, transferRequestId, caseId, custodian: CUSTODIAN },
};
const RECEIVE = {
  type: 'ReceiveTransferRequest',
  ...{ by: CUSTODIAN, publishedBy: ASKER, question: QUESTION },
} as const;
const ANSWER = { type: 'AnswerTransferRequest', by: CUSTODIAN, now: later } as const;
const NOTE = { type: 'NoteTransferAnswer', by: CUSTODIAN, at: later } as const;

describe('RequestTransfer', () => {
  it('asks the custodian, once', () => {
    given().when(ASK).then(REQUESTED);
    given(REQUESTED).when(ASK).thenNothing();
  });

  it('is refused to oneself, and under an id that is taken', () => {
    given()
      .when({ ...ASK, custodian: ASKER })
      .thenRefused('REFERRAL.TO_SELF');
    given(REQUESTED)
      .when({ ...ASK, custodian: 'mx-comar' })
      .thenRefused('TRANSFER.ID_TAKEN');
    given(RECEIVED).when(ASK).thenRefused('TRANSFER.ID_TAKEN');
  });
});

describe('ReceiveTransferRequest', () => {
  it('takes it in at the agency that is asked, once', () => {
    given().when(RECEIVE).then(RECEIVED);
    given(RECEIVED, answered(DECLINED)).when(RECEIVE).thenNothing();
  });

  it.each([
    ['addressed to another agency', { by: 'mx-comar' }, 'TRANSFER.NOT_THE_CUSTODIAN'],
    ['published by another agency', { publishedBy: 'mx-comar' }, 'TRANSFER.NOT_THE_ASKER'],
  ])('refuses one that is %s', (_, change, code) => {
    given()
      .when({ ...RECEIVE, ...change })
      .thenRefused(code);
  });

  it('refuses another one under a known id', () => {
    given(RECEIVED)
      .when({ ...RECEIVE, question: { ...QUESTION, caseId: transferRequestId } })
      .thenRefused('TRANSFER.ID_TAKEN');
  });
});

describe.each([
  ['AnswerTransferRequest', RECEIVED, REQUESTED, ANSWER, answered, 'TRANSFER.ALREADY_ANSWERED'],
  ['NoteTransferAnswer', REQUESTED, RECEIVED, NOTE, noted, 'TRANSFER.CONTRADICTION'],
] as const)('%s', (_, opening, otherSide, command, event, contradiction) => {
  it.each([GRANTED, DECLINED])('says it once: granted $granted', (said) => {
    given(opening)
      .when({ ...command, ...said })
      .then(event(said));
    given(opening, event(said))
      .when({ ...command, ...said })
      .thenNothing();
    expect(fold(transferRequestDecider, [opening, event(said)])?.answer).toEqual(said);
  });

  it('is refused when it was answered otherwise', () => {
    given(opening, event(GRANTED))
      .when({ ...command, ...DECLINED })
      .thenRefused(contradiction);
  });

  it('is refused from anybody but the agency that was asked, at the other side, and of an unknown one', () => {
    given(opening)
      .when({ ...command, ...GRANTED, by: 'mx-comar' })
      .thenRefused('TRANSFER.NOT_THE_CUSTODIAN');
    given(otherSide)
      .when({ ...command, ...GRANTED })
      .thenRefused('TRANSFER.NOT_THE_CUSTODIAN');
    given()
      .when({ ...command, ...GRANTED })
      .thenRefused('TRANSFER.UNKNOWN');
  });
});

describe('publishTransferRequest', () => {
  const frame = { class: 'referral', schemaVersion: 1, caseId };

  it.each([
    [
      [REQUESTED],
      {
        ...frame,
        type: 'TransferRequested',
        occurredAt: now,
        data: { transferRequestId, asker: ASKER, custodian: CUSTODIAN },
      },
    ],
    [
      [RECEIVED, answered(GRANTED)],
      { ...frame, type: 'TransferRequestAnswered', occurredAt: later, data: { transferRequestId, ...GRANTED } },
    ],
    [
      [RECEIVED, answered(DECLINED)],
      { ...frame, type: 'TransferRequestAnswered', occurredAt: later, data: { transferRequestId, ...DECLINED } },
    ],
  ] as const)('publishes what each side says %#', (history, expected) => {
    const published = publishTransferRequest(
      history.at(-1) as TransferRequestEvent,
      fold(transferRequestDecider, history),
    );
    const to = expected.type === 'TransferRequested' ? CUSTODIAN : ASKER;
    expect(published).toEqual([
      { ...expected, audience: 'coded' },
      { ...expected, audience: { to, under: 'offer-key' } },
    ]);
    expect(contractDataFault(expected.type, 1, expected.data)).toBeUndefined();
  });

  it('keeps receipt and notes private', () => {
    for (const history of [[RECEIVED], [REQUESTED, noted(DECLINED)]]) {
      expect(
        publishTransferRequest(history.at(-1) as TransferRequestEvent, fold(transferRequestDecider, history)),
      ).toEqual([]);
    }
  });
});
