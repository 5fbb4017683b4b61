import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestNode, type TestNode } from '@acogida/testing/node';
import { specimenNode } from '../testing/specimen-node.ts';

const roles = ['caseworker'] as const;
let node: TestNode;

beforeAll(async () => {
  node = await startTestNode(specimenNode);
});

afterAll(() => node.stop());

async function openShelter(): Promise<string> {
  const { body } = await node.post('/v1/shelters', undefined, { roles });
  return (body as { id: string }).id;
}

describe('a command', () => {
  it('answers with status, version as ETag, and location', async () => {
    const reply = await node.post('/v1/shelters', undefined, { roles });
    expect(reply.status).toBe(201);
    expect(reply.headers['etag']).toBe('"1"');
    expect(reply.headers['location']).toBe(`/v1/shelters/${reply.body.id}`);
    expect(reply.headers['idempotency-replayed']).toBeUndefined();
    expect(reply.body).toEqual({ id: expect.any(String), version: 1 });
  });

  it.each([
    ['missing', null],
    ['too long', 'x'.repeat(129)],
    ['not printable', 'a\tb'],
  ])('is refused when its Idempotency-Key is %s', async (_, idempotencyKey) => {
    const reply = await node.post('/v1/shelters', undefined, { roles, idempotencyKey });
    expect([reply.status, reply.body.code]).toEqual([400, 'IDEMPOTENCY_KEY_REQUIRED']);
  });

  it('answers a repeated request with the kept reply and does nothing more', async () => {
    const first = await node.post('/v1/shelters', undefined, { roles, idempotencyKey: 'open-twice' });
    const second = await node.post('/v1/shelters', undefined, { roles, idempotencyKey: 'open-twice' });
    expect(second.status).toBe(201);
    expect(second.body).toEqual(first.body);
    expect(second.headers['etag']).toBe('"1"');
    expect(second.headers['location']).toBe(first.headers['location']);
    expect(second.headers['idempotency-replayed']).toBe('true');
  });

  it('keeps the reply of a command that changed nothing', async () => {
    const id = await openShelter();
    const first = await node.post(`/v1/shelters/${id}/beds`, { by: 0 }, { roles, idempotencyKey: 'nothing' });
    await node.post(`/v1/shelters/${id}/beds`, { by: 5 }, { roles });
    const again = await node.post(`/v1/shelters/${id}/beds`, { by: 0 }, { roles, idempotencyKey: 'nothing' });
    expect(again.body).toEqual(first.body);
    expect(again.headers['idempotency-replayed']).toBe('true');
  });

  it('refuses the key for another body, another path or another method', async () => {
    const id = await openShelter();
    await node.post(`/v1/shelters/${id}/beds`, { by: 1 }, { roles, idempotencyKey: 'once' });
    const body = await node.post(`/v1/shelters/${id}/beds`, { by: 2 }, { roles, idempotencyKey: 'once' });
    const path = await node.post('/v1/shelters', undefined, { roles, idempotencyKey: 'once' });
    const method = await node.put(`/v1/shelters/${id}/refusal`, { kind: 'invalid' }, { roles, idempotencyKey: 'once' });
    for (const reply of [body, path, method]) {
      expect([reply.status, reply.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    }
  });

  it('treats a body as the same whatever the order of its properties', async () => {
    const id = await openShelter();
    const address = { area: 'NORTH' };
    await node.post(`/v1/shelters/${id}/beds`, { by: 1, address }, { roles, idempotencyKey: 'order' });
    const again = await node.post(`/v1/shelters/${id}/beds`, { address, by: 1 }, { roles, idempotencyKey: 'order' });
    expect(again.headers['idempotency-replayed']).toBe('true');
  });

  it('keeps the keys of different people apart', async () => {
    const id = await openShelter();
    const other = await node.network.token({ agency: node.agencyId, roles: ['caseworker'], subject: 'somebody else' });
    await node.post(`/v1/shelters/${id}/beds`, { by: 1 }, { roles, idempotencyKey: 'shared' });
    const reply = await node.post(`/v1/shelters/${id}/beds`, { by: 7 }, { token: other, idempotencyKey: 'shared' });
    expect(reply.status).toBe(200);
    expect(reply.body.beds).toBe(8);
  });

  it('keeps them apart also when one name and key read like the other', async () => {
    const id = await openShelter();
    const [short, long] = await Promise.all(
      ['ana', 'ana:luz'].map((subject) =>
        node.network.token({ agency: node.agencyId, roles: ['caseworker'], subject }),
      ),
    );
    const path = `/v1/shelters/${id}/beds`;
    await node.post(path, { by: 1 }, { token: short as string, idempotencyKey: 'luz:key' });
    const reply = await node.post(path, { by: 7 }, { token: long as string, idempotencyKey: 'key' });
    expect([reply.status, reply.body.beds]).toEqual([200, 8]);
  });

  it('takes effect once when the same request races itself', async () => {
    const id = await openShelter();
    const replies = await Promise.all(
      Array.from({ length: 8 }, () =>
        node.post(`/v1/shelters/${id}/beds`, { by: 1 }, { roles, idempotencyKey: 'race' }),
      ),
    );
    expect(replies.map((reply) => reply.status)).toEqual(Array(8).fill(200));
    expect(replies.map((reply) => reply.body)).toEqual(Array(8).fill({ id, version: 2, beds: 1 }));
    expect(replies.filter((reply) => reply.headers['idempotency-replayed'] === undefined)).toHaveLength(1);
  });

  it('opens one shelter when the request that makes its id races itself', async () => {
    const replies = await Promise.all(
      Array.from({ length: 4 }, () => node.post('/v1/shelters', undefined, { roles, idempotencyKey: 'race-open' })),
    );
    expect(new Set(replies.map((reply) => reply.body.id)).size).toBe(1);
  });

  it('is decided anew after a refusal: only what was done is kept', async () => {
    const id = await openShelter();
    const refused = await node.post(`/v1/shelters/${id}/beds`, { by: -1 }, { roles, idempotencyKey: 'later' });
    await node.post(`/v1/shelters/${id}/beds`, { by: 3 }, { roles });
    const accepted = await node.post(`/v1/shelters/${id}/beds`, { by: -1 }, { roles, idempotencyKey: 'later' });
    expect([refused.status, accepted.status]).toEqual([409, 200]);
  });

  it('records actor and correlation id beside the event', async () => {
    const correlationId = '0d7c5a52-6f0f-4f3a-9a43-0d5b0c6f9a11';
    const { body } = await node.post('/v1/shelters', undefined, {
      roles,
      headers: { 'x-correlation-id': correlationId },
    });
    const [event] = await node.node.runtime.store.readStream(`shelter-${body.id}`);
    expect(event?.metadata).toEqual({ actor: `${node.agencyId}.caseworker`, correlationId, causation: null });
  });
});

describe('If-Match', () => {
  it('lets a command pass on the version that was seen', async () => {
    const id = await openShelter();
    const reply = await node.post(`/v1/shelters/${id}/beds`, { by: 1 }, { roles, headers: { 'if-match': '"1"' } });
    expect([reply.status, reply.headers['etag']]).toEqual([200, '"2"']);
  });

  it('answers 412 when it has changed since', async () => {
    const id = await openShelter();
    const reply = await node.post(`/v1/shelters/${id}/beds`, { by: 1 }, { roles, headers: { 'if-match': '"7"' } });
    expect([reply.status, reply.body.code]).toEqual([412, 'VERSION_MISMATCH']);
  });

  it('answers 400 when it is not one strong tag', async () => {
    const id = await openShelter();
    const reply = await node.post(`/v1/shelters/${id}/beds`, { by: 1 }, { roles, headers: { 'if-match': 'W/"1"' } });
    expect([reply.status, reply.body.code]).toEqual([400, 'IF_MATCH_MALFORMED']);
  });
});
