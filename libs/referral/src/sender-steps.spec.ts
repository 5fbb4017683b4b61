import { describe, expect, it } from '@jest/globals';
import { decides } from '@acogida/testing';
import { fold } from '@acogida/core';
import type { CommandOf, ReferralCommand } from './commands.ts';
import { withDue } from './deadlines.ts';
import { referralDecider } from './procedure.ts';
import type { ReferralEvent, ReferralEventType, ReferralStep } from './referral.ts';
import * as example from './referral-examples.ts';

const { given } = decides(referralDecider);
const by = example.REQUEST.sender;
const now = example.SAID_AT;
const NEXT = '0b1a5c80-3c41-4a58-9b75-6b1f4e0b9c77';

const sent = (...types: readonly (ReferralEventType | ReferralStep)[]): readonly ReferralEvent[] =>
  example.history('ReferralRequested', ...types);
const after = (history: readonly ReferralEvent[], step: ReferralStep): readonly ReferralEvent[] =>
  withDue([step], fold(referralDecider, history));

const CANCEL: CommandOf<'CancelReferral'> = { type: 'CancelReferral', by, now, reason: 'NO_LONGER_NEEDED' };
const ERROR: CommandOf<'MarkReferralInError'> = { type: 'MarkReferralInError', by, now, reason: 'WRONG_PERSON' };
const CLOSE: CommandOf<'CloseLoop'> = { type: 'CloseLoop', by, now, outcome: 'NEED_MET', nextReferralId: null };
const INFORM: CommandOf<'ProvideInformation'> = {
  type: 'ProvideInformation',
  ...{ by, now, information: example.ANSWER.information, attachments: example.ANSWER.attachments },
};
const RELEASE: CommandOf<'ReleaseCustody'> = { type: 'ReleaseCustody', by, now, term: 2 };

describe.each([
  ['CancelReferral', CANCEL, 'ReferralCancelled', 'CANCELLED'],
  ['MarkReferralInError', ERROR, 'ReferralMarkedInError', 'ENTERED_IN_ERROR'],
] as const)('%s', (_, command, event, status) => {
  const BEFORE: readonly (readonly ReferralEventType[])[] = [
    [],
    ['AcknowledgementNoted'],
    ['HoldNoted'],
    ['AcceptanceNoted'],
    ['ServiceStartNoted'],
  ];

  it.each(BEFORE)('takes it back, however far it got, %s', (...before) => {
    given(...sent(...before))
      .when(command)
      .then(...after(sent(...before), example.step(event)));
    expect(fold(referralDecider, sent(...before, event))).toMatchObject({ requestStatus: status, senderTask: 'DONE' });
  });

  it('said again: nothing happens; with another reason: refused', () => {
    const other = { ...command, reason: status === 'CANCELLED' ? 'SUPERSEDED' : 'ENTERED_TWICE' } as ReferralCommand;
    given(...sent(event))
      .when(command)
      .thenNothing();
    given(...sent(event))
      .when(other)
      .thenRefused(`REFERRAL.ALREADY_${status}`);
  });

  it.each([
    ['RejectionNoted', 'REJECTED'],
    ['CompletionNoted', 'COMPLETED'],
    ['FailureNoted', 'FAILED'],
  ] as const)('is refused after %s', (answer, answered) => {
    given(...sent(answer))
      .when(command)
      .thenRefused(`REFERRAL.ALREADY_${answered}`);
  });

  it('is refused when custody was released: a release decided first wins', () => {
    const transfer = example.step('ReferralRequested', { transfer: true });
    given(...example.history(transfer, 'AcceptanceNoted', 'CustodyReleased'))
      .when(command)
      .thenRefused('REFERRAL.CUSTODY_RELEASED');
  });

  it('is refused after the loop was closed', () => {
    given(...sent('CompletionNoted', 'ReferralLoopClosed'))
      .when(command)
      .thenRefused('REFERRAL.ALREADY_LOOP_CLOSED');
  });

  it('only the sender does it, in its own stream', () => {
    given(...sent())
      .when({ ...command, by: example.REQUEST.receiver })
      .thenRefused('REFERRAL.NOT_THE_SENDER');
    given(...example.history('ReferralReceived'))
      .when(command)
      .thenRefused('REFERRAL.NOT_THE_SENDER');
    given().when(command).thenRefused('REFERRAL.UNKNOWN');
  });
});

describe('a draft', () => {
  it('is dropped by a cancellation, and was never entered in error', () => {
    const drafted = example.history('ReferralDrafted');
    given(...drafted)
      .when(CANCEL)
      .then(...after(drafted, example.step('ReferralCancelled')));
    given(...drafted)
      .when(ERROR)
      .thenRefused('REFERRAL.NOT_SENT');
  });
});

describe('an expired request', () => {
  it('is not cancelled, it is over; its late acceptance is, where another was asked meanwhile', () => {
    given(...sent('ReferralExpired'))
      .when(CANCEL)
      .thenRefused('REFERRAL.ALREADY_EXPIRED');
    const late = sent('ReferralExpired', 'AcceptanceNoted');
    expect(fold(referralDecider, late)).toMatchObject({ requestStatus: 'EXPIRED', status: 'ACCEPTED' });
    given(...late)
      .when({ ...CANCEL, reason: 'SUPERSEDED' })
      .then(...after(late, example.step('ReferralCancelled', { reason: 'SUPERSEDED' })));
  });
});

describe('ProvideInformation', () => {
  const asked = sent('HoldNoted');

  it('answers what was asked, once to each hold', () => {
    given(...asked)
      .when(INFORM)
      .then(...after(asked, example.step('ReferralInformationProvided')));
    given(...sent('HoldNoted', 'ReferralInformationProvided'))
      .when(INFORM)
      .thenNothing();
    given(...sent('HoldNoted', 'ReferralInformationProvided'))
      .when({ ...INFORM, attachments: [] })
      .thenRefused('REFERRAL.ALREADY_INFORMED');
  });

  it('answers again when it is asked again', () => {
    const again = sent('HoldNoted', 'ReferralInformationProvided', example.step('HoldNoted', { hold: 2 }));
    given(...again)
      .when(INFORM)
      .then(...after(again, example.step('ReferralInformationProvided', { hold: 2 })));
  });

  it.each([
    ['nothing', { information: [] }],
    ['what was not asked', { information: ['FAMILY'] }],
  ] as const)('refuses to answer %s', (_, change) => {
    given(...asked)
      .when({ ...INFORM, ...change })
      .thenRefused('REFERRAL.INFORMATION_UNCLEAR');
  });

  it('refuses when nothing was asked', () => {
    const waitlisted = sent(example.step('HoldNoted', { reason: 'WAITLIST', information: [] }));
    for (const history of [sent(), waitlisted, sent('AcceptanceNoted')]) {
      given(...history)
        .when(INFORM)
        .thenRefused('REFERRAL.NOTHING_ASKED');
    }
  });
});

describe('INV-19 CloseLoop', () => {
  const elsewhere = { outcome: 'REFERRED_ELSEWHERE', nextReferralId: NEXT } as const;

  it('ends a completed referral with how the need was met', () => {
    const completed = sent('CompletionNoted');
    given(...completed)
      .when(CLOSE)
      .then(...after(completed, example.step('ReferralLoopClosed')));
    expect(fold(referralDecider, sent('CompletionNoted', 'ReferralLoopClosed'))).toMatchObject({
      ...{ requestStatus: 'LOOP_CLOSED', status: 'COMPLETED', senderTask: 'DONE' },
      closure: { outcome: 'NEED_MET', nextReferralId: null },
    });
  });

  it.each(['RejectionNoted', 'FailureNoted', 'ReferralExpired'] as const)(
    'after %s it says what comes next, or that the person declined',
    (end) => {
      for (const closure of [
        elsewhere,
        { outcome: 'CONTINUES_HERE', nextReferralId: null },
        { outcome: 'PERSON_DECLINED', nextReferralId: null },
      ] as const) {
        given(...sent(end))
          .when({ ...CLOSE, ...closure })
          .then(...after(sent(end), example.step('ReferralLoopClosed', closure)));
      }
      given(...sent(end))
        .when(CLOSE)
        .thenRefused('REFERRAL.NEXT_STEP_MISSING');
    },
  );

  it.each([
    ['elsewhere without a referral', { outcome: 'REFERRED_ELSEWHERE', nextReferralId: null }],
    ['here with another referral', { outcome: 'CONTINUES_HERE', nextReferralId: NEXT }],
    ['with itself', { outcome: 'REFERRED_ELSEWHERE', nextReferralId: example.REQUEST.referralId }],
  ] as const)('refuses that it goes on %s', (_, closure) => {
    given(...sent('RejectionNoted'))
      .when({ ...CLOSE, ...closure })
      .thenRefused('REFERRAL.NEXT_REFERRAL_UNCLEAR');
  });

  it('is refused before an answer, and when it was taken back', () => {
    for (const open of ['AcknowledgementNoted', 'HoldNoted', 'AcceptanceNoted', 'ServiceStartNoted'] as const) {
      given(...sent(open))
        .when(CLOSE)
        .thenRefused('REFERRAL.NOT_ANSWERED');
    }
    given(...sent('ReferralCancelled'))
      .when(CLOSE)
      .thenRefused('REFERRAL.ALREADY_CANCELLED');
  });

  it('closed again: nothing happens; otherwise: refused', () => {
    const closed = sent('CompletionNoted', 'ReferralLoopClosed');
    given(...closed)
      .when(CLOSE)
      .thenNothing();
    given(...closed)
      .when({ ...CLOSE, outcome: 'PERSON_DECLINED' })
      .thenRefused('REFERRAL.ALREADY_LOOP_CLOSED');
  });
});

describe('ReleaseCustody', () => {
  const transfer = (...types: readonly ReferralEventType[]): readonly ReferralEvent[] =>
    example.history(example.step('ReferralRequested', { transfer: true }), ...types);

  it.each(['AcceptanceNoted', 'ServiceStartNoted'] as const)('gives the case away after %s', (accepted) => {
    given(...transfer(accepted))
      .when(RELEASE)
      .then(...after(transfer(accepted), example.step('CustodyReleased')));
  });

  it('released again: nothing happens; under another term: refused', () => {
    given(...transfer('AcceptanceNoted', 'CustodyReleased'))
      .when(RELEASE)
      .thenNothing();
    given(...transfer('AcceptanceNoted', 'CustodyReleased'))
      .when({ ...RELEASE, term: 3 })
      .thenRefused('REFERRAL.CUSTODY_RELEASED');
  });

  it('is refused before the acceptance was seen, and for what is no transfer', () => {
    given(...transfer('AcknowledgementNoted'))
      .when(RELEASE)
      .thenRefused('REFERRAL.NOT_ACCEPTED');
    for (const history of [sent(), sent('AcceptanceNoted')]) {
      given(...history)
        .when(RELEASE)
        .thenRefused('REFERRAL.NOT_A_TRANSFER');
    }
  });

  it('is refused after a cancel: a cancel decided first wins', () => {
    given(...transfer('AcceptanceNoted', 'ReferralCancelled'))
      .when(RELEASE)
      .thenRefused('REFERRAL.ALREADY_CANCELLED');
  });
});
