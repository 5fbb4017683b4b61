import { describe, expect, it } from '@jest/globals';
import { upcastToCurrent } from '@acogida/core';
import {
  AGENCY_KINDS,
  AGENCY_NATURES,
  AGENCY_STATUSES,
  AGREEMENT_KINDS,
  AGREEMENT_PURPOSES,
  CAPACITIES,
  FOCAL_POINT_ROLES,
  ORIGIN_REGIONS,
  PARTICIPATIONS,
  PROFILE_STAGES,
  REFERRAL_SERVICES,
  REMOVAL_HOLDS,
  SERVICE_STATUSES,
  SEXES,
  usualAuthority,
  usualNature,
  WEEKDAYS,
} from '@acogida/reference';
import {
  agencyListedV2Schema,
  agreementListedV1Schema,
  clearanceAuthoritiesListedV1Schema,
  focalPointDesignatedV2Schema,
  serviceListedV2Schema,
} from '../generated/index.ts';
import { directoryUpcasters } from './directory-upcasters.ts';

const CURRENT = { AgencyListed: 2, ServiceListed: 2, FocalPointDesignated: 2 };
const lifted = (type: string, data: Parameters<typeof upcastToCurrent>[0]['data']) =>
  upcastToCurrent({ type, schemaVersion: 1, data }, CURRENT, directoryUpcasters);

describe('version 1 of the directory’s entries', () => {
  const AGENCY = { agencyId: 'cr-conatt', name: 'CONATT', jurisdiction: 'CR', status: 'SUSPENDED' };

  it.each(AGENCY_KINDS)('of an agency says what was usual of %s', (kind) => {
    const nature = usualNature(kind);
    expect(lifted('AgencyListed', { ...AGENCY, kind })).toEqual({
      ...{ ...AGENCY, kind, nature, authorityOf: usualAuthority(nature, 'CR') },
      ...{ participation: 'NODE', successor: null, languages: [] },
    });
  });

  it('of a regional agency names no State', () => {
    expect(lifted('AgencyListed', { ...AGENCY, kind: 'ASYLUM', jurisdiction: null })).toMatchObject({
      authorityOf: null,
    });
  });

  it('of a service leaves nobody out', () => {
    const entry = { serviceId: 'x', agencyId: 'cr-conatt', type: 'SHELTER', name: 'Casa', languages: ['spa'] };
    expect(lifted('ServiceListed', { ...entry, areas: ['CR', 'PA'], capacity: 'WAITLIST' })).toEqual({
      ...entry,
      description: null,
      status: 'ACTIVE',
      service_areas: [
        { country: 'CR', name: null },
        { country: 'PA', name: null },
      ],
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
      capacity: { status: 'WAITLIST', available: null, maximum: null, unit: null, updated: null },
    });
  });

  it('of a focal point serves all regions', () => {
    const point = { agencyId: 'cr-conatt', role: 'EXTRA_CONTINENTAL', contact: 'a@conatt.example' };
    expect(lifted('FocalPointDesignated', point)).toEqual({ ...point, originRegion: null, languages: [] });
  });
});

it('the entries’ schemas use the code lists of @acogida/reference', () => {
  const agency = agencyListedV2Schema.properties;
  const service = serviceListedV2Schema.properties;
  const point = focalPointDesignatedV2Schema.properties;
  const agreement = agreementListedV1Schema.properties;
  const lists: readonly (readonly [readonly (string | null)[], readonly string[]])[] = [
    [agency.kind.enum, AGENCY_KINDS],
    [agency.status.enum, AGENCY_STATUSES],
    [agency.nature.enum, AGENCY_NATURES],
    [agency.participation.enum, PARTICIPATIONS],
    [service.type.enum, REFERRAL_SERVICES],
    [service.status.enum, SERVICE_STATUSES],
    [service.eligibility.properties.sexes.items.enum, SEXES],
    [service.eligibility.properties.stages.items.enum, PROFILE_STAGES],
    [service.schedules.items.properties.byday.items.enum, WEEKDAYS],
    [service.capacity.properties.status.enum, CAPACITIES],
    [point.role.enum, FOCAL_POINT_ROLES],
    [point.originRegion.enum.filter((code) => code !== null), ORIGIN_REGIONS],
    [agreement.kind.enum, AGREEMENT_KINDS],
    [agreement.purposes.items.enum, AGREEMENT_PURPOSES],
    [clearanceAuthoritiesListedV1Schema.properties.authorities.items.properties.holds.items.enum, REMOVAL_HOLDS],
  ];
  for (const [inSchema, inReference] of lists) expect([...inSchema].sort()).toEqual([...inReference].sort());
});
