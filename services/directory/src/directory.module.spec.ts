import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { contractDataFault, isContractType } from '@acogida/contracts';
import type { JsonObject } from '@acogida/core';
import { startTestNode, type TestNode } from '@acogida/testing/node';
import { directoryNode } from './directory.module.ts';

const COORDINATOR = { roles: ['coordinator'] } as const;
const AGENCY = { agencyId: 'cr-conatt', name: 'CONATT', kind: 'COUNTER_TRAFFICKING', jurisdiction: 'CR' };
/** What an entry says where the request left it out. */
const USUAL_AGENCY = {
  ...{ nature: 'PUBLIC_AUTHORITY', authorityOf: 'CR', participation: 'NODE', successor: null, languages: [] },
};
const USUAL_SERVICE = {
  ...{ description: null, status: 'ACTIVE', schedules: [], available: null, maximum: null, unit: null },
  eligibility: {
    ...{ minimum_age: null, maximum_age: null, sexes: [], nationalities: [], excluded_nationalities: [], stages: [] },
    eligibility_description: null,
  },
};
const PUBLIC_KEY = { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) };

let node: TestNode;

beforeAll(async () => {
  node = await startTestNode(directoryNode);
});

afterAll(() => node?.stop());

async function listAgency(agencyId: string, change: object = {}): Promise<void> {
  const reply = await node.post('/v1/agencies', { ...AGENCY, agencyId, ...change }, COORDINATOR);
  expect(reply.status).toBe(201);
}

describe('agencies', () => {
  it('are listed, renamed, suspended and closed', async () => {
    const key = { ...COORDINATOR, idempotencyKey: 'seed:cr-conatt' };
    const listed = await node.post('/v1/agencies', AGENCY, key);
    const body = { id: 'cr-conatt', agencyId: 'cr-conatt', version: 1, status: 'ACTIVE' };
    expect([listed.status, listed.body, listed.headers['etag']]).toEqual([201, body, '"1"']);
    const replayed = await node.post('/v1/agencies', AGENCY, key);
    expect([replayed.status, replayed.body, replayed.headers['idempotency-replayed']]).toEqual([201, body, 'true']);
    const { agencyId: _, ...entry } = AGENCY;
    await node.put('/v1/agencies/cr-conatt', { ...entry, name: 'Coalición' }, COORDINATOR);
    await node.put('/v1/agencies/cr-conatt/status', { status: 'SUSPENDED' }, COORDINATOR);
    const shown = await node.get('/v1/agencies/cr-conatt', COORDINATOR);
    expect(shown.body).toEqual({ ...AGENCY, ...USUAL_AGENCY, name: 'Coalición', status: 'SUSPENDED', version: 3 });
    expect(shown.headers['etag']).toBe('"3"');
    await node.put('/v1/agencies/cr-conatt/status', { status: 'ACTIVE' }, COORDINATOR);
    await node.put('/v1/agencies/cr-conatt/status', { status: 'CLOSED' }, COORDINATOR);
    const refused = await node.post('/v1/agencies', AGENCY, COORDINATOR);
    expect([refused.status, refused.body.code]).toEqual([409, 'DIRECTORY.AGENCY_CLOSED']);
  });

  it.each([
    ['agencies', ['a\0b']],
    ['agencies', ['a', 'b']],
    ['services', ['x']],
    ['focal-points', ['cr-conatt', 'REFERRALS']],
    ['keys', ['cr-conatt']],
    ['agreements', ['x']],
    ['clearance-authorities', ['CR']],
  ])('and the other lists refuse a page that they did not write: %s %j', async (list, key) => {
    const page = Buffer.from(JSON.stringify(key)).toString('base64url');
    const reply = await node.get(`/v1/${list}?page=${page}`, COORDINATOR);
    expect([reply.status, reply.body.code]).toEqual([400, 'VALIDATION_FAILED']);
  });

  it('are found in pages by id', async () => {
    for (const id of ['page-a', 'page-b', 'page-c']) await listAgency(id, { jurisdiction: null });
    const first = await node.get('/v1/agencies?limit=2', COORDINATOR);
    const next = /<([^>]+)>/.exec(first.headers['link'] ?? '')?.[1] ?? '';
    const second = await node.get(next, COORDINATOR);
    const ids = [...first.body.items, ...second.body.items].map((item: { agencyId: string }) => item.agencyId);
    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids).size).toBe(4);
  });

  it.each([
    ['/v1/agencies', AGENCY],
    ['/v1/services', {}],
    ['/v1/focal-points', {}],
    ['/v1/keys', {}],
    ['/v1/agreements', {}],
    ['/v1/hsds', {}],
  ])('POST %s is for coordinators only', async (path, body) => {
    expect((await node.post(path, body, { roles: ['caseworker', 'operator', 'auditor'] })).status).toBe(403);
  });

  it('answers 404 for an agency that is not listed', async () => {
    expect((await node.get('/v1/agencies/nobody', COORDINATOR)).status).toBe(404);
  });
});

describe('services', () => {
  it('are listed and their capacity updated', async () => {
    await listAgency('with-services');
    const entry = { agencyId: 'with-services', type: 'SHELTER', name: 'Albergue', languages: ['spa'], areas: ['CR'] };
    const listed = await node.post('/v1/services', { ...entry, capacity: 'AVAILABLE' }, COORDINATOR);
    expect(listed.status).toBe(201);
    const { serviceId } = listed.body as { serviceId: string };
    await node.put(`/v1/services/${serviceId}/capacity`, { capacity: 'FULL' }, COORDINATOR);
    const service_areas = [{ country: 'CR', name: null }];
    const told = { capacity: 'FULL', updated: expect.stringMatching(/^2\d{3}-.*Z$/) as unknown };
    const view = { serviceId, ...entry, ...USUAL_SERVICE, service_areas, ...told, version: 2 };
    expect((await node.get(`/v1/services/${serviceId}`, COORDINATOR)).body).toEqual(view);
    expect((await node.get('/v1/services?agencyId=with-services', COORDINATOR)).body).toEqual({ items: [view] });
  });

  it('need a listed agency', async () => {
    const body = { agencyId: 'nobody', type: 'FOOD', name: 'Comedor', languages: [], areas: [], capacity: 'FULL' };
    const reply = await node.post('/v1/services', body, COORDINATOR);
    expect([reply.status, reply.body.code]).toEqual([404, 'DIRECTORY.AGENCY_UNKNOWN']);
  });
});

describe('focal points and keys', () => {
  it('are designated and listed', async () => {
    await listAgency('with-keys');
    const point = { agencyId: 'with-keys', role: 'REFERRALS', contact: 'referencias@conatt.example' };
    expect((await node.post('/v1/focal-points', point, COORDINATOR)).status).toBe(201);
    await node.post('/v1/focal-points', { ...point, contact: '+506 2586 4000' }, COORDINATOR);
    const points = await node.get('/v1/focal-points?agencyId=with-keys', COORDINATOR);
    expect(points.body).toEqual({
      items: [{ ...point, contact: '+506 2586 4000', originRegion: null, languages: [] }],
    });
    const key = { agencyId: 'with-keys', keyId: 'with-keys-1', publicKey: PUBLIC_KEY, fromNumber: 1 };
    const listed = await node.post('/v1/keys', key, COORDINATOR);
    const body = { id: 'with-keys', agencyId: 'with-keys', keyId: 'with-keys-1', version: 4 };
    expect([listed.status, listed.body]).toEqual([201, body]);
    const keys = await node.get('/v1/keys?agencyId=with-keys', COORDINATOR);
    expect(keys.body).toEqual({ items: [{ ...key, use: 'SIGNING' }] });
  });

  it('refuse a private key, without repeating it', async () => {
    const body = { agencyId: 'cr-x', keyId: 'k', publicKey: { ...PUBLIC_KEY, d: 'hush' }, fromNumber: 1 };
    const reply = await node.post('/v1/keys', body, COORDINATOR);
    expect([reply.status, reply.body.code]).toEqual([400, 'VALIDATION_FAILED']);
    expect(reply.text).not.toContain('hush');
  });
});

describe('what is published', () => {
  it('is unsealed, fits its schema, and says the whole entry each time', async () => {
    const { rows } = await node.pool.query<{ data: string; key_id: string | null }>(
      'SELECT data, key_id FROM es.outbox ORDER BY outbox_id',
    );
    expect(rows.length).toBeGreaterThan(10);
    const payloads = rows.map(
      ({ data }) => JSON.parse(data) as { type: string; schemaVersion: number; caseId: null; data: JsonObject },
    );
    for (const { type, schemaVersion, caseId, data } of payloads) {
      expect(caseId).toBeNull();
      expect(isContractType(type) && contractDataFault(type, schemaVersion, data)).toBeUndefined();
    }
    expect(rows.every(({ key_id }) => key_id === null)).toBe(true);
    const statuses = payloads.filter(({ type, data }) => type === 'AgencyListed' && data['agencyId'] === 'cr-conatt');
    expect(statuses.map(({ data }) => data['status'])).toEqual(['ACTIVE', 'ACTIVE', 'SUSPENDED', 'ACTIVE', 'CLOSED']);
  });
});
