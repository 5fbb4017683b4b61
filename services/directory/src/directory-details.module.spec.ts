import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { contractDataFault, isContractType } from '@acogida/contracts';
import type { JsonObject } from '@acogida/core';
import { rebuildInlineProjections } from '@acogida/event-store';
import { startTestNode, type TestNode } from '@acogida/testing/node';
import { directoryNode } from './directory.module.ts';
import type { HsdsOrganization } from './hsds/hsds-document.ts';
import { FOREIGN } from './hsds/hsds-examples.ts';
import { hsdsFault } from './hsds/hsds-schema.ts';
import { directoryProjection } from './projections/directory.projection.ts';

const COORDINATOR = { roles: ['coordinator'] } as const;
const CASEWORKER = { roles: ['caseworker'] } as const;
const NOW = '2026-11-23T15:00:00.000Z';

let node: TestNode;

async function put(path: string, body: object): Promise<JsonObject> {
  const reply = await node.put(path, body, COORDINATOR);
  expect([path, reply.status]).toEqual([path, 200]);
  return reply.body as JsonObject;
}

async function post(path: string, body: object, status = 201): Promise<Record<string, string>> {
  const reply = await node.post(path, body, COORDINATOR);
  expect([path, reply.status]).toEqual([path, status]);
  return reply.body as Record<string, string>;
}

async function refused(method: 'put' | 'post', path: string, body: object): Promise<[number, string]> {
  const reply = await node[method](path, body, COORDINATOR);
  return [reply.status, reply.body.code as string];
}

const get = async (path: string): Promise<JsonObject> => (await node.get(path, CASEWORKER)).body as JsonObject;

const agency = (agencyId: string, more: object = {}): Promise<object> =>
  post('/v1/agencies', { agencyId, name: agencyId, kind: 'SERVICE_PROVIDER', jurisdiction: 'CR', ...more });

const ELIGIBILITY = { minimum_age: 18, sexes: ['FEMALE'] };
const HOURS = { byday: ['MO', 'TU'], opens_at: '08:00', closes_at: '16:00', timezone: 'America/Costa_Rica' };
const SHELTER = {
  ...{ agencyId: 'cr-shelter', type: 'SHELTER', name: 'Casa segura', languages: ['spa'], areas: ['CR'] },
  ...{ eligibility: ELIGIBILITY, schedules: [HOURS], description: 'Para mujeres' },
  ...{ capacity: 'AVAILABLE', available: 4, maximum: 12, updated: '2026-01-02T03:04:05Z' },
};
let shelterId: string;

beforeAll(async () => {
  node = await startTestNode(directoryNode, { clock: { now: () => NOW } });
  await agency('cr-border-intake', { kind: 'INTAKE' });
  await agency('cr-shelter', { languages: ['hat'] });
  await agency('mx-shelter', { jurisdiction: 'MX' });
  shelterId = (await post('/v1/services', SHELTER))['serviceId'] ?? '';
});

afterAll(() => node?.stop());

describe('an agency', () => {
  it('has its nature, State and participation, which a later request without them keeps', async () => {
    const consulate = { nature: 'CONSULATE', authorityOf: 'HT', participation: 'LINK', languages: ['fra', 'hat'] };
    await agency('ht-consulate', consulate);
    await put('/v1/agencies/ht-consulate', { name: 'Consulat', kind: 'SERVICE_PROVIDER', jurisdiction: 'CR' });
    expect(await get('/v1/agencies/ht-consulate')).toMatchObject({ name: 'Consulat', successor: null, ...consulate });
    const noState = { agencyId: 'a-consulate', name: 'A', kind: 'SERVICE_PROVIDER', jurisdiction: 'CR' };
    expect(await refused('post', '/v1/agencies', { ...noState, nature: 'CONSULATE' })).toEqual([
      ...[422, 'DIRECTORY.AUTHORITY_MISSING'],
    ]);
  });

  it('has a successor, also when it is closed', async () => {
    await agency('cr-closing');
    await put('/v1/agencies/cr-closing/status', { status: 'CLOSED' });
    await put('/v1/agencies/cr-closing/successor', { successor: 'cr-shelter' });
    expect(await get('/v1/agencies/cr-closing')).toMatchObject({ status: 'CLOSED', successor: 'cr-shelter' });
    await put('/v1/agencies/cr-closing/successor', { successor: null });
    expect(await get('/v1/agencies/cr-closing')).toMatchObject({ status: 'CLOSED', successor: null });
    const path = '/v1/agencies/cr-shelter/successor';
    expect(await refused('put', path, { successor: 'cr-closing' })).toEqual([404, 'DIRECTORY.SUCCESSOR_UNKNOWN']);
    expect(await refused('put', path, {})).toEqual([400, 'VALIDATION_FAILED']);
  });

  it('has extra-continental focal points by region of origin', async () => {
    const point = { agencyId: 'cr-border-intake', role: 'EXTRA_CONTINENTAL' };
    await post('/v1/focal-points', { ...point, contact: 'any@cr.example' });
    await post('/v1/focal-points', { ...point, contact: 'asia@cr.example', originRegion: 'ASIA', languages: ['eng'] });
    await post('/v1/focal-points', { ...point, contact: 'africa@cr.example', originRegion: 'AFRICA' });
    const contacts = async (query: string): Promise<unknown[]> => {
      const { items } = (await get(`/v1/focal-points?agencyId=cr-border-intake&${query}`)) as { items: JsonObject[] };
      return items.map(({ contact }) => contact);
    };
    expect(await contacts('role=EXTRA_CONTINENTAL')).toEqual([
      'any@cr.example',
      'africa@cr.example',
      'asia@cr.example',
    ]);
    expect(await contacts('origin=NP')).toEqual(['any@cr.example', 'asia@cr.example']);
    expect(await contacts('origin=VE')).toEqual(['any@cr.example']);
    expect(await contacts('role=ASYLUM')).toEqual([]);
    const first = await node.get('/v1/focal-points?limit=2', CASEWORKER);
    const next = /<([^>]+)>/.exec(first.headers['link'] ?? '')?.[1] ?? '';
    expect((await node.get(next, CASEWORKER)).body.items).toMatchObject([{ originRegion: 'ASIA', languages: ['eng'] }]);
    const wrong = { ...point, role: 'ASYLUM', contact: 'a@cr.example', originRegion: 'ASIA' };
    expect(await refused('post', '/v1/focal-points', wrong)).toEqual([422, 'DIRECTORY.REGION_NOT_OF_ROLE']);
  });
});

describe('a service', () => {
  it('has HSDS 3 names for whom it takes, when and where, and says since when it has its capacity', async () => {
    expect(await get(`/v1/services/${shelterId}`)).toEqual({
      ...{ serviceId: shelterId, version: 1, agencyId: 'cr-shelter', type: 'SHELTER', name: 'Casa segura' },
      ...{ languages: ['spa'], areas: ['CR'], description: 'Para mujeres', status: 'ACTIVE' },
      ...{ capacity: 'AVAILABLE', available: 4, maximum: 12, unit: 'places', updated: '2026-01-02T03:04:05.000Z' },
      service_areas: [{ country: 'CR', name: null }],
      eligibility: {
        ...{ ...ELIGIBILITY, maximum_age: null, nationalities: [], excluded_nationalities: [], stages: [] },
        eligibility_description: null,
      },
      schedules: [{ ...HOURS, valid_from: null, valid_to: null }],
    });
  });

  it('is revised as a whole', async () => {
    const { serviceId } = await post('/v1/services', { ...SHELTER, agencyId: 'mx-shelter' });
    const service_areas = [{ country: 'MX', name: 'Chiapas' }, { country: 'GT' }];
    const { eligibility: _, available: __, maximum: ___, ...rest } = { ...SHELTER, agencyId: 'mx-shelter' };
    const revision = {
      ...rest,
      capacity: 'WAITLIST',
      updated: NOW,
      areas: ['GT', 'MX'],
      service_areas,
      status: 'INACTIVE',
    };
    await put(`/v1/services/${serviceId}`, revision);
    expect(await get(`/v1/services/${serviceId}`)).toMatchObject({
      ...{ version: 2, status: 'INACTIVE', areas: ['MX', 'GT'], eligibility: { minimum_age: null, sexes: [] } },
      ...{ capacity: 'WAITLIST', available: null, maximum: null, unit: null, updated: NOW },
      service_areas: [
        { country: 'MX', name: 'Chiapas' },
        { country: 'GT', name: null },
      ],
    });
    expect(await refused('put', `/v1/services/${serviceId}`, { ...revision, areas: ['MX'] })).toEqual([
      ...[422, 'DIRECTORY.AREAS_DIFFER'],
    ]);
    const unknown = '00000000-0000-4000-8000-00000000dead';
    expect(await refused('put', `/v1/services/${unknown}`, revision)).toEqual([404, 'DIRECTORY.SERVICE_UNKNOWN']);
  });

  it('tells its capacity with its date, and not an older one', async () => {
    const path = `/v1/services/${shelterId}/capacity`;
    const told = await put(path, {
      capacity: 'AVAILABLE',
      available: 3,
      unit: 'beds',
      updated: '2026-11-23T09:00:00-05:00',
    });
    expect(told).toMatchObject({ capacity: 'AVAILABLE', updated: '2026-11-23T14:00:00.000Z' });
    expect(await get(`/v1/services/${shelterId}`)).toMatchObject({ available: 3, maximum: null, unit: 'beds' });
    expect(await refused('put', path, { capacity: 'FULL', updated: '2026-11-23T13:59:59Z' })).toEqual([
      ...[409, 'DIRECTORY.CAPACITY_OLDER'],
    ]);
    const full = { capacity: 'FULL', available: 1, unit: 'beds' };
    expect(await refused('put', path, full)).toEqual([422, 'DIRECTORY.CAPACITY_CONTRADICTS']);
  });

  it.each([
    ['an age', { eligibility: { minimum_age: -1 } }],
    ['a stage', { eligibility: { stages: ['SOON'] } }],
    ['a day', { schedules: [{ ...HOURS, byday: ['MON'] }] }],
    ['an area', { service_areas: [{ country: 'Costa Rica' }] }],
    ['an instant', { updated: 'today' }],
    ['a member', { eligibility: { shoe_size: 42 } }],
  ])('refuses %s that is none, without repeating it', async (_, change) => {
    const reply = await node.post('/v1/services', { ...SHELTER, ...change }, COORDINATOR);
    expect([reply.status, reply.body.code]).toEqual([400, 'VALIDATION_FAILED']);
    expect(reply.text).not.toMatch(/SOON|Costa Rica|today|shoe/);
  });
});

const AGREEMENT = {
  ...{ kind: 'DATA_SHARING', name: 'Intercambio', parties: ['cr-border-intake', 'mx-shelter'] },
  ...{ purposes: ['REFERRAL'], validFrom: '2026-01-01', validThrough: '2026-12-31' },
};

describe('agreements', () => {
  it('are listed with their dates, revised and suspended', async () => {
    const { agreementId } = await post('/v1/agreements', AGREEMENT);
    const path = `/v1/agreements/${agreementId}`;
    const view = { agreementId, version: 1, ...AGREEMENT, procedureVersion: null, suspended: false };
    expect(await get(path)).toEqual(view);
    await put(path, { ...AGREEMENT, validThrough: null });
    await put(`${path}/suspension`, { suspended: true });
    const now = { ...view, version: 3, validThrough: null, suspended: true };
    expect(await get(path)).toEqual(now);
    expect(await get('/v1/agreements?agencyId=mx-shelter')).toEqual({ items: [now] });
    expect(await get('/v1/agreements?agencyId=cr-shelter')).toEqual({ items: [] });
    await put(`${path}/suspension`, { suspended: false });
    expect(await get(path)).toMatchObject({ version: 4, suspended: false });
    await put(`${path}/suspension`, { suspended: true });
  });

  it('can be given a last day when a party has closed', async () => {
    await agency('cr-party');
    const terms = { ...AGREEMENT, parties: ['cr-party', 'cr-shelter'], validThrough: null };
    const { agreementId } = await post('/v1/agreements', terms);
    await put('/v1/agencies/cr-party/status', { status: 'CLOSED' });
    await put(`/v1/agreements/${agreementId}`, { ...terms, validThrough: '2026-11-30' });
    const joined = { ...terms, kind: 'DATA_SHARING', parties: ['cr-party', 'cr-shelter', 'cr-closing'] };
    expect(await refused('put', `/v1/agreements/${agreementId}`, joined)).toEqual([404, 'DIRECTORY.AGENCY_UNKNOWN']);
    expect(await refused('post', '/v1/agreements', terms)).toEqual([404, 'DIRECTORY.AGENCY_UNKNOWN']);
  });

  it('refuse parties that are not listed, and what is not there', async () => {
    const nobody = { ...AGREEMENT, parties: ['cr-shelter', 'nobody'] };
    expect(await refused('post', '/v1/agreements', nobody)).toEqual([404, 'DIRECTORY.AGENCY_UNKNOWN']);
    const path = '/v1/agreements/00000000-0000-4000-8000-00000000dead';
    expect((await node.get(path, CASEWORKER)).status).toBe(404);
    expect(await refused('put', `${path}/suspension`, { suspended: true })).toEqual([
      404,
      'DIRECTORY.AGREEMENT_UNKNOWN',
    ]);
  });
});

describe('clearance authorities', () => {
  it('are designated and withdrawn by jurisdiction', async () => {
    const path = '/v1/clearance-authorities/CR';
    await put(`${path}/cr-shelter`, { holds: ['TRAFFICKING_RISK', 'REFLECTION_PERIOD'] });
    await put(`${path}/cr-border-intake`, { holds: ['REFLECTION_PERIOD', 'TRAFFICKING_RISK', 'NEEDS_NOT_ASSESSED'] });
    await put(`${path}/cr-shelter`, { holds: [] });
    await put('/v1/clearance-authorities/MX/mx-shelter', { holds: ['ASYLUM_PENDING'] });
    const holds = ['NEEDS_NOT_ASSESSED', 'REFLECTION_PERIOD', 'TRAFFICKING_RISK'];
    const item = { jurisdiction: 'CR', agencyId: 'cr-border-intake', holds, version: 2 };
    expect(await get('/v1/clearance-authorities?jurisdiction=CR')).toEqual({ items: [item] });
    expect(await refused('put', `${path}/cr-border-intake`, { holds: [] })).toEqual([409, 'DIRECTORY.HOLD_UNANSWERED']);
    expect(await refused('put', `${path}/nobody`, { holds: ['ASYLUM_PENDING'] })).toEqual([
      ...[404, 'DIRECTORY.AGENCY_UNKNOWN'],
    ]);
    const first = await node.get('/v1/clearance-authorities?limit=1', CASEWORKER);
    const next = /<([^>]+)>/.exec(first.headers['link'] ?? '')?.[1] ?? '';
    expect((await node.get(next, CASEWORKER)).body.items).toMatchObject([
      { jurisdiction: 'MX', agencyId: 'mx-shelter' },
    ]);
  });
});

describe('who can take this referral', () => {
  const QUESTION = {
    ...{ service: 'SHELTER', country: 'CR', urgency: 'URGENT', from: 'cr-border-intake' },
    person: { sex: 'FEMALE', ageStatus: 'ADULT', nationalities: ['HT'], languages: ['hat'] },
  };
  const ask = async (change: object = {}): Promise<JsonObject[]> => {
    const reply = await node.post(
      '/v1/candidates',
      { ...QUESTION, ...change },
      { ...CASEWORKER, idempotencyKey: null },
    );
    expect(reply.status).toBe(200);
    return reply.body.candidates as JsonObject[];
  };

  it('is answered with who can, and the reasons why others cannot', async () => {
    const [first, ...others] = await ask();
    expect(first).toEqual({
      ...{ agencyId: 'cr-shelter', serviceId: shelterId, can: true, reasons: [], warnings: [], rank: 1 },
      capacityUpdated: '2026-11-23T14:00:00.000Z',
    });
    const reasons = ['NOT_ACTIVE', 'OUT_OF_AREA', 'NO_AGREEMENT'];
    expect(others).toMatchObject([{ agencyId: 'mx-shelter', can: false, rank: null, reasons }]);
  });

  it('is answered of the person who is asked for', async () => {
    const boy = { sex: 'MALE', ageStatus: 'DISPUTED', fromYears: 15, toYears: 20 };
    expect(await ask({ person: boy })).toMatchObject([
      { reasons: ['AGE', 'SEX'], warnings: ['INTERPRETER_NEEDED'] },
      {},
    ]);
    expect(await ask({ family: [boy] })).toMatchObject([{ can: true, warnings: ['SEPARATES_FAMILY'] }, {}]);
    expect(await ask({ exclude: ['cr-shelter'] })).toMatchObject([{ reasons: ['TRIED_BEFORE'] }, {}]);
    expect((await ask({ service: 'HEALTH' }))[0]).toMatchObject({ reasons: ['OTHER_SERVICE'] });
  });

  it('INV-05 never names who speaks for the country of origin', async () => {
    await put('/v1/agencies/cr-shelter', {
      ...{ name: 'cr-shelter', kind: 'SERVICE_PROVIDER', jurisdiction: 'CR', nature: 'CONSULATE', authorityOf: 'HT' },
    });
    expect(await ask()).toMatchObject([{ can: false }, { can: false }]);
    expect((await ask({ urgency: 'LIFE_SAVING' })).find(({ agencyId }) => agencyId === 'cr-shelter')).toMatchObject({
      ...{ can: false, reasons: ['DENIED_RECIPIENT'] },
    });
    await put('/v1/agencies/cr-shelter', {
      ...{ name: 'cr-shelter', kind: 'SERVICE_PROVIDER', jurisdiction: 'CR', nature: 'NGO', authorityOf: null },
    });
  });

  it('refuses a question that cannot be answered, and leaves no trace of one that can', async () => {
    const reply = await node.post('/v1/candidates', { ...QUESTION, person: { fullName: 'Marie' } }, CASEWORKER);
    expect([reply.status, reply.text.includes('Marie')]).toEqual([400, false]);
    expect((await node.post('/v1/candidates', QUESTION, { roles: ['import'] })).status).toBe(403);
    expect(node.logLines.join('\n')).not.toContain('nationalities');
  });
});

describe('HSDS', () => {
  it('goes out, and what went out changes nothing when it comes in', async () => {
    const document = await get('/v1/hsds');
    expect(hsdsFault(document)).toBeUndefined();
    const { organizations, services } = document as unknown as {
      organizations: HsdsOrganization[];
      services: object[];
    };
    expect([organizations.length, services.length]).toEqual([6, 2]);
    const answer = await post('/v1/hsds', document, 200);
    const closed = ['/organizations/1', '/organizations/2'].map((pointer) => ({
      pointer,
      code: 'DIRECTORY.AGENCY_CLOSED',
    }));
    expect(organizations.slice(1, 3).map(({ name }) => name)).toEqual(['cr-closing', 'cr-party']);
    expect(answer).toEqual({ changed: 0, unchanged: 4 + 3 + 2, refused: closed });
    const one = (await get('/v1/hsds?agencyId=cr-shelter')) as unknown as {
      organizations: object[];
      services: object[];
    };
    expect([one.organizations.length, one.services.length]).toEqual([1, 1]);
  });

  it('comes in from others, entry by entry', async () => {
    const stray = { ...FOREIGN.services[0], id: '22222222-2222-4222-8222-22222222222a', attributes: [] };
    const document = { ...FOREIGN, services: [...FOREIGN.services, stray] };
    const refusals = [{ pointer: '/services/1', code: 'HSDS.SERVICE_TYPE_MISSING' }];
    expect(await post('/v1/hsds', document, 200)).toEqual({ changed: 3, unchanged: 0, refused: refusals });
    expect(await post('/v1/hsds', document, 200)).toEqual({ changed: 0, unchanged: 3, refused: refusals });
    expect(await get('/v1/services/22222222-2222-4222-8222-222222222222')).toMatchObject({
      ...{ type: 'FOOD', areas: ['GT'], capacity: 'FULL', agencyId: 'org-casa-del-migrante-nino-jesus-11111111' },
    });
  });

  it('keeps what was said here since of what a document says nothing', async () => {
    const agencyId = 'org-casa-del-migrante-nino-jesus-11111111';
    const silent = { ...FOREIGN, services: FOREIGN.services.map(({ capacities: _, ...service }) => service) };
    await put(`/v1/agencies/${agencyId}`, {
      ...{ name: FOREIGN.organizations[0]?.name, kind: 'SERVICE_PROVIDER', jurisdiction: 'GT', participation: 'NODE' },
    });
    expect(await post('/v1/hsds', silent, 200)).toEqual({ changed: 0, unchanged: 3, refused: [] });
    expect(await get(`/v1/agencies/${agencyId}`)).toMatchObject({ participation: 'NODE' });
    expect(await get('/v1/services/22222222-2222-4222-8222-222222222222')).toMatchObject({ capacity: 'FULL' });
  });

  it('takes neither contacts nor services of an organisation that is refused', async () => {
    const before = [await get('/v1/focal-points'), await get('/v1/services')];
    const posing = {
      ...FOREIGN,
      organizations: FOREIGN.organizations.map((one) => ({
        ...{ ...one, email: 'other@migrante.example' },
        organization_identifiers: [
          { id: one.id, identifier_scheme: 'acogida', identifier_type: 'agency', identifier: 'cr-border-intake' },
        ],
      })),
      services: FOREIGN.services.map((one) => ({ ...one, id: '22222222-2222-4222-8222-22222222222b' })),
    };
    expect(await post('/v1/hsds', posing, 200)).toEqual({
      ...{ changed: 0, unchanged: 0 },
      refused: [
        { pointer: '/organizations/0', code: 'DIRECTORY.MANDATE_FIXED' },
        { pointer: '/organizations/0', code: 'HSDS.ORGANIZATION_REFUSED' },
        { pointer: '/services/0', code: 'HSDS.ORGANIZATION_REFUSED' },
      ],
    });
    expect([await get('/v1/focal-points'), await get('/v1/services')]).toEqual(before);
  });

  it('is refused as a whole where it is none, without a value of it', async () => {
    const broken = { ...FOREIGN, organizations: [{ ...FOREIGN.organizations[0], email: 'Maria' }] };
    const reply = await node.post('/v1/hsds', broken, COORDINATOR);
    expect([reply.status, reply.body.errors]).toEqual([
      400,
      [{ pointer: '/organizations/0/email', code: 'FORMAT', message: 'not as HSDS 3 has it' }],
    ]);
    expect(reply.text).not.toContain('Maria');
  });
});

describe('what is published', () => {
  it('fits its schema, says the whole entry each time, and is of the directory’s five types', async () => {
    const { rows } = await node.pool.query<{ data: string }>('SELECT data FROM es.outbox ORDER BY outbox_id');
    const payloads = rows.map(
      ({ data }) => JSON.parse(data) as { type: string; schemaVersion: number; data: JsonObject },
    );
    for (const { type, schemaVersion, data } of payloads) {
      expect(isContractType(type) && contractDataFault(type, schemaVersion, data)).toBeUndefined();
    }
    expect([...new Set(payloads.map(({ type }) => type))].sort()).toEqual([
      ...['AgencyListed', 'AgreementListed', 'ClearanceAuthoritiesListed', 'FocalPointDesignated', 'ServiceListed'],
    ]);
    const last = payloads.filter(({ type }) => type === 'ClearanceAuthoritiesListed').map(({ data }) => data);
    expect(last.map(({ authorities }) => (authorities as object[]).length)).toEqual([1, 2, 1, 1]);
  });
});

describe('the read models', () => {
  it('are the same after a rebuild, whatever the size of its pages', async () => {
    const tables = ['agency', 'focal_point', 'key', 'service', 'agreement', 'clearance_authority'];
    const contents = (): Promise<unknown[]> =>
      Promise.all(
        tables.map(async (table) => (await node.pool.query(`SELECT * FROM directory_${table} ORDER BY 1, 2, 3`)).rows),
      );
    const before = await contents();
    expect(before.map((rows) => (rows as unknown[]).length)).toEqual([7, 4, 0, 3, 2, 2]);
    await rebuildInlineProjections(node.node.runtime.store, [directoryProjection], node.pool);
    expect(await contents()).toEqual(before);
  });
});
