import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, eventually, type TestDatabase } from '@acogida/testing';
import { IdempotencyConflictError, StreamConflictError } from './errors.ts';
import { eventStoreMigrations } from './event-store-schema.ts';
import type { AppendRequest } from './port.ts';
import { appendOf, contractOf, newStream, sampleStore, step, stepCount } from './testing/sample-store.ts';
import { inTransaction } from './transaction-scope.ts';

describe('appending within a transaction of the caller', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase(eventStoreMigrations);
    await database.pool.query(stepCount.ddl);
  });
  afterAll(() => database.drop());

  function keyed(request: AppendRequest, key: string): AppendRequest {
    const reply = { status: 200, headers: {}, body: null };
    return { ...request, idempotency: { key, fingerprint: 'f', reply: () => reply } };
  }

  async function rowsOf(stream: string): Promise<readonly number[]> {
    const { rows } = await database.pool.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM es.stream WHERE name = $1
       UNION ALL SELECT count(*)::int FROM es.event WHERE stream = $1
       UNION ALL SELECT count(*)::int FROM es.outbox WHERE stream = $1
       UNION ALL SELECT count(*)::int FROM step_count WHERE stream = $1`,
      [stream],
    );
    return rows.map((row) => row.count);
  }

  test('is there when the caller commits: events, outbox, read model, reply', async () => {
    const store = sampleStore(database.pool, { inlineProjections: [stepCount] });
    const stream = newStream();
    const key = randomUUID();
    await inTransaction(database.pool, async (client) => {
      const first = await store.appendWithin(client, keyed(appendOf(stream, 0, step('first', contractOf({}))), key));
      expect(first.version).toBe(1);
      expect(await store.readStream(stream, client)).toEqual(first.events);
      expect(await store.readStream(stream)).toEqual([]);
      await store.appendWithin(client, appendOf(stream, 1, step('second')));
    });
    expect(await store.readStream(stream)).toHaveLength(2);
    expect(await rowsOf(stream)).toEqual([1, 2, 1, 1]);
    expect(await store.findReply(key)).toBeDefined();
  });

  test('leaves nothing when the caller rolls back', async () => {
    const store = sampleStore(database.pool, { inlineProjections: [stepCount] });
    const stream = newStream();
    const key = randomUUID();
    const work = inTransaction(database.pool, async (client) => {
      await store.appendWithin(client, keyed(appendOf(stream, 0, step('first', contractOf({}))), key));
      throw new Error('the policy failed');
    });
    await expect(work).rejects.toThrow('the policy failed');
    expect(await rowsOf(stream)).toEqual([0, 0, 0, 0]);
    expect(await store.findReply(key)).toBeUndefined();
  });

  test('a conflict throws and poisons nothing', async () => {
    const store = sampleStore(database.pool);
    const [stream, other] = [newStream(), newStream()];
    const key = randomUUID();
    await store.append(keyed(appendOf(stream, 0, step('first')), key));
    await inTransaction(database.pool, async (client) => {
      const late = store.appendWithin(client, appendOf(stream, 0, step('late', contractOf({}))));
      await expect(late).rejects.toBeInstanceOf(StreamConflictError);
      const twin = store.appendWithin(client, keyed(appendOf(other, 0, step('twin')), key));
      await expect(twin).rejects.toBeInstanceOf(IdempotencyConflictError);
      await store.appendWithin(client, appendOf(other, 0, step('first')));
    });
    expect(await store.readStream(stream)).toHaveLength(1);
    expect(await store.readStream(other)).toHaveLength(1);
  });

  test.each([
    ['with a key of its own, which stays free', true],
    ['without a key', false],
  ])('a stream created meanwhile by another transaction is a conflict that poisons nothing, %s', async (_, hasKey) => {
    const store = sampleStore(database.pool);
    const [stream, other] = [newStream(), newStream()];
    const key = randomUUID();
    const holder = await database.pool.connect();
    await holder.query('BEGIN');
    await store.appendWithin(holder, appendOf(stream, 0, step('theirs')));

    const ours = inTransaction(database.pool, async (client) => {
      const request = appendOf(stream, 0, step('ours', contractOf({})));
      const late = store.appendWithin(client, hasKey ? keyed(request, key) : request);
      await expect(late).rejects.toMatchObject({ name: 'StreamConflictError', expectedVersion: 0, actualVersion: 1 });
      await store.appendWithin(client, appendOf(other, 0, step('first')));
    });
    await eventually(async () => {
      const { rows } = await database.pool.query(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      expect(rows).toHaveLength(1);
    });
    await holder.query('COMMIT');
    holder.release();
    await ours;

    expect((await store.readStream(stream)).map((event) => event.data['step'])).toEqual(['theirs']);
    expect(await store.readStream(other)).toHaveLength(1);
    expect(await rowsOf(stream)).toEqual([1, 1, 0, 0]);
    expect(await store.findReply(key)).toBeUndefined();
  });

  test('an append of nothing is a mistake', async () => {
    const store = sampleStore(database.pool);
    const work = inTransaction(database.pool, (client) => store.appendWithin(client, appendOf(newStream(), 0)));
    await expect(work).rejects.toBeInstanceOf(RangeError);
  });
});
