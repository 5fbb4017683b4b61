import type { JsonObject, Upcaster } from '@acogida/core';
import type { AgencyKind, AgencyNature } from '@acogida/reference';

// As they were when version 2 began, and frozen here: what an old entry means does not change with today's defaults.
const NATURE_OF_KIND: Readonly<Record<AgencyKind, AgencyNature>> = {
  INTAKE: 'PUBLIC_AUTHORITY',
  ASYLUM: 'PUBLIC_AUTHORITY',
  COUNTER_TRAFFICKING: 'PUBLIC_AUTHORITY',
  CHILD_PROTECTION: 'PUBLIC_AUTHORITY',
  PROFILING: 'PUBLIC_AUTHORITY',
  RETURN: 'RETURN',
  OVERSIGHT: 'OVERSIGHT',
  DIRECTORY: 'INTERNATIONAL',
  SERVICE_PROVIDER: 'NGO',
};
const AUTHORITIES: readonly AgencyNature[] = ['PUBLIC_AUTHORITY', 'RETURN'];

/**
 * What version 1 of an agency's entry left unsaid: its nature is that of its kind; an authority is that of its jurisdiction,
 * which is the cautious reading (INV-05); it has a node, and no stated languages.
 */
export function withAgencyDetails(data: JsonObject): JsonObject {
  const nature = NATURE_OF_KIND[data['kind'] as AgencyKind];
  const authorityOf = AUTHORITIES.includes(nature) ? (data['jurisdiction'] ?? null) : null;
  return { ...data, nature, authorityOf, participation: 'NODE', languages: [] };
}

/**
 * What version 1 of a service's entry left unsaid: it is offered, to everybody, in the whole of each country, without stated
 * hours; how many places it has was not counted, and nobody said when the capacity was so.
 */
export function withServiceDetails({ areas, capacity, ...entry }: JsonObject): JsonObject {
  return {
    ...entry,
    description: null,
    status: 'ACTIVE',
    service_areas: (areas as readonly string[]).map((country) => ({ country, name: null })),
    eligibility: {
      minimum_age: null,
      maximum_age: null,
      sexes: [],
      nationalities: [],
      excluded_nationalities: [],
      stages: [],
      eligibility_description: null,
    },
    schedules: [],
    capacity: { status: capacity, available: null, maximum: null, unit: null, updated: null },
  };
}

/** What version 1 of a focal point left unsaid: it serves all regions of origin, its languages are not stated. */
export function withFocalPointDetails(data: JsonObject): JsonObject {
  return { ...data, originRegion: null, languages: [] };
}

/** Version 1 of the directory's entries, lifted to version 2. */
export const directoryUpcasters: readonly Upcaster[] = [
  { type: 'AgencyListed', fromVersion: 1, upcast: (data) => ({ ...withAgencyDetails(data), successor: null }) },
  { type: 'ServiceListed', fromVersion: 1, upcast: withServiceDetails },
  { type: 'FocalPointDesignated', fromVersion: 1, upcast: withFocalPointDetails },
];
