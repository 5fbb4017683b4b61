import { describe, expect, it } from '@jest/globals';
import { decides } from '@acogida/testing';
import { fold } from '@acogida/core';
import type { ReferralCommand } from './commands.ts';
import { withDue } from './deadlines.ts';
import {
  FULFILMENT_STATUSES,
  FULFILMENT_STEPS,
  type FulfilmentStatus,
  type FulfilmentStep,
  REQUEST_STATUSES,
} from './merge-table.ts';
import { referralDecider } from './procedure.ts';
import type { ReferralEvent, ReferralEventType, ReferralStep } from './referral.ts';
import * as example from './referral-examples.ts';
import { ENDING_TABLE, ENDINGS, FULFILMENT_TABLE, NOTING_TABLE } from './step-tables.ts';

const { given } = decides(referralDecider);
const CELLS = FULFILMENT_STATUSES.flatMap((status) => FULFILMENT_STEPS.map((step) => ({ status, step })));

const by = example.REQUEST.receiver;
const now = example.ANSWERED_AT;
const rejection = { reason: 'NO_CAPACITY', alternativeAgency: 'cr-refugee-unit' } as const;
const { hold: _, ...held } = example.HOLD;

interface Side {
  readonly histories: Readonly<Record<FulfilmentStatus, readonly ReferralEvent[]>>;
  readonly commands: Readonly<Record<FulfilmentStep, ReferralCommand>>;
  readonly otherwise: Readonly<Record<'REJECT' | 'COMPLETE' | 'FAIL', ReferralCommand>>;
  readonly events: Readonly<Record<FulfilmentStep, ReferralEventType>>;
}

const RECEIVER: Side = {
  histories: {
    NONE: example.history('ReferralReceived'),
    ACKNOWLEDGED: example.history('ReferralReceived', 'ReferralAcknowledged'),
    ON_HOLD: example.history('ReferralReceived', 'ReferralAcknowledged', 'ReferralPutOnHold'),
    ACCEPTED: example.history('ReferralReceived', 'ReferralAcknowledged', 'ReferralAccepted'),
    IN_PROGRESS: example.history(
      'ReferralReceived',
      'ReferralAcknowledged',
      'ReferralAccepted',
      'ReferralServiceStarted',
    ),
    COMPLETED: example.history('ReferralReceived', 'ReferralAcknowledged', 'ReferralAccepted', 'ReferralCompleted'),
    REJECTED: example.history('ReferralReceived', 'ReferralRejected'),
    FAILED: example.history('ReferralReceived', 'ReferralAcknowledged', 'ReferralAccepted', 'ReferralFailed'),
  },
  commands: {
    ACKNOWLEDGE: { type: 'AcknowledgeReferral', by, now },
    HOLD: { type: 'PutReferralOnHold', by, now, ...held },
    RESUME: { type: 'ResumeReferral', by, now },
    ACCEPT: { type: 'AcceptReferral', by, now },
    REJECT: { type: 'RejectReferral', by, now, ...rejection },
    START: { type: 'StartService', by, now },
    COMPLETE: { type: 'CompleteReferral', by, now, result: 'SERVICE_PROVIDED' },
    FAIL: { type: 'FailReferral', by, now, reason: 'NO_SHOW' },
  },
  otherwise: {
    REJECT: { type: 'RejectReferral', by, now, reason: 'DUPLICATE', alternativeAgency: null },
    COMPLETE: { type: 'CompleteReferral', by, now, result: 'PERSON_DECLINED' },
    FAIL: { type: 'FailReferral', by, now, reason: 'UNREACHABLE' },
  },
  events: {
    ACKNOWLEDGE: 'ReferralAcknowledged',
    HOLD: 'ReferralPutOnHold',
    RESUME: 'ReferralResumed',
    ACCEPT: 'ReferralAccepted',
    REJECT: 'ReferralRejected',
    START: 'ReferralServiceStarted',
    COMPLETE: 'ReferralCompleted',
    FAIL: 'ReferralFailed',
  },
};

const SENDER: Side = {
  histories: {
    NONE: example.history('ReferralRequested'),
    ACKNOWLEDGED: example.history('ReferralRequested', 'AcknowledgementNoted'),
    ON_HOLD: example.history('ReferralRequested', 'HoldNoted'),
    ACCEPTED: example.history('ReferralRequested', 'AcceptanceNoted'),
    IN_PROGRESS: example.history('ReferralRequested', 'ServiceStartNoted'),
    COMPLETED: example.history('ReferralRequested', 'AcceptanceNoted', 'CompletionNoted'),
    REJECTED: example.history('ReferralRequested', 'AcknowledgementNoted', 'RejectionNoted'),
    FAILED: example.history('ReferralRequested', 'AcceptanceNoted', 'FailureNoted'),
  },
  commands: {
    ACKNOWLEDGE: { type: 'NoteAcknowledgement', by, at: now },
    HOLD: { type: 'NoteHold', by, at: now, ...example.HOLD },
    RESUME: { type: 'NoteResumption', by, at: now, hold: 1 },
    ACCEPT: { type: 'NoteAcceptance', by, at: now },
    REJECT: { type: 'NoteRejection', by, at: now, ...rejection },
    START: { type: 'NoteServiceStart', by, at: now },
    COMPLETE: { type: 'NoteCompletion', by, at: now, result: 'SERVICE_PROVIDED' },
    FAIL: { type: 'NoteFailure', by, at: now, reason: 'NO_SHOW' },
  },
  otherwise: {
    REJECT: { type: 'NoteRejection', by, at: now, reason: 'NO_CAPACITY', alternativeAgency: null },
    COMPLETE: { type: 'NoteCompletion', by, at: now, result: 'PARTLY_PROVIDED' },
    FAIL: { type: 'NoteFailure', by, at: now, reason: 'SERVICE_CLOSED' },
  },
  events: {
    ACKNOWLEDGE: 'AcknowledgementNoted',
    HOLD: 'HoldNoted',
    RESUME: 'ResumptionNoted',
    ACCEPT: 'AcceptanceNoted',
    REJECT: 'RejectionNoted',
    START: 'ServiceStartNoted',
    COMPLETE: 'CompletionNoted',
    FAIL: 'FailureNoted',
  },
};

// Written out a second time on purpose: a change of the tables has to be made twice.
const [ACK, ACC, HELD] = ['REFERRAL.NOT_ACKNOWLEDGED', 'REFERRAL.NOT_ACCEPTED', 'REFERRAL.NOT_ON_HOLD'];
const already = (status: string): string => `REFERRAL.ALREADY_${status}`;
const [A, C, R, F] = ['ACCEPTED', 'COMPLETED', 'REJECTED', 'FAILED'].map(already);
const X = 'REFERRAL.CONTRADICTION';
// prettier-ignore
const FULFILMENT = [
  ['advance', ACK,       HELD,      ACK,       'advance', ACC,       ACC,       ACC],
  ['nothing', 'advance', 'nothing', 'advance', 'advance', ACC,       ACC,       ACC],
  ['nothing', 'renew',   'advance', 'advance', 'advance', ACC,       ACC,       ACC],
  ['nothing', A,         A,         'nothing', A,         'advance', 'advance', 'advance'],
  ['nothing', A,         A,         'nothing', A,         'nothing', 'advance', 'advance'],
  ['nothing', C,         C,         'nothing', C,         'nothing', 'same',    C],
  ['nothing', R,         R,         R,         'same',    R,         R,         R],
  ['nothing', F,         F,         'nothing', F,         'nothing', F,         'same'],
];
// prettier-ignore
const NOTING = [
  ['advance', 'ordered', 'ordered', 'advance', 'advance', 'advance', 'advance', 'advance'],
  ['nothing', 'ordered', 'ordered', 'advance', 'advance', 'advance', 'advance', 'advance'],
  ['nothing', 'ordered', 'ordered', 'advance', 'advance', 'advance', 'advance', 'advance'],
  ['nothing', 'nothing', 'nothing', 'nothing', X,         'advance', 'advance', 'advance'],
  ['nothing', 'nothing', 'nothing', 'nothing', X,         'nothing', 'advance', 'advance'],
  ['nothing', 'nothing', 'nothing', 'nothing', X,         'nothing', 'same',    X],
  ['nothing', 'nothing', 'nothing', X,         'same',    X,         X,         X],
  ['nothing', 'nothing', 'nothing', 'nothing', X,         'nothing', X,         'same'],
];
// prettier-ignore
const ENDED = [
  [X,         X,         X,         X],
  ['advance', 'advance', 'advance', 'advance'],
  ['nothing', 'same',    X,         X],
  ['nothing', 'advance', 'advance', 'advance'],
  ['nothing', X,         'same',    X],
  ['nothing', X,         X,         'same'],
];

describe('the step tables', () => {
  it('are total and as documented', () => {
    for (const [table, expected] of [
      [FULFILMENT_TABLE, FULFILMENT],
      [NOTING_TABLE, NOTING],
    ] as const) {
      expect(FULFILMENT_STATUSES.map((status) => FULFILMENT_STEPS.map((step) => table[status][step]))).toEqual(
        expected,
      );
    }
    expect(REQUEST_STATUSES.map((status) => ENDINGS.map((ending) => ENDING_TABLE[status][ending]))).toEqual(ENDED);
  });
});

describe.each([
  ['the receiver', RECEIVER, FULFILMENT_TABLE],
  ['the sender', SENDER, NOTING_TABLE],
] as const)('at %s', (_side, side, table) => {
  const decided = (status: FulfilmentStatus, step: FulfilmentStep): readonly ReferralEvent[] => {
    const type = side.events[step];
    return withDue([{ type, data: example.DATA[type] } as ReferralStep], fold(referralDecider, side.histories[status]));
  };

  it.each(CELLS)('$status then $step goes by the table', ({ status, step }) => {
    const outcome = given(...side.histories[status]).when(side.commands[step]);
    const merge = table[status][step];
    const isKnownHold = status === 'ON_HOLD' && step === 'HOLD';
    if (merge === 'advance' || (merge === 'ordered' && !isKnownHold)) outcome.then(...decided(status, step));
    else if (merge.startsWith('REFERRAL.')) outcome.thenRefused(merge);
    else outcome.thenNothing();
  });

  it('answered otherwise before: refused', () => {
    const isReceiver = side === RECEIVER;
    for (const [status, step] of [
      ['REJECTED', 'REJECT'],
      ['COMPLETED', 'COMPLETE'],
      ['FAILED', 'FAIL'],
    ] as const) {
      given(...side.histories[status])
        .when(side.otherwise[step])
        .thenRefused(isReceiver ? already(status) : X);
    }
  });

  it.each(FULFILMENT_STEPS)('only the receiver answers: %s by another agency is refused', (step) => {
    for (const other of [example.REQUEST.sender, 'mx-comar']) {
      given(...side.histories.ACKNOWLEDGED)
        .when({ ...side.commands[step], by: other })
        .thenRefused('REFERRAL.NOT_THE_RECEIVER');
    }
  });

  it.each(FULFILMENT_STEPS)('%s of an unknown referral is refused', (step) => {
    given().when(side.commands[step]).thenRefused('REFERRAL.UNKNOWN');
  });

  it.each(FULFILMENT_STEPS)('%s in the stream of the other side is refused', (step) => {
    const other = side === RECEIVER ? SENDER : RECEIVER;
    given(...other.histories.ACKNOWLEDGED)
      .when(side.commands[step])
      .thenRefused('REFERRAL.NOT_THE_RECEIVER');
  });

  it('every step again: nothing happens', () => {
    const taken = [...side.histories.NONE];
    for (const step of ['ACKNOWLEDGE', 'ACCEPT', 'START', 'COMPLETE'] as const) {
      taken.push(
        ...withDue(
          [{ type: side.events[step], data: example.DATA[side.events[step]] } as ReferralStep],
          fold(referralDecider, taken),
        ),
      );
      given(...taken)
        .when(side.commands[step])
        .thenNothing();
    }
  });
});

it('what is asked again after it was answered is asked once more', () => {
  const answered = [...RECEIVER.histories.ON_HOLD];
  answered.push(...withDue([example.step('InformationNoted')], fold(referralDecider, answered)));
  const again = example.step('ReferralPutOnHold', { hold: 2 });
  given(...answered)
    .when(RECEIVER.commands.HOLD)
    .then(...withDue([again], fold(referralDecider, answered)));
});
