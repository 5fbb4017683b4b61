import { describe, expect, it } from '@jest/globals';
import { decides } from '@acogida/testing';
import { fold } from '@acogida/core';
import { referralDecider } from './procedure.ts';
import type { ReferralConsent, ReferralFacts } from './referral.ts';
import {
  ACCEPTED,
  ACKNOWLEDGED,
  ACKNOWLEDGEMENT_NOTED,
  ASK,
  COMPLETION_NOTED,
  RECEIVED,
  REJECTION_NOTED,
  REQUEST,
  REQUESTED,
} from './referral-examples.ts';

const { given } = decides(referralDecider);

const consent = (change: Partial<ReferralConsent>): typeof ASK => ({ ...ASK, consent: { ...ASK.consent, ...change } });
const facts = (change: Partial<ReferralFacts>): typeof ASK => ({ ...ASK, facts: { ...ASK.facts, ...change } });

describe('RequestReferral', () => {
  it('opens the sender’s stream with all that was asked', () => {
    given().when(ASK).then(REQUESTED);
    expect(fold(referralDecider, [REQUESTED])).toEqual({
      side: 'SENDER',
      request: REQUEST,
      status: 'REQUESTED',
      senderTask: 'WAITING',
      rejection: null,
      result: null,
    });
  });

  it.each([
    ['LIFE_SAVING', '2026-11-22T10:00:00.000Z'],
    ['URGENT', '2026-11-23T09:00:00.000Z'],
    ['PRIORITY', '2026-11-25T09:00:00.000Z'],
    ['ROUTINE', '2026-11-29T09:00:00.000Z'],
  ] as const)('is to be acknowledged in time: %s', (urgency, acknowledgeBy) => {
    given()
      .when({ ...ASK, urgency })
      .then({ type: 'ReferralRequested', data: { ...REQUEST, urgency, acknowledgeBy } });
  });

  it.each([
    ['itself', { receiver: ASK.by }, 'REFERRAL.TO_SELF'],
    ['no agency', { receiver: 'Somebody Else' }, 'REFERRAL.RECEIVER_MALFORMED'],
  ])('refuses %s as the receiver', (_, change, code) => {
    given()
      .when({ ...ASK, ...change })
      .thenRefused(code);
  });

  it.each<[string, Partial<ReferralConsent>, string]>([
    ['consent of nobody', { givenBy: 'NOT_APPLICABLE' }, 'REFERRAL.CONSENT_GIVER_MISSING'],
    ['consent in no form', { form: 'NOT_RECORDED', language: null }, 'REFERRAL.CONSENT_FORM_MISSING'],
    ['recorded consent without language', { language: null }, 'REFERRAL.CONSENT_LANGUAGE_MISSING'],
    ['a language that is no code', { language: 'Kreyòl' }, 'REFERRAL.CONSENT_LANGUAGE_MALFORMED'],
    ['a date that is none', { grantedOn: '2026-02-30' }, 'REFERRAL.CONSENT_DATE_MALFORMED'],
    ['best interests of a child for an adult', { basis: 'BEST_INTERESTS_OF_CHILD' }, 'REFERRAL.NOT_A_CHILD'],
  ])('INV-18 refuses %s', (_, change, code) => {
    given().when(consent(change)).thenRefused(code);
  });

  it.each<[string, typeof ASK]>([
    [
      'consent from an old record',
      { ...consent({ form: 'NOT_RECORDED', language: null, grantedOn: null }), takenOver: true },
    ],
    [
      'vital interest without consent',
      consent({ basis: 'VITAL_INTEREST', form: 'NOT_RECORDED', givenBy: 'NOT_APPLICABLE', language: null }),
    ],
    ['a guardian’s thumbprint', consent({ form: 'THUMBPRINT', givenBy: 'GUARDIAN', grantedOn: '2026' })],
    ['an open age band', facts({ ageBand: { fromYears: 48, toYears: null } })],
    ['no age band and no nationality', facts({ ageBand: null, nationalities: [], nationalityStatus: 'UNDETERMINED' })],
  ])('accepts %s', (_, command) => {
    given()
      .when(command)
      .then({ type: 'ReferralRequested', data: { ...REQUEST, consent: command.consent, facts: command.facts } });
  });

  it.each(['CHILD', 'DISPUTED'] as const)(
    'INV-08 accepts the best interests of a child when age is %s',
    (ageStatus) => {
      const command = {
        ...facts({ ageStatus }),
        consent: { ...ASK.consent, basis: 'BEST_INTERESTS_OF_CHILD' as const },
      };
      given()
        .when(command)
        .then({ type: 'ReferralRequested', data: { ...REQUEST, consent: command.consent, facts: command.facts } });
    },
  );

  it.each<[string, Partial<ReferralFacts>, string]>([
    ['a country that is none', { nationalities: ['HT', 'XX'] }, 'REFERRAL.NATIONALITY_UNKNOWN'],
    ['INV-08 an adult who may be 17', { ageBand: { fromYears: 17, toYears: 20 } }, 'REFERRAL.AGE_IN_DOUBT'],
    ['INV-08 an adult of any age', { ageBand: { fromYears: null, toYears: 38 } }, 'REFERRAL.AGE_IN_DOUBT'],
    ['an inverted age band', { ageBand: { fromYears: 38, toYears: 30 } }, 'REFERRAL.AGE_BAND_INVERTED'],
  ])('refuses %s', (_, change, code) => {
    given().when(facts(change)).thenRefused(code);
  });

  it('asked again the same, later: nothing happens', () => {
    given(REQUESTED)
      .when({ ...ASK, now: '2026-11-22T09:30:00.000Z' })
      .thenNothing();
    given(REQUESTED, ACKNOWLEDGEMENT_NOTED).when(ASK).thenNothing();
  });

  it('asked again otherwise while it waits: refused', () => {
    given(REQUESTED)
      .when({ ...ASK, urgency: 'ROUTINE' })
      .thenRefused('REFERRAL.ALREADY_PENDING');
    given(REQUESTED)
      .when(facts({ nationalities: [] }))
      .thenRefused('REFERRAL.ALREADY_PENDING');
    given(REQUESTED)
      .when(consent({ grantedOn: null }))
      .thenRefused('REFERRAL.ALREADY_PENDING');
  });

  it('an answered referral is not asked again under its id, nor one that was received', () => {
    given(REQUESTED, REJECTION_NOTED).when(ASK).thenRefused('REFERRAL.ID_TAKEN');
    given(REQUESTED, COMPLETION_NOTED).when(ASK).thenRefused('REFERRAL.ID_TAKEN');
    given(RECEIVED).when(ASK).thenRefused('REFERRAL.ID_TAKEN');
  });
});

describe('ReceiveReferral', () => {
  const RECEIVE = {
    type: 'ReceiveReferral',
    by: REQUEST.receiver,
    publishedBy: REQUEST.sender,
    request: REQUEST,
  } as const;

  it('opens the receiver’s stream with the same request', () => {
    given().when(RECEIVE).then(RECEIVED);
    expect(fold(referralDecider, [RECEIVED])).toEqual({
      side: 'RECEIVER',
      request: REQUEST,
      status: 'REQUESTED',
      senderTask: 'WAITING',
      rejection: null,
      result: null,
    });
  });

  it('received again: nothing happens, however far it got', () => {
    given(RECEIVED).when(RECEIVE).thenNothing();
    given(RECEIVED, ACKNOWLEDGED, ACCEPTED).when(RECEIVE).thenNothing();
  });

  it.each([
    ['addressed to another agency', { by: 'mx-comar' }, 'REFERRAL.NOT_THE_RECEIVER'],
    ['published by another agency', { publishedBy: 'mx-comar' }, 'REFERRAL.NOT_THE_SENDER'],
    [
      'from the receiver itself',
      { publishedBy: REQUEST.receiver, request: { ...REQUEST, sender: REQUEST.receiver } },
      'REFERRAL.TO_SELF',
    ],
  ])('refuses a request %s', (_, change, code) => {
    given()
      .when({ ...RECEIVE, ...change })
      .thenRefused(code);
  });

  it('refuses another request under a known id', () => {
    const other = { ...RECEIVE, request: { ...REQUEST, caseId: 'c0ffee00-5a3c-4f0e-8c51-6a4d1f0c2b11' } };
    given(RECEIVED).when(other).thenRefused('REFERRAL.ID_TAKEN');
    given(REQUESTED).when(RECEIVE).thenRefused('REFERRAL.ID_TAKEN');
  });
});
