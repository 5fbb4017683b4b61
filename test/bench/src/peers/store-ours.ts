import { randomUUID } from 'node:crypto';
import type { Clock, JsonObject } from '@acogida/core';
import {
  type AnyProcedure,
  eventStoreMigrations,
  HybridClockSource,
  type InlineProjection,
  type NewEvent,
  PostgresEventStore,
} from '@acogida/event-store';
import { DevelopmentSealer } from '@acogida/sealing';
import pg from 'pg';
import { migrate } from '../environment/databases.ts';
import type { Peer } from '../process/peer.ts';
import { closedLoop, type LoopPlan, timedLoop } from './closed-loop.ts';
import { dataAt, StreamTurns } from './sample-events.ts';

const AGENCY = 'cr-border-intake';
const clock: Clock = { now: () => new Date().toISOString() };

/** A procedure whose streams the bench writes; nothing is decided here. */
export const SAMPLE_PROCEDURE: AnyProcedure = {
  name: 'sample',
  decider: { initialState: null, decide: () => [], evolve: (state: unknown) => state },
  versions: { StepTaken: 1 },
  upcasters: [],
  publish: () => null,
  caseOf: () => null,
};

/** One row per stream: the inline read model that every append keeps. */
export const streamCounts: InlineProjection = {
  name: 'bench-stream',
  apply: async (events, transaction) => {
    await transaction.query({
      name: 'bench-stream',
      text: `INSERT INTO bench_stream SELECT stream, count(*) FROM unnest($1::text[]) AS stream GROUP BY stream ORDER BY stream
             ON CONFLICT (stream) DO UPDATE SET events = bench_stream.events + excluded.events`,
      values: [events.map((event) => event.stream)],
    });
  },
  reset: async (transaction) => {
    await transaction.query('TRUNCATE bench_stream');
  },
};

/** The table of `streamCounts`. */
export const STREAM_COUNTS_TABLE =
  'CREATE TABLE bench_stream (stream text COLLATE "C" PRIMARY KEY, events integer NOT NULL) WITH (fillfactor = 80)';

/** A store as a node has it: sealing, both chains, outbox, one inline read model. */
export function openStore(pool: pg.Pool): PostgresEventStore {
  const sealer = new DevelopmentSealer(Buffer.alloc(32, 7));
  return new PostgresEventStore({
    pool,
    clock,
    hybridClock: new HybridClockSource(clock),
    ids: { uuid: () => randomUUID() },
    seal: ({ id, class: contractClass, caseId, text }) =>
      sealer.seal({ id, source: AGENCY, class: contractClass, caseId: caseId ?? '', text }),
    procedures: [SAMPLE_PROCEDURE],
    inlineProjections: [streamCounts],
  });
}

const METADATA = { correlationId: randomUUID(), causation: null, actor: `${AGENCY}.caseworker` };
const PUBLISHED = { place: 'CR-PENAS-BLANCAS', channel: 'BORDER', contactedOn: '2026-11-20', entryMode: 'IRREGULAR' };

/** Events with these data, of which the first is published: one row in the outbox, sealed. */
export function toNewEvents(stream: string, data: readonly JsonObject[]): readonly NewEvent[] {
  const caseId = stream.slice('sample-'.length);
  return data.map((facts, index) => ({
    type: 'StepTaken',
    schemaVersion: 1,
    data: facts,
    publish: index === 0 ? { class: 'case', type: 'CaseOpened', schemaVersion: 1, caseId, data: PUBLISHED } : null,
  }));
}

function appendOnce(store: PostgresEventStore, turns: StreamTurns, worker: number): Promise<unknown> {
  const { stream, version, data } = turns.next(worker);
  return store.append({
    stream,
    expectedVersion: version,
    events: toNewEvents(stream, data),
    metadata: METADATA,
    caseId: null,
  });
}

/** Stream names as the platform has them. */
export const newStream = (): string => `sample-${randomUUID()}`;

/** Our event store on a database of its own. */
export async function open({ databaseUrl }: { databaseUrl: string }): Promise<Peer> {
  await migrate(databaseUrl, eventStoreMigrations);
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
  await pool.query(STREAM_COUNTS_TABLE);
  const store = openStore(pool);
  const turns = new StreamTurns(newStream);
  const stream = newStream();
  return {
    operations: {
      append: (plan: LoopPlan) => closedLoop(plan, (worker) => appendOnce(store, turns, worker)),
      writeStream: async (length: number) => {
        const events = Array.from({ length }, (_, index): NewEvent => {
          return { type: 'StepTaken', schemaVersion: 1, data: dataAt(index), publish: null };
        });
        await store.append({ stream, expectedVersion: 0, events, metadata: METADATA, caseId: null });
      },
      readStream: (durationMs: number) => timedLoop(durationMs, () => store.readStream(stream)),
    },
    close: async () => {
      await store.drain();
      await pool.end();
    },
  };
}
