import { describe, expect, it } from '@jest/globals';
import { contractDataFault } from '@acogida/contracts';
import { fold, type JsonObject } from '@acogida/core';
import { referralDecider } from './procedure.ts';
import { publishReferral } from './publish.ts';
import type { ProxiedStep, ReferralEventData, ReferralEventType } from './referral.ts';
import * as example from './referral-examples.ts';

const { referralId, caseId, requestedAt, acknowledgeBy, sender, receiver } = example.REQUEST;
const frame = { class: 'referral', schemaVersion: 1, caseId };

function published(...types: readonly ReferralEventType[]): ReturnType<typeof publishReferral> {
  const events = example.history(...types);
  const last = events.at(-1);
  return last === undefined ? [] : publishReferral(last, fold(referralDecider, events));
}

/** A word for those of the circle who may hear of trafficking, and the same for the other party alone. */
function saidTo(to: string, word: object, audience = 'care'): readonly object[] {
  return [
    { ...word, audience },
    { ...word, audience: { to, under: 'offer-key' } },
  ];
}

type Proxied = ReferralEventData['ProxiedAnswerRecorded']['answer']['type'];
/** What can also be said by a link, with the version of its contract. */
const BY_LINK: readonly (readonly [Proxied, number, JsonObject])[] = [
  ['ReferralAcknowledged', 2, {}],
  ['ReferralPutOnHold', 1, { hold: 1, reason: 'INFORMATION_REQUESTED', information: ['HEALTH'], expectedBy: null }],
  ['ReferralAccepted', 2, {}],
  ['ReferralRejected', 2, { reason: 'NO_CAPACITY', alternativeAgency: 'cr-refugee-unit' }],
  ['ReferralServiceStarted', 1, {}],
  ['ReferralCompleted', 2, { result: 'SERVICE_PROVIDED' }],
  ['ReferralFailed', 1, { reason: 'NO_SHOW' }],
];
const BY_RECEIVER: readonly (readonly [ReferralEventType, number, JsonObject])[] = [
  ...BY_LINK.map(([type, version, data]) => [type, version, { ...data, proxied: null }] as const),
  ['ReferralResumed', 1, { hold: 1 }],
];
const BY_SENDER: readonly (readonly [ReferralEventType, JsonObject])[] = [
  ['ReferralCancelled', { reason: 'NO_LONGER_NEEDED' }],
  ['ReferralExpired', {}],
  ['ReferralMarkedInError', { reason: 'WRONG_PERSON' }],
  ['ReferralInformationProvided', { hold: 1, information: ['HEALTH'], attachments: example.REQUEST.attachments }],
  ['ReferralLoopClosed', { outcome: 'NEED_MET', nextReferralId: null }],
  ['CustodyReleased', { term: 2, to: 'cr-conatt' }],
];

describe('publishReferral', () => {
  it('publishes the request without the case id and without what is private', () => {
    const { caseId: _, requestedAt: __, ...said } = example.REQUEST;
    const data = { custodyTerm: null, causedBy: null, separationReason: null, ...said };
    const word = { ...frame, schemaVersion: 2, type: 'ReferralRequested', occurredAt: requestedAt, data };
    const expected = saidTo(receiver, word);
    expect(published('ReferralRequested')).toEqual(expected);
    expect(published('ReferralDrafted', 'ReferralRequested')).toEqual(expected);
  });

  it.each(BY_RECEIVER)('publishes the receiver’s %s', (type, schemaVersion, data) => {
    const word = { ...frame, schemaVersion, type, occurredAt: example.ANSWERED_AT, data: { referralId, ...data } };
    expect(published('ReferralReceived', type)).toEqual(saidTo(sender, word));
  });

  it.each(BY_LINK)(
    'publishes %s of a receiver without a node as the sender’s word for it, for the circle alone',
    (type, version, data) => {
      const answer = { type, data: example.DATA[type] } as ProxiedStep;
      const events = example.history('ReferralRequested', example.step('ProxiedAnswerRecorded', { answer }));
      const last = events.at(-1);
      const [contract, ...copies] = last === undefined ? [] : publishReferral(last, fold(referralDecider, events));
      expect(copies).toEqual([]);
      expect(contract).toEqual({
        ...{ ...frame, schemaVersion: version, type, occurredAt: example.ANSWERED_AT, audience: 'care' },
        data: { referralId, ...data, proxied: 'cr-conatt' },
      });
      expect(contract && contractDataFault(contract.type, contract.schemaVersion, contract.data)).toBeUndefined();
    },
  );

  it.each(BY_SENDER)('publishes the sender’s %s', (type, data) => {
    const word = { ...frame, type, occurredAt: example.SAID_AT, data: { referralId, ...data } };
    const audience = type === 'CustodyReleased' ? 'coded' : 'care';
    expect(published('ReferralRequested', type)).toEqual(saidTo(receiver, word, audience));
  });

  it.each([
    ['ASYLUM', 'SPECIFIC_NEED', 'care'],
    ['LEGAL_AID', 'ASYLUM_INTENT', 'care'],
    ['TRAFFICKING_SCREENING', 'SPECIFIC_NEED', 'care'],
    ['SHELTER', 'TRAFFICKING_SUSPECTED', 'care'],
    ['SHELTER', 'SPECIFIC_NEED', 'coded'],
  ] as const)('INV-17 says what asks for %s because of %s, and its answers, to %s', (service, reason, audience) => {
    const request = example.step('ReferralRequested', { ...example.REQUEST, service, reason });
    const later = BY_SENDER.flatMap(([type]) => (type === 'CustodyReleased' ? [] : [[type]]));
    for (const steps of [[], ...later]) {
      const events = example.history(request, ...steps);
      const last = events.at(-1);
      const words = last === undefined ? [] : publishReferral(last, fold(referralDecider, events));
      expect(words.map((word) => word.audience)).toEqual([audience, { to: receiver, under: 'offer-key' }]);
    }
  });

  it('publishes an escalation, with when it happened', () => {
    const word = {
      ...{ ...frame, type: 'ReferralEscalated', occurredAt: '2026-11-23T09:00:00.000Z' },
      data: { referralId, missed: 'ACKNOWLEDGE', missedAt: acknowledgeBy, answerBy: '2026-11-23T21:00:00.000Z' },
    };
    expect(published('ReferralRequested', 'ReferralEscalated')).toEqual(saidTo(receiver, word));
  });

  it.each([
    'AcknowledgementNoted',
    'HoldNoted',
    'ResumptionNoted',
    'AcceptanceNoted',
    'RejectionNoted',
    'ServiceStartNoted',
    'CompletionNoted',
    'FailureNoted',
  ] as const)('keeps the sender’s %s private', (type) => {
    expect(published('ReferralRequested', type)).toEqual([]);
  });

  it.each([
    'CancellationNoted',
    'ExpiryNoted',
    'EntryErrorNoted',
    'EscalationNoted',
    'InformationNoted',
    'LoopClosureNoted',
    'CustodyReleaseNoted',
  ] as const)('keeps the receiver’s %s private', (type) => {
    expect(published('ReferralReceived', type)).toEqual([]);
  });

  it('keeps drafts private, their receipt, and their end', () => {
    expect(published('ReferralDrafted')).toEqual([]);
    expect(published('ReferralDrafted', 'ReferralCancelled')).toEqual([]);
    expect(published('ReferralReceived')).toEqual([]);
  });

  it('fits the schemas', () => {
    const paths: readonly (readonly ReferralEventType[])[] = [
      ['ReferralRequested'],
      ['ReferralRequested', 'ReferralEscalated'],
      ...BY_SENDER.map(([type]) => ['ReferralRequested', type] as const),
      ...BY_RECEIVER.map(([type]) => ['ReferralReceived', type] as const),
    ];
    for (const path of paths) {
      const [contract] = published(...path);
      expect(contract && contractDataFault(contract.type, contract.schemaVersion, contract.data)).toBeUndefined();
    }
  });
});
