import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { UnknownEventVersionError } from '@acogida/core';
import { createTestDatabase, eventually, type TestDatabase } from '@acogida/testing';
import { eventStoreMigrations } from './event-store-schema.ts';
import type { RecordedEvent } from './port.ts';
import { rebuildInlineProjections } from './rebuild-inline-projections.ts';
import { appendOf, newStream, OLDER_SAMPLE_PROCEDURE, sampleStore, step, stepCount } from './testing/sample-store.ts';
import { inTransaction } from './transaction-scope.ts';

async function collect(pages: AsyncIterable<readonly RecordedEvent[]>): Promise<readonly (readonly RecordedEvent[])[]> {
  const all: (readonly RecordedEvent[])[] = [];
  for await (const page of pages) all.push(page);
  return all;
}

describe('reading', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase(eventStoreMigrations);
    await database.pool.query(stepCount.ddl);
  });
  afterAll(() => database.drop());

  test('an event of an older release is lifted, in a stream, in all, and its chain still holds', async () => {
    const older = sampleStore(database.pool, { procedures: [OLDER_SAMPLE_PROCEDURE] });
    const stream = newStream();
    const old = { type: 'StepTaken', schemaVersion: 1, data: { label: 'old', by: 'x' }, publish: null };
    const { events } = await older.append(appendOf(stream, 0, old));
    expect(events[0]).toMatchObject({ schemaVersion: 1, data: { label: 'old', by: 'x' } });

    const store = sampleStore(database.pool);
    await store.append(appendOf(stream, 1, step('new')));

    const lifted = { ...events[0], schemaVersion: 2, data: { step: 'old', by: 'x', weight: 1 } };
    const read = await store.readStream(stream);
    expect(read).toHaveLength(2);
    expect(read[0]).toEqual(lifted);
    expect(read[1]).toMatchObject({ schemaVersion: 2, data: { step: 'new', weight: 1 } });
    const all = (await collect(store.readAll())).flat().filter((event) => event.stream === stream);
    expect(all).toEqual(read);
    await expect(older.readStream(stream)).rejects.toBeInstanceOf(UnknownEventVersionError);
  });

  test('streams wanted at the same time are read together: a corrupted one fails alone', async () => {
    const store = sampleStore(database.pool);
    const streams = Array.from({ length: 10 }, newStream);
    await Promise.all(streams.map((stream) => store.append(appendOf(stream, 0, step('one'), step('two')))));
    await database.pool.query(`UPDATE es.event SET salt = '' WHERE stream = $1 AND version = 2`, [streams[3]]);
    let round = 0;
    const onAcquire = (): void => void (round += 1);
    database.pool.on('acquire', onAcquire);

    const outcomes = await Promise.allSettled([...streams, newStream()].map((stream) => store.readStream(stream)));

    database.pool.off('acquire', onAcquire);
    expect(round).toBe(1);
    expect(outcomes[3]).toMatchObject({ status: 'rejected', reason: { name: 'StreamCorruptedError', version: 2 } });
    const lengths = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value.length : null));
    expect(lengths).toEqual([2, 2, 2, null, 2, 2, 2, 2, 2, 2, 0]);
  });

  test('a name that the database refuses fails alone', async () => {
    const store = sampleStore(database.pool);
    const stream = newStream();
    await store.append(appendOf(stream, 0, step('one')));
    const outcomes = await Promise.allSettled([stream, 'sample-\u0000'].map((name) => store.readStream(name)));
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected']);
  });

  test('all events come in position order, in pages, from the wanted position on', async () => {
    const store = sampleStore(database.pool, { pageSize: 3 });
    const streams = [newStream(), newStream()];
    const first = await store.append(appendOf(newStream(), 0, step('start')));
    for (let version = 0; version < 4; version += 1) {
      await Promise.all(streams.map((stream) => store.append(appendOf(stream, version, step('more')))));
    }

    const pages = await collect(store.readAll(first.events[0]?.position));

    expect(pages.map((page) => page.length)).toEqual([3, 3, 3]);
    const events = pages.flat();
    expect(events[0]).toEqual(first.events[0]);
    const positions = events.map((event) => BigInt(event.position));
    expect(positions).toEqual(positions.toSorted((left, right) => (left < right ? -1 : 1)));
    for (const stream of streams) {
      expect(events.filter((event) => event.stream === stream).map((event) => event.version)).toEqual([1, 2, 3, 4]);
    }
  });

  test('pages are of one snapshot: a lower position that commits while reading is not skipped but left to the next reading', async () => {
    const store = sampleStore(database.pool, { pageSize: 1 });
    const [early, late] = [newStream(), newStream()];
    const seen: string[] = [];
    await inTransaction(database.pool, async (client) => {
      await store.appendWithin(client, appendOf(early, 0, step('drawn first')));
      await store.append(appendOf(late, 0, step('committed first'), step('and more')));
      for await (const page of store.readAll()) seen.push(...page.map((event) => event.stream));
      expect(seen.filter((stream) => stream === late)).toHaveLength(2);
      expect(seen).not.toContain(early);
    });
    const pages = store.readAll()[Symbol.asyncIterator]();
    await pages.next();
    const meanwhile = newStream();
    await store.append(appendOf(meanwhile, 0, step('after the snapshot')));
    const rest: string[] = [];
    for (let page = await pages.next(); page.done !== true; page = await pages.next()) {
      rest.push(...page.value.map((event) => event.stream));
    }
    expect(rest).toContain(early);
    expect(rest).not.toContain(meanwhile);
  });

  test('a reader that stops early gives its connection back', async () => {
    const store = sampleStore(database.pool, { pageSize: 1 });
    await store.append(appendOf(newStream(), 0, step('one'), step('two')));
    for (let round = 0; round < 30; round += 1) {
      for await (const page of store.readAll()) {
        expect(page).toHaveLength(1);
        break;
      }
    }
    expect(database.pool.idleCount).toBe(database.pool.totalCount);
  });

  test('a rebuilt read model equals the one kept along, with appends arriving meanwhile', async () => {
    const store = sampleStore(database.pool, { inlineProjections: [stepCount], pageSize: 2 });
    const before = sampleStore(database.pool);
    await before.append(appendOf(newStream(), 0, step('not counted when it happened')));
    const stream = newStream();
    await store.append(appendOf(stream, 0, step('one')));

    const rebuilding = rebuildInlineProjections(store, [stepCount], database.pool);
    const appends = Array.from({ length: 20 }, (_, index) => store.append(appendOf(stream, index + 1, step('more'))));
    await Promise.all([rebuilding, ...appends]);

    const { rows } = await database.pool.query(
      `SELECT stream, steps FROM step_count EXCEPT SELECT stream, count(*)::int FROM es.event GROUP BY stream`,
    );
    expect(rows).toEqual([]);
    const { rows: counts } = await database.pool.query<{ read: number; kept: number }>(
      `SELECT (SELECT count(*)::int FROM step_count) AS read, (SELECT count(*)::int FROM es.stream) AS kept`,
    );
    expect(counts[0]?.read).toBe(counts[0]?.kept);
  });

  test('a rebuild that fails leaves the read model as it was', async () => {
    const store = sampleStore(database.pool, { inlineProjections: [stepCount] });
    const stream = newStream();
    await store.append(appendOf(stream, 0, step('one')));
    const failing = { ...stepCount, apply: () => Promise.reject(new Error('broken')) };
    await expect(rebuildInlineProjections(store, [failing], database.pool)).rejects.toThrow('broken');
    const { rows } = await database.pool.query('SELECT steps FROM step_count WHERE stream = $1', [stream]);
    expect(rows).toEqual([{ steps: 1 }]);
    await eventually(async () => {
      await store.append(appendOf(newStream(), 0, step('appends go on')));
    });
  });
});
