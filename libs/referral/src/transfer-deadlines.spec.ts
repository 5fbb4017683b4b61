import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import { taskListsOfDeadline } from './task-list.ts';
import { automaticTransferDeadlinesOf, transferDeadlinesOf } from './transfer-deadlines.ts';
import { transferRequestDecider, type TransferRequestEvent } from './transfer-request.ts';
import {
  answered,
  DECLINED,
  ESCALATED,
  GRANTED,
  LAPSED,
  lateBy,
  later,
  noted,
  QUESTION,
  RECEIVED,
  REQUESTED,
  WITHDRAWAL_NOTED,
  WITHDRAWN,
} from './transfer-request-examples.ts';

const { answerBy } = QUESTION;
const ANSWER = { kind: 'ANSWER_TRANSFER', dueAt: answerBy, of: 'RECEIVER' } as const;
const ESCALATION = { kind: 'ANSWER_ESCALATION', dueAt: lateBy(3_600_000), of: 'RECEIVER' } as const;
const ASK_ANEW = { kind: 'ASK_ANEW', dueAt: answerBy, of: 'SENDER' } as const;

const dueAfter = (...events: readonly TransferRequestEvent[]) =>
  transferDeadlinesOf(fold(transferRequestDecider, events));

describe('transferDeadlinesOf', () => {
  it('INV-19 one stands open until it is answered or withdrawn', () => {
    expect(dueAfter(REQUESTED)).toEqual([ANSWER]);
    expect(dueAfter(RECEIVED)).toEqual([ANSWER]);
    expect(dueAfter(RECEIVED, ESCALATED)).toEqual([ESCALATION]);
    expect(dueAfter(REQUESTED, LAPSED)).toEqual([ASK_ANEW]);
  });

  it.each([
    [],
    [RECEIVED, answered(GRANTED)],
    [RECEIVED, ESCALATED, answered(DECLINED)],
    [RECEIVED, ESCALATED, WITHDRAWAL_NOTED],
    [REQUESTED, noted(DECLINED)],
    [REQUESTED, LAPSED, noted(DECLINED)],
    [REQUESTED, LAPSED, WITHDRAWN],
  ])('none does after %#', (...events) => {
    expect(dueAfter(...events)).toEqual([]);
  });

  it('a clock acts on the answer alone: what was missed stays on the lists for people', () => {
    const acted = [[REQUESTED], [RECEIVED], [RECEIVED, ESCALATED], [REQUESTED, LAPSED]].map((events) =>
      automaticTransferDeadlinesOf(fold(transferRequestDecider, events)),
    );
    expect(acted).toEqual([[ANSWER], [ANSWER], [], []]);
  });

  it('it stands on the lists of each side by whose turn it is', () => {
    expect(taskListsOfDeadline(ANSWER, 'SENDER', later, answerBy)).toEqual(['awaiting-them']);
    expect(taskListsOfDeadline(ANSWER, 'RECEIVER', lateBy(-1), lateBy(1))).toEqual(['due-today', 'awaiting-us']);
    expect(taskListsOfDeadline(ASK_ANEW, 'SENDER', answerBy, lateBy(1))).toEqual(['overdue', 'awaiting-us']);
    expect(taskListsOfDeadline(ESCALATION, 'RECEIVER', lateBy(3_600_000), lateBy(9_000_000))).toEqual([
      ...['overdue', 'awaiting-us'],
    ]);
  });
});
