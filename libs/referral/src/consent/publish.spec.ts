import { describe, expect, it } from '@jest/globals';
import { contractDataFault, isContractType } from '@acogida/contracts';
import {
  CASE_ID,
  CONSENT_ID,
  EXPIRES_AT,
  FACTS,
  GIVEN_AT,
  GRANTED,
  INTAKE,
  NOTED,
  REFUSED,
  REQUESTED,
  WITHDRAWAL_NOTED,
  WITHDRAWN,
  WITHDRAWN_AT,
} from './consent-examples.ts';
import type { ConsentEvent } from './consent-events.ts';
import { ANY_LISTED_FOR_SERVICE } from './consent.ts';
import { consentFactsOf, publishConsent } from './publish.ts';

const frame = { class: 'consent', schemaVersion: 1, caseId: CASE_ID };
const EXPIRED: ConsentEvent = {
  type: 'ConsentExpired',
  data: { consentId: CONSENT_ID, caseId: CASE_ID, expiredAt: EXPIRES_AT },
};
const ANSWER = {
  destroyed: ['IDENTITY'],
  retained: [{ category: 'CASE_FILE', legalBasis: 'PUBLIC_RECORD', until: '2036-12-31' }],
} as const;
const ACKNOWLEDGED: ConsentEvent = {
  type: 'WithdrawalAcknowledged',
  data: { consentId: CONSENT_ID, caseId: CASE_ID, agency: INTAKE, acknowledgedAt: WITHDRAWN_AT, ...ANSWER },
};

describe('what is published of a consent', () => {
  it('is the grant, in codes', () => {
    const { scope, caseId: _, ...facts } = FACTS;
    const published = publishConsent(GRANTED);
    expect(published).toEqual({
      ...{ ...frame, type: 'ConsentGranted', occurredAt: GIVEN_AT },
      data: { ...facts, ...scope },
    });
  });

  it('is the withdrawal without its reason, which may be a complaint about a reader', () => {
    expect(publishConsent(WITHDRAWN)).toEqual({
      ...{ ...frame, type: 'ConsentWithdrawn', occurredAt: WITHDRAWN_AT },
      data: {
        ...{ consentId: CONSENT_ID, withdrawnAt: WITHDRAWN_AT, lodgedAt: INTAKE, form: 'ORAL_WITNESSED' },
        ...{ language: 'hat', interpretation: 'REMOTE' },
      },
    });
  });

  it('is the end by time, and the answer to a withdrawal', () => {
    expect(publishConsent(EXPIRED)).toEqual({
      ...{ ...frame, type: 'ConsentExpired', occurredAt: EXPIRES_AT },
      data: { consentId: CONSENT_ID, expiredAt: EXPIRES_AT },
    });
    expect(publishConsent(ACKNOWLEDGED)).toEqual({
      ...{ ...frame, type: 'WithdrawalAcknowledged', occurredAt: WITHDRAWN_AT },
      data: { consentId: CONSENT_ID, ...ANSWER },
    });
  });

  it.each([GRANTED, WITHDRAWN, EXPIRED, ACKNOWLEDGED])('fits its contract: $type', (event) => {
    const published = publishConsent(event);
    expect(published !== null && isContractType(published.type)).toBe(true);
    expect(published && contractDataFault(published.type, published.schemaVersion, published.data)).toBeUndefined();
  });

  it.each<ConsentEvent>([
    ...[REQUESTED, REFUSED, NOTED, WITHDRAWAL_NOTED],
    { type: 'WithdrawalAcknowledgementNoted', data: ACKNOWLEDGED.data },
    {
      type: 'ContactConfirmed',
      data: { consentId: CONSENT_ID, recipient: 'ht-consulate', confirmedBy: 'cr.supervisor', confirmedAt: GIVEN_AT },
    },
    {
      type: 'ContactAttempted',
      data: {
        ...{ recipient: 'ht-consulate', purpose: 'CONSULAR_CONTACT', fields: ['SEX'], allowed: false },
        ...{ refusals: ['DENY.CONSULATE'], attemptedBy: 'cr.caseworker', attemptedAt: GIVEN_AT },
      },
    },
    {
      type: 'SharingOverridden',
      data: {
        ...{ recipient: 'cr-conatt', purpose: 'REFERRAL', fields: ['SEX'], refusals: ['CONSENT.NONE'] },
        ...{ reason: 'LIFE_AT_RISK', overriddenBy: 'cr.caseworker', overriddenAt: GIVEN_AT },
      },
    },
  ])('is nothing of $type', (event) => {
    expect(publishConsent(event)).toBeNull();
  });

  it.each([FACTS.scope.recipients, ANY_LISTED_FOR_SERVICE] as const)('is read back as it was: to %p', (recipients) => {
    const facts = { ...FACTS, scope: { ...FACTS.scope, recipients } };
    const published = publishConsent({ type: 'ConsentGranted', data: { ...GRANTED.data, ...facts } });
    expect(published?.type === 'ConsentGranted' && consentFactsOf(published.data, CASE_ID)).toEqual(facts);
  });
});
