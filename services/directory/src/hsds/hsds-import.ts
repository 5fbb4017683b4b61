import {
  AGENCY_KINDS,
  AGENCY_NATURES,
  FOCAL_POINT_ROLES,
  isAgencyId,
  isCode,
  isCountry,
  ORIGIN_REGIONS,
  PARTICIPATIONS,
} from '@acogida/reference';
import type { FocalPoint } from '../domain/agency.ts';
import type { AskedAgencyEntry } from '../domain/agency-entry.ts';
import { TAXONOMY, valueOf, valuesOf } from './hsds-attributes.ts';
import type { HsdsContact, HsdsDocument, HsdsOrganization } from './hsds-document.ts';
import { readHsdsService, type ReadService } from './hsds-service-import.ts';

/** Something of a document that becomes an entry, or the code of why it does not. */
export type Read<T> =
  { readonly pointer: string; readonly entry: T } | { readonly pointer: string; readonly refusal: string };

/** What a document asks of the directory, in the order in which to do it. */
export interface ReadDirectory {
  /** The agency of each organisation, by its place in the document, also of those that are refused. */
  readonly agencyIds: readonly string[];
  readonly agencies: readonly Read<AskedAgencyEntry>[];
  readonly focalPoints: readonly Read<FocalPoint & { readonly agencyId: string }>[];
  readonly services: readonly Read<ReadService>[];
}

/** An id for an organisation that never had one here: its name, and its HSDS id so that no two meet. */
function newAgencyId({ id, name }: HsdsOrganization): string {
  const words = name
    .normalize('NFD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .split(/[ -]+/)
    .filter((word) => word !== '');
  return `org-${[...words, id.slice(0, 8).toLowerCase()].join('-').slice(-56).replace(/^-+/, '')}`;
}

function agencyIdOf(organization: HsdsOrganization): string {
  const ours = organization.organization_identifiers?.find(({ identifier_scheme }) => identifier_scheme === TAXONOMY);
  return ours !== undefined && isAgencyId(ours.identifier) ? ours.identifier : newAgencyId(organization);
}

/** Where all addresses lie in one country, that is it; else the organisation is a regional one. */
function jurisdictionOf({ attributes, locations }: HsdsOrganization): string | null {
  const said = valueOf(attributes, 'jurisdiction');
  if (said !== undefined) return said;
  const isOurs = valueOf(attributes, 'agency_kind') !== undefined;
  const countries = new Set(
    (locations ?? []).flatMap(({ addresses }) => (addresses ?? []).map(({ country }) => country)),
  );
  const [only] = countries;
  return !isOurs && countries.size === 1 && only !== undefined && isCountry(only) ? only : null;
}

function coded<C extends string>(codes: readonly C[], text: string | undefined): C | undefined {
  return text !== undefined && isCode(codes, text) ? text : undefined;
}

/** Whether a text is there and is no code of the list: what it said must not be lost, as it may decide who is told what. */
function isForeign(codes: readonly string[], text: string | undefined): boolean {
  return text !== undefined && !codes.includes(text);
}

/**
 * Who comes without our codes is a service provider that answers by link, until somebody says otherwise. It may be a ministry or
 * the police: in doubt it is an authority of the country of its address, else of an unknown State (INV-05).
 */
function readOrganization(organization: HsdsOrganization, index: number): Read<AskedAgencyEntry> {
  const { name, attributes } = organization;
  const pointer = `/organizations/${index}`;
  const [saidKind, saidNature] = [valueOf(attributes, 'agency_kind'), valueOf(attributes, 'agency_nature')];
  const participation = valueOf(attributes, 'participation');
  const isUnknown = isForeign(AGENCY_KINDS, saidKind) || isForeign(AGENCY_NATURES, saidNature);
  if (isUnknown || isForeign(PARTICIPATIONS, participation)) return { pointer, refusal: 'HSDS.CODE_UNKNOWN' };
  const kind = coded(AGENCY_KINDS, saidKind);
  const isOurs = kind !== undefined;
  return {
    pointer,
    entry: {
      agencyId: agencyIdOf(organization),
      name,
      kind: kind ?? 'SERVICE_PROVIDER',
      jurisdiction: jurisdictionOf(organization),
      nature: coded(AGENCY_NATURES, saidNature),
      ...(!isOurs && { natureAtFirst: 'PUBLIC_AUTHORITY' }),
      authorityOf: valueOf(attributes, 'authority_of') ?? (isOurs ? null : undefined),
      ...(participation === undefined && { participationAtFirst: 'LINK' }),
      participation: coded(PARTICIPATIONS, participation),
      languages: isOurs ? valuesOf(attributes, 'language') : undefined,
    },
  };
}

function readContact(
  agencyId: string,
  contact: HsdsContact,
  pointer: string,
): readonly Read<FocalPoint & { readonly agencyId: string }>[] {
  const { email, phones, attributes } = contact;
  const role = coded(FOCAL_POINT_ROLES, valueOf(attributes, 'focal_point_role'));
  if (role === undefined) return []; // another system's contact may well be a person: nobody's own address comes in here
  const address = email ?? phones?.[0]?.number;
  if (address === undefined) return [{ pointer, refusal: 'HSDS.CONTACT_EMPTY' }];
  const region = valueOf(attributes, 'origin_region');
  if (isForeign(ORIGIN_REGIONS, region)) return [{ pointer, refusal: 'HSDS.CODE_UNKNOWN' }];
  const originRegion = coded(ORIGIN_REGIONS, region) ?? null;
  return [
    { pointer, entry: { agencyId, role, contact: address, originRegion, languages: valuesOf(attributes, 'language') } },
  ];
}

/** The organisation's own mailbox or telephone takes referrals, unless a contact says who does. */
function readContacts(organization: HsdsOrganization, index: number): ReadDirectory['focalPoints'] {
  const agencyId = agencyIdOf(organization);
  const named = (organization.contacts ?? []).flatMap((contact, place) =>
    readContact(agencyId, contact, `/organizations/${index}/contacts/${place}`),
  );
  const own = organization.email ?? organization.phones?.[0]?.number;
  const takesReferrals = named.some((read) => 'entry' in read && read.entry.role === 'REFERRALS');
  if (own === undefined || takesReferrals) return named;
  const point: FocalPoint = { role: 'REFERRALS', contact: own, originRegion: null, languages: [] };
  return [...named, { pointer: `/organizations/${index}`, entry: { agencyId, ...point } }];
}

/**
 * Reads a document that fits `hsdsSchema`. What our own export wrote becomes the same entries; what others wrote becomes
 * entries as far as it says enough. Status and successor of an agency are decisions of the directory and are not read.
 */
export function readHsds(document: HsdsDocument): ReadDirectory {
  const agencies = new Map(
    document.organizations.map((one) => [
      one.id.toLowerCase(),
      { agencyId: agencyIdOf(one), jurisdiction: jurisdictionOf(one) },
    ]),
  );
  return {
    agencyIds: document.organizations.map(agencyIdOf),
    agencies: document.organizations.map(readOrganization),
    focalPoints: document.organizations.flatMap(readContacts),
    services: document.services.map((service, index) => readHsdsService(service, `/services/${index}`, agencies)),
  };
}
