import { createServer, type Server } from 'node:http';
import { listenWithinReach } from '@acogida/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ApiClient, RefusedError } from './api-client.ts';
import { UnreachableError } from './retrying.ts';
import type { RunFile } from './run-file.ts';

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

/** A node that gives these answers, one per request, and then the last one again. */
async function nodeAnswering(
  ...answers: { status: number; body?: object; headers?: Record<string, string> }[]
): Promise<{ run: RunFile; seen: { token: string; key: unknown }[] }> {
  const seen: { token: string; key: unknown }[] = [];
  server = createServer((request, response) => {
    const answer = answers[Math.min(seen.length, answers.length - 1)];
    seen.push({ token: request.headers.authorization ?? '', key: request.headers['idempotency-key'] });
    response.writeHead(answer?.status ?? 200, answer?.headers).end(JSON.stringify(answer?.body ?? {}));
  });
  const port = await listenWithinReach(server);
  return { run: { nodes: [{ agencyId: 'a', url: `http://127.0.0.1:${port}` }] } as unknown as RunFile, seen };
}

const tokens = { token: async (_: string, role: string, renew?: boolean) => `${role}${renew === true ? '-new' : ''}` };
const request = {
  agency: 'a',
  role: 'import',
  method: 'POST',
  path: '/v1/cases',
  body: {},
  idempotencyKey: 'k',
} as const;

function clientOf(run: RunFile, patienceMs = 5_000): ApiClient {
  return new ApiClient(run, tokens, { patienceMs, firstDelayMs: 1 });
}

describe('ApiClient', () => {
  it('hands over body, token and key, and says whether the answer was a replay', async () => {
    const { run, seen } = await nodeAnswering({
      status: 201,
      body: { id: 'x' },
      headers: { 'idempotency-replayed': 'true', link: '</v1/cases?page=2>; rel="next"' },
    });
    expect(await clientOf(run).call(request)).toEqual({
      status: 201,
      body: { id: 'x' },
      replayed: true,
      next: '/v1/cases?page=2',
    });
    expect(seen).toEqual([{ token: 'Bearer import', key: 'k' }]);
  });

  it.each([503, 429, 502, 500])('tries again after %i', async (status) => {
    const { run, seen } = await nodeAnswering({ status }, { status: 200 });
    expect((await clientOf(run).call(request)).status).toBe(200);
    expect(seen).toHaveLength(2);
  });

  it('tries again while the keys of a receiver may be on their way, and says so when they do not come', async () => {
    const unready = { status: 409, body: { code: 'REFERRAL.RECEIVER_UNREADY', detail: 'no key' } };
    const late = await nodeAnswering(...Array.from({ length: 8 }, () => unready), { status: 200 });
    expect((await clientOf(late.run).call(request)).status).toBe(200);
    server?.close();
    const never = await nodeAnswering(unready);
    const client = new ApiClient(never.run, tokens, { patienceMs: 5_000, firstDelayMs: 1, longestDelayMs: 1 });
    await expect(client.call(request)).rejects.toMatchObject({ status: 409, code: 'REFERRAL.RECEIVER_UNREADY' });
    expect(never.seen).toHaveLength(12);
  });

  it('tries again after a lost race over a stream, not after a rule said no', async () => {
    const race = await nodeAnswering({ status: 409, body: { code: 'CONCURRENT_CHANGE' } }, { status: 200 });
    expect((await clientOf(race.run).call(request)).status).toBe(200);
    server?.close();
    const rule = await nodeAnswering({ status: 409, body: { code: 'SCREENING.SAFETY_FIRST', detail: 'first' } });
    await expect(clientOf(rule.run).call(request)).rejects.toMatchObject({
      name: 'RefusedError',
      status: 409,
      code: 'SCREENING.SAFETY_FIRST',
      message: 'first',
    });
    expect(rule.seen).toHaveLength(1);
  });

  it('asks for a new token once when the old one is not accepted', async () => {
    const { run, seen } = await nodeAnswering({ status: 401 }, { status: 200 });
    await clientOf(run).call(request);
    expect(seen.map(({ token }) => token)).toEqual(['Bearer import', 'Bearer import-new']);
    server?.close();
    const never = await nodeAnswering({ status: 401, body: { code: 'AUTH.TOKEN_INVALID' } });
    await expect(clientOf(never.run).call(request)).rejects.toThrow(RefusedError);
  });

  it('says that a node is away when its patience is over', async () => {
    const run = { nodes: [{ agencyId: 'a', url: 'http://127.0.0.1:1' }] } as unknown as RunFile;
    await expect(clientOf(run, 20).call(request)).rejects.toThrow(UnreachableError);
  });
});
