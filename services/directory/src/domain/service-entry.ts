import type { Instant } from '@acogida/core';
import {
  type Capacity,
  isCountry,
  isTimeOfDay,
  isTimeZone,
  type OpeningHours,
  type ProfileStage,
  type ReferralService,
  type ServiceStatus,
  type Sex,
} from '@acogida/reference';
import { refusal } from './refusal.ts';
import { requireLanguages, requireSaidOnce } from './said-once.ts';

// Members that HSDS 3 has carry its names, as it writes them.

/** A country served, or a named part of it. */
export type ServiceArea = {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** Null for all of the country. */
  readonly name: string | null;
};

/** Who may use a service. Empty lists and null leave nobody out. */
export type Eligibility = {
  /** Completed years, both inclusive. */
  readonly minimum_age: number | null;
  readonly maximum_age: number | null;
  readonly sexes: readonly Sex[];
  /** ISO 3166-1 alpha-2. */
  readonly nationalities: readonly string[];
  readonly excluded_nationalities: readonly string[];
  readonly stages: readonly ProfileStage[];
  readonly eligibility_description: string | null;
};

/** Nobody is left out. */
export const OPEN_ELIGIBILITY: Eligibility = {
  minimum_age: null,
  maximum_age: null,
  sexes: [],
  nationalities: [],
  excluded_nationalities: [],
  stages: [],
  eligibility_description: null,
};

/** A service of which nobody said how many it can take on: it has to be asked. */
export const NEVER_TOLD: ServiceCapacity = {
  ...{ status: 'AVAILABLE', available: null, maximum: null, unit: null, updated: null },
};

/** How many people a service can take on, and since when that is so. */
export type ServiceCapacity = {
  readonly status: Capacity;
  /** Places free; null when they are not counted. */
  readonly available: number | null;
  /** Places in all, if that is counted too. */
  readonly maximum: number | null;
  /** What is counted, such as beds: there exactly where places are. */
  readonly unit: string | null;
  /** When this was so; null when it was never told. */
  readonly updated: Instant | null;
};

/** A service that an agency offers. */
export type ServiceEntry = {
  readonly serviceId: string;
  readonly agencyId: string;
  readonly type: ReferralService;
  readonly name: string;
  readonly description: string | null;
  readonly status: ServiceStatus;
  /** ISO 639-3. */
  readonly languages: readonly string[];
  /** Empty when it serves everywhere. */
  readonly service_areas: readonly ServiceArea[];
  readonly eligibility: Eligibility;
  /** Empty when none are stated. */
  readonly schedules: readonly OpeningHours[];
};

const MOST = 1_000_000;

const isWhole = (count: number | null): boolean =>
  count === null || (Number.isSafeInteger(count) && count >= 0 && count <= MOST);

function requireEligibility({ type, eligibility }: ServiceEntry): void {
  const { minimum_age, maximum_age, nationalities, excluded_nationalities } = eligibility;
  if (!isWhole(minimum_age) || !isWhole(maximum_age) || (minimum_age ?? 0) > (maximum_age ?? Infinity)) {
    throw refusal('DIRECTORY.AGES_MALFORMED', 'ages are whole years, the youngest not above the oldest');
  }
  const limits = [...nationalities, ...excluded_nationalities];
  if (!limits.every(isCountry)) throw refusal('DIRECTORY.COUNTRY_UNKNOWN', 'not an ISO 3166-1 code');
  if (type === 'ASYLUM' && limits.length > 0) {
    throw refusal('DIRECTORY.ASYLUM_BY_NATIONALITY', 'nationality never decides who may ask for asylum (INV-07)');
  }
}

function requireSchedule({ byday, opens_at, closes_at, timezone, valid_from, valid_to }: OpeningHours): void {
  const isTimed = byday.length > 0 && isTimeOfDay(opens_at) && opens_at !== '24:00' && isTimeOfDay(closes_at);
  if (!isTimed || !isTimeZone(timezone) || (valid_from ?? '') > (valid_to ?? '9999-12-31')) {
    throw refusal('DIRECTORY.SCHEDULE_MALFORMED', 'a schedule has days, local times, a time zone and ordered dates');
  }
}

/**
 * @throws DomainError DIRECTORY.NAME_MISSING, TEXT_EMPTY, LANGUAGE_MALFORMED, COUNTRY_UNKNOWN, AGES_MALFORMED,
 * ASYLUM_BY_NATIONALITY, SCHEDULE_MALFORMED, ENTRY_REPEATS
 */
export function requireServiceEntry(entry: ServiceEntry): void {
  if (entry.name.trim() === '') throw refusal('DIRECTORY.NAME_MISSING', 'a service has a name');
  const { description, languages, service_areas, schedules } = entry;
  const texts = [description, entry.eligibility.eligibility_description, ...service_areas.map(({ name }) => name)];
  if (texts.some((text) => text?.trim() === '')) {
    throw refusal('DIRECTORY.TEXT_EMPTY', 'what is not said is left out, not empty');
  }
  requireLanguages(languages);
  if (!service_areas.every(({ country }) => isCountry(country))) {
    throw refusal('DIRECTORY.COUNTRY_UNKNOWN', 'not an ISO 3166-1 code');
  }
  requireEligibility(entry);
  schedules.forEach(requireSchedule);
  const { sexes, nationalities, excluded_nationalities, stages } = entry.eligibility;
  const days = schedules.map(({ byday }) => byday);
  const lists = [service_areas, schedules, sexes, nationalities, excluded_nationalities, stages, ...days];
  lists.forEach(requireSaidOnce);
}

/** @throws DomainError DIRECTORY.CAPACITY_MALFORMED, CAPACITY_CONTRADICTS */
export function requireCapacity({ status, available, maximum, unit }: ServiceCapacity): void {
  const isCounted = available !== null;
  const isWhatIsCounted = isCounted === (unit !== null && unit.trim() !== '') && (isCounted || maximum === null);
  if (!isWhole(available) || !isWhole(maximum) || (available ?? 0) > (maximum ?? Infinity) || !isWhatIsCounted) {
    throw refusal('DIRECTORY.CAPACITY_MALFORMED', 'whole places of a unit, those free not more than all');
  }
  if (available !== null && (status === 'AVAILABLE' ? available === 0 : available > 0)) {
    throw refusal('DIRECTORY.CAPACITY_CONTRADICTS', 'places are free exactly where the service is available');
  }
}

/** Whether two entries say the same, member by member. */
export function isSameServiceEntry(one: ServiceEntry, other: ServiceEntry): boolean {
  const text = (entry: ServiceEntry): string =>
    JSON.stringify([
      ...[entry.serviceId, entry.agencyId, entry.type, entry.name, entry.description, entry.status, entry.languages],
      entry.service_areas.map(({ country, name }) => [country, name]),
      Object.keys(OPEN_ELIGIBILITY).map((key) => entry.eligibility[key as keyof Eligibility]),
      entry.schedules.map((hours) => [
        ...[hours.byday, hours.opens_at, hours.closes_at, hours.timezone, hours.valid_from, hours.valid_to],
      ]),
    ]);
  return text(one) === text(other);
}

/** Whether two capacities say the same, whenever that was. */
export function isSameCapacity(one: ServiceCapacity, other: ServiceCapacity): boolean {
  return (
    one.status === other.status &&
    one.available === other.available &&
    one.maximum === other.maximum &&
    one.unit === other.unit
  );
}
