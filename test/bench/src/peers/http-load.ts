import { randomUUID } from 'node:crypto';
import { Pool } from 'undici';
import type { Peer } from '../process/peer.ts';
import { closedLoop } from './closed-loop.ts';

/** Where commands go. */
export interface HttpTarget {
  readonly url: string;
  readonly token: string;
}

const BODY = JSON.stringify({
  ...{ place: 'CR-PENAS-BLANCAS', channel: 'BORDER', contactedOn: '2026-11-20' },
  ...{ entryMode: 'IRREGULAR', entryOn: '2026-11-19' },
});

/** One command; resolves with its status when the whole answer was read. */
function send(pool: Pool, token: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let status = 0;
    pool.dispatch(
      {
        ...{ method: 'POST', path: '/v1/cases', body: BODY },
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'idempotency-key': randomUUID(),
        },
      },
      {
        onRequestStart: () => {},
        onResponseStart: (_controller, statusCode) => {
          status = statusCode;
        },
        onResponseData: () => {},
        onResponseEnd: () => resolve(status),
        onResponseError: (_controller, error) => reject(error),
      },
    );
  });
}

/** Sends commands over kept-alive connections, one at a time on each. @throws Error an answer was not 201 */
export async function open(): Promise<Peer> {
  const pools = new Map<string, Pool>();
  return {
    operations: {
      run: async ({ url, token, inFlight, durationMs }: HttpTarget & { inFlight: number; durationMs: number }) => {
        const pool = pools.get(url) ?? new Pool(url, { connections: inFlight, pipelining: 1 });
        pools.set(url, pool);
        return closedLoop({ inFlight, durationMs }, async () => {
          const status = await send(pool, token);
          if (status !== 201) throw new Error(`a command was answered ${status}`);
        });
      },
      cpu: async () => process.cpuUsage(),
    },
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
}
