import { describe, expect, it } from '@jest/globals';
import { AGENCY_NATURES, ATTACHMENT_KINDS, OVERRIDE_REASONS } from '@acogida/reference';
import { accessEffectOf } from './access-effect.ts';
import { type ConsentRegister, evolveConsents, NO_CONSENTS } from './consent.ts';
import {
  ALL_WITHDRAWAL_NOTED,
  CASE_ID,
  CONSENT_ID,
  EXPIRES_AT,
  GIVEN_AT,
  GRANTED,
  INTAKE,
  PERSON,
  RECEIVER,
  RECIPIENT,
  WITHDRAWAL_NOTED,
  WITHDRAWN_AT,
} from './consent-examples.ts';
import type { ConsentEvent } from './consent-events.ts';
import { fallenConsentOf, judgeReferral, type SharedReferral } from './referral-sharing.ts';
import type { PersonProfile, RecipientProfile } from './sharing.ts';

const WORDS = { basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', language: 'hat', grantedOn: '2026-11-22' } as const;
const REFERRAL: SharedReferral = {
  ...{ referralId: '4e1f2b1c-1a58-4f3a-9c3e-0d6c2f6a7b10', caseId: CASE_ID, sender: INTAKE, receiver: RECEIVER },
  ...{ service: 'TRAFFICKING_SCREENING', reason: 'TRAFFICKING_SUSPECTED', attachments: [], requestedAt: GIVEN_AT },
  consent: { ...WORDS, consentId: CONSENT_ID },
};
const IN_WORDS: SharedReferral = { ...REFERRAL, consent: WORDS };
const LATER = '2026-12-02T09:00:00.000Z';
const ATTACHMENT = { attachmentId: CASE_ID, kind: 'OTHER', sha256: 'a'.repeat(64) } as const;

const register = (...events: readonly ConsentEvent[]): ConsentRegister => events.reduce(evolveConsents, NO_CONSENTS);

function judge(
  referral: SharedReferral,
  known: ConsentRegister,
  change: {
    readonly recipient?: Partial<RecipientProfile>;
    readonly person?: Partial<PersonProfile>;
    readonly at?: string;
  } = {},
) {
  const recipient = { ...RECIPIENT, ...change.recipient };
  const person = { ...PERSON, isAsylumOpen: true, ...change.person };
  const askedBy = `${INTAKE}.caseworker`;
  return judgeReferral(referral, {
    register: known,
    recipient,
    person,
    country: 'CR',
    askedBy,
    at: change.at ?? GIVEN_AT,
  });
}

describe('a referral may be sent', () => {
  it('under a recorded consent that covers it', () => {
    expect(judge(REFERRAL, register(GRANTED))).toEqual({
      ...{ allowed: true, fields: ['FACTS'], consentId: CONSENT_ID, refusals: [], asOf: GIVEN_AT, needs: [] },
    });
  });

  it('under the consent that it states in its own words', () => {
    expect(judge(IN_WORDS, NO_CONSENTS)).toMatchObject({ allowed: true, fields: ['FACTS'] });
  });

  it.each(['VITAL_INTEREST', 'BEST_INTERESTS_OF_CHILD'] as const)('on %s, for protection', (basis) => {
    const consent = { ...WORDS, basis, givenBy: 'NOT_APPLICABLE' } as const;
    expect(judge({ ...REFERRAL, consent }, NO_CONSENTS)).toMatchObject({ allowed: true, consentId: null });
  });
});

describe('a referral may not be sent', () => {
  it('under a recorded consent that nobody here knows of', () => {
    expect(judge(REFERRAL, NO_CONSENTS).refusals).toEqual(['CONSENT.NONE']);
  });

  it('under another consent of the case than the one that it names', () => {
    const other = { ...REFERRAL, consent: { ...REFERRAL.consent, consentId: '7c1f2b1c-1a58-4f3a-9c3e-0d6c2f6a7b11' } };
    expect(judge(other, register(GRANTED)).refusals).toEqual(['CONSENT.NONE']);
  });

  it('to whom the consent does not name', () => {
    const to = { ...REFERRAL, receiver: 'mx-comar' };
    expect(judge(to, register(GRANTED), { recipient: { agencyId: 'mx-comar', authorityOf: 'MX' } }).refusals).toEqual([
      'CONSENT.OTHER_RECIPIENT',
    ]);
  });

  it('with documents that the consent does not cover: not without them either, nobody would notice', () => {
    expect(judge({ ...REFERRAL, attachments: [ATTACHMENT] }, register(GRANTED))).toMatchObject({
      ...{ allowed: false, fields: [], consentId: null, refusals: ['CONSENT.OTHER_FIELDS'] },
    });
    expect(judge({ ...IN_WORDS, attachments: [ATTACHMENT] }, NO_CONSENTS).allowed).toBe(true);
  });

  it('after the consent was withdrawn, or ended', () => {
    expect(judge(REFERRAL, register(GRANTED, WITHDRAWAL_NOTED), { at: LATER }).refusals).toEqual(['CONSENT.WITHDRAWN']);
    expect(judge(REFERRAL, register(GRANTED), { at: EXPIRES_AT }).refusals).toEqual(['CONSENT.EXPIRED']);
  });

  it('in its own words after every consent of the case was withdrawn', () => {
    expect(judge(IN_WORDS, register(ALL_WITHDRAWAL_NOTED), { at: LATER }).refusals).toEqual(['CONSENT.WITHDRAWN']);
  });
});

describe('INV-05 the country of origin', () => {
  const consulate = { nature: 'CONSULATE', authorityOf: 'HT' } as const;
  const express: ConsentEvent = {
    ...GRANTED,
    data: {
      ...GRANTED.data,
      scope: { ...GRANTED.data.scope, purposes: ['REFERRAL', 'CONSULAR_CONTACT'], services: ['TRAFFICKING_SCREENING'] },
    },
  };
  const confirmed: ConsentEvent = {
    type: 'ContactConfirmed',
    data: { consentId: CONSENT_ID, recipient: RECEIVER, confirmedBy: `${INTAKE}.supervisor`, confirmedAt: GIVEN_AT },
  };
  const vital: SharedReferral = {
    ...REFERRAL,
    consent: { ...WORDS, basis: 'VITAL_INTEREST', givenBy: 'NOT_APPLICABLE' },
  };

  it.each([
    ['by a consent to the referral', REFERRAL, register(GRANTED)],
    ['by a consent in words', IN_WORDS, NO_CONSENTS],
    ['where a life is at stake', vital, NO_CONSENTS],
  ])('is sent nothing %s', (_, referral, known) => {
    expect(judge(referral, known, { recipient: consulate }).refusals).toEqual(['DENY.CONSULATE']);
    const ministry = { nature: 'PUBLIC_AUTHORITY', authorityOf: 'HT' } as const;
    expect(judge(referral, known, { recipient: ministry }).refusals).toEqual(['DENY.COUNTRY_OF_ORIGIN']);
  });

  it('is sent it by an express consent that names it, after a second person said yes', () => {
    expect(judge(REFERRAL, register(express), { recipient: consulate })).toMatchObject({
      ...{ allowed: false, refusals: ['DENY.SECOND_PERSON'], needs: ['SECOND_PERSON'] },
    });
    expect(judge(REFERRAL, register(express, confirmed), { recipient: consulate }).allowed).toBe(true);
  });

  it('is every consulate as long as nobody knows the nationality', () => {
    const person = { nationalities: [], nationalityStatus: 'UNDETERMINED' } as const;
    const other = { nature: 'CONSULATE', authorityOf: 'VE' } as const;
    expect(judge(REFERRAL, register(GRANTED), { recipient: other, person }).refusals).toEqual(['DENY.CONSULATE']);
  });
});

describe('INV-17 what tells of an asylum or trafficking procedure', () => {
  it.each(AGENCY_NATURES)('reaches %s or it does not, whatever was consented', (nature) => {
    const { allowed, refusals } = judge(REFERRAL, register(GRANTED), { recipient: { nature } });
    const denied = { ENFORCEMENT: ['DENY.ENFORCEMENT'], RETURN: ['DENY.RETURN'] } as Partial<Record<string, string[]>>;
    expect([allowed, refusals]).toEqual([denied[nature] === undefined, denied[nature] ?? []]);
  });

  const help = { ...IN_WORDS, service: 'POLICE_PROTECTION', reason: 'URGENT_NEED' } as const;

  it('does not stand in the way of another referral to the police', () => {
    expect(judge(help, NO_CONSENTS, { recipient: { nature: 'ENFORCEMENT' } }).allowed).toBe(true);
  });

  it.each(ATTACHMENT_KINDS)(
    'reaches the police with no document that tells of needs, health or history: %s',
    (kind) => {
      const told = { ...help, attachments: [{ ...ATTACHMENT, kind }] };
      const isRestricted = ['PROFILE_SHEET', 'ASSESSMENT', 'MEDICAL_REPORT'].includes(kind);
      const refusals = isRestricted ? ['DENY.ENFORCEMENT'] : [];
      expect(judge(told, NO_CONSENTS, { recipient: { nature: 'ENFORCEMENT' } }).refusals).toEqual(refusals);
      expect(judge(told, NO_CONSENTS, { recipient: { nature: 'NGO' } }).allowed).toBe(true);
    },
  );
});

describe('the consent of a referral that was sent', () => {
  it('stands while it is in force, and by the words of the referral where it was not heard of', () => {
    expect(fallenConsentOf(REFERRAL, register(GRANTED), 'CR', LATER)).toBeNull();
    expect(fallenConsentOf(REFERRAL, NO_CONSENTS, 'CR', LATER)).toBeNull();
    expect(fallenConsentOf(IN_WORDS, NO_CONSENTS, 'CR', LATER)).toBeNull();
  });

  it.each([
    ['withdrawn', register(GRANTED, WITHDRAWAL_NOTED)],
    ['withdrawn before it was heard of', register(WITHDRAWAL_NOTED)],
    ['withdrawn with all others', register(GRANTED, ALL_WITHDRAWAL_NOTED)],
    ['withdrawn with all others, not heard of', register(ALL_WITHDRAWAL_NOTED)],
  ])('has fallen when it was %s', (_, known) => {
    expect(fallenConsentOf(REFERRAL, known, 'CR', WITHDRAWN_AT)).toBe('CONSENT.WITHDRAWN');
  });

  it('has fallen when it was stated in words and all were withdrawn', () => {
    expect(fallenConsentOf(IN_WORDS, register(ALL_WITHDRAWAL_NOTED), 'CR', LATER)).toBe('CONSENT.WITHDRAWN');
  });

  it('has fallen by time alone', () => {
    expect(fallenConsentOf(REFERRAL, register(GRANTED), 'CR', EXPIRES_AT)).toBe('CONSENT.EXPIRED');
    expect(fallenConsentOf(IN_WORDS, NO_CONSENTS, 'CR', '2027-12-01T00:00:00.000Z')).toBe('CONSENT.EXPIRED');
  });

  it('is none of another basis, nor of what was shared past a missing one', () => {
    const known = register(GRANTED, ALL_WITHDRAWAL_NOTED);
    const vital = { ...IN_WORDS, consent: { ...WORDS, basis: 'VITAL_INTEREST' } } as const;
    expect(fallenConsentOf(vital, known, 'CR', LATER)).toBeNull();
    for (const overriddenFor of OVERRIDE_REASONS) {
      expect(
        fallenConsentOf({ ...REFERRAL, consent: { ...REFERRAL.consent, overriddenFor } }, known, 'CR', LATER),
      ).toBeNull();
    }
  });
});

describe('what taking a referral on lets its receiver read', () => {
  const allowed = { allowed: true, fields: ['FACTS'] } as const;

  it.each(AGENCY_NATURES)('is, of what is restricted, nothing for bodies that INV-17 keeps it from: %s', (nature) => {
    const closed = ['ENFORCEMENT', 'CONSULATE', 'RETURN'].includes(nature);
    expect(accessEffectOf(REFERRAL, { nature }, allowed)).toEqual({
      ...{
        audiences: closed ? ['coded'] : ['coded', 'care', 'restricted'],
        fields: ['FACTS'],
        history: 'CURRENT',
      },
    });
  });

  it('is no more than care for another service, and nothing where it may not be told', () => {
    const shelter = { service: 'SHELTER', reason: 'URGENT_NEED' } as const;
    expect(accessEffectOf(shelter, { nature: 'NGO' }, allowed).audiences).toEqual(['coded', 'care']);
    expect(accessEffectOf(REFERRAL, { nature: 'NGO' }, { allowed: false, fields: [] })).toEqual({
      ...{ audiences: [], fields: [], history: 'CURRENT' },
    });
  });
});
