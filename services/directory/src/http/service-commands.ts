import type { Instant } from '@acogida/core';
import type { ToldCapacity } from '../domain/directory-service.ts';
import { refusal } from '../domain/refusal.ts';
import { OPEN_ELIGIBILITY, type ServiceArea, type ServiceEntry } from '../domain/service-entry.ts';
import { type CapacityBody, type ListServiceBody } from './service-bodies.ts';

/** What is counted where nobody said. */
export const USUAL_UNIT = 'places';

/** The parts served; they lie in the countries served, and none of these is left out. */
function serviceAreasOf({ areas, service_areas }: ListServiceBody): readonly ServiceArea[] {
  if (service_areas === undefined) return areas.map((country) => ({ country, name: null }));
  const countries = new Set(service_areas.map(({ country }) => country));
  if (countries.size !== areas.length || !areas.every((country) => countries.has(country))) {
    throw refusal('DIRECTORY.AREAS_DIFFER', 'areas are the countries of service_areas');
  }
  return service_areas.map(({ country, name }) => ({ country, name: name ?? null }));
}

/** The entry that a body asks for, with what was left out. @throws DomainError DIRECTORY.AREAS_DIFFER */
export function serviceEntryOf(serviceId: string, body: ListServiceBody): ServiceEntry {
  const { agencyId, type, name, languages, eligibility, schedules } = body;
  return {
    ...{ serviceId, agencyId, type, name, languages },
    description: body.description ?? null,
    status: body.status ?? 'ACTIVE',
    service_areas: serviceAreasOf(body),
    eligibility: {
      minimum_age: eligibility?.minimum_age ?? null,
      maximum_age: eligibility?.maximum_age ?? null,
      sexes: eligibility?.sexes ?? OPEN_ELIGIBILITY.sexes,
      nationalities: eligibility?.nationalities ?? OPEN_ELIGIBILITY.nationalities,
      excluded_nationalities: eligibility?.excluded_nationalities ?? OPEN_ELIGIBILITY.excluded_nationalities,
      stages: eligibility?.stages ?? OPEN_ELIGIBILITY.stages,
      eligibility_description: eligibility?.eligibility_description ?? null,
    },
    schedules: (schedules ?? []).map(({ byday, opens_at, closes_at, timezone, valid_from, valid_to }) => ({
      ...{ byday, opens_at, closes_at, timezone },
      valid_from: valid_from ?? null,
      valid_to: valid_to ?? null,
    })),
  };
}

/** The capacity that a body tells, at this time. */
export function toldCapacityOf(body: CapacityBody, at: Instant): ToldCapacity {
  const available = body.available ?? null;
  return {
    status: body.capacity,
    available,
    maximum: body.maximum ?? null,
    unit: body.unit ?? (available === null ? null : USUAL_UNIT),
    updated: body.updated ? new Date(body.updated).toISOString() : null,
    at,
  };
}
