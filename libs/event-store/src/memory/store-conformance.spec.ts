import { randomUUID } from 'node:crypto';
import {
  CONFORMANCE_NOW,
  CONFORMANCE_PROCEDURE,
  CONFORMANCE_SEAL,
  type ConformanceOutboxRow,
  createTestDatabase,
  describeStoreConformance,
  openedForConformance,
} from '@acogida/testing';
import { eventStoreMigrations } from '../event-store-schema.ts';
import { HybridClockSource } from '../hybrid-clock-source.ts';
import { streamOfChain } from '../published-chains.ts';
import { PostgresEventStore } from '../postgres-event-store.ts';
import { inTransaction } from '../transaction-scope.ts';
import { MemoryDatabase } from './memory-database.ts';
import { memoryOutbox, MemoryEventStore } from './memory-event-store.ts';

const clock = { now: () => CONFORMANCE_NOW };

const parts = () => ({
  ...{ clock, hybridClock: new HybridClockSource(clock), seal: CONFORMANCE_SEAL, procedures: [CONFORMANCE_PROCEDURE] },
  ids: { uuid: () => randomUUID() },
});

describeStoreConformance('PostgreSQL', async () => {
  const database = await createTestDatabase(eventStoreMigrations);
  const store = new PostgresEventStore({ pool: database.pool, ...parts() });
  return {
    store,
    inTransaction: (work) => inTransaction(database.pool, work),
    outboxOf: async (stream) => {
      const { rows } = await database.pool.query<ConformanceOutboxRow & { readonly data: string }>(
        `SELECT stream AS chain, key_id AS "sealedFor", event_id::text AS "eventId", class, data, number::integer,
                published_version AS "publishedVersion"
           FROM es.outbox WHERE split_part(stream, '~', 1) = $1 ORDER BY outbox_id`,
        [stream],
      );
      return rows.map(({ data, ...row }) => ({ ...row, text: openedForConformance(data) }));
    },
    close: async () => {
      await store.drain();
      await database.drop();
    },
  };
});

describeStoreConformance('memory', async () => {
  const database = new MemoryDatabase();
  return {
    store: new MemoryEventStore({ database, ...parts() }),
    inTransaction: (work) => database.transaction(work),
    outboxOf: async (stream) =>
      [...memoryOutbox(database).rows().values()]
        .filter((row) => streamOfChain(row.stream).stream === stream)
        .map(({ stream: chain, keyId: sealedFor, eventId, publishedVersion, class: kind, data, number }) => ({
          ...{ chain, sealedFor, eventId, publishedVersion, class: kind, text: openedForConformance(data), number },
        })),
    close: async () => {},
  };
});
