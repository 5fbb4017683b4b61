import { randomUUID } from 'node:crypto';
import type { PostgresEventStore } from '@acogida/event-store';
import pg from 'pg';
import { migrate, onDatabase } from '../environment/databases.ts';
import { multiplyRows, type MultipliedTable, otherUuid } from '../environment/multiply-rows.ts';
import { openSealing } from './bench-sealing.ts';
import { closedLoop, type LoopCount, type LoopPlan } from './closed-loop.ts';
import { EVENTS_PER_APPEND, dataAt } from './sample-events.ts';
import { AGENCY, appendRequest, openStore, STORE_MIGRATIONS, STREAM_COUNTS_TABLE } from './store-ours.ts';

/** Events that are really appended; the rest are copies of their rows under other names. */
export const SEED_EVENTS = 10_000;
/** Events of each stream at the start. */
export const EVENTS_PER_STREAM = 10;

// As random as the names of the originals: a copy's name has its place anywhere in the index.
const OTHER_STREAM = (column: string): string => `'sample-' || ${otherUuid(`t.${column}`)}`;

const TABLES: readonly MultipliedTable[] = [
  { table: 'es.stream', distinct: { name: OTHER_STREAM('name') } },
  { table: 'es.event', distinct: { id: otherUuid('t.id'), stream: OTHER_STREAM('stream') } },
  {
    table: 'es.outbox',
    distinct: {
      ...{ event_id: otherUuid('t.event_id'), stream: OTHER_STREAM('stream') },
      number: `t.number + k * ${SEED_EVENTS}`,
    },
  },
  { table: 'bench_stream', distinct: { stream: OTHER_STREAM('stream') } },
];

/** A store that already holds many events, and appends to any of its streams. */
export interface GrownStore {
  append(plan: LoopPlan): Promise<LoopCount>;
  close(): Promise<void>;
}

async function seed(store: PostgresEventStore): Promise<void> {
  const append = async (): Promise<void> => {
    const stream = `sample-${randomUUID()}`;
    const data = Array.from({ length: EVENTS_PER_STREAM }, (_, index) => dataAt(index));
    await store.append(appendRequest(stream, 0, data));
  };
  await Promise.all(Array.from({ length: SEED_EVENTS / EVENTS_PER_STREAM }, append));
}

/** Takes streams at random, each by one worker only, so that no append waits for another. */
class StreamChoice {
  readonly #streams: readonly string[];
  readonly #versions = new Map<string, number>();
  readonly #workers: number;

  constructor(streams: readonly string[], workers: number) {
    this.#streams = streams;
    this.#workers = workers;
  }

  next(worker: number): { readonly stream: string; readonly version: number } {
    const own = Math.floor(this.#streams.length / this.#workers);
    const stream = this.#streams[Math.floor(Math.random() * own) * this.#workers + (worker % this.#workers)] ?? '';
    const version = this.#versions.get(stream) ?? EVENTS_PER_STREAM;
    this.#versions.set(stream, version + EVENTS_PER_APPEND);
    return { stream, version };
  }
}

/** Makes a store of `events` events: 10,000 appended, the others copied row by row. */
export async function openGrownStore(databaseUrl: string, events: number, workers: number): Promise<GrownStore> {
  await migrate(databaseUrl, STORE_MIGRATIONS);
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
  await pool.query(STREAM_COUNTS_TABLE);
  const store = openStore(pool, await openSealing('plain', pool, AGENCY));
  await seed(store);
  const streams = await onDatabase(databaseUrl, async (client) => {
    await client.query('UPDATE es.outbox SET number = outbox_id');
    await multiplyRows(client, TABLES, events / SEED_EVENTS - 1);
    await client.query('VACUUM ANALYZE');
    const { rows } = await client.query<{ name: string }>('SELECT name FROM es.stream');
    return rows.map((row) => row.name);
  });
  const choice = new StreamChoice(streams, workers);
  let place = 0;
  return {
    append: (plan) =>
      closedLoop(plan, (worker) => {
        const { stream, version } = choice.next(worker);
        const data = Array.from({ length: EVENTS_PER_APPEND }, () => dataAt(place++));
        return store.append(appendRequest(stream, version, data));
      }),
    close: async () => {
      await store.drain();
      await pool.end();
    },
  };
}
