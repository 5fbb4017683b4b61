import type { Instant } from '@acogida/core';
import type { KnownAgency, KnownService } from '@acogida/referral';
import {
  AGENCY_KIND_LABELS,
  FOCAL_POINT_ROLE_LABELS,
  LANGUAGE_LABELS,
  type OpeningHours,
  type ServiceStatus,
} from '@acogida/reference';
import type { FocalPoint } from '../domain/agency.ts';
import { attributesOf, hsdsId, TAXONOMY } from './hsds-attributes.ts';
import {
  HSDS_VERSION,
  type HsdsContact,
  type HsdsDocument,
  type HsdsOrganization,
  type HsdsSchedule,
  type HsdsService,
} from './hsds-document.ts';

/** What is exported. */
export interface ExportedDirectory {
  readonly agencies: readonly KnownAgency[];
  readonly services: readonly KnownService[];
  readonly focalPoints: readonly (FocalPoint & { readonly agencyId: string })[];
}

/** How an area that is a country is told from one with a shape. */
export const COUNTRY_EXTENT = 'ISO 3166-1 alpha-2';

const STATUSES: Readonly<Record<ServiceStatus, HsdsService['status']>> = {
  ACTIVE: 'active',
  INACTIVE: 'inactive',
  DEFUNCT: 'defunct',
  TEMPORARILY_CLOSED: 'temporarily closed',
};

function contactOf({
  agencyId,
  role,
  contact,
  originRegion,
  languages,
}: ExportedDirectory['focalPoints'][number]): HsdsContact {
  const id = hsdsId('contact', agencyId, role, originRegion ?? '');
  return {
    id,
    department: FOCAL_POINT_ROLE_LABELS[role].en,
    ...(contact.includes('@') ? { email: contact } : { phones: [{ id: hsdsId('phone', id), number: contact }] }),
    attributes: attributesOf(id, 'contact', {
      focal_point_role: role,
      origin_region: originRegion,
      language: languages,
    }),
  };
}

function organizationOf(agency: KnownAgency, contacts: readonly HsdsContact[]): HsdsOrganization {
  const { agencyId, name, kind, jurisdiction, nature, authorityOf, participation, successor, languages, status } =
    agency;
  const id = hsdsId('organization', agencyId);
  const identifier = { identifier_scheme: TAXONOMY, identifier_type: 'agency', identifier: agencyId };
  return {
    id,
    name,
    description: AGENCY_KIND_LABELS[kind].en,
    contacts,
    organization_identifiers: [{ id: hsdsId('identifier', agencyId), ...identifier }],
    attributes: attributesOf(id, 'organization', {
      ...{ agency_kind: kind, agency_nature: nature, agency_status: status, jurisdiction },
      ...{ authority_of: authorityOf, participation, successor, language: languages },
    }),
  };
}

/** Offset of a time zone at an instant, `±HH:MM` or `Z`. */
function offsetOf(timeZone: string, at: Instant): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(new Date(at));
  const offset = parts.find(({ type }) => type === 'timeZoneName')?.value.replace('GMT', '') ?? '';
  return offset === '' || offset === '+00:00' ? 'Z' : offset;
}

function scheduleOf(serviceId: string, hours: OpeningHours, index: number, at: Instant): HsdsSchedule {
  const id = hsdsId('schedule', serviceId, index);
  const offset = offsetOf(hours.timezone, at);
  return {
    id,
    freq: 'WEEKLY',
    byday: hours.byday.join(','),
    opens_at: `${hours.opens_at}${offset}`,
    closes_at: `${hours.closes_at}${offset}`,
    ...(hours.valid_from !== null && { valid_from: hours.valid_from }),
    ...(hours.valid_to !== null && { valid_to: hours.valid_to }),
    // the offset holds today; the zone says what the hours are when clocks change
    attributes: attributesOf(id, 'schedule', { timezone: hours.timezone }),
  };
}

function capacitiesOf({ serviceId, capacity }: KnownService, at: Instant): Pick<HsdsService, 'capacities'> {
  const { available, maximum, unit, updated } = capacity;
  if (available === null || unit === null) return {};
  const counted = { available, ...(maximum !== null && { maximum }), updated: updated ?? at };
  return {
    capacities: [{ id: hsdsId('capacity', serviceId), unit: { id: hsdsId('unit', unit), name: unit }, ...counted }],
  };
}

function languageOf(
  serviceId: string,
  code: string,
): { readonly id: string; readonly code: string; readonly name?: string } {
  const label = Object.entries(LANGUAGE_LABELS).find(([known]) => known === code)?.[1];
  return { id: hsdsId('language', serviceId, code), code, ...(label && { name: label.en }) };
}

function serviceOf(service: KnownService, at: Instant): HsdsService {
  const { serviceId, agencyId, eligibility, capacity } = service;
  const { minimum_age, maximum_age, eligibility_description } = eligibility;
  return {
    id: serviceId,
    organization_id: hsdsId('organization', agencyId),
    name: service.name,
    ...(service.description !== null && { description: service.description }),
    status: STATUSES[service.status],
    ...(eligibility_description !== null && { eligibility_description }),
    ...(minimum_age !== null && { minimum_age }),
    ...(maximum_age !== null && { maximum_age }),
    languages: service.languages.map((code) => languageOf(serviceId, code)),
    service_areas: service.service_areas.map(({ country, name }) => ({
      id: hsdsId('service_area', serviceId, country, name ?? ''),
      ...(name !== null && { name }),
      ...{ extent: country, extent_type: COUNTRY_EXTENT },
    })),
    schedules: service.schedules.map((hours, index) => scheduleOf(serviceId, hours, index, at)),
    ...capacitiesOf(service, at),
    attributes: attributesOf(serviceId, 'service', {
      ...{ service_type: service.type, sex: eligibility.sexes, nationality: eligibility.nationalities },
      ...{ excluded_nationality: eligibility.excluded_nationalities, stage: eligibility.stages },
      ...{ capacity_status: capacity.status, capacity_updated: capacity.updated },
    }),
  };
}

/**
 * The directory as HSDS 3. Codes that HSDS has no member for are attributes of our taxonomy; keys, agreements and clearance
 * authorities are no part of it.
 *
 * @param at when it is exported: hours carry the offset of then
 */
export function exportHsds({ agencies, services, focalPoints }: ExportedDirectory, at: Instant): HsdsDocument {
  return {
    version: HSDS_VERSION,
    organizations: agencies.map((agency) =>
      organizationOf(agency, focalPoints.filter(({ agencyId }) => agencyId === agency.agencyId).map(contactOf)),
    ),
    services: services.map((service) => serviceOf(service, at)),
  };
}
