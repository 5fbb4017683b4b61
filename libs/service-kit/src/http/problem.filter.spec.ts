import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestNode, type TestNode } from '@acogida/testing/node';
import { specimenNode } from '../testing/specimen-node.ts';

const CANARY = 'María Pérez';
const UUID = '6e0a7a5e-5d53-4c26-9a0e-4d7d3a1d8f10';
const roles = ['caseworker'] as const;
let node: TestNode;

beforeAll(async () => {
  node = await startTestNode(specimenNode, { logLevel: 'trace' });
});

afterAll(() => node.stop());

function expectProblem(reply: Awaited<ReturnType<TestNode['get']>>, status: number, code: string): void {
  expect([reply.status, reply.body.code]).toEqual([status, code]);
  expect(reply.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  expect(reply.headers['x-correlation-id']).toBe(reply.body.correlationId);
  expect(reply.body).toMatchObject({
    type: `urn:acogida:problem:${code}`,
    title: expect.any(String),
    status,
    correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  expect(reply.text).not.toContain(CANARY);
}

describe('problem+json', () => {
  it.each([
    ['invalid', 422],
    ['conflict', 409],
    ['forbidden', 403],
    ['not-found', 404],
    ['gone', 410],
  ])('answers a rule that refuses with kind %s by %i', async (kind, status) => {
    const reply = await node.put(`/v1/shelters/${UUID}/refusal`, { kind }, { roles });
    expectProblem(reply, status, 'SHELTER.REFUSED');
    expect(reply.body.detail).toBe('the shelter refuses');
    expect(reply.body.details).toEqual({ rule: 'specimen' });
  });

  it('points at each property that does not fit and repeats no value', async () => {
    const body = { by: CANARY, address: { area: CANARY }, surname: CANARY, [CANARY]: 1 };
    const reply = await node.post(`/v1/shelters/${UUID}/beds`, body, { roles });
    expectProblem(reply, 400, 'VALIDATION_FAILED');
    expect(reply.body.errors).toEqual(
      expect.arrayContaining([
        { pointer: '/by', code: expect.any(String), message: expect.any(String) },
        { pointer: '/address/area', code: 'IS_IN', message: 'area must be one of the following values: NORTH, SOUTH' },
        { pointer: '', code: 'UNKNOWN_PROPERTY', message: expect.any(String) },
      ]),
    );
    expect(reply.text).not.toContain('surname'); // a name that was typed in, like a value
  });

  it.each([
    ['no body', undefined, '/by'],
    ['an empty object', {}, '/by'],
    ['an array', [], ''],
    ['a string', '"text"', ''],
  ])('refuses %s where an object is needed', async (_, body, pointer) => {
    const reply = await node.post(`/v1/shelters/${UUID}/beds`, body, { roles });
    expectProblem(reply, 400, 'VALIDATION_FAILED');
    expect(reply.body.errors[0].pointer).toBe(pointer);
  });

  it('refuses JSON that cannot be read', async () => {
    expectProblem(
      await node.post(`/v1/shelters/${UUID}/beds`, `{"by": ${CANARY}`, { roles }),
      400,
      'REQUEST_MALFORMED',
    );
  });

  it.each([
    ['half a character', String.raw`{"by": 1, "note": "\ud800"}`],
    ['a depth that nothing needs', `{"by": 1, "note": ${'['.repeat(60_000)}${']'.repeat(60_000)}}`],
  ])('refuses a body with %s', async (_, body) => {
    const reply = await node.post(`/v1/shelters/${UUID}/beds`, body, { roles });
    expect(reply.status).toBe(400);
  });

  it('refuses a prototype in JSON', async () => {
    const reply = await node.post(`/v1/shelters/${UUID}/beds`, '{"by":1,"__proto__":{"by":2}}', { roles });
    expectProblem(reply, 400, 'REQUEST_MALFORMED');
  });

  it('refuses a body larger than 256 KiB', async () => {
    const body = { by: 1, note: 'x'.repeat(256 * 1024) };
    expectProblem(await node.post(`/v1/shelters/${UUID}/beds`, body, { roles }), 413, 'PAYLOAD_TOO_LARGE');
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml'])(
    'refuses a body of type %s',
    async (type) => {
      const reply = await node.post(`/v1/shelters/${UUID}/beds`, 'by=1', { roles, headers: { 'content-type': type } });
      expectProblem(reply, 415, 'UNSUPPORTED_MEDIA_TYPE');
    },
  );

  it('answers an unknown route, without repeating it', async () => {
    expectProblem(
      await node.get(`/v1/${encodeURIComponent(CANARY)}?name=${encodeURIComponent(CANARY)}`, { roles }),
      404,
      'NOT_FOUND',
    );
  });

  it('answers an unknown thing with the code of its query', async () => {
    expectProblem(await node.get(`/v1/shelters/${UUID}`, { roles }), 404, 'SHELTER.UNKNOWN');
  });

  it('refuses an id that is no UUID', async () => {
    const reply = await node.get('/v1/shelters/12', { roles });
    expectProblem(reply, 400, 'VALIDATION_FAILED');
    expect(reply.body.errors).toEqual([{ pointer: '', code: 'IS_UUID', message: 'an id in the path must be a UUID' }]);
  });

  it('refuses an unknown query parameter', async () => {
    const reply = await node.get('/v1/shelters?area=EAST&name=x', { roles });
    expectProblem(reply, 400, 'VALIDATION_FAILED');
    expect(reply.body.errors.map((error: { pointer: string }) => error.pointer).sort()).toEqual(['', '/area']);
  });

  it.each([
    ['cannot be decoded', 400, 'REQUEST_MALFORMED', '%E0%A4%A'],
    ['has a part that is too long', 414, 'PATH_TOO_LONG', 'x'.repeat(200)],
  ])('answers a path that %s without repeating it', async (_, status, code, part) => {
    const reply = await node.get(`/v1/shelters/zoila${part}`, { roles });
    expectProblem(reply, status, code);
    expect(reply.text).not.toContain('zoila');
    expect(reply.headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  });

  it('answers the unexpected with a correlation id and nothing else', async () => {
    const reply = await node.get('/v1/shelters/failure', { roles });
    expectProblem(reply, 500, 'INTERNAL');
    expect(Object.keys(reply.body).sort()).toEqual(['code', 'correlationId', 'status', 'title', 'type']);
  });

  it('takes a correlation id that is a UUID and no other', async () => {
    const taken = await node.get(`/v1/shelters/${UUID}`, { roles, headers: { 'x-correlation-id': UUID } });
    const refused = await node.get(`/v1/shelters/${UUID}`, { roles, headers: { 'x-correlation-id': CANARY } });
    expect(taken.body.correlationId).toBe(UUID);
    expectProblem(refused, 404, 'SHELTER.UNKNOWN');
  });
});

describe('the log', () => {
  it('holds no identity, token, subject, query or body, but the route template and the correlation id', async () => {
    const correlationId = 'a1b0c3d4-1111-4222-8333-444455556666';
    const token = await node.network.token({ agency: node.agencyId, roles: ['caseworker'], subject: CANARY });
    const query = encodeURIComponent(CANARY);
    await node.post(`/v1/shelters/${UUID}/beds`, { by: CANARY }, { token });
    await node.get(`/v1/shelters?page=${query}`, { token });
    await node.get('/v1/shelters/failure', { token, headers: { 'x-correlation-id': correlationId } });
    const text = node.logLines.join('');
    for (const canary of [CANARY, query, token, token.split('.')[1] ?? '', 'Mar', 'authorization']) {
      expect(text).not.toContain(canary);
    }
    const lines = node.logLines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toContainEqual(
      expect.objectContaining({
        correlationId,
        method: 'GET',
        route: '/v1/shelters/failure',
        status: 500,
        agency: node.agencyId,
      }),
    );
    expect(lines.map((line) => line['route'])).toContain('/v1/shelters/:id/beds');
    const failure = lines.find((line) => line['msg'] === 'INTERNAL' && line['correlationId'] === correlationId);
    expect(failure?.['failure']).toMatchObject({ code: '22P02', frames: expect.any(Array) });
  });
});
