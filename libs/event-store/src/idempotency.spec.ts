import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import { IdempotencyConflictError } from './errors.ts';
import { eventStoreMigrations } from './event-store-schema.ts';
import type { AppendRequest, IdempotentReply, StoredReply } from './port.ts';
import { appendOf, contractOf, newStream, sampleStore, StandingClock, step } from './testing/sample-store.ts';
import type { PostgresEventStore } from './postgres-event-store.ts';

const FINGERPRINT = 'a'.repeat(64);

function kept(key: string, reply?: StoredReply): IdempotentReply {
  return {
    key,
    fingerprint: FINGERPRINT,
    reply: ({ version, events }) =>
      reply ?? { status: 201, headers: { etag: `"${version}"` }, body: { ids: events.map((event) => event.id) } },
  };
}

function keyed(request: AppendRequest, key: string, reply?: StoredReply): AppendRequest {
  return { ...request, idempotency: kept(key, reply) };
}

describe('a reply under an idempotency key', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase(eventStoreMigrations);
  });
  afterAll(() => database.drop());

  test('is computed from the recorded events and kept with them', async () => {
    const store = sampleStore(database.pool);
    const key = randomUUID();
    expect(await store.findReply(key)).toBeUndefined();

    const { events } = await store.append(keyed(appendOf(newStream(), 0, step('first')), key));

    expect(await store.findReply(key)).toEqual({
      fingerprint: FINGERPRINT,
      reply: { status: 201, headers: { etag: '"1"' }, body: { ids: [events[0]?.id] } },
    });
  });

  test('may have no body', async () => {
    const store = sampleStore(database.pool);
    const key = randomUUID();
    await store.append(keyed(appendOf(newStream(), 0, step('first')), key, { status: 204, headers: {}, body: null }));
    expect((await store.findReply(key))?.reply).toEqual({ status: 204, headers: {}, body: null });
  });

  test('a taken key is refused with what was kept, and writes nothing', async () => {
    const store = sampleStore(database.pool);
    const key = randomUUID();
    const stream = newStream();
    await store.append(keyed(appendOf(stream, 0, step('first')), key));

    const refused = store.append({
      ...appendOf(stream, 1, step('again')),
      idempotency: { ...kept(key), fingerprint: 'b' },
    });

    await expect(refused).rejects.toBeInstanceOf(IdempotencyConflictError);
    await expect(refused).rejects.toMatchObject({
      fingerprint: FINGERPRINT,
      reply: { status: 201, headers: { etag: '"1"' } },
    });
    await expect(refused).rejects.not.toThrow(key);
    expect(await store.readStream(stream)).toHaveLength(1);
  });

  test('a taken key comes before a version conflict', async () => {
    const store = sampleStore(database.pool);
    const key = randomUUID();
    const request = keyed(appendOf(newStream(), 0, step('first')), key);
    await store.append(request);
    await expect(store.append(request)).rejects.toBeInstanceOf(IdempotencyConflictError);
  });

  test('a taken key refuses only its own append', async () => {
    const store = sampleStore(database.pool);
    const key = randomUUID();
    await store.append(keyed(appendOf(newStream(), 0, step('first')), key));
    const outcomes = await Promise.allSettled([
      store.append(appendOf(newStream(), 0, step('first'))),
      store.append(keyed(appendOf(newStream(), 0, step('first')), key)),
      store.append(keyed(appendOf(newStream(), 0, step('first')), randomUUID())),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  test('a refused append keeps no reply', async () => {
    const store = sampleStore(database.pool);
    const key = randomUUID();
    await expect(store.append(keyed(appendOf(newStream(), 3, step('late')), key))).rejects.toThrow();
    expect(await store.findReply(key)).toBeUndefined();
  });

  test('a reply that throws refuses the append', async () => {
    const store = sampleStore(database.pool);
    const stream = newStream();
    const idempotency = {
      ...kept(randomUUID()),
      reply: () => {
        throw new Error('no reply');
      },
    };
    await expect(store.append({ ...appendOf(stream, 0, step('first')), idempotency })).rejects.toThrow('no reply');
    expect(await store.readStream(stream)).toEqual([]);
  });

  test('is kept for a command that changed nothing, at the version it was decided on', async () => {
    const store = sampleStore(database.pool);
    const [key, lateKey] = [randomUUID(), randomUUID()];
    const stream = newStream();
    await store.append(appendOf(stream, 0, step('first')));

    expect(await store.append(keyed(appendOf(stream, 1), key))).toEqual({ version: 1, events: [] });
    expect((await store.findReply(key))?.reply.headers).toEqual({ etag: '"1"' });
    await expect(store.append(keyed(appendOf(stream, 1), key))).rejects.toBeInstanceOf(IdempotencyConflictError);
    await expect(store.append(keyed(appendOf(stream, 0), lateKey))).rejects.toMatchObject({
      name: 'StreamConflictError',
    });
    expect(await store.findReply(lateKey)).toBeUndefined();
    expect(await store.readStream(stream)).toHaveLength(1);
  });

  test('is kept where the stream does not exist, without creating it', async () => {
    const store = sampleStore(database.pool);
    const stream = newStream();
    expect(await store.append(keyed(appendOf(stream, 0), randomUUID()))).toEqual({ version: 0, events: [] });
    const { rows } = await database.pool.query('SELECT 1 FROM es.stream WHERE name = $1', [stream]);
    expect(rows).toEqual([]);
  });

  test.each([
    ['one process', 1, 'the same stream'],
    ['one process', 1, 'different streams'],
    ['several processes', 4, 'the same stream'],
    ['several processes', 4, 'different streams'],
  ])('twins at the same time from %s (%d) on %s have exactly one effect', async (_, storeCount, where) => {
    const stores = Array.from({ length: storeCount }, () => sampleStore(database.pool));
    const storeAt = (place: number): PostgresEventStore => stores[place % storeCount] as PostgresEventStore;
    for (let round = 0; round < 10; round += 1) {
      const key = randomUUID();
      const shared = newStream();
      const streams = Array.from({ length: 12 }, () => (where === 'the same stream' ? shared : newStream()));

      const outcomes = await Promise.allSettled(
        streams.map((stream, place) =>
          storeAt(place).append(keyed(appendOf(stream, 0, step('first', contractOf({}))), key)),
        ),
      );

      const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(refused).toHaveLength(11);
      const reply = await stores[0]?.findReply(key);
      for (const { reason } of refused) expect(reason).toMatchObject({ name: 'IdempotencyConflictError', ...reply });
      const { rows } = await database.pool.query<{ events: number; published: number; heads: number }>(
        `SELECT (SELECT count(*) FROM es.event WHERE stream = ANY($1))::int AS events,
                (SELECT count(*) FROM es.outbox WHERE stream = ANY($1))::int AS published,
                (SELECT count(*) FROM es.stream WHERE name = ANY($1))::int AS heads`,
        [streams],
      );
      expect(rows).toEqual([{ events: 1, published: 1, heads: 1 }]);
    }
  });

  test('is forgotten when it is older than wanted, however many there are', async () => {
    const clock = new StandingClock('2026-01-01T00:00:00.000Z');
    const store = sampleStore(database.pool, { clock });
    const [late, early] = [randomUUID(), randomUUID()];
    await store.append(keyed(appendOf(newStream(), 0, step('first')), early));
    await database.pool.query(
      `INSERT INTO es.idempotency_reply (key, fingerprint, status, headers, recorded_at)
       SELECT 'old ' || number, 'f', 200, '{}', '2025-12-31T00:00:00.000Z' FROM generate_series(1, 2500) AS number`,
    );
    clock.set('2026-04-01T00:00:00.000Z');
    await store.append(keyed(appendOf(newStream(), 0, step('first')), late));

    expect(await store.forgetReplies('2026-04-01T00:00:00.000Z', AbortSignal.abort())).toBe(1000);
    expect(await store.forgetReplies('2026-04-01T00:00:00.000Z')).toBe(1501);

    expect(await store.findReply(early)).toBeUndefined();
    expect(await store.findReply(late)).toBeDefined();
    expect(await store.forgetReplies('2026-04-01T00:00:00.000Z')).toBe(0);
  });

  test('a key longer than the port allows is a mistake of the caller', async () => {
    const store = sampleStore(database.pool);
    const request = appendOf(newStream(), 0, step('first'));
    await expect(store.append(keyed(request, 'k'.repeat(301)))).rejects.toBeInstanceOf(RangeError);
    await expect(store.append(keyed(request, 'k'.repeat(300)))).resolves.toMatchObject({ version: 1 });
  });
});
