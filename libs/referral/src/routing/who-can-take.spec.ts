import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AGREEMENT, agency, allowed, BOY, directory, OPEN, QUESTION, service, WOMAN } from './routing-examples.ts';
import {
  CANNOT_REASONS,
  type CannotReason,
  type Candidate,
  type DirectoryView,
  type KnownService,
  type RecipientVerdict,
  type RoutingQuestion,
  type RoutingWarning,
} from './routing-question.ts';
import { whoCanTake } from './who-can-take.ts';

interface Circumstance {
  readonly question?: Partial<RoutingQuestion>;
  readonly service?: Partial<KnownService>;
  readonly directory?: Partial<DirectoryView>;
  readonly verdict?: RecipientVerdict;
}

/** What is said of one shelter, where all is as in the examples but for this. */
function said({ question, service: change, directory: view, verdict }: Circumstance = {}): Candidate {
  const known = directory([service('shelter', change)], view);
  const [candidate] = whoCanTake({ ...QUESTION, ...question }, known, () => verdict ?? allowed());
  if (candidate === undefined) throw new Error('nothing was said of the service');
  return candidate;
}

const eligible = (change: Partial<KnownService['eligibility']>): Partial<KnownService> => ({
  eligibility: { ...OPEN, ...change },
});
const NIGHT = {
  opens_at: '20:00',
  closes_at: '06:00',
  timezone: 'America/Costa_Rica',
  valid_from: null,
  valid_to: null,
};
const capacity = (status: KnownService['capacity']['status']): Partial<KnownService> => ({
  capacity: { status, available: null, maximum: null, unit: null, updated: null },
});
const abroad = { agencyId: 'mx-shelter', service_areas: [] } satisfies Partial<KnownService>;

describe('who can take this referral', () => {
  it('a service whose every condition holds', () => {
    expect(said()).toEqual({
      agencyId: 'cr-shelter',
      serviceId: 'shelter',
      can: true,
      reasons: [],
      warnings: [],
      rank: 1,
      capacityUpdated: '2026-11-23T06:00:00.000Z',
    });
  });

  it.each<[CannotReason, string, Circumstance]>([
    ['OTHER_SERVICE', 'offers something else', { service: { type: 'HEALTH' } }],
    ['OWN_SERVICE', 'is of the agency that refers', { service: { agencyId: 'cr-border-intake' } }],
    ['NOT_ACTIVE', 'is closed for a time', { service: { status: 'TEMPORARILY_CLOSED' } }],
    ['NOT_ACTIVE', 'is no more', { service: { status: 'DEFUNCT' } }],
    [
      'NOT_ACTIVE',
      'is of a suspended agency',
      { directory: { agencies: [agency('cr-border-intake'), agency('cr-shelter', { status: 'SUSPENDED' })] } },
    ],
    ['NOT_ACTIVE', 'is of an agency that is not listed', { service: { agencyId: 'nobody' } }],
    ['OUT_OF_AREA', 'serves another country', { service: { service_areas: [{ country: 'PA', name: null }] } }],
    [
      'OUT_OF_AREA',
      'serves another part',
      { question: { area: 'Limón' }, service: { service_areas: [{ country: 'CR', name: 'Alajuela' }] } },
    ],
    ['AGE', 'takes children', { service: eligible({ maximum_age: 17 }) }],
    ['AGE', 'takes older people', { service: eligible({ minimum_age: 60 }) }],
    ['SEX', 'takes men', { service: eligible({ sexes: ['MALE'] }) }],
    ['NATIONALITY', 'serves others', { service: eligible({ nationalities: ['VE'] }) }],
    ['NATIONALITY', 'leaves hers out', { service: eligible({ excluded_nationalities: ['HT'] }) }],
    ['STAGE', 'takes applicants', { service: eligible({ stages: ['IN_PROCEDURE'] }) }],
    [
      'LANGUAGE',
      'interprets other languages',
      { question: { service: 'INTERPRETATION' }, service: { type: 'INTERPRETATION', languages: ['mam'] } },
    ],
    [
      'CLOSED_NOW',
      'opens too late',
      { service: { schedules: [{ byday: ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'], ...NIGHT }] } },
    ],
    ['FULL', 'is full', { service: capacity('FULL') }],
    ['NO_AGREEMENT', 'is abroad', { question: { urgency: 'URGENT' }, service: abroad }],
    ['DENIED_RECIPIENT', 'must never be told', { verdict: { allowed: false, refusals: ['DENY.COUNTRY_OF_ORIGIN'] } }],
    ['CONSENT', 'is not named in the consent', { verdict: { allowed: false, refusals: ['CONSENT.OTHER_RECIPIENT'] } }],
    ['CONSENT', 'is refused without a reason', { verdict: { allowed: false, refusals: [] } }],
    ['TRIED_BEFORE', 'was asked before', { question: { exclude: ['cr-shelter'] } }],
  ])('says why others cannot: %s where it %s', (reason, _, circumstance) => {
    expect(said(circumstance)).toMatchObject({ can: false, reasons: [reason], rank: null });
  });

  it('tells every reason, in their order', () => {
    const everything = said({
      question: { urgency: 'URGENT', exclude: ['mx-shelter'] },
      service: { ...abroad, ...eligible({ maximum_age: 17, sexes: ['MALE'] }), ...capacity('FULL') },
      verdict: { allowed: false, refusals: ['CONSENT.NONE', 'DENY.ENFORCEMENT'] },
    });
    const reasons = ['AGE', 'SEX', 'FULL', 'NO_AGREEMENT', 'DENIED_RECIPIENT', 'CONSENT', 'TRIED_BEFORE'];
    expect(everything.reasons).toEqual(reasons);
    expect(CANNOT_REASONS.filter((reason) => reasons.includes(reason))).toEqual(reasons);
  });

  it.each<[RoutingWarning, string, Circumstance]>([
    ['WAITLISTED', 'it has a waiting list', { service: capacity('WAITLIST') }],
    ['INTERPRETER_NEEDED', 'nobody speaks her language', { service: { languages: ['spa'] } }],
    ['INTERPRETER_NEEDED', 'her language is not known', { question: { person: { ...WOMAN, languages: [] } } }],
    ['AREA_TO_CONFIRM', 'it serves a part only', { service: { service_areas: [{ country: 'CR', name: 'Limón' }] } }],
    ['AGE_TO_CONFIRM', 'it takes some of the ages she may have', { service: eligible({ minimum_age: 27 }) }],
    [
      'SEX_TO_CONFIRM',
      'sex is not known',
      { question: { person: { ...WOMAN, sex: 'UNKNOWN' } }, service: eligible({ sexes: ['FEMALE'] }) },
    ],
    [
      'NATIONALITY_TO_CONFIRM',
      'nationality is not known',
      { question: { person: { ...WOMAN, nationalities: [] } }, service: eligible({ nationalities: ['HT'] }) },
    ],
    [
      'STAGE_TO_CONFIRM',
      'the stage is not known',
      { question: { person: { ...WOMAN, stage: null } }, service: eligible({ stages: ['RETURN'] }) },
    ],
    ['WITHOUT_AGREEMENT', 'it is abroad and a life depends on it', { service: abroad }],
  ])('what is not known keeps nobody out: %s where %s', (warning, _, circumstance) => {
    expect(said(circumstance)).toMatchObject({ can: true, reasons: [], warnings: [warning] });
  });

  it.each<[string, Circumstance]>([
    [
      'the part served is spelt otherwise',
      { question: { area: 'LIMON' }, service: { service_areas: [{ country: 'CR', name: 'Limón' }] } },
    ],
    [
      'the part served is spelt without ñ',
      { question: { area: 'canas ' }, service: { service_areas: [{ country: 'CR', name: 'Cañas' }] } },
    ],
    [
      'one nationality of two is served',
      {
        question: { person: { ...WOMAN, nationalities: ['HT', 'DO'] } },
        service: eligible({ excluded_nationalities: ['HT'] }),
      },
    ],
    [
      'the agency speaks her language',
      {
        service: { languages: [] },
        directory: { agencies: [agency('cr-border-intake'), agency('cr-shelter', { languages: ['hat'] })] },
      },
    ],
    [
      'it opens before the referral is due',
      { question: { urgency: 'URGENT' }, service: { schedules: [{ byday: ['MO'], ...NIGHT }] } },
    ],
  ])('nothing is said against it where %s', (_, circumstance) => {
    expect(said(circumstance)).toMatchObject({ can: true, warnings: [] });
  });
});

describe('age', () => {
  const child = { ageStatus: 'DISPUTED', ageBand: null } as const;

  it('INV-08 in doubt is that of a child', () => {
    const person = { ...WOMAN, ...child };
    expect(said({ question: { person }, service: eligible({ minimum_age: 18 }) }).reasons).toEqual(['AGE']);
    expect(said({ question: { person }, service: eligible({ maximum_age: 17 }) })).toMatchObject({
      can: true,
      warnings: [],
    });
    const looksOlder = { ...person, ageBand: { fromYears: 17, toYears: 20 } };
    expect(said({ question: { person: looksOlder }, service: eligible({ minimum_age: 18 }) }).reasons).toEqual(['AGE']);
  });

  it('follows the status where the band contradicts it', () => {
    const person = { ...WOMAN, ...child, ageBand: { fromYears: 20, toYears: 25 } };
    expect(said({ question: { person }, service: eligible({ maximum_age: 17 }) })).toMatchObject({ can: true });
  });
});

describe('agreements', () => {
  const across = (
    change: Partial<typeof AGREEMENT>,
    question: Partial<RoutingQuestion> = {},
  ): readonly CannotReason[] =>
    said({
      question: { urgency: 'URGENT', ...question },
      service: abroad,
      directory: { agreements: [{ ...AGREEMENT, ...change }] },
    }).reasons;

  it('let agencies of two countries refer to each other on each of their days', () => {
    expect(across({})).toEqual([]);
    expect(across({ validFrom: '2026-11-23', validThrough: '2026-11-23' })).toEqual([]);
    expect(across({ validThrough: null })).toEqual([]);
  });

  it.each<[string, Partial<typeof AGREEMENT>]>([
    ['not yet in force', { validFrom: '2026-11-24' }],
    ['over', { validThrough: '2026-11-22' }],
    ['suspended', { suspended: true }],
    ['for something else', { purposes: ['STATISTICS'] }],
    ['between others', { parties: ['cr-border-intake', 'cr-shelter'] }],
  ])('do not where the one there is is %s', (_, change) => {
    expect(across(change)).toEqual(['NO_AGREEMENT']);
  });

  it('are judged by the date where the person is', () => {
    const at = '2027-01-01T05:00:00.000Z'; // still New Year’s Eve in Costa Rica
    expect(across({}, { at })).toEqual([]);
    expect(across({}, { at: '2027-01-01T06:00:00.000Z' })).toEqual(['NO_AGREEMENT']);
  });

  it('within a country are needed only where there are some', () => {
    const parties = ['cr-border-intake', 'cr-shelter'];
    const at = (suspended: boolean): Circumstance => ({
      question: { urgency: 'URGENT' },
      directory: { agreements: [{ ...AGREEMENT, parties, suspended }] },
    });
    expect(said({ question: { urgency: 'URGENT' } }).reasons).toEqual([]);
    expect(said(at(false)).reasons).toEqual([]);
    expect(said(at(true)).reasons).toEqual(['NO_AGREEMENT']);
  });

  it('within a country change nothing before their first day', () => {
    const parties = ['cr-border-intake', 'cr-shelter'];
    const on = (validFrom: string): readonly CannotReason[] =>
      said({
        question: { urgency: 'URGENT' },
        directory: { agreements: [{ ...AGREEMENT, parties, validFrom, suspended: true }] },
      }).reasons;
    expect(on('2026-11-24')).toEqual([]);
    expect(on('2026-11-23')).toEqual(['NO_AGREEMENT']);
  });

  it('are not waited for in the vital interest, but a deny rule holds even then', () => {
    const question = { urgency: 'ROUTINE', basis: 'VITAL_INTEREST' } as const;
    expect(said({ question, service: abroad })).toMatchObject({ can: true, warnings: ['WITHOUT_AGREEMENT'] });
    const verdict = { allowed: false, refusals: ['DENY.CONSULATE'] };
    expect(said({ question, service: abroad, verdict }).reasons).toEqual(['DENIED_RECIPIENT']);
  });
});

describe('INV-24 family unity', () => {
  it.each<[string, boolean, Partial<KnownService>]>([
    ['a shelter that takes both', false, {}],
    ['a shelter for women only', true, eligible({ sexes: ['FEMALE'] })],
    ['a shelter for adults only', true, eligible({ minimum_age: 18 })],
    ['a shelter with one place left', true, { capacity: { ...service('x').capacity, available: 1 } }],
    [
      'a shelter where both wait for places',
      false,
      { capacity: { ...service('x').capacity, status: 'WAITLIST', available: 0 } },
    ],
    [
      'a shelter to wait for with one place in all',
      true,
      { capacity: { ...service('x').capacity, status: 'WAITLIST', available: 0, maximum: 1 } },
    ],
    ['a shelter that does not count its places', false, { capacity: { ...service('x').capacity, available: null } }],
    ['care at home for women only', false, { type: 'HEALTH', ...eligible({ sexes: ['FEMALE'] }) }],
    ['care abroad for women only', true, { ...abroad, type: 'HEALTH', ...eligible({ sexes: ['FEMALE'] }) }],
  ])('%s separates a mother from her son: %s', (_, separates, change) => {
    const question = { family: [BOY], service: change.type ?? 'SHELTER' } as const;
    const candidate = said({ question, service: change });
    expect([candidate.can, candidate.warnings.includes('SEPARATES_FAMILY')]).toEqual([true, separates]);
  });

  it('who keeps the family together is asked first', () => {
    const forWomen = service('a-women', eligible({ sexes: ['FEMALE'] }));
    const waiting = service('b-together', capacity('WAITLIST'));
    const ranked = whoCanTake({ ...QUESTION, family: [BOY] }, directory([forWomen, waiting]), allowed);
    expect(ranked.map(({ serviceId, rank }) => [serviceId, rank])).toEqual([
      ['b-together', 1],
      ['a-women', 2],
    ]);
  });
});

describe('the order', () => {
  const services = [
    service('full', capacity('FULL')),
    service('abroad', abroad),
    service('waiting', capacity('WAITLIST')),
    service('other', { type: 'FOOD' }),
    service('unspoken', { languages: ['spa'] }),
    service('second'),
    service('first', { agencyId: 'cr-annex' }),
  ];
  const view = directory(services, { agencies: [...directory([]).agencies, agency('cr-annex')] });

  it('has free places first, then the same country, then a shared language, then the ids; others come after', () => {
    const ranked = whoCanTake(QUESTION, view, allowed).map(({ serviceId, rank }) => [serviceId, rank]);
    expect(ranked).toEqual([
      ['first', 1],
      ['second', 2],
      ['unspoken', 3],
      ['abroad', 4],
      ['waiting', 5],
      ['full', null],
      ['other', null],
    ]);
  });

  it('does not depend on the order of the directory, and says something of each service once', () => {
    const expected = whoCanTake(QUESTION, view, allowed);
    fc.assert(
      fc.property(fc.shuffledSubarray(services, { minLength: services.length }), (shuffled) => {
        expect(whoCanTake(QUESTION, { ...view, services: shuffled }, allowed)).toEqual(expected);
      }),
    );
    expect(expected.map(({ serviceId }) => serviceId).sort()).toEqual(
      services.map(({ serviceId }) => serviceId).sort(),
    );
  });

  it('asks for the verdict of each agency that offers something, and of no other', () => {
    const asked: string[] = [];
    whoCanTake(QUESTION, view, (agencyId) => {
      asked.push(agencyId);
      return allowed();
    });
    expect([...new Set(asked)].sort()).toEqual(['cr-annex', 'cr-shelter', 'mx-shelter']);
  });
});
