import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import { decides } from '@acogida/testing';
import type { ConsentCommandOf } from './consent-commands.ts';
import {
  CONSENT_ID,
  FACTS,
  GIVEN_AT,
  GRANTED,
  PERSON,
  QUESTION,
  RECIPIENT,
  RECORDED,
  REQUESTED,
  WITHDRAWN,
} from './consent-examples.ts';
import type { ConsentEvent } from './consent-events.ts';
import { consentDecider } from './procedure.ts';

const { given } = decides(consentDecider);

const NOW = '2026-11-23T09:00:00.000Z';
const CONSULATE = { agencyId: 'ht-consulate', nature: 'CONSULATE', authorityOf: 'HT' } as const;
const EXPRESS = {
  type: 'ConsentGranted',
  data: {
    ...RECORDED,
    scope: { ...FACTS.scope, purposes: ['CONSULAR_CONTACT'], services: [], recipients: ['ht-consulate'] },
  },
} satisfies ConsentEvent;
const CONFIRM: ConsentCommandOf<'ConfirmContact'> = {
  ...{
    type: 'ConfirmContact',
    consentId: CONSENT_ID,
    recipient: 'ht-consulate',
    confirmedBy: 'cr.supervisor',
    now: NOW,
  },
};
const CONFIRMED: ConsentEvent = {
  type: 'ContactConfirmed',
  data: { consentId: CONSENT_ID, recipient: 'ht-consulate', confirmedBy: 'cr.supervisor', confirmedAt: NOW },
};
const CONTACT = {
  question: { ...QUESTION, purpose: 'CONSULAR_CONTACT', service: null, fields: ['SEX'] },
  recipient: CONSULATE,
  person: { ...PERSON, isAsylumOpen: true },
  now: NOW,
} as const;

describe('INV-05 a second person', () => {
  it('says yes to a contact that the person expressly consented to', () =>
    given(EXPRESS).when(CONFIRM).then(CONFIRMED));

  it.each<[string, readonly ConsentEvent[], Partial<typeof CONFIRM>]>([
    ['of another purpose', [GRANTED], {}],
    ['of another recipient', [EXPRESS], { recipient: 'ht-embassy' }],
    ['withdrawn', [EXPRESS, WITHDRAWN], {}],
    [
      'recorded by the recipient',
      [{ type: 'ConsentNoted', data: { ...EXPRESS.data, recordedAt: 'ht-consulate' } }],
      {},
    ],
    ['expired', [EXPRESS], { now: '2028-01-01T00:00:00.000Z' }],
  ])('is refused on a consent %s', (_, history, change) =>
    given(...history)
      .when({ ...CONFIRM, ...change })
      .thenRefused('CONSENT.NOT_EXPRESS'),
  );

  it('is refused where there is no consent', () => {
    given().when(CONFIRM).thenRefused('CONSENT.UNKNOWN');
    given(REQUESTED).when(CONFIRM).thenRefused('CONSENT.UNKNOWN');
  });

  it('makes the contact of an applicant possible', () => {
    const attempt = { type: 'RecordContactAttempt', ...CONTACT } as const;
    const data = { recipient: 'ht-consulate', purpose: 'CONSULAR_CONTACT', fields: ['SEX'] };
    const tried = { attemptedBy: QUESTION.askedBy, attemptedAt: NOW };
    expect(consentDecider.decide(attempt, fold(consentDecider, [EXPRESS]))).toEqual([
      { type: 'ContactAttempted', data: { ...data, allowed: false, refusals: ['DENY.SECOND_PERSON'], ...tried } },
    ]);
    expect(consentDecider.decide(attempt, fold(consentDecider, [EXPRESS, CONFIRMED]))).toEqual([
      { type: 'ContactAttempted', data: { ...data, allowed: true, refusals: [], ...tried } },
    ]);
  });
});

describe('INV-05 every attempt', () => {
  const attempt = { type: 'RecordContactAttempt', ...CONTACT } as const;

  it('is put on record, each time', () => {
    const [first] = consentDecider.decide(attempt, fold(consentDecider, [GRANTED]));
    expect(first).toMatchObject({ type: 'ContactAttempted', data: { allowed: false, refusals: ['DENY.CONSULATE'] } });
    const register = fold(consentDecider, [GRANTED, first as ConsentEvent]);
    expect(register.attempts).toBe(1);
    expect(consentDecider.decide(attempt, register)).toHaveLength(1);
  });

  it('with others than the country of origin: nothing', () =>
    given(GRANTED)
      .when({ ...attempt, recipient: RECIPIENT })
      .thenNothing());
});

describe('an override', () => {
  const override: ConsentCommandOf<'OverrideSharing'> = {
    type: 'OverrideSharing',
    ...{ question: QUESTION, recipient: RECIPIENT, person: PERSON, now: GIVEN_AT },
    ...{ reason: 'LIFE_AT_RISK', permissions: ['caseworker', 'consent-override'] },
  };

  it('shares past a missing consent, on record with who, what, whom and why', () =>
    given()
      .when(override)
      .then({
        type: 'SharingOverridden',
        data: {
          ...{ recipient: RECIPIENT.agencyId, purpose: 'REFERRAL', fields: ['SEX', 'FACTS'] },
          ...{ refusals: ['CONSENT.NONE'], reason: 'LIFE_AT_RISK' },
          ...{ overriddenBy: QUESTION.askedBy, overriddenAt: GIVEN_AT },
        },
      }));

  it('is counted', () => {
    const [event] = consentDecider.decide(override, consentDecider.initialState);
    expect(fold(consentDecider, [event as ConsentEvent]).overrides).toBe(1);
  });

  it('where nothing is missing: nothing', () => given(GRANTED).when(override).thenNothing());

  it('needs the permission of its own, which no other role brings', () =>
    given()
      .when({ ...override, permissions: ['supervisor', 'coordinator'] })
      .thenRefused('CONSENT.OVERRIDE_NOT_PERMITTED'));

  it.each([
    ['the country of origin', { recipient: CONSULATE }],
    [
      'enforcement',
      { recipient: { ...RECIPIENT, nature: 'ENFORCEMENT' }, question: { ...QUESTION, fields: ['NOTES'] } },
    ],
    ['return staff', { recipient: { ...RECIPIENT, nature: 'RETURN' }, question: { ...QUESTION, isRestricted: true } }],
    ['the missing second person', CONTACT],
  ] as const)('INV-05 INV-17 never passes a deny rule: %s', (_, change) =>
    given(EXPRESS)
      .when({ ...override, ...change })
      .thenRefused('CONSENT.DENY_RULE'),
  );
});
