import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createTestDatabase, eventually, type TestDatabase } from '@acogida/testing';
import { eventStoreMigrations } from './event-store-schema.ts';
import type { AppendRequest, StreamGuard } from './port.ts';
import type { PostgresEventStore } from './postgres-event-store.ts';
import { EpochSealing, keysStreamOf } from './testing/epoch-sealing.ts';
import { appendOf, contractOf, newStream, sampleStore, step } from './testing/sample-store.ts';
import { inTransaction } from './transaction-scope.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase(eventStoreMigrations);
});
afterAll(() => database.drop());

async function someoneWaitsForALock(): Promise<void> {
  const { rows } = await database.pool.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  expect(rows).toHaveLength(1);
}

const guardedBy = (request: AppendRequest, ...guards: StreamGuard[]): AppendRequest => ({ ...request, guards });

describe('a guard on PostgreSQL', () => {
  let store: PostgresEventStore;
  let guard: StreamGuard;

  beforeEach(async () => {
    store = sampleStore(database.pool);
    guard = { stream: newStream(), version: 1 };
    await store.append(appendOf(guard.stream, 0, step('one')));
  });

  test('is held until the commit: whoever moves the stream waits for that', async () => {
    const stream = newStream();
    let moving: Promise<unknown> = Promise.resolve();
    await inTransaction(database.pool, async (transaction) => {
      await store.appendWithin(transaction, guardedBy(appendOf(stream, 0, step('guarded', contractOf({}))), guard));
      moving = sampleStore(database.pool).append(appendOf(guard.stream, 1, step('two', contractOf({}))));
      await eventually(someoneWaitsForALock);
    });
    await moving;
    const { rows } = await database.pool.query<{ stream: string }>(
      'SELECT stream FROM es.outbox WHERE stream = ANY ($1) ORDER BY outbox_id',
      [[stream, guard.stream]],
    );
    expect(rows.map((row) => row.stream)).toEqual([stream, guard.stream]);
  });

  test('lets appends with the same guard run side by side', async () => {
    const [one, other] = [newStream(), newStream()];
    await inTransaction(database.pool, async (transaction) => {
      await store.appendWithin(transaction, guardedBy(appendOf(one, 0, step('first')), guard));
      await store.append(guardedBy(appendOf(other, 0, step('beside')), guard));
      expect(await store.readStream(other)).toHaveLength(1);
    });
    expect(await store.readStream(one)).toHaveLength(1);
  });

  test('that moved refuses its own append alone', async () => {
    const [good, late] = [newStream(), newStream()];
    await sampleStore(database.pool).append(appendOf(guard.stream, 1, step('theirs')));
    const outcomes = await Promise.allSettled([
      store.append(guardedBy(appendOf(late, 0, step('late')), guard)),
      store.append(guardedBy(appendOf(good, 0, step('good')), { ...guard, version: 2 })),
    ]);
    expect(outcomes).toMatchObject([
      { status: 'rejected', reason: { name: 'GuardMovedError', guards: [guard] } },
      { status: 'fulfilled' },
    ]);
  });

  test('is looked at even where whoever moves it in the same batch is refused before anything is written', async () => {
    const stream = newStream();
    await sampleStore(database.pool).append(appendOf(guard.stream, 1, step('theirs')));
    const oversized = step('large', contractOf({ text: 'x'.repeat(300_000) }));
    const outcomes = await Promise.allSettled([
      store.append(appendOf(guard.stream, 1, oversized)),
      store.append(guardedBy(appendOf(stream, 0, step('late')), guard)),
    ]);
    expect(outcomes).toMatchObject([{ status: 'rejected' }, { reason: { name: 'GuardMovedError' } }]);
    expect(await store.readStream(stream)).toEqual([]);
  });

  test('held by two who each move what guards the other: both come through in the end', async () => {
    const [moved, stream] = [newStream(), newStream()];
    await store.append(appendOf(moved, 0, step('one')));
    const client = await database.pool.connect();
    await client.query('BEGIN');
    await client.query('SELECT FROM es.stream WHERE name = $1 FOR SHARE', [moved]);
    const appended = Promise.all([
      store.append(guardedBy(appendOf(stream, 0, step('guarded')), guard)),
      store.append(appendOf(moved, 1, step('two'))),
    ]);
    await eventually(someoneWaitsForALock);
    // Closes the circle: PostgreSQL ends the one that has waited longer, whose requests then run alone.
    await client.query('SELECT FROM es.stream WHERE name = $1 FOR UPDATE', [guard.stream]);
    await client.query('ROLLBACK');
    client.release();
    expect((await appended).map(({ version }) => version)).toEqual([1, 2]);
  });

  test('costs no round trip where heads are known', async () => {
    const stream = newStream();
    await store.append(guardedBy(appendOf(stream, 0, step('first')), guard));
    let statements = 0;
    const count = (client: { query: (...parts: unknown[]) => unknown }): void => {
      const { query } = client;
      client.query = (...parts) => {
        statements += 1;
        return query.apply(client, parts);
      };
      database.pool.once('release', () => (client.query = query));
    };
    database.pool.once('acquire', count as never);
    await store.append(guardedBy(appendOf(stream, 1, step('second')), guard));
    expect(statements).toBe(2); // with the commit
  });
});

describe('requests that belong together, on PostgreSQL', () => {
  test('are not written by halves when another process takes a stream while they are being written', async () => {
    const [known, contested] = [newStream(), newStream()];
    await sampleStore(database.pool).append(appendOf(known, 0, step('one')));
    const store = sampleStore(database.pool);
    let together: Promise<unknown> = Promise.resolve();
    await inTransaction(database.pool, async (transaction) => {
      await store.appendWithin(transaction, appendOf(contested, 0, step('theirs')));
      // The head of `known` was never seen by this store: it looks first, and finds no other stream.
      together = store.appendTogether([appendOf(known, 1, step('two')), appendOf(contested, 0, step('ours'))]);
      together.catch(() => {});
      await eventually(someoneWaitsForALock);
    });
    await expect(together).rejects.toMatchObject({ name: 'StreamConflictError', stream: contested, actualVersion: 1 });
    expect(await store.readStream(known)).toHaveLength(1);
  });

  test('share a transaction with others, whom their refusal does not concern', async () => {
    const store = sampleStore(database.pool);
    const [taken, good, beside] = [newStream(), newStream(), newStream()];
    await store.append(appendOf(taken, 0, step('one')));
    const oversized = appendOf(newStream(), 0, step('large', contractOf({ text: 'x'.repeat(300_000) })));
    const outcomes = await Promise.allSettled([
      store.appendTogether([appendOf(newStream(), 0, step('a')), appendOf(taken, 0, step('b'))]),
      store.append(appendOf(beside, 0, step('beside'))),
      store.appendTogether([appendOf(good, 0, step('c')), appendOf(newStream(), 0, step('d'))]),
      store.appendTogether([appendOf(newStream(), 0, step('e')), oversized]),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'rejected']);
    expect(outcomes[3]).toMatchObject({ reason: { code: 'EVENT_STORE.EVENT_TOO_LARGE' } });
    for (const stream of [good, beside]) expect(await store.readStream(stream)).toHaveLength(1);
  });
});

describe('what was sealed under keys that moved', () => {
  let sealing: EpochSealing;
  let store: PostgresEventStore;
  let caseId: string;
  const others = (): PostgresEventStore => sampleStore(database.pool);
  const published = (): AppendRequest =>
    appendOf(newStream(), 0, step('first', { ...contractOf({ step: 'first' }), caseId }));
  const move = (version: number): Promise<unknown> =>
    others().append(appendOf(keysStreamOf(caseId), version, step('rotated')));

  beforeEach(async () => {
    sealing = new EpochSealing(database.pool);
    store = sampleStore(database.pool, { sealing });
    caseId = randomUUID();
    await move(0);
    await store.append(published());
  });

  async function keysOf(stream: string): Promise<readonly string[]> {
    const { rows } = await database.pool.query<{ key_id: string }>('SELECT key_id FROM es.outbox WHERE stream = $1', [
      stream,
    ]);
    return rows.map((row) => row.key_id);
  }

  test('is sealed again before it is written, once', async () => {
    const before = published();
    await store.append(before);
    await move(1);
    const after = published();
    await store.append(after);
    expect(await keysOf(before.stream)).toEqual(['epoch-1']);
    expect(await keysOf(after.stream)).toEqual(['epoch-2']);
    expect(sealing.lookups).toBe(2);
  });

  test('is sealed again in a transaction of the caller, with what that transaction moved', async () => {
    const [first, second] = [published(), published()];
    await move(1);
    await inTransaction(database.pool, async (transaction) => {
      await store.appendWithin(transaction, first);
      await store.appendWithin(transaction, appendOf(keysStreamOf(caseId), 2, step('rotated')));
      await store.appendWithin(transaction, second);
    });
    expect(await keysOf(first.stream)).toEqual(['epoch-2']);
    expect(await keysOf(second.stream)).toEqual(['epoch-3']);
  });

  test('is not tried under keys that a transaction of this store is moving', async () => {
    await inTransaction(database.pool, (transaction) =>
      store.appendWithin(transaction, appendOf(keysStreamOf(caseId), 1, step('rotated'))),
    );
    const prepare = jest.spyOn(sealing, 'prepare');
    const sealed = published();
    await store.append(sealed);
    expect([await keysOf(sealed.stream), prepare.mock.calls.length]).toEqual([['epoch-2'], 1]);
  });

  test('is refused when keys keep moving, and others in its batch are not', async () => {
    let version = 1;
    sealing.afterLooking = () => move(version++);
    const outcomes = await Promise.allSettled([
      move(version++).then(() => store.append(published())),
      store.append(appendOf(newStream(), 0, step('beside'))),
    ]);
    expect(outcomes).toMatchObject([
      { status: 'rejected', reason: { name: 'GuardMovedError', guards: [{ stream: keysStreamOf(caseId) }] } },
      { status: 'fulfilled' },
    ]);
  });

  test('is published before the event that moves the keys, in one batch with it', async () => {
    const sealed = published();
    const rotation = appendOf(keysStreamOf(caseId), 1, step('rotated', { ...contractOf({}), caseId }));
    await Promise.all([store.append(rotation), store.append(sealed)]);
    const { rows } = await database.pool.query<{ stream: string; key_id: string }>(
      'SELECT stream, key_id FROM es.outbox WHERE stream = ANY ($1) ORDER BY outbox_id',
      [[sealed.stream, rotation.stream]],
    );
    expect(rows).toEqual([
      { stream: sealed.stream, key_id: 'epoch-1' },
      { stream: rotation.stream, key_id: 'epoch-1' },
    ]);
  });
});
