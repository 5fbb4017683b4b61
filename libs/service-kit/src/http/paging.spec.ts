import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestNode, type TestNode } from '@acogida/testing/node';
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
});
