import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import { decides } from '@acogida/testing';
import { type TransferAnswer, transferRequestDecider, type TransferRequestEvent } from './transfer-request.ts';
import {
  answered,
  ASK,
  ASKER,
  CUSTODIAN,
  DECLINED,
  ELSEWHERE,
  ESCALATED,
  GRANTED,
  LAPSED,
  lateBy,
  later,
  noted,
  now,
  QUESTION,
  RECEIVED,
  REQUESTED,
  WITHDRAWAL_NOTED,
  WITHDRAWN,
} from './transfer-request-examples.ts';

const { given } = decides(transferRequestDecider);
const { answerBy } = QUESTION;

const RECEIVE = {
  type: 'ReceiveTransferRequest',
  ...{ by: CUSTODIAN, publishedBy: ASKER, question: QUESTION },
} as const;
const ANSWER = { type: 'AnswerTransferRequest', by: CUSTODIAN, now: later } as const;
const NOTE = { type: 'NoteTransferAnswer', by: CUSTODIAN, at: later } as const;
const ESCALATE = { type: 'EscalateTransferRequest', by: CUSTODIAN, now: answerBy, escalateForMs: 3_600_000 } as const;
const NOT_HERE = { granted: false, referralId: null, reason: 'NOT_THE_CUSTODIAN' } as const;
const LAPSE = { type: 'LapseTransferRequest', by: ASKER, now: answerBy } as const;
const WITHDRAW = { type: 'WithdrawTransferRequest', by: ASKER, now: later } as const;
const NOTE_WITHDRAWAL = { type: 'NoteTransferWithdrawal', by: ASKER, at: later } as const;

describe('RequestTransfer', () => {
  it('asks the custodian, once, with the time it has for an answer', () => {
    given().when(ASK).then(REQUESTED);
    expect(QUESTION.answerBy).toBe('2026-11-29T11:00:00.000Z'); // seven days after it was asked
    given(REQUESTED).when(ASK).thenNothing();
    given()
      .when({ ...ASK, urgency: 'LIFE_SAVING', answerWithinMs: 3_600_000 })
      .then({
        type: 'TransferRequested',
        data: { ...QUESTION, urgency: 'LIFE_SAVING', answerBy: '2026-11-22T12:00:00.000Z' },
      });
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
    ['due before it was asked', { question: { ...QUESTION, answerBy: now } }, 'TRANSFER.DEADLINE_UNCLEAR'],
  ])('refuses one that is %s', (_, change, code) => {
    given()
      .when({ ...RECEIVE, ...change })
      .thenRefused(code);
  });

  it('refuses another one under a known id', () => {
    given(RECEIVED)
      .when({ ...RECEIVE, question: { ...QUESTION, caseId: QUESTION.transferRequestId } })
      .thenRefused('TRANSFER.ID_TAKEN');
  });
});

describe.each([
  ['AnswerTransferRequest', RECEIVED, REQUESTED, ANSWER, answered, 'TRANSFER.ALREADY_ANSWERED'],
  ['NoteTransferAnswer', REQUESTED, RECEIVED, NOTE, noted, 'TRANSFER.CONTRADICTION'],
] as const)('%s', (_, opening, otherSide, command, event, contradiction) => {
  it.each([GRANTED, DECLINED, ELSEWHERE])('says it once: granted $granted, held by $heldBy', (said) => {
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

  it.each([
    ['gives another reason', { ...NOT_HERE, reason: 'NO_CONSENT', heldBy: 'mx-comar' }],
    ['names itself', { ...NOT_HERE, heldBy: CUSTODIAN }],
    ['names no agency', { ...NOT_HERE, heldBy: 'Casa Hogar' }],
  ] as const)('is refused where whoever says who has the case %s', (__, said) => {
    given(opening)
      .when({ ...command, ...said })
      .thenRefused('TRANSFER.ANSWER_UNCLEAR');
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

describe('INV-19 what nobody answered in time', () => {
  it('is escalated where it was asked, once, and the supervisor has its own time', () => {
    given(RECEIVED).when(ESCALATE).then(ESCALATED);
    given(RECEIVED)
      .when({ ...ESCALATE, now: lateBy(5_000) })
      .then({
        type: 'TransferRequestEscalated',
        data: { missedAt: answerBy, answerBy: lateBy(3_605_000), escalatedAt: lateBy(5_000) },
      });
    given(RECEIVED, ESCALATED)
      .when({ ...ESCALATE, now: lateBy(10_000_000) })
      .thenNothing();
  });

  it('is back with the asker, once', () => {
    given(REQUESTED).when(LAPSE).then(LAPSED);
    given(REQUESTED)
      .when({ ...LAPSE, now: lateBy(5_000) })
      .then({ type: 'TransferRequestLapsed', data: { missedAt: answerBy, lapsedAt: lateBy(5_000) } });
    given(REQUESTED, LAPSED)
      .when({ ...LAPSE, now: lateBy(1) })
      .thenNothing();
  });

  it.each([
    ['is not late yet', [], lateBy(-1)],
    ['was answered', [answered(GRANTED)], answerBy],
    ['was withdrawn', [WITHDRAWAL_NOTED], answerBy],
  ] as const)('is left alone where it was asked if it %s', (_, before, at) => {
    given(RECEIVED, ...before)
      .when({ ...ESCALATE, now: at })
      .thenNothing();
  });

  it.each([
    ['is not late yet', [], lateBy(-1)],
    ['was answered', [noted(DECLINED)], answerBy],
    ['was withdrawn', [WITHDRAWN], answerBy],
  ] as const)('is left alone with the asker if it %s', (_, before, at) => {
    given(REQUESTED, ...before)
      .when({ ...LAPSE, now: at })
      .thenNothing();
  });

  it('is answered all the same', () => {
    given(RECEIVED, ESCALATED)
      .when({ ...ANSWER, now: lateBy(1), ...DECLINED })
      .then({ type: 'TransferRequestAnswered', data: { ...DECLINED, answeredAt: lateBy(1) } });
    given(REQUESTED, LAPSED)
      .when({ ...NOTE, at: lateBy(1), ...DECLINED })
      .then({ type: 'TransferAnswerNoted', data: { ...DECLINED, answeredAt: lateBy(1) } });
  });

  it.each([
    [ESCALATE, RECEIVED, REQUESTED, 'TRANSFER.NOT_THE_CUSTODIAN'],
    [LAPSE, REQUESTED, RECEIVED, 'TRANSFER.NOT_THE_ASKER'],
  ] as const)('is seen by each side for itself: $type', (command, opening, otherSide, code) => {
    given(otherSide).when(command).thenRefused(code);
    given(opening)
      .when({ ...command, by: 'mx-comar' })
      .thenRefused(code);
    given().when(command).thenRefused('TRANSFER.UNKNOWN');
  });
});

describe.each([
  ['WithdrawTransferRequest', REQUESTED, RECEIVED, WITHDRAW, WITHDRAWN],
  ['NoteTransferWithdrawal', RECEIVED, REQUESTED, NOTE_WITHDRAWAL, WITHDRAWAL_NOTED],
] as const)('%s', (_, opening, otherSide, command, event) => {
  it('ends the waiting, once', () => {
    given(opening).when(command).then(event);
    given(opening, event).when(command).thenNothing();
  });

  it('is refused from anybody but the asker, at the other side, and of an unknown one', () => {
    given(opening)
      .when({ ...command, by: CUSTODIAN })
      .thenRefused('TRANSFER.NOT_THE_ASKER');
    given(otherSide).when(command).thenRefused('TRANSFER.NOT_THE_ASKER');
    given().when(command).thenRefused('TRANSFER.UNKNOWN');
  });
});

describe('a withdrawal', () => {
  it('comes too late after an answer, and what is withdrawn is not answered', () => {
    given(REQUESTED, noted(DECLINED)).when(WITHDRAW).thenRefused('TRANSFER.ALREADY_ANSWERED');
    given(RECEIVED, WITHDRAWAL_NOTED)
      .when({ ...ANSWER, ...GRANTED })
      .thenRefused('TRANSFER.WITHDRAWN');
  });

  it('that crosses an answer leaves both sides knowing both', () => {
    given(REQUESTED, WITHDRAWN)
      .when({ ...NOTE, ...GRANTED })
      .then(noted(GRANTED));
    given(RECEIVED, answered(GRANTED)).when(NOTE_WITHDRAWAL).then(WITHDRAWAL_NOTED);
    const sides: readonly (readonly TransferRequestEvent[])[] = [
      [REQUESTED, WITHDRAWN, noted(GRANTED)],
      [RECEIVED, answered(GRANTED), WITHDRAWAL_NOTED],
    ];
    const known: readonly (readonly [TransferAnswer | null | undefined, boolean | undefined])[] = sides
      .map((events) => fold(transferRequestDecider, events))
      .map((state) => [state?.answer, state?.isWithdrawn]);
    expect(known).toEqual([
      [GRANTED, true],
      [GRANTED, true],
    ]);
  });
});
