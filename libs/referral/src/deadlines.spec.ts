import { describe, expect, it } from '@jest/globals';
import { decides } from '@acogida/testing';
import { fold } from '@acogida/core';
import { DEFAULT_REFERRAL_DEADLINES, URGENCIES } from '@acogida/reference';
import type { CommandOf } from './commands.ts';
import { automaticDeadlinesOf, deadlinesOf, withDue } from './deadlines.ts';
import { FULFILMENT_STATUSES, MERGE_TABLE, REQUEST_STATUSES } from './merge-table.ts';
import { referralDecider } from './procedure.ts';
import type { Deadline, Referral, ReferralEvent, ReferralState, ReferralStep } from './referral.ts';
import * as example from './referral-examples.ts';
import { TASK_LISTS, taskListsOf } from './task-list.ts';

const { given } = decides(referralDecider);

type Steps = readonly example.ExampleStep[];
const stateAfter = (...steps: Steps): ReferralState => fold(referralDecider, example.history(...steps));
const after = (history: readonly ReferralEvent[], step: ReferralStep): readonly ReferralEvent[] =>
  withDue([step], fold(referralDecider, history));

// The request is of 09:00, URGENT: 24 h a step, 12 h for the supervisor. The receiver answered at 10:00 (ANSWERED_AT).
const TOMORROW_AT_10 = '2026-11-23T10:00:00.000Z';
const WAITLIST = { reason: 'WAITLIST', information: [] } as const;
const PATHS: readonly (readonly [Steps, Deadline['kind'], string, Deadline['of']])[] = [
  [['ReferralDrafted'], 'SEND', '2026-11-23T09:00:00.000Z', 'SENDER'],
  [['ReferralRequested'], 'ACKNOWLEDGE', '2026-11-23T09:00:00.000Z', 'RECEIVER'],
  [['ReferralReceived'], 'ACKNOWLEDGE', '2026-11-23T09:00:00.000Z', 'RECEIVER'],
  [['ReferralReceived', 'ReferralAcknowledged'], 'DECIDE', TOMORROW_AT_10, 'RECEIVER'],
  [['ReferralRequested', 'HoldNoted'], 'PROVIDE_INFORMATION', TOMORROW_AT_10, 'SENDER'],
  [
    ['ReferralRequested', 'HoldNoted', 'ReferralInformationProvided'],
    ...(['RESUME', '2026-11-23T11:00:00.000Z', 'RECEIVER'] as const),
  ],
  [['ReferralRequested', example.step('HoldNoted', WAITLIST)], 'RESUME', TOMORROW_AT_10, 'RECEIVER'],
  [
    ['ReferralRequested', example.step('HoldNoted', { ...WAITLIST, expectedBy: '2026-12-01T09:00:00.000Z' })],
    ...(['RESUME', '2026-12-01T09:00:00.000Z', 'RECEIVER'] as const),
  ],
  [
    ['ReferralRequested', example.step('HoldNoted', { ...WAITLIST, expectedBy: '9999-01-01T00:00:00.000Z' })],
    ...(['RESUME', '2026-12-22T10:00:00.000Z', 'RECEIVER'] as const),
  ],
  [
    ['ReferralRequested', 'HoldNoted', example.step('ResumptionNoted', { resumedAt: '2026-11-24T08:00:00.000Z' })],
    ...(['DECIDE', '2026-11-25T08:00:00.000Z', 'RECEIVER'] as const),
  ],
  [['ReferralRequested', 'AcceptanceNoted'], 'START', TOMORROW_AT_10, 'RECEIVER'],
  [['ReferralRequested', 'ServiceStartNoted'], 'REPORT', '2026-12-22T10:00:00.000Z', 'RECEIVER'],
  [['ReferralRequested', 'CompletionNoted'], 'CLOSE_LOOP', '2026-11-29T10:00:00.000Z', 'SENDER'],
  [['ReferralRequested', 'RejectionNoted'], 'CLOSE_LOOP', TOMORROW_AT_10, 'SENDER'],
  [['ReferralRequested', 'FailureNoted'], 'CLOSE_LOOP', TOMORROW_AT_10, 'SENDER'],
  [['ReferralRequested', 'ReferralExpired'], 'CLOSE_LOOP', '2026-11-23T11:00:00.000Z', 'SENDER'],
  [['ReferralReceived', 'ReferralAccepted', 'CancellationNoted'], 'COMPENSATE', '2026-11-23T11:00:00.000Z', 'RECEIVER'],
  [['ReferralRequested', 'ReferralEscalated'], 'ANSWER_ESCALATION', '2026-11-23T21:00:00.000Z', 'RECEIVER'],
  [['ReferralReceived', 'EscalationNoted', 'ReferralAcknowledged'], 'DECIDE', TOMORROW_AT_10, 'RECEIVER'],
];

describe('deadlinesOf', () => {
  it.each(PATHS)('%j: %s by %s', (steps, kind, dueAt, of) => {
    expect(deadlinesOf(stateAfter(...steps))).toEqual([{ kind, dueAt, of }]);
  });

  it('is what the last event says is due', () => {
    for (const [steps, ...[kind, dueAt, of]] of PATHS) {
      expect(example.history(...steps).at(-1)?.data.due).toEqual({ kind, dueAt, of });
    }
    expect(example.history('ReferralRequested', 'ReferralCancelled').at(-1)?.data.due).toBeNull();
  });

  it('INV-19 something is due in every pair of statuses that is not settled, and only there', () => {
    const times = Object.fromEntries(
      Object.keys((stateAfter('ReferralRequested') as Referral).times).map((name) => [name, example.ANSWERED_AT]),
    );
    for (const requestStatus of REQUEST_STATUSES) {
      for (const fulfilment of FULFILMENT_STATUSES) {
        const state = { ...stateAfter('ReferralRequested'), requestStatus, fulfilment, times } as unknown as Referral;
        const { due } = MERGE_TABLE[requestStatus][fulfilment];
        expect(deadlinesOf(state).map(({ kind }) => kind)).toEqual(due === null ? [] : [due]);
      }
    }
    expect(deadlinesOf(null)).toEqual([]);
  });

  it('gives one hour, one day, three and seven to acknowledge, half of it, and half an hour at least, to the supervisor', () => {
    const hours = URGENCIES.map((urgency) => {
      const { acknowledgeWithinMs, escalateForMs } = DEFAULT_REFERRAL_DEADLINES[urgency];
      return [urgency, acknowledgeWithinMs / 3_600_000, escalateForMs / 3_600_000];
    });
    expect(hours).toEqual([
      ['LIFE_SAVING', 1, 0.5],
      ['URGENT', 24, 12],
      ['PRIORITY', 72, 36],
      ['ROUTINE', 168, 84],
    ]);
  });
});

describe('what happens when a deadline is missed', () => {
  const by = example.REQUEST.sender;
  const escalate = (now: string): CommandOf<'EscalateReferral'> => ({ type: 'EscalateReferral', by, now });
  const expire = (now: string): CommandOf<'ExpireReferral'> => ({ type: 'ExpireReferral', by, now });
  const sent = example.history('ReferralRequested');
  const escalated = example.history('ReferralRequested', 'ReferralEscalated');
  const [DUE, ANSWER_BY] = ['2026-11-23T09:00:00.000Z', '2026-11-23T21:00:00.000Z'];

  it('the receiver’s supervisor is asked, from the instant on', () => {
    given(...sent)
      .when(escalate('2026-11-23T08:59:59.999Z'))
      .thenNothing();
    given(...sent)
      .when(escalate(DUE))
      .then(...after(sent, example.step('ReferralEscalated')));
  });

  it('it is asked once, and again for another step', () => {
    given(...escalated)
      .when(escalate('2026-11-23T10:00:00.000Z'))
      .thenNothing();
    const decided = example.history('ReferralRequested', 'ReferralEscalated', 'AcknowledgementNoted');
    const step = { missed: 'DECIDE', missedAt: TOMORROW_AT_10, answerBy: '2026-11-23T22:00:00.000Z' } as const;
    given(...decided)
      .when(escalate(TOMORROW_AT_10))
      .then(...after(decided, example.step('ReferralEscalated', { ...step, escalatedAt: TOMORROW_AT_10 })));
  });

  it('two escalations at one instant are to be answered one after the other, so that the receiver knows the later one', () => {
    const late = '2026-11-24T09:00:00.000Z';
    const first = example.step('ReferralEscalated', { answerBy: '2026-11-24T21:00:00.000Z', escalatedAt: late });
    const crossed = example.history('ReferralRequested', first, 'AcknowledgementNoted');
    const second = { missed: 'DECIDE', missedAt: TOMORROW_AT_10, answerBy: '2026-11-24T21:00:00.001Z' } as const;
    given(...crossed)
      .when(escalate(late))
      .then(...after(crossed, example.step('ReferralEscalated', { ...second, escalatedAt: late })));
  });

  it('INV-19 what then stays unanswered expires, and is back with its sender', () => {
    given(...escalated)
      .when(expire('2026-11-23T20:59:59.999Z'))
      .thenNothing();
    given(...escalated)
      .when(expire(ANSWER_BY))
      .then(...after(escalated, example.step('ReferralExpired', { expiredAt: ANSWER_BY })));
    expect(stateAfter('ReferralRequested', 'ReferralEscalated', 'ReferralExpired')).toMatchObject({
      ...{ status: 'EXPIRED', senderTask: 'REOPENED' },
    });
  });

  it.each(['AcknowledgementNoted', 'HoldNoted', 'AcceptanceNoted', 'RejectionNoted', 'ReferralCancelled'] as const)(
    'nothing happens when it was met meanwhile: %s',
    (meanwhile) => {
      const history = example.history('ReferralRequested', 'ReferralEscalated', meanwhile);
      given(...history)
        .when(expire(ANSWER_BY))
        .thenNothing();
    },
  );

  it('nothing expires without a word to the supervisor', () => {
    given(...sent)
      .when(expire('2027-01-01T00:00:00.000Z'))
      .thenNothing();
  });

  it('who has the person is asked for it, and it does not expire', () => {
    const accepted = example.history('ReferralRequested', 'AcceptanceNoted');
    const [missed] = after(accepted, {
      type: 'ReferralEscalated',
      data: {
        missed: 'START',
        missedAt: TOMORROW_AT_10,
        answerBy: '2026-11-23T22:00:00.000Z',
        escalatedAt: TOMORROW_AT_10,
      },
    });
    given(...accepted)
      .when(escalate(TOMORROW_AT_10))
      .then(missed as ReferralEvent);
    given(...accepted, missed as ReferralEvent)
      .when(expire('2027-01-01T00:00:00.000Z'))
      .thenNothing();
  });

  it('INV-19 information that the sender owes is asked of its own supervisor, then the task is back with it', () => {
    const held = example.history('ReferralRequested', 'HoldNoted');
    const data = {
      missed: 'PROVIDE_INFORMATION',
      missedAt: TOMORROW_AT_10,
      answerBy: '2026-11-23T22:00:00.000Z',
    } as const;
    const [missed] = after(held, { type: 'ReferralEscalated', data: { ...data, escalatedAt: TOMORROW_AT_10 } });
    given(...held)
      .when(escalate(DUE))
      .thenNothing();
    given(...held)
      .when(escalate(TOMORROW_AT_10))
      .then(missed as ReferralEvent);
    expect(missed?.data.due).toEqual({ kind: 'ANSWER_ESCALATION', dueAt: data.answerBy, of: 'SENDER' });
    const expired = example.step('ReferralExpired', { expiredAt: data.answerBy });
    given(...held, missed as ReferralEvent)
      .when(expire(data.answerBy))
      .then(...after([...held, missed as ReferralEvent], expired));
    const told = after([...held, missed as ReferralEvent], example.step('ReferralInformationProvided'));
    given(...held, missed as ReferralEvent, ...told)
      .when(expire(data.answerBy))
      .thenNothing();
  });

  it('only the sender’s own node does it', () => {
    for (const command of [escalate(DUE), expire(DUE)]) {
      given(...example.history('ReferralReceived'))
        .when(command)
        .thenRefused('REFERRAL.NOT_THE_SENDER');
    }
  });
});

describe('automaticDeadlinesOf', () => {
  it.each([
    ['a request that waits', ['ReferralRequested'], ['ACKNOWLEDGE']],
    ['a supervisor that was asked', ['ReferralRequested', 'ReferralEscalated'], ['ANSWER_ESCALATION']],
    ['an acceptance without a start', ['ReferralRequested', 'AcceptanceNoted'], ['START']],
    [
      'a cancellation that is to be followed',
      ['ReferralRequested', 'AcceptanceNoted', 'ReferralCancelled'],
      ['COMPENSATE'],
    ],
    ['information that the sender owes', ['ReferralRequested', 'HoldNoted'], ['PROVIDE_INFORMATION']],
    ['a draft', ['ReferralDrafted'], []],
    ['what is settled', ['ReferralRequested', 'ReferralCancelled'], []],
    ['all that the receiver owes, at the receiver', ['ReferralReceived', 'ReferralAccepted'], []],
  ] as const)('%s', (_, steps, kinds) => {
    expect(automaticDeadlinesOf(stateAfter(...steps)).map(({ kind }) => kind)).toEqual(kinds);
  });

  it('an expiry that an acceptance had crossed has not ended it', () => {
    const crossed = ['ReferralRequested', 'ReferralEscalated', 'ReferralExpired', 'AcceptanceNoted'] as const;
    expect(stateAfter(...crossed.slice(0, 3))?.times.endedAt).toBe(example.SAID_AT);
    expect(stateAfter(...crossed)).toMatchObject({ status: 'ACCEPTED', times: { endedAt: null } });
    expect(stateAfter('ReferralReceived', 'ReferralAccepted', 'ExpiryNoted')?.times.endedAt).toBeNull();
    expect(stateAfter(...crossed, 'CompletionNoted', 'ReferralLoopClosed')?.times.endedAt).toBe(example.SAID_AT);
    const rejected = example.step('RejectionNoted');
    expect(stateAfter(...crossed.slice(0, 3), rejected)?.times.endedAt).toBe(example.SAID_AT);
  });

  it('takes nobody back who was taken on, however long nobody answers', () => {
    const START = { missed: 'START', missedAt: TOMORROW_AT_10, answerBy: '2026-11-23T22:00:00.000Z' } as const;
    const escalated = stateAfter('ReferralRequested', 'AcceptanceNoted', example.step('ReferralEscalated', START));
    expect(deadlinesOf(escalated).map(({ kind }) => kind)).toEqual(['ANSWER_ESCALATION']);
    expect(automaticDeadlinesOf(escalated)).toEqual([]);
    expect(automaticDeadlinesOf(null)).toEqual([]);
  });
});

describe('the task lists', () => {
  const DAY_ENDS_AT = '2026-11-23T06:00:00.000Z'; // midnight in Costa Rica

  it.each([
    ['a request that waits', ['ReferralRequested'], '2026-11-22T12:00:00.000Z', ['awaiting-them']],
    ['the same at its receiver', ['ReferralReceived'], '2026-11-22T12:00:00.000Z', ['awaiting-us']],
    ['late', ['ReferralReceived'], '2026-11-23T09:00:00.000Z', ['overdue', 'awaiting-us']],
    ['late, at the sender', ['ReferralRequested'], '2026-11-23T09:00:00.000Z', ['overdue', 'awaiting-them']],
    ['information that we owe', ['ReferralRequested', 'HoldNoted'], '2026-11-22T12:00:00.000Z', ['awaiting-us']],
    ['what is settled', ['ReferralRequested', 'ReferralCancelled'], '2027-01-01T00:00:00.000Z', []],
  ] as const)('%s', (_, steps, now, lists) => {
    expect(taskListsOf(stateAfter(...steps), now, DAY_ENDS_AT)).toEqual(lists);
  });

  it('due today is what is due before the day ends', () => {
    const state = stateAfter(example.step('ReferralReceived', { acknowledgeBy: '2026-11-23T05:59:59.999Z' }));
    expect(taskListsOf(state, '2026-11-22T12:00:00.000Z', DAY_ENDS_AT)).toEqual(['due-today', 'awaiting-us']);
    const tomorrow = stateAfter(example.step('ReferralReceived', { acknowledgeBy: DAY_ENDS_AT }));
    expect(taskListsOf(tomorrow, '2026-11-22T12:00:00.000Z', DAY_ENDS_AT)).toEqual(['awaiting-us']);
    expect(taskListsOf(null, DAY_ENDS_AT, DAY_ENDS_AT)).toEqual([]);
    expect(TASK_LISTS).toHaveLength(4);
  });
});
