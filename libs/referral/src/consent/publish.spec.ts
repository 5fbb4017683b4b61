import { describe, expect, it } from '@jest/globals';
import { contractDataFault, isContractType } from '@acogida/contracts';
import { fold } from '@acogida/core';
import {
  CASE_ID,
  CONSENT_ID,
  EXPIRES_AT,
  FACTS,
  GIVEN_AT,
  GRANTED,
  INTAKE,
  NOTED,
  OTHER_CONSENT_ID,
  REFUSED,
  REQUESTED,
  THIRD,
  WITHDRAWAL_NOTED,
  WITHDRAWN,
  WITHDRAWN_AT,
} from './consent-examples.ts';
import type { ConsentEvent } from './consent-events.ts';
import { ANY_LISTED_FOR_SERVICE, NO_CONSENTS } from './consent.ts';
import { consentDecider } from './procedure.ts';
import { consentFactsOf, publishConsent } from './publish.ts';

const frame = { class: 'consent', schemaVersion: 1, caseId: CASE_ID, audience: 'coded' };
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

const ANSWERED = {
  ...{ ...frame, type: 'WithdrawalAcknowledged', occurredAt: WITHDRAWN_AT },
  data: { consentId: CONSENT_ID, ...ANSWER },
};

describe('what is published of a consent', () => {
  it('is the grant, in codes', () => {
    const { scope, caseId: _, ...facts } = FACTS;
    expect(publishConsent(GRANTED, NO_CONSENTS)).toEqual([
      { ...frame, type: 'ConsentGranted', occurredAt: GIVEN_AT, data: { ...facts, ...scope }, audience: 'care' },
    ]);
  });

  it.each([
    [['ASYLUM'], 'care'],
    [['SHELTER', 'TRAFFICKING_SCREENING'], 'care'],
    [['SHELTER', 'LEGAL_AID'], 'coded'],
    [[], 'coded'],
  ] as const)('INV-17: is for the circle as far as it may hear of the services: %j for %s', (services, audience) => {
    const { data } = GRANTED;
    const granted: ConsentEvent = { ...GRANTED, data: { ...data, scope: { ...data.scope, services } } };
    expect(publishConsent(granted, NO_CONSENTS).map((word) => word.audience)).toEqual([audience]);
  });

  it.each([
    [['ASYLUM'], ['REFERRAL'], CONSENT_ID, 'care'],
    [['SHELTER', 'TRAFFICKING_SCREENING'], ['REFERRAL'], CONSENT_ID, 'care'],
    [['ASYLUM'], ['REFERRAL', 'RETURN'], CONSENT_ID, 'coded'],
    [['SHELTER', 'LEGAL_AID'], ['REFERRAL'], CONSENT_ID, 'coded'],
    [['ASYLUM'], ['REFERRAL'], null, 'coded'],
    [['ASYLUM'], ['REFERRAL'], OTHER_CONSENT_ID, 'coded'],
  ] as const)(
    'INV-17: so is what becomes of it, unless it was for a return or is not known: %j for %j, of %s for %s',
    (services, purposes, consentId, audience) => {
      const { data } = GRANTED;
      const scope = { ...data.scope, services, purposes };
      const given: ConsentEvent = { ...GRANTED, data: { ...data, scope } };
      const noted: ConsentEvent = { ...NOTED, data: { ...data, scope } };
      const becomes: readonly ConsentEvent[] = [
        { ...WITHDRAWN, data: { ...WITHDRAWN.data, consentId } },
        { ...ACKNOWLEDGED, data: { ...ACKNOWLEDGED.data, consentId } },
        ...(consentId === null ? [] : [{ ...EXPIRED, data: { ...EXPIRED.data, consentId } }]),
      ];
      for (const event of becomes) {
        for (const before of [given, noted]) {
          const [forCircle] = publishConsent(event, fold(consentDecider, [before, event]));
          expect(forCircle).toMatchObject({ type: event.type, audience });
        }
      }
    },
  );

  it('is the withdrawal without its reason, which may be a complaint about a reader', () => {
    expect(publishConsent(WITHDRAWN, NO_CONSENTS)).toEqual([
      {
        ...{ ...frame, type: 'ConsentWithdrawn', occurredAt: WITHDRAWN_AT },
        data: {
          ...{ consentId: CONSENT_ID, withdrawnAt: WITHDRAWN_AT, lodgedAt: INTAKE, form: 'ORAL_WITNESSED' },
          ...{ language: 'hat', interpretation: 'REMOTE' },
        },
      },
    ]);
  });

  it('is the end by time, and the answer to a withdrawal', () => {
    expect(publishConsent(EXPIRED, NO_CONSENTS)).toEqual([
      {
        ...{ ...frame, type: 'ConsentExpired', occurredAt: EXPIRES_AT },
        data: { consentId: CONSENT_ID, expiredAt: EXPIRES_AT },
      },
    ]);
    expect(publishConsent(ACKNOWLEDGED, NO_CONSENTS)).toEqual([ANSWERED]);
  });

  it('says the answer once more to whoever collects it, who may have left the circle', () => {
    const lodgedElsewhere: ConsentEvent = { ...WITHDRAWAL_NOTED, data: { ...WITHDRAWAL_NOTED.data, lodgedAt: THIRD } };
    const register = fold(consentDecider, [NOTED, lodgedElsewhere]);
    const answered = { ...ACKNOWLEDGED, data: { ...ACKNOWLEDGED.data, agency: 'cr-conatt' } };
    const forCircle = { ...ANSWERED, audience: 'care' };
    const copies = [INTAKE, THIRD].map((to) => ({ ...ANSWERED, audience: { to, under: 'offer-key' } }));
    expect(publishConsent(answered, register)).toEqual([forCircle, ...copies]);
    expect(publishConsent({ ...answered, data: { ...answered.data, agency: INTAKE } }, register)).toEqual([
      forCircle,
      copies[1],
    ]);
    const ofAll = fold(consentDecider, [
      NOTED,
      { ...lodgedElsewhere, data: { ...lodgedElsewhere.data, consentId: null } },
    ]);
    const said = publishConsent({ ...answered, data: { ...answered.data, consentId: null } }, ofAll);
    expect(said.map(({ audience }) => audience)).toEqual(['coded', ...copies.map(({ audience }) => audience)]);
  });

  it('tells whoever serves the person under it alone, and of its withdrawal as well', () => {
    const told: ConsentEvent = {
      type: 'ConsentTold',
      data: { consentId: CONSENT_ID, caseId: CASE_ID, to: 'cr-conatt', toldAt: WITHDRAWN_AT },
    };
    const [granted] = publishConsent(GRANTED, NO_CONSENTS);
    const register = fold(consentDecider, [GRANTED, told]);
    const audience = { to: 'cr-conatt', under: 'offer-key' };
    expect(publishConsent(told, register)).toEqual([{ ...granted, audience }]);
    expect(publishConsent(told, NO_CONSENTS)).toEqual([]);
    for (const consentId of [CONSENT_ID, null]) {
      const withdrawn = { ...WITHDRAWN, data: { ...WITHDRAWN.data, consentId } };
      const circle = { audience: consentId === null ? 'coded' : 'care' };
      const [said] = publishConsent(withdrawn, NO_CONSENTS);
      expect(publishConsent(withdrawn, register)).toEqual([
        { ...said, ...circle },
        { ...said, audience },
      ]);
      const lodgedThere = { ...withdrawn, data: { ...withdrawn.data, lodgedAt: 'cr-conatt' } };
      const [heard] = publishConsent(lodgedThere, NO_CONSENTS);
      const toRecorder = { ...heard, audience: { to: INTAKE, under: 'offer-key' } };
      expect(publishConsent(lodgedThere, fold(consentDecider, [NOTED]))).toEqual([{ ...heard, ...circle }, toRecorder]);
    }
  });

  it('passes on a withdrawal that was lodged elsewhere to whom the consent was told, where it was recorded', () => {
    const told = (to: string): ConsentEvent => {
      return { type: 'ConsentTold', data: { consentId: CONSENT_ID, caseId: CASE_ID, to, toldAt: GIVEN_AT } };
    };
    const lodged: ConsentEvent = { ...WITHDRAWAL_NOTED, data: { ...WITHDRAWAL_NOTED.data, lodgedAt: THIRD } };
    const register = fold(consentDecider, [GRANTED, told('cr-conatt'), told(THIRD), lodged]);
    expect(publishConsent(lodged, register)).toEqual([
      expect.objectContaining({
        ...{ type: 'ConsentWithdrawn', data: expect.objectContaining({ lodgedAt: THIRD }) },
        audience: { to: 'cr-conatt', under: 'offer-key' },
      }),
    ]);
    expect(publishConsent(lodged, fold(consentDecider, [NOTED, lodged]))).toEqual([]);
  });

  it.each([GRANTED, WITHDRAWN, EXPIRED, ACKNOWLEDGED])('fits its contract: $type', (event) => {
    const [published] = publishConsent(event, NO_CONSENTS);
    expect(published !== undefined && isContractType(published.type)).toBe(true);
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
    expect(publishConsent(event, NO_CONSENTS)).toEqual([]);
  });

  it.each([FACTS.scope.recipients, ANY_LISTED_FOR_SERVICE] as const)('is read back as it was: to %p', (recipients) => {
    const facts = { ...FACTS, scope: { ...FACTS.scope, recipients } };
    const [published] = publishConsent({ type: 'ConsentGranted', data: { ...GRANTED.data, ...facts } }, NO_CONSENTS);
    expect(published?.type === 'ConsentGranted' && consentFactsOf(published.data, CASE_ID)).toEqual(facts);
  });
});
