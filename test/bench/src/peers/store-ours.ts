import { randomUUID } from 'node:crypto';
import type { Clock, JsonObject } from '@acogida/core';
import {
  type AnyProcedure,
  type AppendRequest,
  eventStoreMigrations,
  HybridClockSource,
  type InlineProjection,
  type NewEvent,
  PostgresEventStore,
} from '@acogida/event-store';
import { sealingMigrations } from '@acogida/sealing';
import pg from 'pg';
import { migrate } from '../environment/databases.ts';
import type { Peer } from '../process/peer.ts';
import { type BenchSealing, openCaseBoundSealing, type SealingKind } from './bench-sealing.ts';
import { closedLoop, type LoopPlan, timedLoop } from './closed-loop.ts';
import { dataAt, StreamTurns } from './sample-events.ts';

/** The one agency of these stores. */
export const AGENCY = 'cr-border-intake';
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

/** The tables of `openStore`, but for `STREAM_COUNTS_TABLE`. */
export const STORE_MIGRATIONS = [...eventStoreMigrations, ...sealingMigrations];

/** A store as a node has it: both chains, outbox, one inline read model, and sealing unless that is what is left out. */
export function openStore(pool: pg.Pool, { seal, sealing }: BenchSealing): PostgresEventStore {
  return new PostgresEventStore({
    pool,
    clock,
    hybridClock: new HybridClockSource(clock),
    ids: { uuid: () => randomUUID() },
    ...{ seal, sealing },
    procedures: [SAMPLE_PROCEDURE],
    inlineProjections: [streamCounts],
  });
}

const METADATA = { correlationId: randomUUID(), causation: null, actor: `${AGENCY}.caseworker` };
const PUBLISHED = { place: 'CR-PENAS-BLANCAS', channel: 'BORDER', contactedOn: '2026-11-20', entryMode: 'IRREGULAR' };

/** Each stream of the bench is of a case of its own. */
const caseOf = (stream: string): string => stream.slice('sample-'.length);

/** Events with these data, of which the first is published: one row in the outbox, sealed. */
function toNewEvents(caseId: string, data: readonly JsonObject[]): readonly NewEvent[] {
  return data.map((facts, index) => ({
    type: 'StepTaken',
    schemaVersion: 1,
    data: facts,
    publish: index === 0 ? { class: 'case', type: 'CaseOpened', schemaVersion: 1, caseId, data: PUBLISHED } : null,
  }));
}

/** One append of the bench to a store that stands at this version of the stream. */
export function appendRequest(stream: string, version: number, data: readonly JsonObject[]): AppendRequest {
  const caseId = caseOf(stream);
  return {
    ...{ stream, expectedVersion: version, events: toNewEvents(caseId, data), metadata: METADATA, caseId },
    ...(version === 0 && { opensCase: true }),
  };
}

/** Stream names as the platform has them. */
export const newStream = (): string => `sample-${randomUUID()}`;

/** Our event store on a database of its own. */
export async function open({ databaseUrl, sealing }: { databaseUrl: string; sealing: SealingKind }): Promise<Peer> {
  await migrate(databaseUrl, STORE_MIGRATIONS);
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
  await pool.query(STREAM_COUNTS_TABLE);
  const keys = await openCaseBoundSealing(sealing, pool, AGENCY);
  const store = openStore(pool, keys);
  const append = async (name: string, version: number, data: readonly JsonObject[]): Promise<void> => {
    if (version === 0) await keys.begins(caseOf(name));
    await store.append(appendRequest(name, version, data));
    if (version === 0) keys.begun(caseOf(name));
  };
  const turns = new StreamTurns(newStream);
  const stream = newStream();
  return {
    operations: {
      append: (plan: LoopPlan) =>
        closedLoop(plan, (worker) => {
          const { stream: name, version, data } = turns.next(worker);
          return append(name, version, data);
        }),
      writeStream: async (length: number) => {
        const data = Array.from({ length }, (_, index) => dataAt(index));
        const events = data.map((facts): NewEvent => {
          return { type: 'StepTaken', schemaVersion: 1, data: facts, publish: null };
        });
        await store.append({ ...appendRequest(stream, 0, []), events });
      },
      readStream: (durationMs: number) => timedLoop(durationMs, () => store.readStream(stream)),
    },
    close: async () => {
      await store.drain();
      await pool.end();
    },
  };
}
