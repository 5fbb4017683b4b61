import { randomUUID } from 'node:crypto';
import {
  CONFORMANCE_NOW,
  CONFORMANCE_PROCEDURE,
  type ConformanceOutboxRow,
  createTestDatabase,
  describeStoreConformance,
} from '@acogida/testing';
import { eventStoreMigrations } from '../event-store-schema.ts';
import { HybridClockSource } from '../hybrid-clock-source.ts';
import type { SealForOutbox } from '../port.ts';
import { PostgresEventStore } from '../postgres-event-store.ts';
import { inTransaction } from '../transaction-scope.ts';
import { MemoryDatabase } from './memory-database.ts';
import { memoryOutbox, MemoryEventStore } from './memory-event-store.ts';

const clock = { now: () => CONFORMANCE_NOW };
const readable: SealForOutbox = ({ text }) => ({
  ...{ subject: '0f'.repeat(16), keyId: 'key-1' },
  data: Buffer.from(text).toString('base64'),
});
const textOf = (data: string): string => Buffer.from(data, 'base64').toString();

const parts = () => ({
  ...{ clock, hybridClock: new HybridClockSource(clock), seal: readable, procedures: [CONFORMANCE_PROCEDURE] },
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
        `SELECT event_id::text AS "eventId", published_version AS "publishedVersion", class, data, number::integer
           FROM es.outbox WHERE stream = $1 ORDER BY outbox_id`,
        [stream],
      );
      return rows.map(({ data, ...row }) => ({ ...row, text: textOf(data) }));
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
        .filter((row) => row.stream === stream)
        .map(({ eventId, publishedVersion, class: kind, data, number }) => ({
          ...{ eventId, publishedVersion, class: kind, text: textOf(data), number },
        })),
    close: async () => {},
  };
});
