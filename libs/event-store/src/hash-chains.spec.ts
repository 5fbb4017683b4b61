import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ContractPayload } from '@acogida/contracts';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import { StreamCorruptedError } from './errors.ts';
import { eventStoreMigrations } from './event-store-schema.ts';
import { GENESIS_HEAD, publishedHeadAfter } from './hash-chains.ts';
import type { EventStore } from './port.ts';
import { appendOf, contractOf, newStream, openSample, sampleStore, step } from './testing/sample-store.ts';

describe('the chains of a stream', () => {
  let database: TestDatabase;
  let store: EventStore;
  let stream: string;

  beforeAll(async () => {
    database = await createTestDatabase(eventStoreMigrations);
  });
  afterAll(() => database.drop());

  beforeEach(async () => {
    store = sampleStore(database.pool);
    stream = newStream();
    await store.append(appendOf(stream, 0, step('private'), step('first', contractOf({ n: 1 }))));
    await store.append(appendOf(stream, 2, step('second', contractOf({ n: 2 }, 'directory')), step('private again')));
    await store.append(appendOf(stream, 4, step('third', contractOf({ n: 3 }))));
  });

  test('the private chain links every event with its own random salt', async () => {
    const { rows } = await database.pool.query<{ text: string; salt: string; hash: string }>(
      'SELECT text, salt, hash FROM es.event WHERE stream = $1 ORDER BY version',
      [stream],
    );
    let head = '0'.repeat(64);
    for (const row of rows) {
      expect(row.salt).toMatch(/^[0-9a-f]{32}$/);
      head = createHash('sha256').update(head).update(row.salt).update(row.text).digest('hex');
      expect(row.hash).toBe(head);
    }
    expect(new Set(rows.map((row) => row.salt)).size).toBe(5);
    const heads = await database.pool.query('SELECT version, private_head FROM es.stream WHERE name = $1', [stream]);
    expect(heads.rows).toEqual([{ version: 5, private_head: head }]);
  });

  test('the published chain is contiguous and carries the private head of its moment', async () => {
    const { rows } = await database.pool.query<{
      key_id: string | null;
      data: string;
      published_version: number;
      hash: string;
    }>(
      `SELECT o.key_id, o.data, o.published_version, e.hash FROM es.outbox o JOIN es.event e ON e.id = o.event_id
       WHERE o.stream = $1 ORDER BY o.outbox_id`,
      [stream],
    );
    expect(rows.map((row) => row.published_version)).toEqual([1, 2, 3]);
    let head = GENESIS_HEAD;
    for (const row of rows) {
      const payload = JSON.parse(openSample(row)) as ContractPayload;
      expect(payload.version).toBe(row.published_version);
      expect(payload.privateHead).toBe(row.hash);
      head = publishedHeadAfter(head, payload);
      expect(payload.publishedHead).toBe(head);
    }
    const heads = await database.pool.query('SELECT published_version, published_head FROM es.stream WHERE name = $1', [
      stream,
    ]);
    expect(heads.rows).toEqual([{ published_version: 3, published_head: head }]);
  });

  test('another payload gives another published head', () => {
    const payload = { type: 'A', data: {}, publishedHead: 'x' } as unknown as ContractPayload;
    expect(publishedHeadAfter(GENESIS_HEAD, payload)).toBe(
      publishedHeadAfter(GENESIS_HEAD, { ...payload, publishedHead: 'y' }),
    );
    expect(publishedHeadAfter(GENESIS_HEAD, payload)).not.toBe(
      publishedHeadAfter(GENESIS_HEAD, { ...payload, type: 'B' }),
    );
    expect(publishedHeadAfter(GENESIS_HEAD, payload)).not.toBe(publishedHeadAfter('1'.repeat(64), payload));
  });

  test.each([
    [
      'a changed text',
      2,
      `UPDATE es.event SET text = replace(text, 'first', 'never') WHERE stream = $1 AND version = 2`,
    ],
    [
      'a text beside bytes that say what it said',
      2,
      `UPDATE es.event SET sealed = convert_to(text, 'UTF8'), text = replace(text, 'first', 'never') WHERE stream = $1 AND version = 2`,
    ],
    ['a changed salt', 1, `UPDATE es.event SET salt = repeat('0', 32) WHERE stream = $1 AND version = 1`],
    ['a changed hash', 3, `UPDATE es.event SET hash = repeat('0', 64) WHERE stream = $1 AND version = 3`],
    ['a changed type column', 4, `UPDATE es.event SET type = 'VisitEnded' WHERE stream = $1 AND version = 4`],
    ['a changed time column', 4, `UPDATE es.event SET recorded_at = '2020' WHERE stream = $1 AND version = 4`],
    ['a removed event', 2, `DELETE FROM es.event WHERE stream = $1 AND version = 2`],
    ['a removed end', 5, `DELETE FROM es.event WHERE stream = $1 AND version = 5`],
    ['a removed history', 1, `DELETE FROM es.event WHERE stream = $1`],
    ['a removed head', 1, `DELETE FROM es.stream WHERE name = $1`],
    ['a changed head', 6, `UPDATE es.stream SET private_head = repeat('0', 64) WHERE name = $1`],
  ])('INV-08 %s shows on reading', async (_, version, tampering) => {
    await database.pool.query(tampering, [stream]);
    const reading = store.readStream(stream);
    await expect(reading).rejects.toBeInstanceOf(StreamCorruptedError);
    await expect(reading).rejects.toMatchObject({ stream, version });
  });

  test('an event moved to another stream shows on reading both', async () => {
    const other = newStream();
    await store.append(appendOf(other, 0, step('private'), step('first')));
    await database.pool.query('DELETE FROM es.event WHERE stream = $1 AND version = 2', [other]);
    await database.pool.query('UPDATE es.event SET stream = $2 WHERE stream = $1 AND version = 2', [stream, other]);
    await expect(store.readStream(stream)).rejects.toBeInstanceOf(StreamCorruptedError);
    await expect(store.readStream(other)).rejects.toBeInstanceOf(StreamCorruptedError);
  });
});
