import { describe, expect, it } from '@jest/globals';
import { AGENCY_NATURES, CONSENT_FIELDS, CONSENT_PURPOSES, type ConsentPurpose } from '@acogida/reference';
import fc from 'fast-check';
import { ANY_LISTED_FOR_SERVICE, type KnownConsent } from './consent.ts';
import {
  CONSENT_ID,
  EXPIRES_AT,
  GIVEN_AT,
  known,
  OTHER_CONSENT_ID,
  PERSON,
  QUESTION,
  RECEIVER,
  RECIPIENT,
  WITHDRAWAL,
  WITHDRAWN_AT,
} from './consent-examples.ts';
import { isOfOrigin } from './deny-rules.ts';
import { judgeSharing } from './judge-sharing.ts';
import type { PersonProfile, RecipientProfile, SharingQuestion, SharingRefusal, SharingVerdict } from './sharing.ts';

const NOW = '2026-11-23T09:00:00.000Z';

interface Circumstances {
  readonly question?: Partial<SharingQuestion>;
  readonly consents?: readonly KnownConsent[];
  readonly recipient?: Partial<RecipientProfile>;
  readonly person?: Partial<PersonProfile>;
  readonly at?: string;
}

function judge({ question, consents = [known()], recipient, person, at = NOW }: Circumstances = {}): SharingVerdict {
  return judgeSharing(
    { ...QUESTION, ...question },
    consents,
    { ...RECIPIENT, ...recipient },
    { ...PERSON, ...person },
    at,
  );
}

const refused = (...refusals: SharingRefusal[]): object => ({
  ...{ allowed: false, fields: [], consentId: null, refusals },
  needs: refusals.includes('DENY.SECOND_PERSON') ? ['SECOND_PERSON'] : [],
});

describe('sharing by consent', () => {
  it('is allowed to whom it names, for what, and no further than it and the question reach', () => {
    expect(judge()).toEqual({
      ...{ allowed: true, fields: ['SEX', 'FACTS'], consentId: CONSENT_ID, refusals: [], asOf: GIVEN_AT, needs: [] },
    });
    expect(judge({ question: { fields: ['FACTS', 'NAME', 'SEX'] } }).fields).toEqual(['SEX', 'FACTS']);
  });

  it.each<[SharingRefusal, Circumstances]>([
    ['CONSENT.NONE', { consents: [] }],
    ['CONSENT.EXPIRED', { at: EXPIRES_AT }],
    ['CONSENT.EXPIRED', { consents: [{ ...known(), status: 'EXPIRED' }] }],
    ['CONSENT.WITHDRAWN', { consents: [{ ...known(), status: 'WITHDRAWN', withdrawal: WITHDRAWAL }] }],
    ['CONSENT.OTHER_RECIPIENT', { recipient: { agencyId: 'mx-comar' } }],
    ['CONSENT.OTHER_PURPOSE', { question: { purpose: 'MEDICAL', service: null } }],
    ['CONSENT.OTHER_SERVICE', { question: { service: 'HEALTH' } }],
    ['CONSENT.OTHER_FIELDS', { question: { fields: ['NAME', 'CONTACT'] } }],
    ['CONSENT.OTHER_FIELDS', { question: { history: 'FROM_OPENING' } }],
  ])('is refused: %s', (refusal, circumstances) => {
    expect(judge(circumstances)).toMatchObject(refused(refusal));
  });

  it('is refused where another agency recorded a basis other than consent for what is no protection', () => {
    const consents = [
      known({ purposes: ['RESEARCH', 'MEDICAL'] }, { basis: 'VITAL_INTEREST', givenBy: 'NOT_APPLICABLE' }),
    ];
    const research = { purpose: 'RESEARCH', service: null } as const;
    expect(judge({ consents, question: research })).toMatchObject(refused('CONSENT.OTHER_PURPOSE'));
    expect(judge({ consents, question: { purpose: 'MEDICAL', service: null } }).allowed).toBe(true);
  });

  it('reaches back only where the consent does', () => {
    const consents = [known({ history: 'FROM_OPENING' })];
    expect(judge({ consents, question: { history: 'FROM_OPENING' } }).allowed).toBe(true);
    expect(judge({ consents }).allowed).toBe(true);
  });

  it('leaves the recipient to the directory for the services it names, and for nothing else', () => {
    const consents = [known({ recipients: ANY_LISTED_FOR_SERVICE })];
    expect(judge({ consents, recipient: { agencyId: 'cr-shelter' } }).allowed).toBe(true);
    const other = { consents, recipient: { agencyId: 'cr-shelter' }, question: { service: null } };
    expect(judge(other)).toMatchObject(refused('CONSENT.OTHER_RECIPIENT'));
    const otherService = { consents, question: { service: 'HEALTH' } } as const;
    expect(judge(otherService)).toMatchObject(refused('CONSENT.OTHER_SERVICE'));
  });

  it('rests on the consent that covers most, the latest of equal ones', () => {
    const narrow = known({ fields: ['SEX'] });
    const wide = known({}, { consentId: OTHER_CONSENT_ID });
    expect(judge({ consents: [wide, narrow] }).consentId).toBe(OTHER_CONSENT_ID);
    expect(judge({ consents: [narrow, wide] }).consentId).toBe(OTHER_CONSENT_ID);
    const latest = { ...wide, grantedAt: '2026-11-23T08:00:00.000Z' };
    expect(judge({ consents: [known(), latest] }).consentId).toBe(OTHER_CONSENT_ID);
    expect(judge({ consents: [latest, known()] }).consentId).toBe(OTHER_CONSENT_ID);
  });

  it('says of several refusals the nearest', () => {
    const expired = known({}, { expiresAt: NOW });
    const other = known({ purposes: ['MEDIA'] }, { consentId: OTHER_CONSENT_ID });
    expect(judge({ consents: [other, expired] })).toMatchObject(refused('CONSENT.EXPIRED'));
    expect(judge({ consents: [expired, other] })).toMatchObject(refused('CONSENT.EXPIRED'));
  });

  it('says when the latest fact was recorded that is known', () => {
    expect(judge({ consents: [] }).asOf).toBeNull();
    const withdrawn: KnownConsent = { ...known(), status: 'WITHDRAWN', withdrawal: WITHDRAWAL };
    expect(judge({ consents: [withdrawn, known()] }).asOf).toBe(WITHDRAWN_AT);
  });
});

describe('sharing on another basis', () => {
  const basis = 'VITAL_INTEREST';

  it.each(CONSENT_PURPOSES)('without a consent, for %s: protection only', (purpose) => {
    const isProtective = ['ASSISTANCE', 'REFERRAL', 'MEDICAL'].includes(purpose);
    const verdict = judge({ consents: [], question: { basis, purpose, fields: ['NEEDS', 'NAME'] } });
    expect(verdict).toMatchObject(
      isProtective
        ? { allowed: true, fields: ['NAME', 'NEEDS'], consentId: null, refusals: [], asOf: null }
        : refused('CONSENT.OTHER_PURPOSE'),
    );
  });

  it('INV-05 INV-17 does not pass a deny rule', () => {
    const enforcement = { recipient: { nature: 'ENFORCEMENT' }, question: { basis, fields: ['NEEDS'] } } as const;
    expect(judge(enforcement)).toMatchObject(refused('DENY.ENFORCEMENT'));
    const consulate = { recipient: { nature: 'CONSULATE', authorityOf: 'HT' }, question: { basis } } as const;
    expect(judge(consulate)).toMatchObject(refused('DENY.CONSULATE'));
  });
});

describe('INV-05 the country of origin never gets anything without an express consent that names it', () => {
  const consulate = { agencyId: 'ht-consulate', nature: 'CONSULATE', authorityOf: 'HT' } as const;
  const question = { purpose: 'CONSULAR_CONTACT', service: null, fields: ['SEX'] } as const;
  const express = known({ purposes: ['CONSULAR_CONTACT'], services: [], recipients: ['ht-consulate'] });

  it('gets it with one', () => {
    expect(judge({ recipient: consulate, question, consents: [express] })).toMatchObject({
      ...{ allowed: true, fields: ['SEX'], consentId: CONSENT_ID },
    });
  });

  it.each<[string, KnownConsent]>([
    ['names another recipient', known({ ...express.facts.scope, recipients: ['ht-embassy'] })],
    ['is for another purpose', known({ ...express.facts.scope, purposes: ['RETURN'] })],
    ['names nobody', known({ ...express.facts.scope, recipients: ANY_LISTED_FOR_SERVICE })],
    ['has expired', known(express.facts.scope, { expiresAt: NOW })],
    ['was withdrawn', { ...express, status: 'WITHDRAWN', withdrawal: WITHDRAWAL }],
    ['was recorded by itself', { ...express, recordedAt: 'ht-consulate' }],
    ['is no consent but vital interest', known(express.facts.scope, { basis: 'VITAL_INTEREST' })],
  ])('gets nothing when the consent %s', (_, consent) => {
    expect(judge({ recipient: consulate, question, consents: [consent] })).toMatchObject(refused('DENY.CONSULATE'));
  });

  it('gets nothing for another purpose, although it may be contacted', () => {
    const consents = [known({ purposes: ['CONSULAR_CONTACT', 'RETURN'], services: [], recipients: ['ht-consulate'] })];
    const other = { purpose: 'RETURN', service: null, fields: ['SEX'] } as const;
    expect(judge({ recipient: consulate, question: other, consents })).toMatchObject(refused('DENY.CONSULATE'));
  });

  it.each<[string, boolean, Partial<RecipientProfile>, Partial<PersonProfile>]>([
    ['a consulate of a nationality', true, consulate, {}],
    ['an authority of a nationality', true, { nature: 'PUBLIC_AUTHORITY', authorityOf: 'HT' }, {}],
    ['enforcement of a nationality', true, { nature: 'ENFORCEMENT', authorityOf: 'HT' }, {}],
    ['an authority of the second nationality', true, { authorityOf: 'DO' }, { nationalities: ['HT', 'DO'] }],
    ['an authority of the country of residence', true, { authorityOf: 'CL' }, { habitualResidence: 'CL' }],
    ['a consulate of the country of residence', true, { ...consulate, authorityOf: 'CL' }, { habitualResidence: 'CL' }],
    ['an authority of another country', false, { authorityOf: 'MX' }, {}],
    ['a consulate of another country', false, { ...consulate, authorityOf: 'CA' }, {}],
    ['a consulate of no stated country', true, { ...consulate, authorityOf: null }, {}],
    ['a public authority of no stated country', true, { nature: 'PUBLIC_AUTHORITY', authorityOf: null }, {}],
    ['an organisation of no country', false, { nature: 'NGO', authorityOf: null }, {}],
    ['an authority where the person is', false, { authorityOf: 'CR' }, { habitualResidence: 'CR' }],
    ['an authority where the person is, a national', false, { authorityOf: 'CR' }, { nationalities: ['CR'] }],
    ['a consulate of where the person is', true, { ...consulate, authorityOf: 'CR' }, { nationalities: ['CR'] }],
    ['an authority, with nowhere said to be', true, { authorityOf: 'CR' }, { nationalities: ['CR'], presentIn: null }],
    ['any consulate, undetermined', true, { ...consulate, authorityOf: 'CA' }, { nationalityStatus: 'UNDETERMINED' }],
    [
      'any consulate, at risk of statelessness',
      true,
      { ...consulate, authorityOf: 'CA' },
      { nationalityStatus: 'AT_RISK_OF_STATELESSNESS' },
    ],
    ['any consulate, no nationality named', true, { ...consulate, authorityOf: 'CA' }, { nationalities: [] }],
    [
      'any consulate, stateless of unknown residence',
      true,
      { ...consulate, authorityOf: 'CA' },
      { nationalities: [], nationalityStatus: 'STATELESS' },
    ],
    [
      'another consulate, stateless of known residence',
      false,
      { ...consulate, authorityOf: 'CA' },
      { nationalities: [], nationalityStatus: 'STATELESS', habitualResidence: 'DO' },
    ],
    ['an authority, undetermined', false, { authorityOf: 'MX' }, { nationalityStatus: 'UNDETERMINED' }],
  ])('%s is of origin: %p', (_, expected, recipient, person) => {
    expect(isOfOrigin({ ...RECIPIENT, ...recipient }, { ...PERSON, ...person })).toBe(expected);
  });

  describe('an applicant needs a second person', () => {
    const person = { isAsylumOpen: true };
    const confirmation = { recipient: 'ht-consulate', confirmedBy: 'cr.supervisor', confirmedAt: GIVEN_AT };
    const at = '2026-11-23T08:59:59.999Z';
    const asked = (change: Partial<typeof confirmation>, when = at): SharingVerdict =>
      judge({
        ...{ recipient: consulate, question, person, at: when },
        consents: [{ ...express, confirmations: [{ ...confirmation, ...change }] }],
      });

    it('whose yes stands for 24 hours', () => {
      expect(asked({})).toMatchObject({ allowed: true, consentId: CONSENT_ID });
      expect(asked({}, '2026-11-23T09:00:00.000Z')).toMatchObject(refused('DENY.SECOND_PERSON'));
      expect(asked({}, '2026-11-22T08:59:59.999Z')).toMatchObject(refused('DENY.SECOND_PERSON'));
    });

    it('who said yes to this recipient, and is not the one who asks', () => {
      expect(asked({ recipient: 'ht-embassy' })).toMatchObject(refused('DENY.SECOND_PERSON'));
      expect(asked({ confirmedBy: QUESTION.askedBy })).toMatchObject(refused('DENY.SECOND_PERSON'));
    });

    it('on the very consent that it rests on', () => {
      const seconded: KnownConsent = { ...express, confirmations: [confirmation] };
      const other = { ...express, consentId: OTHER_CONSENT_ID, grantedAt: '2026-11-22T10:00:00.000Z' };
      const verdict = judge({ recipient: consulate, question, person, at, consents: [other, seconded] });
      expect(verdict).toMatchObject({ allowed: true, consentId: CONSENT_ID });
    });
  });

  it('whatever is consented to, known of the person and asked: without an express consent, nothing', () => {
    const scope = fc.record({
      purposes: fc.subarray<ConsentPurpose>(CONSENT_PURPOSES.filter((one) => one !== 'CONSULAR_CONTACT')),
      fields: fc.constant(CONSENT_FIELDS),
      recipients: fc.constantFrom<readonly string[] | typeof ANY_LISTED_FOR_SERVICE>(
        ['ht-consulate'],
        ANY_LISTED_FOR_SERVICE,
      ),
    });
    const asked = fc.record({
      purpose: fc.constantFrom(...CONSENT_PURPOSES),
      fields: fc.subarray([...CONSENT_FIELDS]),
      basis: fc.constantFrom<SharingQuestion['basis']>('CONSENT', 'VITAL_INTEREST', 'BEST_INTERESTS_OF_CHILD'),
    });
    fc.assert(
      fc.property(fc.array(scope), asked, (scopes, change) => {
        const consents = scopes.map((one) => known(one));
        expect(judge({ recipient: consulate, question: change, consents })).toMatchObject({
          ...{ allowed: false, fields: [] },
        });
      }),
    );
  });
});

describe('INV-17 enforcement never gets restricted data, whatever was consented', () => {
  it.each(CONSENT_PURPOSES.flatMap((purpose) => AGENCY_NATURES.map((nature) => ({ purpose, nature }) as const)))(
    '$purpose to $nature',
    ({ purpose, nature }) => {
      const services = purpose === 'REFERRAL' ? ['HEALTH' as const] : [];
      const consents = [known({ purposes: [purpose], fields: CONSENT_FIELDS, services, recipients: [RECEIVER] })];
      const recipient = { nature, authorityOf: 'CR' };
      const service = purpose === 'REFERRAL' ? 'HEALTH' : null;
      const verdictOn = (question: Partial<SharingQuestion>): SharingVerdict =>
        judge({ consents, recipient, question: { purpose, service, ...question } });

      expect(verdictOn({ fields: ['NAME', 'SEX'] }).allowed).toBe(true);
      const closed = nature === 'ENFORCEMENT' ? 'DENY.ENFORCEMENT' : nature === 'RETURN' ? 'DENY.RETURN' : null;
      for (const field of ['HISTORY', 'NOTES'] as const) {
        expect(verdictOn({ fields: ['NAME', field] }).refusals).toEqual(closed === null ? [] : [closed]);
      }
      expect(verdictOn({ fields: ['NEEDS'] }).refusals).toEqual(nature === 'ENFORCEMENT' ? ['DENY.ENFORCEMENT'] : []);
      expect(verdictOn({ fields: ['SEX'], isRestricted: true }).refusals).toEqual(closed === null ? [] : [closed]);
    },
  );
});
