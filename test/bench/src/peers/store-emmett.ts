import { randomUUID } from 'node:crypto';
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import pg from 'pg';
import type { Peer } from '../process/peer.ts';
import { closedLoop, type LoopPlan, timedLoop } from './closed-loop.ts';
import { dataAt, StreamTurns } from './sample-events.ts';

/** Emmett on a database of its own: expected versions and its global order; no chain, no outbox, no read model. */
export async function open({ databaseUrl, poolSize }: { databaseUrl: string; poolSize: number }): Promise<Peer> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: poolSize });
  const store = getPostgreSQLEventStore(databaseUrl, { connectionOptions: { pooled: true, pool } });
  await store.schema.migrate();
  const turns = new StreamTurns(() => `sample-${randomUUID()}`);
  const stream = `sample-${randomUUID()}`;
  const eventOf = (index: number) => ({ type: 'StepTaken', data: dataAt(index) });
  return {
    operations: {
      append: (plan: LoopPlan) =>
        closedLoop(plan, (worker) => {
          const { stream: name, version, data } = turns.next(worker);
          return store.appendToStream(
            name,
            data.map((facts) => ({ type: 'StepTaken', data: facts })),
            { expectedStreamVersion: version === 0 ? 'STREAM_DOES_NOT_EXIST' : BigInt(version) },
          );
        }),
      writeStream: async (length: number) => {
        await store.appendToStream(
          stream,
          Array.from({ length }, (_, index) => eventOf(index)),
        );
      },
      readStream: (durationMs: number) => timedLoop(durationMs, () => store.readStream(stream)),
    },
    close: async () => {
      await store.close();
      if (!pool.ended) await pool.end();
    },
  };
}
