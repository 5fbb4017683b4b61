import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import { decides } from '@acogida/testing';
import type { CommandOf, ProxiedAnswer } from './commands.ts';
import { automaticDeadlinesOf, deadlinesOf } from './deadlines.ts';
import { referralDecider } from './procedure.ts';
import type { ProxiedStep, ReferralEvent } from './referral.ts';
import * as example from './referral-examples.ts';

const { given } = decides(referralDecider);
const linkId = '7d3c0a52-5b1e-4c0f-9a77-2f4e6d8b9c01';
const now = example.ANSWERED_AT;
const requested = example.history('ReferralRequested');

function answer(
  said: ProxiedAnswer,
  changes: Partial<CommandOf<'RecordProxiedAnswer'>> = {},
): CommandOf<'RecordProxiedAnswer'> {
  return { type: 'RecordProxiedAnswer', by: example.REQUEST.sender, now, linkId, answer: said, ...changes };
}

function proxied(...steps: readonly ProxiedStep[]): readonly ReferralEvent[] {
  return example.history(
    'ReferralRequested',
    ...steps.map((step) => example.step('ProxiedAnswerRecorded', { answer: step })),
  );
}

const acknowledged: ProxiedStep = { type: 'ReferralAcknowledged', data: { acknowledgedAt: now } };
const accepted: ProxiedStep = { type: 'ReferralAccepted', data: { acceptedAt: now } };
const hold = { reason: 'WAITLIST', information: [], expectedBy: null } as const;
const rejection = { reason: 'NO_CAPACITY', alternativeAgency: 'cr-refugee-unit' } as const;

const STEPS: readonly (readonly [string, readonly ProxiedStep[], ProxiedAnswer, ProxiedStep])[] = [
  ['acknowledges', [], { type: 'AcknowledgeReferral' }, acknowledged],
  [
    'rejects',
    [],
    { type: 'RejectReferral', ...rejection },
    { type: 'ReferralRejected', data: { ...rejection, rejectedAt: now } },
  ],
  [
    'puts on its waiting list',
    [acknowledged],
    { type: 'PutReferralOnHold', ...hold },
    { type: 'ReferralPutOnHold', data: { hold: 1, ...hold, heldAt: now } },
  ],
  ['accepts', [acknowledged], { type: 'AcceptReferral' }, accepted],
  [
    'starts its service',
    [acknowledged, accepted],
    { type: 'StartService' },
    { type: 'ReferralServiceStarted', data: { startedAt: now } },
  ],
  [
    'completes',
    [acknowledged, accepted],
    { type: 'CompleteReferral', result: 'SERVICE_PROVIDED' },
    { type: 'ReferralCompleted', data: { result: 'SERVICE_PROVIDED', completedAt: now } },
  ],
  [
    'fails',
    [acknowledged, accepted],
    { type: 'FailReferral', reason: 'NO_SHOW' },
    { type: 'ReferralFailed', data: { reason: 'NO_SHOW', failedAt: now } },
  ],
];

describe('a receiver without a node', () => {
  it.each(STEPS)('%s by a link, and the sender takes it down', (_, before, said, step) => {
    given(...proxied(...before))
      .when(answer(said))
      .then(...proxied(...before, step).slice(-1));
  });

  it('stands where it would stand if it had answered itself, with the same deadlines', () => {
    const byLink = fold(referralDecider, proxied(acknowledged, accepted));
    const heard = fold(
      referralDecider,
      example.history('ReferralRequested', 'AcknowledgementNoted', 'AcceptanceNoted'),
    );
    expect(byLink).toEqual(heard);
    expect(deadlinesOf(byLink)).toEqual([{ kind: 'START', dueAt: '2026-11-23T10:00:00.000Z', of: 'RECEIVER' }]);
    expect(automaticDeadlinesOf(fold(referralDecider, requested))).toHaveLength(1);
  });

  it('says nothing new by saying it again', () => {
    given(...proxied(acknowledged))
      .when(answer({ type: 'AcknowledgeReferral' }))
      .thenNothing();
  });

  it.each([
    ['accepts before it acknowledged', requested, { type: 'AcceptReferral' }, 'REFERRAL.NOT_ACKNOWLEDGED'],
    [
      'answers otherwise than before',
      proxied({ type: 'ReferralRejected', data: { ...rejection, rejectedAt: now } }),
      { type: 'RejectReferral', reason: 'DUPLICATE', alternativeAgency: null },
      'REFERRAL.ALREADY_REJECTED',
    ],
    [
      'answers what was taken back',
      example.history('ReferralRequested', 'ReferralCancelled'),
      { type: 'AcknowledgeReferral' },
      'REFERRAL.ALREADY_CANCELLED',
    ],
    [
      'answers what expired',
      example.history('ReferralRequested', 'ReferralExpired'),
      { type: 'AcknowledgeReferral' },
      'REFERRAL.ALREADY_EXPIRED',
    ],
    [
      'answers what was not sent',
      example.history('ReferralDrafted'),
      { type: 'AcknowledgeReferral' },
      'REFERRAL.ALREADY_DRAFT',
    ],
  ] as const)('is refused when it %s', (_, history, said, code) => {
    given(...history)
      .when(answer(said))
      .thenRefused(code);
  });

  it('is spoken for by the sender alone, at the sender', () => {
    const said = { type: 'AcknowledgeReferral' } as const;
    given(...requested)
      .when(answer(said, { by: example.REQUEST.receiver }))
      .thenRefused('REFERRAL.NOT_THE_SENDER');
    given(...example.history('ReferralReceived'))
      .when(answer(said))
      .thenRefused('REFERRAL.NOT_THE_SENDER');
    given().when(answer(said)).thenRefused('REFERRAL.UNKNOWN');
  });

  it('never takes custody: who has no node cannot hold a case', () => {
    const transfer = example.history(example.step('ReferralRequested', { transfer: true }));
    given(...transfer)
      .when(answer({ type: 'AcknowledgeReferral' }))
      .thenRefused('REFERRAL.NO_CUSTODY_BY_LINK');
  });
});
