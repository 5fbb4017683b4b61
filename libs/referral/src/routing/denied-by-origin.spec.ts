import { describe, expect, it } from '@jest/globals';
import { deniedByOrigin } from './denied-by-origin.ts';
import { agency, directory, QUESTION, service, WOMAN } from './routing-examples.ts';
import type { KnownAgency, RoutingQuestion } from './routing-question.ts';
import { whoCanTake } from './who-can-take.ts';

describe('INV-05 what speaks for the country of origin', () => {
  const consulate = { nature: 'CONSULATE', authorityOf: 'HT' } as const;
  const authority = { nature: 'PUBLIC_AUTHORITY', authorityOf: 'HT', jurisdiction: 'HT' } as const;
  const unknown = { person: { ...WOMAN, nationalities: [] } };

  it.each<[string, string | null, Partial<KnownAgency>, Partial<RoutingQuestion>]>([
    ['its consulate', 'DENY.CONSULATE', consulate, {}],
    ['its authority', 'DENY.COUNTRY_OF_ORIGIN', authority, {}],
    ['a consulate, while the origin is not known', 'DENY.CONSULATE', consulate, unknown],
    ['an authority, while the origin is not known', null, authority, unknown],
    ['the consulate of another State', null, { ...consulate, authorityOf: 'CU' }, {}],
    ['an authority of where the person is', null, authority, { country: 'HT' }],
    ['an organisation of no State', null, { nature: 'NGO', authorityOf: null }, {}],
  ])('%s: %s, even where a life depends on it', (_, denial, change, asked) => {
    const view = directory([service('shelter')], {
      agencies: [agency('cr-border-intake'), agency('cr-shelter', change)],
    });
    const question = { ...QUESTION, ...asked };
    const verdictOf = deniedByOrigin(question, view);
    expect(verdictOf('cr-shelter')).toEqual({ allowed: denial === null, refusals: denial === null ? [] : [denial] });
    const [candidate] = whoCanTake(question, view, verdictOf);
    expect(candidate?.reasons.includes('DENIED_RECIPIENT')).toBe(denial !== null);
  });
});
