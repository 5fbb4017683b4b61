import { describe, expect, it } from '@jest/globals';
import { AGENCY_NATURES } from '@acogida/reference';
import { judgeAsking, questionOfAsking } from './asking-for-case.ts';
import type { KnownConsent } from './consent.ts';
import { known, PERSON, RECIPIENT } from './consent-examples.ts';
import type { RecipientProfile, SharingVerdict } from './sharing.ts';

const NOW = '2026-11-23T09:00:00.000Z';
const ASKER = 'cr-conatt.ana';
const FIRST = {
  nationalities: ['HT'],
  nationalityStatus: 'DECLARED',
  habitualResidence: null,
  presentIn: 'CR',
} as const;

function judge(recipient: Partial<RecipientProfile>, consents: readonly KnownConsent[] = []): SharingVerdict {
  const [asked, person] = [
    { ...RECIPIENT, ...recipient },
    { ...PERSON, ...FIRST, isAsylumOpen: true },
  ];
  return judgeAsking(questionOfAsking(asked, person, ASKER), consents, asked, person, NOW);
}

describe('asking an agency for a case', () => {
  it.each(AGENCY_NATURES.filter((nature) => nature !== 'CONSULATE'))('needs no consent: %s of elsewhere', (nature) => {
    expect(judge({ nature, authorityOf: 'CR' })).toMatchObject({ allowed: true, refusals: [], needs: [] });
  });

  it.each([
    [{ nature: 'PUBLIC_AUTHORITY', authorityOf: 'HT' }, 'DENY.COUNTRY_OF_ORIGIN'],
    [{ nature: 'ENFORCEMENT', authorityOf: 'HT' }, 'DENY.COUNTRY_OF_ORIGIN'],
    [{ nature: 'CONSULATE', authorityOf: 'HT' }, 'DENY.CONSULATE'],
    [{ nature: 'CONSULATE', authorityOf: null }, 'DENY.CONSULATE'],
  ] as const)('INV-05 is refused of the country of origin: %j', (recipient, refusal) => {
    expect(judge(recipient)).toMatchObject({ allowed: false, refusals: [refusal] });
  });

  it('INV-05 goes there by an express consent that a second person confirmed, and is a contact with it', () => {
    const consent = known();
    const scope = { ...consent.facts.scope, purposes: ['CONSULAR_CONTACT' as const], services: [] };
    const express: KnownConsent = { ...consent, facts: { ...consent.facts, scope } };
    const [recipient, confirmedAt] = [RECIPIENT.agencyId, '2026-11-23T08:00:00.000Z'];
    const ofOrigin = { nature: 'PUBLIC_AUTHORITY', authorityOf: 'HT' } as const;
    const alone = judge(ofOrigin, [express]);
    expect(alone).toMatchObject({ allowed: false, refusals: ['DENY.SECOND_PERSON'], needs: ['SECOND_PERSON'] });
    const confirmations = [{ recipient, confirmedBy: 'cr-conatt.eva', confirmedAt }];
    expect(judge(ofOrigin, [{ ...express, confirmations }])).toMatchObject({ allowed: true, refusals: [] });
  });
});
