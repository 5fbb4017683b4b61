import { describe, expect, it } from '@jest/globals';
import { decides } from '@acogida/testing';
import { fold } from '@acogida/core';
import type { ReferralCommand } from './decide.ts';
import { FULFILMENT_TABLE, type FulfilmentStep, NOTING_TABLE } from './merge-table.ts';
import { referralDecider } from './procedure.ts';
import { REFERRAL_STATUSES, type ReferralEvent, type ReferralStatus } from './referral.ts';
import * as example from './referral-examples.ts';

const { given } = decides(referralDecider);
const STEPS: readonly FulfilmentStep[] = ['ACKNOWLEDGE', 'ACCEPT', 'REJECT', 'COMPLETE'];
const CELLS = REFERRAL_STATUSES.flatMap((status) => STEPS.map((step) => ({ status, step })));

const by = example.REQUEST.receiver;
const now = example.ANSWERED_AT;
const rejection = { reason: 'NO_CAPACITY', alternativeAgency: 'cr-refugee-unit' } as const;

interface Side {
  readonly histories: Readonly<Record<ReferralStatus, readonly ReferralEvent[]>>;
  readonly commands: Readonly<Record<FulfilmentStep, ReferralCommand>>;
  readonly otherwise: Readonly<Record<'REJECT' | 'COMPLETE', ReferralCommand>>;
  readonly events: Readonly<Record<FulfilmentStep, ReferralEvent>>;
}

const RECEIVER: Side = {
  histories: {
    REQUESTED: [example.RECEIVED],
    ACKNOWLEDGED: [example.RECEIVED, example.ACKNOWLEDGED],
    ACCEPTED: [example.RECEIVED, example.ACKNOWLEDGED, example.ACCEPTED],
    REJECTED: [example.RECEIVED, example.REJECTED],
    COMPLETED: [example.RECEIVED, example.ACKNOWLEDGED, example.ACCEPTED, example.COMPLETED],
  },
  commands: {
    ACKNOWLEDGE: { type: 'AcknowledgeReferral', by, now },
    ACCEPT: { type: 'AcceptReferral', by, now },
    REJECT: { type: 'RejectReferral', by, now, ...rejection },
    COMPLETE: { type: 'CompleteReferral', by, now, result: 'SERVICE_PROVIDED' },
  },
  otherwise: {
    REJECT: { type: 'RejectReferral', by, now, reason: 'DUPLICATE', alternativeAgency: null },
    COMPLETE: { type: 'CompleteReferral', by, now, result: 'PERSON_DECLINED' },
  },
  events: {
    ACKNOWLEDGE: example.ACKNOWLEDGED,
    ACCEPT: example.ACCEPTED,
    REJECT: example.REJECTED,
    COMPLETE: example.COMPLETED,
  },
};

const SENDER: Side = {
  histories: {
    REQUESTED: [example.REQUESTED],
    ACKNOWLEDGED: [example.REQUESTED, example.ACKNOWLEDGEMENT_NOTED],
    ACCEPTED: [example.REQUESTED, example.ACCEPTANCE_NOTED],
    REJECTED: [example.REQUESTED, example.ACKNOWLEDGEMENT_NOTED, example.REJECTION_NOTED],
    COMPLETED: [example.REQUESTED, example.ACCEPTANCE_NOTED, example.COMPLETION_NOTED],
  },
  commands: {
    ACKNOWLEDGE: { type: 'NoteAcknowledgement', by, at: now },
    ACCEPT: { type: 'NoteAcceptance', by, at: now },
    REJECT: { type: 'NoteRejection', by, at: now, ...rejection },
    COMPLETE: { type: 'NoteCompletion', by, at: now, result: 'SERVICE_PROVIDED' },
  },
  otherwise: {
    REJECT: { type: 'NoteRejection', by, at: now, reason: 'NO_CAPACITY', alternativeAgency: null },
    COMPLETE: { type: 'NoteCompletion', by, at: now, result: 'PARTLY_PROVIDED' },
  },
  events: {
    ACKNOWLEDGE: example.ACKNOWLEDGEMENT_NOTED,
    ACCEPT: example.ACCEPTANCE_NOTED,
    REJECT: example.REJECTION_NOTED,
    COMPLETE: example.COMPLETION_NOTED,
  },
};

// Written out a second time on purpose: a change of the table has to be made twice.
const NOT = { ack: 'REFERRAL.NOT_ACKNOWLEDGED', acc: 'REFERRAL.NOT_ACCEPTED' };
const FULFILMENT: readonly (readonly [ReferralStatus, readonly string[]])[] = [
  ['REQUESTED', ['advance', NOT.ack, 'advance', NOT.acc]],
  ['ACKNOWLEDGED', ['nothing', 'advance', 'advance', NOT.acc]],
  ['ACCEPTED', ['nothing', 'nothing', 'REFERRAL.ALREADY_ACCEPTED', 'advance']],
  ['REJECTED', ['nothing', 'REFERRAL.ALREADY_REJECTED', 'same', 'REFERRAL.ALREADY_REJECTED']],
  ['COMPLETED', ['nothing', 'nothing', 'REFERRAL.ALREADY_COMPLETED', 'same']],
];
const CONTRADICTION = 'REFERRAL.CONTRADICTION';
const NOTING: readonly (readonly [ReferralStatus, readonly string[]])[] = [
  ['REQUESTED', ['advance', 'advance', 'advance', 'advance']],
  ['ACKNOWLEDGED', ['nothing', 'advance', 'advance', 'advance']],
  ['ACCEPTED', ['nothing', 'nothing', CONTRADICTION, 'advance']],
  ['REJECTED', ['nothing', CONTRADICTION, 'same', CONTRADICTION]],
  ['COMPLETED', ['nothing', 'nothing', CONTRADICTION, 'same']],
];

describe('merge tables', () => {
  it('are total and as documented', () => {
    for (const [table, expected] of [
      [FULFILMENT_TABLE, FULFILMENT],
      [NOTING_TABLE, NOTING],
    ] as const) {
      expect(REFERRAL_STATUSES.map((status) => [status, STEPS.map((step) => table[status][step])])).toEqual(expected);
    }
  });
});

describe.each([
  ['the receiver', RECEIVER, FULFILMENT_TABLE],
  ['the sender', SENDER, NOTING_TABLE],
] as const)('at %s', (_, side, table) => {
  it.each(CELLS)('$status then $step goes by the table', ({ status, step }) => {
    const outcome = given(...side.histories[status]).when(side.commands[step]);
    const merge = table[status][step];
    if (merge === 'advance') outcome.then(side.events[step]);
    else if (merge === 'nothing' || merge === 'same') outcome.thenNothing();
    else outcome.thenRefused(merge);
  });

  it('answered otherwise before: refused', () => {
    const isReceiver = side === RECEIVER;
    given(...side.histories.REJECTED)
      .when(side.otherwise.REJECT)
      .thenRefused(isReceiver ? 'REFERRAL.ALREADY_REJECTED' : CONTRADICTION);
    given(...side.histories.COMPLETED)
      .when(side.otherwise.COMPLETE)
      .thenRefused(isReceiver ? 'REFERRAL.ALREADY_COMPLETED' : CONTRADICTION);
  });

  it.each(STEPS)('only the receiver answers: %s by another agency is refused', (step) => {
    for (const other of [example.REQUEST.sender, 'mx-comar']) {
      given(...side.histories.ACKNOWLEDGED)
        .when({ ...side.commands[step], by: other })
        .thenRefused('REFERRAL.NOT_THE_RECEIVER');
    }
  });

  it.each(STEPS)('%s of an unknown referral is refused', (step) => {
    given().when(side.commands[step]).thenRefused('REFERRAL.UNKNOWN');
  });

  it.each(STEPS)('%s in the stream of the other side is refused', (step) => {
    const other = side === RECEIVER ? SENDER : RECEIVER;
    given(...other.histories.ACKNOWLEDGED)
      .when(side.commands[step])
      .thenRefused('REFERRAL.NOT_THE_RECEIVER');
  });

  it('every step again: nothing happens', () => {
    const path: readonly FulfilmentStep[] = ['ACKNOWLEDGE', 'ACCEPT', 'COMPLETE'];
    const history = [...side.histories.REQUESTED];
    for (const step of path) {
      history.push(side.events[step]);
      given(...history)
        .when(side.commands[step])
        .thenNothing();
    }
  });
});

describe('INV-19 no dead ends', () => {
  it('a rejection reopens the sender’s task and keeps reason and alternative', () => {
    expect(fold(referralDecider, SENDER.histories.REJECTED)).toEqual({
      side: 'SENDER',
      request: example.REQUEST,
      status: 'REJECTED',
      senderTask: 'REOPENED',
      rejection,
      result: null,
    });
  });

  it('a completion ends it', () => {
    expect(fold(referralDecider, SENDER.histories.COMPLETED)).toEqual({
      side: 'SENDER',
      request: example.REQUEST,
      status: 'COMPLETED',
      senderTask: 'DONE',
      rejection: null,
      result: 'SERVICE_PROVIDED',
    });
  });

  it.each([
    ['the receiver itself', by, 'REFERRAL.TO_SELF'],
    ['the sender', example.REQUEST.sender, 'REFERRAL.ALTERNATIVE_IS_SENDER'],
    ['no agency', 'Another Place', 'REFERRAL.RECEIVER_MALFORMED'],
  ])('refuses %s as the alternative', (_, alternativeAgency, code) => {
    const command = { ...RECEIVER.commands.REJECT, alternativeAgency } as ReferralCommand;
    given(...RECEIVER.histories.ACKNOWLEDGED)
      .when(command)
      .thenRefused(code);
  });

  it('accepts a rejection without alternative', () => {
    given(example.RECEIVED)
      .when(RECEIVER.otherwise.REJECT)
      .then({ type: 'ReferralRejected', data: { reason: 'DUPLICATE', alternativeAgency: null, rejectedAt: now } });
  });
});

describe('evolve', () => {
  it('changes nothing without a first event', () => {
    for (const event of [...Object.values(RECEIVER.events), ...Object.values(SENDER.events)]) {
      expect(referralDecider.evolve(null, event)).toBeNull();
    }
  });
});
