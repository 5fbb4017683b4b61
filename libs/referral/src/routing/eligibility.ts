import { isTreatedAsChild } from '@acogida/reference';
import type { KnownService, RoutedPerson } from './routing-question.ts';

/** Whether a condition holds; `unknown` where it depends on what is not known of the person. */
export type Judgement = 'yes' | 'no' | 'unknown';

/** What eligibility is judged by. */
export const ELIGIBILITY_TRAITS = ['AGE', 'SEX', 'NATIONALITY', 'STAGE'] as const;
/** One of `ELIGIBILITY_TRAITS`. */
export type EligibilityTrait = (typeof ELIGIBILITY_TRAITS)[number];

const OLDEST = 150;

/** The ages that the person can have, in completed years. Doubt on age is read as a child (INV-08). */
function possibleAges({ ageStatus, ageBand }: RoutedPerson, majority: number): readonly [from: number, to: number] {
  const [from, to] = isTreatedAsChild(ageStatus) ? [0, majority - 1] : [majority, OLDEST];
  const known = [Math.max(from, ageBand?.fromYears ?? 0), Math.min(to, ageBand?.toYears ?? OLDEST)] as const;
  return known[0] <= known[1] ? known : [from, to]; // where band and status contradict each other, the status counts
}

function byAge(service: KnownService, person: RoutedPerson, majority: number): Judgement {
  const { minimum_age, maximum_age } = service.eligibility;
  const [from, to] = possibleAges(person, majority);
  const [youngest, oldest] = [minimum_age ?? 0, maximum_age ?? OLDEST];
  if (to < youngest || from > oldest) return 'no';
  return from >= youngest && to <= oldest ? 'yes' : 'unknown';
}

function bySex({ eligibility: { sexes } }: KnownService, { sex }: RoutedPerson): Judgement {
  if (sexes.length === 0 || sexes.includes(sex)) return 'yes';
  return sex === 'UNKNOWN' ? 'unknown' : 'no';
}

/** Of several nationalities one that is served is enough. */
function byNationality({ eligibility }: KnownService, { nationalities: known }: RoutedPerson): Judgement {
  const { nationalities, excluded_nationalities } = eligibility;
  if (nationalities.length === 0 && excluded_nationalities.length === 0) return 'yes';
  if (known.length === 0) return 'unknown';
  const isServed = (country: string): boolean =>
    (nationalities.length === 0 || nationalities.includes(country)) && !excluded_nationalities.includes(country);
  return known.some(isServed) ? 'yes' : 'no';
}

function byStage({ eligibility: { stages } }: KnownService, { stage }: RoutedPerson): Judgement {
  if (stages.length === 0) return 'yes';
  if (stage === null) return 'unknown';
  return stages.includes(stage) ? 'yes' : 'no';
}

/**
 * Judges a person by the conditions of a service.
 *
 * @param majority age of majority where the person is, in years
 */
export function judgeEligibility(
  service: KnownService,
  person: RoutedPerson,
  majority: number,
): Readonly<Record<EligibilityTrait, Judgement>> {
  return {
    AGE: byAge(service, person, majority),
    SEX: bySex(service, person),
    NATIONALITY: byNationality(service, person),
    STAGE: byStage(service, person),
  };
}

/** Whether a service can take somebody, as far as is known. */
export function mayTake(service: KnownService, person: RoutedPerson, majority: number): boolean {
  return Object.values(judgeEligibility(service, person, majority)).every((judgement) => judgement !== 'no');
}

/** Whether a service reaches a place. A named part that is not known has to be asked; a keyboard without ñ names it too. */
export function judgeArea(service: KnownService, country: string, area: string | null): Judgement {
  if (service.service_areas.length === 0) return 'yes';
  const there = service.service_areas.filter((served) => served.country === country);
  if (there.length === 0) return 'no';
  if (there.some(({ name }) => name === null)) return 'yes';
  if (area === null) return 'unknown';
  const isNamed = there.some(
    ({ name }) => name?.trim().localeCompare(area.trim(), 'en', { sensitivity: 'base' }) === 0,
  );
  return isNamed ? 'yes' : 'no';
}
