import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestNode, type TestNode } from '@acogida/testing/node';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pagingOf } from './paging.ts';
import { specimenNode } from '../testing/specimen-node.ts';

const roles = ['caseworker'] as const;
const ids: string[] = [];
let node: TestNode;

beforeAll(async () => {
  node = await startTestNode(specimenNode);
  for (let index = 0; index < 5; index += 1) {
    const { body } = await node.post('/v1/shelters', undefined, { roles });
    ids.push((body as { id: string }).id);
  }
  ids.sort();
});

afterAll(() => node.stop());

function nextOf(link: string | undefined): string | undefined {
  return /^<([^>]+)>; rel="next"$/.exec(link ?? '')?.[1];
}

describe('paging', () => {
  it('follows the Link header through every row once, keeping the rest of the query', async () => {
    const seen: string[] = [];
    let path: string | undefined = '/v1/shelters?limit=2&area=NORTH';
    const sizes: number[] = [];
    while (path !== undefined) {
      const reply = await node.get(path, { roles });
      const items = reply.body.items as { id: string }[];
      seen.push(...items.map((item) => item.id));
      sizes.push(items.length);
      path = nextOf(reply.headers['link']);
      if (path !== undefined) expect(path).toContain('area=NORTH');
    }
    expect(seen).toEqual(ids);
    expect(sizes).toEqual([2, 2, 1]);
  });

  it('gives no link when the last row fits exactly', async () => {
    const reply = await node.get('/v1/shelters?limit=5', { roles });
    expect(reply.body.items).toHaveLength(5);
    expect(reply.headers['link']).toBeUndefined();
  });

  it.each(['0', '201', 'x', '1.5'])('refuses limit=%s', async (limit) => {
    const reply = await node.get(`/v1/shelters?limit=${limit}`, { roles });
    expect([reply.status, reply.body.errors[0].pointer]).toEqual([400, '/limit']);
  });

  it.each(['x', Buffer.from('[]').toString('base64url'), Buffer.from('[1]').toString('base64url')])(
    'refuses a page that it did not write: %s',
    async (page) => {
      const reply = await node.get(`/v1/shelters?page=${page}`, { roles });
      expect([reply.status, reply.body.errors[0].code]).toEqual([400, 'PAGE_MALFORMED']);
    },
  );

  const forged = (key: unknown): string => Buffer.from(JSON.stringify(key)).toString('base64url');

  const uuid = 'a8098c1a-f86e-11da-bd1a-00112444be1e';

  it.each([{ key: ['x'] }, { key: [''] }, { key: ["1'; --"] }, { key: [uuid, uuid] }, { key: [`${uuid}0`] }])(
    'refuses a page whose key does not fit the list, before it reaches the database: $key',
    async ({ key }) => {
      const reply = await node.get(`/v1/shelters?page=${forged(key)}`, { roles });
      expect([reply.status, reply.body.code]).toEqual([400, 'VALIDATION_FAILED']);
      expect(reply.body.errors).toEqual([expect.objectContaining({ pointer: '/page', code: 'PAGE_MALFORMED' })]);
    },
  );

  describe('the key of the previous page', () => {
    const pagingAfter = (key: unknown) =>
      pagingOf(
        { query: key === undefined ? {} : { page: forged(key) }, url: '/' } as unknown as FastifyRequest,
        {} as FastifyReply,
      );

    it('is null on the first page', () => {
      expect(pagingAfter(undefined).after('uuid')).toBeNull();
    });

    it.each([
      ['uuid', 'A8098c1a-f86e-11da-bd1a-00112444be1e'],
      ['instant', '2026-02-28T23:59:59.999Z'],
      ['position', '123456789012345678'],
      ['text', 'cr-border-intake'],
    ] as const)('is given as %s: %s', (kind, part) => {
      expect(pagingAfter([part, 'b']).after(kind, 'text')).toEqual([part, 'b']);
    });

    it.each([
      ['uuid', 'a8098c1a'],
      ['instant', '2026-02-30T00:00:00.000Z'],
      ['instant', '2026-02-28'],
      ['instant', '0000-01-01T00:00:00.000Z'],
      ['instant', '+012026-01-01T00:00:00.000Z'],
      ['position', '-1'],
      ['position', '1234567890123456789'],
      ['text', 'a\0b'],
    ] as const)('is refused as %s: %j', (kind, part) => {
      expect(() => pagingAfter([part]).after(kind)).toThrow(expect.objectContaining({ status: 400 }));
    });
  });
});
