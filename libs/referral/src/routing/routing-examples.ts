import type {
  DirectoryView,
  KnownAgency,
  KnownAgreement,
  KnownService,
  RecipientVerdict,
  RoutedPerson,
  RoutingQuestion,
} from './routing-question.ts';

/** A woman of a country served, of whom all is known. */
export const WOMAN: RoutedPerson = {
  sex: 'FEMALE',
  ageStatus: 'ADULT',
  ageBand: { fromYears: 25, toYears: 29 },
  nationalities: ['HT'],
  stage: 'FIRST_CONTACT',
  languages: ['hat'],
};

/** A boy of hers. */
export const BOY: RoutedPerson = { ...WOMAN, sex: 'MALE', ageStatus: 'CHILD', ageBand: { fromYears: 9, toYears: 9 } };

/** Shelter for her in Costa Rica, asked at the border on a Monday at nine in the morning. */
export const QUESTION: RoutingQuestion = {
  service: 'SHELTER',
  person: WOMAN,
  family: [],
  country: 'CR',
  area: null,
  urgency: 'LIFE_SAVING',
  basis: 'CONSENT',
  from: 'cr-border-intake',
  at: '2026-11-23T15:00:00.000Z',
  exclude: [],
};

/** An agency of Costa Rica that takes part. */
export function agency(agencyId: string, change: Partial<KnownAgency> = {}): KnownAgency {
  return {
    agencyId,
    name: agencyId,
    kind: 'SERVICE_PROVIDER',
    jurisdiction: 'CR',
    status: 'ACTIVE',
    nature: 'NGO',
    authorityOf: null,
    participation: 'NODE',
    successor: null,
    languages: [],
    ...change,
  };
}

/** A shelter in Costa Rica that is open to everybody. */
export function service(serviceId: string, change: Partial<KnownService> = {}): KnownService {
  return {
    serviceId,
    agencyId: 'cr-shelter',
    type: 'SHELTER',
    name: serviceId,
    description: null,
    status: 'ACTIVE',
    languages: ['spa', 'hat'],
    service_areas: [{ country: 'CR', name: null }],
    eligibility: OPEN,
    schedules: [],
    capacity: { status: 'AVAILABLE', available: 4, maximum: 12, unit: 'beds', updated: '2026-11-23T06:00:00.000Z' },
    ...change,
  };
}

/** Nobody is left out. */
export const OPEN: KnownService['eligibility'] = {
  minimum_age: null,
  maximum_age: null,
  sexes: [],
  nationalities: [],
  excluded_nationalities: [],
  stages: [],
  eligibility_description: null,
};

/** Lets Costa Rica's border and Mexico's commission refer to each other. */
export const AGREEMENT: KnownAgreement = {
  agreementId: '00000000-0000-4000-8000-000000000021',
  kind: 'DATA_SHARING',
  name: 'Data sharing',
  parties: ['cr-border-intake', 'mx-shelter'],
  purposes: ['REFERRAL'],
  validFrom: '2026-01-01',
  validThrough: '2026-12-31',
  procedureVersion: null,
  suspended: false,
};

/** A directory of these services, of a border reception that refers and of the agencies that offer shelter. */
export function directory(services: readonly KnownService[], change: Partial<DirectoryView> = {}): DirectoryView {
  const agencies = [
    agency('cr-border-intake', { kind: 'INTAKE', nature: 'PUBLIC_AUTHORITY', authorityOf: 'CR' }),
    agency('cr-shelter'),
    agency('mx-shelter', { jurisdiction: 'MX' }),
  ];
  return { agencies, services, agreements: [], ...change };
}

/** Nothing stands against anybody. */
export const allowed = (): RecipientVerdict => ({ allowed: true, refusals: [] });
