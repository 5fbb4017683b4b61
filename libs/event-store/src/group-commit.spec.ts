import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { StepObserver } from '@acogida/core';
import { createTestDatabase, eventually, type TestDatabase } from '@acogida/testing';
import pg from 'pg';
import { eventStoreMigrations } from './event-store-schema.ts';
import type { AppendResult, ReadModelWriter } from './port.ts';
import {
  appendOf,
  contractOf,
  newStream,
  SAMPLE_METADATA,
  sampleStore,
  step,
  stepCount,
} from './testing/sample-store.ts';
import type { PostgresEventStore } from './postgres-event-store.ts';
import { isTransientDatabaseError } from './transient-error.ts';

describe('appends in flight at the same time', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase(eventStoreMigrations);
    await database.pool.query(stepCount.ddl);
  });
  afterAll(() => database.drop());

  /** The store takes one connection per transaction. */
  async function transactionsOf(work: () => Promise<unknown>): Promise<number> {
    let count = 0;
    const onAcquire = (): void => void (count += 1);
    database.pool.on('acquire', onAcquire);
    await work().finally(() => database.pool.off('acquire', onAcquire));
    return count;
  }

  async function stepsOf(stream: string): Promise<number | undefined> {
    const { rows } = await database.pool.query<{ steps: number }>('SELECT steps FROM step_count WHERE stream = $1', [
      stream,
    ]);
    return rows[0]?.steps;
  }

  test.each([
    ['one transaction', 1],
    ['two transactions, so that one is prepared while the other is written', 2],
  ])('share %s', async (_, parallelFlushes) => {
    const store = sampleStore(database.pool, { parallelFlushes });
    const streams = Array.from({ length: 100 }, newStream);

    const count = await transactionsOf(() =>
      Promise.all(streams.map((stream) => store.append(appendOf(stream, 0, step('first', contractOf({})))))),
    );

    expect(count).toBe(parallelFlushes);
    for (const stream of streams) expect(await store.readStream(stream)).toHaveLength(1);
  });

  test('few of them share one transaction, however many could be under way', async () => {
    const store = sampleStore(database.pool, { parallelFlushes: 4 });
    const count = await transactionsOf(() =>
      Promise.all(Array.from({ length: 16 }, () => store.append(appendOf(newStream(), 0, step('first'))))),
    );
    expect(count).toBe(1);
  });

  test('are one step for the observer: how many events, and whose requests', async () => {
    const steps: unknown[] = [];
    const observer: StepObserver = {
      around: async (name, detail, work) => {
        const result = await work();
        const { rows } = await database.pool.query<{ count: number }>('SELECT count(*)::int FROM es.event');
        steps.push([name, detail, rows[0]?.count]);
        return result;
      },
    };
    const { rows } = await database.pool.query<{ count: number }>('SELECT count(*)::int FROM es.event');
    const store = sampleStore(database.pool, { observer });
    await Promise.all([
      store.append(appendOf(newStream(), 0, step('first'), step('second'))),
      store.append(appendOf(newStream(), 0, step('first'))),
    ]);
    const { correlationId } = SAMPLE_METADATA;
    const detail = { count: 3, correlationIds: [correlationId, correlationId] };
    expect(steps).toEqual([['append', detail, (rows[0]?.count ?? 0) + 3]]);
  });

  test('no more than the largest batch share one', async () => {
    const store = sampleStore(database.pool, { maxBatch: 10, parallelFlushes: 1 });
    const count = await transactionsOf(() =>
      Promise.all(Array.from({ length: 30 }, () => store.append(appendOf(newStream(), 0, step('first'))))),
    );
    expect(count).toBe(3);
  });

  test.each([
    ['one process', 1],
    ['several processes', 4],
  ])('on one stream have exactly one winner per version, from %s', async (_, storeCount) => {
    const stores = Array.from({ length: storeCount }, () => sampleStore(database.pool));
    const storeAt = (place: number): PostgresEventStore => stores[place % storeCount] as PostgresEventStore;
    const stream = newStream();

    for (let version = 0; version < 5; version += 1) {
      const attempts = await Promise.allSettled(
        Array.from({ length: 100 }, (_unused, place) =>
          storeAt(place).append(appendOf(stream, version, step(`${version}.${place}`, contractOf({ version })))),
        ),
      );
      const refused = attempts.filter((attempt) => attempt.status === 'rejected');
      expect(attempts.filter((attempt) => attempt.status === 'fulfilled')).toHaveLength(1);
      expect(new Set(refused.map((attempt) => (attempt.reason as Error).name))).toEqual(
        new Set(['StreamConflictError']),
      );
    }

    expect(await stores[0]?.readStream(stream)).toHaveLength(5);
  });

  test('a chain of appends to one stream that are all in flight succeeds in order', async () => {
    const store = sampleStore(database.pool);
    const stream = newStream();
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, version) => store.append(appendOf(stream, version, step(String(version))))),
    );
    expect(results.map((result) => result.version)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  test('a refused one does not fail the others', async () => {
    const store = sampleStore(database.pool, { inlineProjections: [stepCount] });
    const [good, conflicting, oversized] = [newStream(), newStream(), newStream()];

    const count = await transactionsOf(async () => {
      const outcomes = await Promise.allSettled([
        store.append(appendOf(conflicting, 7, step('late'))),
        store.append(appendOf(good, 0, step('first'))),
        store.append(appendOf(oversized, 0, step('large', contractOf({ text: 'x'.repeat(300_000) })))),
      ]);
      expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'fulfilled', 'rejected']);
    });

    expect(count).toBe(1);
    expect(await stepsOf(good)).toBe(1);
    expect(await stepsOf(conflicting)).toBeUndefined();
    expect(await stepsOf(oversized)).toBeUndefined();
  });

  test('a read model that breaks on one fails only that one', async () => {
    const store = sampleStore(database.pool, { inlineProjections: [stepCount] });
    const [before, culprit, after] = [newStream(), newStream(), newStream()];

    const outcomes = await Promise.allSettled([
      store.append(appendOf(before, 0, step('first'))),
      store.append(appendOf(culprit, 0, step('first'), step('break', contractOf({})))),
      store.append(appendOf(after, 0, step('first'), step('second'))),
    ]);

    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((outcomes[1] as PromiseRejectedResult).reason).toMatchObject({ code: '22012' });
    expect([await stepsOf(before), await stepsOf(culprit), await stepsOf(after)]).toEqual([1, undefined, 2]);
    expect(await store.readStream(culprit)).toEqual([]);
    const { rows } = await database.pool.query('SELECT 1 FROM es.outbox WHERE stream = $1', [culprit]);
    expect(rows).toEqual([]);
  });

  test('a read model that ignores a database error does not pass for a commit', async () => {
    const careless = {
      name: 'careless',
      apply: async (_: unknown, transaction: ReadModelWriter) => {
        await transaction.query('SELECT 1 / 0').catch(() => {});
      },
      reset: async () => {},
    };
    const store = sampleStore(database.pool, { inlineProjections: [careless] });
    const stream = newStream();
    await expect(store.append(appendOf(stream, 0, step('first')))).rejects.toMatchObject({ code: '22012' });
    expect(await store.readStream(stream)).toEqual([]);
  });

  test('a seal that throws fails only its own append', async () => {
    const store = sampleStore(database.pool, {
      seal: ({ text }) => {
        if (text.includes('unsealable')) throw new Error('no key');
        return { subject: 's', keyId: 'k', data: 'd' };
      },
    });
    const outcomes = await Promise.allSettled([
      store.append(appendOf(newStream(), 0, step('first', contractOf({ text: 'unsealable' })))),
      store.append(appendOf(newStream(), 0, step('first', contractOf({})))),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'fulfilled']);
  });

  test('the relay is woken once per commit that publishes, and not otherwise', async () => {
    let woken = 0;
    const store = sampleStore(database.pool, { onCommitted: () => (woken += 1) });
    await store.append(appendOf(newStream(), 0, step('private')));
    await expect(store.append(appendOf(newStream(), 3, step('late', contractOf({}))))).rejects.toThrow();
    expect(woken).toBe(0);
    await Promise.all([1, 2, 3].map(() => store.append(appendOf(newStream(), 0, step('first', contractOf({}))))));
    expect(woken).toBe(1);
  });

  test('a lost connection is a transient failure for all of them, and the next append works', async () => {
    const pool = new pg.Pool({ connectionString: database.url, max: 1, application_name: 'doomed' });
    pool.on('error', () => {});
    const slow = {
      name: 'slow',
      apply: async (_: unknown, transaction: ReadModelWriter) => {
        await transaction.query('SELECT pg_sleep(20)');
      },
      reset: async () => {},
    };
    const store = sampleStore(pool, { inlineProjections: [slow] });
    const streams = [newStream(), newStream()];
    const appends = Promise.allSettled(streams.map((stream) => store.append(appendOf(stream, 0, step('first')))));

    await eventually(async () => {
      const { rows } = await database.pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'doomed' AND query LIKE '%pg_sleep%'`,
      );
      expect(rows).toHaveLength(1);
    });

    for (const outcome of await appends) {
      expect(outcome.status).toBe('rejected');
      expect(isTransientDatabaseError((outcome as PromiseRejectedResult).reason)).toBe(true);
    }
    const again: AppendResult = await sampleStore(pool).append(appendOf(streams[0] ?? '', 0, step('first')));
    expect(again.version).toBe(1);
    await pool.end();
  });

  test('drain waits for what is in flight', async () => {
    const store = sampleStore(database.pool);
    await store.drain();
    let settled = false;
    const append = store.append(appendOf(newStream(), 0, step('first'))).then(() => (settled = true));
    await store.drain();
    await append;
    expect(settled).toBe(true);
  });
});
