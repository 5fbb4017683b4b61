import { describe, expect, it } from '@jest/globals';
import { SEXES } from '@acogida/reference';
import { isOfOrigin } from '@acogida/referral';
import fc from 'fast-check';
import { type AgencyEntry, completedEntry } from '../domain/agency-entry.ts';
import { attributesOf } from './hsds-attributes.ts';
import type { HsdsDocument, HsdsOrganization, HsdsService } from './hsds-document.ts';
import { FOREIGN, SAMPLE } from './hsds-examples.ts';
import { exportHsds } from './hsds-export.ts';
import { readHsds } from './hsds-import.ts';
import { hsdsFault } from './hsds-schema.ts';

const NOW = '2026-11-22T09:00:00.000Z';
const [SHELTER] = SAMPLE.services;
const entriesOf = (reads: readonly object[]): unknown[] => reads.map((read) => ('entry' in read ? read.entry : read));

function foreign(organization: Partial<HsdsOrganization>, service: Partial<HsdsService> = {}): HsdsDocument {
  const [organizations, services] = [FOREIGN.organizations, FOREIGN.services];
  return {
    ...FOREIGN,
    organizations: organizations.map((one) => ({ ...one, ...organization })),
    services: services.map((one) => ({ ...one, ...service })),
  };
}

describe('the export', () => {
  const document = exportHsds(SAMPLE, NOW);
  const [organization] = document.organizations;
  const [service] = document.services;

  it('is HSDS 3 as we read it, and the same twice', () => {
    expect(hsdsFault(document)).toBeUndefined();
    expect(exportHsds(SAMPLE, NOW)).toEqual(document);
  });

  it('has the names of HSDS 3', () => {
    expect(Object.keys(organization ?? {}).sort()).toEqual([
      ...['attributes', 'contacts', 'description', 'id', 'name', 'organization_identifiers'],
    ]);
    expect(service).toMatchObject({
      ...{ id: SHELTER?.serviceId, organization_id: organization?.id, name: 'Casa segura' },
      ...{
        status: 'temporarily closed',
        minimum_age: 18,
        maximum_age: 60,
        eligibility_description: 'Con sus hijas e hijos',
      },
      languages: [{ code: 'spa', name: 'Spanish' }, { code: 'qqq' }],
      service_areas: [{ extent: 'CR' }, { extent: 'PA', name: 'Chiriquí' }],
      schedules: [
        { freq: 'WEEKLY', byday: 'MO,FR', opens_at: '08:00-05:00', closes_at: '24:00-05:00', valid_from: '2026-01-01' },
        { freq: 'WEEKLY', byday: 'SU', opens_at: '20:00Z', closes_at: '06:00Z' },
      ],
      capacities: [{ unit: { name: 'beds' }, available: 3, maximum: 12, updated: '2026-11-22T08:00:00.000Z' }],
    });
  });

  it('names no person, and gives each object an id of its own', () => {
    const text = JSON.stringify(document.organizations);
    expect(text).not.toContain('"title"');
    const ids = [...JSON.stringify(document).matchAll(/"id":"([^"]+)"/g)].map(([, id]) => id);
    const attributes = document.services.flatMap((one) => one.attributes ?? []);
    expect(new Set(attributes.map(({ id }) => id)).size).toBe(attributes.length);
    expect(ids.every((id) => /^[0-9a-f-]{36}$/.test(id ?? ''))).toBe(true);
  });

  it('of the sample imports to the same entries', () => {
    const read = readHsds(document);
    expect(entriesOf(read.agencies)).toEqual(
      SAMPLE.agencies.map(({ status: _, successor: __, ...entry }) => entry), // decisions, not said by a document
    );
    expect(entriesOf(read.focalPoints)).toEqual(SAMPLE.focalPoints);
    expect(entriesOf(read.services)).toEqual(SAMPLE.services.map(({ capacity, ...entry }) => ({ entry, capacity })));
  });

  it('imports to the same eligibility, whatever that is', () => {
    const years = fc.option(fc.nat({ max: 120 }));
    const eligibility = fc.record({
      ...{ minimum_age: years, maximum_age: years },
      sexes: fc.subarray([...SEXES]),
      nationalities: fc.subarray(['HT', 'CU', 'VE']),
      excluded_nationalities: fc.subarray(['HT', 'CU', 'VE']),
      stages: fc.subarray(['FIRST_CONTACT', 'PROFILING', 'RETURN'] as const),
      eligibility_description: fc.option(fc.string({ maxLength: 50 }).filter((text) => text.trim() !== '')),
    });
    fc.assert(
      fc.property(eligibility, (limits) => {
        const services = SAMPLE.services.slice(0, 1).map((one) => ({ ...one, eligibility: limits }));
        const exported = exportHsds({ ...SAMPLE, services }, NOW);
        expect(hsdsFault(exported)).toBeUndefined();
        const [read] = readHsds(exported).services;
        expect(read).toMatchObject({ entry: { entry: { eligibility: limits } } });
      }),
    );
  });
});

describe('the import of what others wrote', () => {
  it('lists a provider that answers by link, where it lies, without its people', () => {
    expect(hsdsFault(FOREIGN)).toBeUndefined();
    const { agencies, focalPoints } = readHsds(FOREIGN);
    const agencyId = 'org-casa-del-migrante-nino-jesus-11111111';
    expect(agencies).toEqual([
      {
        pointer: '/organizations/0',
        entry: {
          ...{ agencyId, name: 'Casa del Migrante “Niño Jesús”', kind: 'SERVICE_PROVIDER', jurisdiction: 'GT' },
          ...{ nature: undefined, authorityOf: undefined, participation: undefined, languages: undefined },
          ...{ natureAtFirst: 'PUBLIC_AUTHORITY', participationAtFirst: 'LINK' },
        },
      },
    ]);
    expect(focalPoints).toEqual([
      {
        pointer: '/organizations/0',
        entry: { agencyId, role: 'REFERRALS', contact: 'casa@migrante.example', originRegion: null, languages: [] },
      },
    ]);
  });

  it('reads hours, places and the own country of its services', () => {
    const open = { valid_from: null, valid_to: null };
    expect(readHsds(FOREIGN).services).toEqual([
      {
        pointer: '/services/0',
        entry: {
          entry: expect.objectContaining({
            ...{ serviceId: '22222222-2222-4222-8222-222222222222', type: 'FOOD', status: 'ACTIVE', description: null },
            service_areas: [{ country: 'GT', name: null }],
            schedules: [
              { byday: ['MO', 'TU'], opens_at: '09:00', closes_at: '14:30', timezone: '-06:00', ...open },
              { byday: ['WE'], opens_at: '09:00', closes_at: '14:00', timezone: '-05:30', ...open },
            ],
          }) as unknown,
          capacity: { status: 'FULL', available: 0, maximum: null, unit: 'meals', updated: '2026-11-22T08:00:00.000Z' },
        },
      },
    ]);
  });

  const id = '33333333-3333-4333-8333-333333333333';
  const saying = (codes: Parameters<typeof attributesOf>[2]): Partial<HsdsService> => ({
    attributes: attributesOf(id, 'service', { service_type: 'FOOD', ...codes }),
  });

  it.each<[string, Partial<HsdsService>]>([
    ['ORGANIZATION_UNKNOWN', { organization_id: id }],
    ['SERVICE_TYPE_MISSING', { attributes: [] }],
    ['SERVICE_TYPE_MISSING', saying({ service_type: 'SAUNA' })],
    ['CODE_UNKNOWN', saying({ sex: ['FEMALE', 'WOMEN'] })],
    ['CODE_UNKNOWN', saying({ stage: ['SOON'] })],
    ['CODE_UNKNOWN', saying({ capacity_status: 'PLENTY' })],
    ['CAPACITY_UNREADABLE', { ...saying({ capacity_status: 'FULL', capacity_updated: 'lately' }), capacities: [] }],
    ['LANGUAGE_WITHOUT_CODE', { languages: [{ id, name: 'Spanish' }] }],
    ['AREA_WITHOUT_COUNTRY', { service_areas: [{ id, name: 'Petén' }] }],
    ['HOURS_UNREADABLE', { schedules: [{ id, byday: '2MO', opens_at: '09:00', closes_at: '10:00', freq: 'MONTHLY' }] }],
    ['HOURS_UNREADABLE', { schedules: [{ id, opens_at: '09:00', closes_at: '10:00' }] }],
    ['HOURS_UNREADABLE', { schedules: [{ id, byday: 'MO', opens_at: 'nine', closes_at: '10:00' }] }],
    ['HOURS_UNREADABLE', { schedules: [{ id, byday: 'MO', opens_at: '09:00' }] }],
  ])('refuses a service: %s, %j', (code, change) => {
    expect(readHsds(foreign({}, change)).services).toEqual([{ pointer: '/services/0', refusal: `HSDS.${code}` }]);
  });

  it('refuses an organisation or a contact that says what we do not know', () => {
    const nature = { attributes: attributesOf(id, 'organization', { agency_kind: 'ASYLUM', agency_nature: 'POLICE' }) };
    const [agency] = readHsds(foreign(nature)).agencies;
    expect(agency).toEqual({ pointer: '/organizations/0', refusal: 'HSDS.CODE_UNKNOWN' });
    const half = { attributes: attributesOf(id, 'organization', { participation: 'SOMETIMES' }) };
    expect(readHsds(foreign(half)).agencies).toEqual([{ pointer: '/organizations/0', refusal: 'HSDS.CODE_UNKNOWN' }]);
    const pointOf = (codes: Parameters<typeof attributesOf>[2], email?: string): unknown => {
      const contact = { id, ...(email !== undefined && { email }), attributes: attributesOf(id, 'contact', codes) };
      return readHsds(foreign({ contacts: [contact] })).focalPoints[0];
    };
    const pointer = '/organizations/0/contacts/0';
    expect(pointOf({ focal_point_role: 'ASYLUM' })).toEqual({ pointer, refusal: 'HSDS.CONTACT_EMPTY' });
    const nowhere = { focal_point_role: 'EXTRA_CONTINENTAL', origin_region: 'ATLANTIS' };
    expect(pointOf(nowhere, 'a@migrante.example')).toEqual({ pointer, refusal: 'HSDS.CODE_UNKNOWN' });
  });

  it('INV-05 reads whose authority an organisation is, whatever else it leaves out', () => {
    const attributes = attributesOf(id, 'organization', { agency_nature: 'CONSULATE', authority_of: 'HT' });
    expect(readHsds(foreign({ attributes })).agencies).toMatchObject([
      { entry: { kind: 'SERVICE_PROVIDER', nature: 'CONSULATE', authorityOf: 'HT' } },
    ]);
  });

  describe('INV-05 of whose organisation nothing is said', () => {
    const first = (document: HsdsDocument, listed: AgencyEntry | null = null): AgencyEntry => {
      const [read] = readHsds(document).agencies;
      if (read === undefined || !('entry' in read)) throw new RangeError('it is refused');
      return completedEntry(read.entry, listed);
    };
    const person = {
      ...({ nationalities: ['GT'], nationalityStatus: 'DECLARED', habitualResidence: null } as const),
      ...{ presentIn: 'CR', isAsylumOpen: true },
    };

    it('is an authority of the country of its address: told nothing of its nationals', () => {
      const entry = first(FOREIGN);
      expect(entry).toMatchObject({ nature: 'PUBLIC_AUTHORITY', authorityOf: 'GT', participation: 'LINK' });
      expect(isOfOrigin(entry, person)).toBe(true);
      expect(isOfOrigin(entry, { ...person, nationalities: ['HT'] })).toBe(false);
    });

    it.each([
      ['without an address', []],
      ['in several countries', ['GT', 'MX'].map((country) => ({ id, addresses: [{ id, country }] }))],
    ])('%s is one of an unknown State: told nothing of anybody', (_, locations) => {
      const entry = first(foreign({ locations }));
      expect(entry).toMatchObject({ nature: 'PUBLIC_AUTHORITY', authorityOf: null });
      for (const nationality of ['GT', 'HT']) {
        expect(isOfOrigin(entry, { ...person, nationalities: [nationality] })).toBe(true);
      }
    });

    it('is what the directory says, once it has said so: another import changes nothing', () => {
      const listed = { ...first(FOREIGN), nature: 'NGO', authorityOf: null } as const;
      expect(first(FOREIGN, listed)).toEqual(listed);
    });

    it('is what it says itself with our codes', () => {
      const said = { attributes: attributesOf(id, 'organization', { agency_kind: 'SERVICE_PROVIDER' }) };
      expect(first(foreign(said))).toMatchObject({ nature: 'NGO', authorityOf: null });
    });
  });

  it('reads languages in two letters, and says once what is said in both ways', () => {
    const languages = ['es', 'spa', 'ht', 'quc'].map((code) => ({ id, code }));
    expect(readHsds(foreign({}, { languages })).services).toMatchObject([
      { entry: { entry: { languages: ['spa', 'hat', 'quc'] } } },
    ]);
  });

  it('takes no text for one that is empty, and says once what is said twice', () => {
    const service = {
      ...{ description: '', eligibility_description: ' ', capacities: [] },
      languages: [
        { id, code: 'spa' },
        { id, code: 'spa' },
      ],
      service_areas: [{ id, name: '', extent: 'GT', extent_type: 'ISO 3166-1 alpha-2' }],
      ...saying({ sex: ['FEMALE', 'FEMALE'] }),
    };
    expect(readHsds(foreign({}, service)).services).toMatchObject([
      {
        entry: {
          entry: {
            ...{ description: null, languages: ['spa'], service_areas: [{ country: 'GT', name: null }] },
            eligibility: { eligibility_description: null, sexes: ['FEMALE'] },
          },
          capacity: null,
        },
      },
    ]);
  });

  it('takes an organisation in several countries for a regional one', () => {
    const address = (country: string) => ({ id, addresses: [{ id, country }] });
    expect(readHsds(foreign({ locations: [address('GT'), address('MX')] }))).toMatchObject({
      agencies: [{ entry: { jurisdiction: null } }],
      services: [{ entry: { entry: { service_areas: [] } } }],
    });
  });
});

describe('the schema', () => {
  it.each<[string, string, unknown]>([
    ['another version', '/version', { ...FOREIGN, version: '2.0' }],
    ['no services', '', { version: '3.0', organizations: [] }],
    ['an id that is none', '/organizations/0/id', foreign({ id: '1' })],
    ['no description', '/organizations/0', foreign({ description: undefined } as unknown as Partial<HsdsOrganization>)],
    ['another status', '/services/0/status', foreign({}, { status: 'open' } as unknown as Partial<HsdsService>)],
    [
      'half a place',
      '/services/0/capacities/0/available',
      foreign({}, { capacities: FOREIGN.services[0]?.capacities?.map((one) => ({ ...one, available: 0.5 })) ?? [] }),
    ],
  ])('refuses %s, and says where without the value', (_, pointer, document) => {
    const fault = hsdsFault(JSON.parse(JSON.stringify(document)));
    expect(fault?.pointer).toBe(pointer);
    expect(fault?.keyword).toMatch(/^[a-zA-Z]+$/);
  });

  it('leaves alone what HSDS has and we do not read', () => {
    expect(
      hsdsFault({ ...FOREIGN, organizations: [{ ...FOREIGN.organizations[0], tax_id: '1', website: 'x' }] }),
    ).toBeUndefined();
  });
});
