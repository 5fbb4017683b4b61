import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DomainError, UnknownEventVersionError } from '@acogida/core';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import { StreamConflictError, UnknownStreamError } from './errors.ts';
import { eventStoreMigrations } from './event-store-schema.ts';
import {
  appendOf,
  contractOf,
  newStream,
  SAMPLE_METADATA,
  SAMPLE_PROCEDURE,
  sampleStore,
  step,
} from './testing/sample-store.ts';

describe('appending to a stream', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase(eventStoreMigrations);
  });
  afterAll(() => database.drop());

  async function rowsOf(stream: string): Promise<number> {
    const { rows } = await database.pool.query<{ count: number }>(
      `SELECT ((SELECT count(*) FROM es.event WHERE stream = $1) + (SELECT count(*) FROM es.outbox WHERE stream = $1)
             + (SELECT count(*) FROM es.stream WHERE name = $1))::int AS count`,
      [stream],
    );
    return rows[0]?.count ?? -1;
  }

  test('every field comes back as it was given', async () => {
    const ids = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];
    const store = sampleStore(database.pool, { ids: { uuid: () => ids.shift() ?? '' } });
    const stream = newStream();

    const result = await store.append(
      appendOf(stream, 0, step('first'), { type: 'VisitEnded', schemaVersion: 1, data: { on: null }, publish: null }),
    );

    expect(result).toEqual({
      version: 2,
      events: [
        {
          id: '11111111-1111-4111-8111-111111111111',
          stream,
          version: 1,
          position: expect.stringMatching(/^\d+$/),
          type: 'StepTaken',
          schemaVersion: 2,
          recordedAt: '2026-11-22T09:00:00.000Z',
          data: { step: 'first', weight: 1 },
          metadata: SAMPLE_METADATA,
        },
        {
          id: '22222222-2222-4222-8222-222222222222',
          stream,
          version: 2,
          position: String(BigInt(result.events[0]?.position ?? 0) + 1n),
          type: 'VisitEnded',
          schemaVersion: 1,
          recordedAt: '2026-11-22T09:00:00.000Z',
          data: { on: null },
          metadata: SAMPLE_METADATA,
        },
      ],
    });
    expect(await store.readStream(stream)).toEqual(result.events);
  });

  test('a later append continues the stream', async () => {
    const store = sampleStore(database.pool);
    const stream = newStream();
    await store.append(appendOf(stream, 0, step('first')));

    const result = await store.append(appendOf(stream, 1, step('second'), step('third')));

    expect(result.version).toBe(3);
    expect((await store.readStream(stream)).map(({ version, data }) => [version, data['step']])).toEqual([
      [1, 'first'],
      [2, 'second'],
      [3, 'third'],
    ]);
  });

  test('an unknown stream reads as empty', async () => {
    expect(await sampleStore(database.pool).readStream(newStream())).toEqual([]);
  });

  test.each([
    ['a stream that should not exist yet', 0],
    ['a version that has passed', 1],
    ['a version that has not come', 3],
  ])('is refused on %s', async (_, expectedVersion) => {
    const store = sampleStore(database.pool);
    const stream = newStream();
    await store.append(appendOf(stream, 0, step('first'), step('second')));

    const refused = store.append(appendOf(stream, expectedVersion, step('late', contractOf({}))));

    await expect(refused).rejects.toMatchObject({
      name: 'StreamConflictError',
      stream,
      expectedVersion,
      actualVersion: 2,
    });
    await expect(refused).rejects.toBeInstanceOf(StreamConflictError);
    expect(await store.readStream(stream)).toHaveLength(2);
    expect(await rowsOf(stream)).toBe(3);
  });

  test('a version of a stream that does not exist is refused', async () => {
    const stream = newStream();
    const refused = sampleStore(database.pool).append(appendOf(stream, 1, step('late')));
    await expect(refused).rejects.toMatchObject({ name: 'StreamConflictError', expectedVersion: 1, actualVersion: 0 });
    expect(await rowsOf(stream)).toBe(0);
  });

  test('text in any script is kept as canonical text, equal bytes for equal data', async () => {
    const store = sampleStore(database.pool);
    const stream = newStream();
    const data = { ünïcode: 'ação — 漢字 🦜 \u0000 "\\', a: [1e21, 0.1, -0, true, null], absent: undefined };

    await store.append(appendOf(stream, 0, { type: 'VisitEnded', schemaVersion: 1, data, publish: null }));

    const [event] = await store.readStream(stream);
    expect(event?.data).toEqual({ ünïcode: 'ação — 漢字 🦜 \u0000 "\\', a: [1e21, 0.1, 0, true, null] });
    const { rows } = await database.pool.query<{ text: string }>('SELECT text FROM es.event WHERE stream = $1', [
      stream,
    ]);
    expect(rows[0]?.text).toMatch(
      /^\{"data":\{"a":\[1e\+21,0\.1,0,true,null\],"ünïcode":"ação — 漢字 🦜 \\u0000 \\"\\\\"\},"id":/,
    );
  });

  test.each([
    ['a lone surrogate', { text: '\ud800' }],
    ['a number that is none', { number: Number.NaN }],
  ])('%s is refused', async (_, data) => {
    const stream = newStream();
    const event = { type: 'VisitEnded', schemaVersion: 1, data, publish: null };
    const refused = sampleStore(database.pool).append(appendOf(stream, 0, event));
    await expect(refused).rejects.toMatchObject({ code: 'EVENT_STORE.EVENT_NOT_CANONICAL', kind: 'invalid' });
    expect(await rowsOf(stream)).toBe(0);
  });

  test('a published event larger than the log takes is refused at the source', async () => {
    const stream = newStream();
    const store = sampleStore(database.pool);
    const refused = store.append(
      appendOf(stream, 0, step('small', contractOf({})), step('large', contractOf({ text: 'x'.repeat(256 * 1024) }))),
    );
    await expect(refused).rejects.toBeInstanceOf(DomainError);
    await expect(refused).rejects.toMatchObject({ code: 'EVENT_STORE.EVENT_TOO_LARGE', kind: 'invalid' });
    expect(await rowsOf(stream)).toBe(0);
    // Sealing makes it larger: what fits before is measured again after.
    const grown = store.append(appendOf(stream, 0, step('large', contractOf({ text: 'x'.repeat(200 * 1024) }))));
    await expect(grown).rejects.toMatchObject({ code: 'EVENT_STORE.EVENT_TOO_LARGE' });
    await store.append(appendOf(stream, 0, step('fits', contractOf({ text: 'x'.repeat(180 * 1024) }))));
    expect(await rowsOf(stream)).toBe(3);
  });

  test('what no release could read is not written', async () => {
    const store = sampleStore(database.pool);
    await expect(store.append(appendOf('elsewhere-1', 0, step('first')))).rejects.toBeInstanceOf(UnknownStreamError);
    const stream = newStream();
    for (const event of [
      { type: 'StepTaken', schemaVersion: 1 },
      { type: 'StepTaken', schemaVersion: 3 },
      { type: 'toString', schemaVersion: 1 },
    ]) {
      const refused = store.append(appendOf(stream, 0, { ...event, data: {}, publish: null }));
      await expect(refused).rejects.toBeInstanceOf(UnknownEventVersionError);
    }
    expect(await rowsOf(stream)).toBe(0);
  });

  test('the longest procedure name owns the stream', async () => {
    const narrower = { ...SAMPLE_PROCEDURE, name: 'sample-visit', versions: { VisitEnded: 1 } };
    const store = sampleStore(database.pool, { procedures: [SAMPLE_PROCEDURE, narrower] });
    await expect(store.append(appendOf('sample-visit-1', 0, step('first')))).rejects.toBeInstanceOf(
      UnknownEventVersionError,
    );
  });

  test('an append of nothing is a mistake', async () => {
    await expect(sampleStore(database.pool).append(appendOf(newStream(), 0))).rejects.toBeInstanceOf(RangeError);
  });
});
