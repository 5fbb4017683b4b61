import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ContractPayload } from '@acogida/contracts';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import { eventStoreMigrations } from './event-store-schema.ts';
import { GENESIS_HEAD, publishedHeadAfter } from './hash-chains.ts';
import { HybridClockSource } from './hybrid-clock-source.ts';
import {
  appendOf,
  contractOf,
  newStream,
  openSample,
  SAMPLE_METADATA,
  sampleStore,
  StandingClock,
  step,
} from './testing/sample-store.ts';

interface OutboxRow {
  readonly event_id: string;
  readonly stream: string;
  readonly published_version: number;
  readonly class: string;
  readonly subject: string;
  readonly key_id: string | null;
  readonly data: string;
  readonly time: string;
  readonly clock: string;
  readonly number: string | null;
}

describe('the outbox', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase(eventStoreMigrations);
  });
  afterAll(() => database.drop());

  async function outboxOf(stream: string): Promise<readonly OutboxRow[]> {
    const { rows } = await database.pool.query<OutboxRow>(
      'SELECT * FROM es.outbox WHERE stream = $1 ORDER BY outbox_id',
      [stream],
    );
    return rows;
  }

  test('holds the sealed payload with every field', async () => {
    const store = sampleStore(database.pool);
    const stream = newStream();
    const published = { ...contractOf({ step: 'first' }), occurredAt: '2026-11-20T00:00:00.000Z' };

    const { events } = await store.append(appendOf(stream, 0, step('private'), step('first', published)));

    const [row, ...others] = await outboxOf(stream);
    expect(others).toEqual([]);
    const { rows: hashes } = await database.pool.query<{ hash: string }>(
      'SELECT hash FROM es.event WHERE stream = $1 AND version = 2',
      [stream],
    );
    const payload = JSON.parse(openSample(row as OutboxRow)) as ContractPayload;
    expect(row).toEqual({
      outbox_id: expect.any(String),
      event_id: events[1]?.id,
      stream,
      published_version: 1,
      class: 'case',
      subject: `subject-of-${published.caseId}`,
      key_id: 'key-1',
      data: expect.any(String),
      time: '2026-11-22T09:00:00.000Z',
      clock: payload.clock,
      number: null,
    });
    expect(payload).toEqual({
      type: 'StepPublished',
      schemaVersion: 1,
      caseId: published.caseId,
      data: { step: 'first' },
      occurredAt: '2026-11-20T00:00:00.000Z',
      recordedAt: '2026-11-22T09:00:00.000Z',
      stream,
      version: 1,
      publishedHead: publishedHeadAfter(GENESIS_HEAD, payload),
      privateHead: hashes[0]?.hash,
      correlationId: SAMPLE_METADATA.correlationId,
      causation: SAMPLE_METADATA.causation,
      clock: expect.stringMatching(/^\d{13}-\d{6}$/),
    });
    expect(openSample(row as OutboxRow)).not.toContain(SAMPLE_METADATA.actor);
  });

  test('what happened defaults to when it was recorded, and directory entries stay clear', async () => {
    const stream = newStream();
    await sampleStore(database.pool).append(appendOf(stream, 0, step('first', contractOf({}, 'directory'))));
    const [row] = await outboxOf(stream);
    expect(row).toMatchObject({ class: 'directory', subject: 'directory', key_id: null });
    expect(JSON.parse(row?.data ?? '')).toMatchObject({ caseId: null, occurredAt: '2026-11-22T09:00:00.000Z' });
  });

  test('takes events in version order, and clock readings grow with it, in one batch and over batches', async () => {
    const store = sampleStore(database.pool);
    const streams = [newStream(), newStream(), newStream()];
    for (const version of [0, 2]) {
      await Promise.all(
        streams.map((stream) =>
          store.append(appendOf(stream, version, step('a', contractOf({})), step('b', contractOf({})))),
        ),
      );
    }
    for (const stream of streams) {
      const rows = await outboxOf(stream);
      expect(rows.map((row) => row.published_version)).toEqual([1, 2, 3, 4]);
      const clocks = rows.map((row) => row.clock);
      expect(clocks).toEqual([...new Set(clocks)].toSorted());
    }
  });

  test('a published event is later than everything observed before it', async () => {
    const clock = new StandingClock('2026-11-22T09:00:00.000Z');
    const hybridClock = new HybridClockSource(clock);
    const store = sampleStore(database.pool, { clock, hybridClock });
    const received = `${Date.parse('2026-11-22T09:00:30.000Z')}-000007`;
    expect(hybridClock.observe(received)).toEqual({ ahead: false });
    const stream = newStream();
    await store.append(appendOf(stream, 0, step('answer', contractOf({}))));
    const [row] = await outboxOf(stream);
    expect(row?.clock).toBe(`${Date.parse('2026-11-22T09:00:30.000Z')}-000008`);
  });

  test('the clock goes on after the greatest published or observed reading when the node starts again', async () => {
    await database.pool.query(
      `UPDATE es.outbox SET clock = '1900000000000-000005' WHERE outbox_id = (SELECT max(outbox_id) FROM es.outbox)`,
    );
    const clock = new StandingClock('2026-11-22T09:00:00.000Z');
    expect((await HybridClockSource.start(database.pool, clock)).next()).toBe('1900000000000-000006');
    const later = await HybridClockSource.start(database.pool, clock, '1900000000001-000000');
    expect(later.next()).toBe('1900000000001-000001');
    const earlier = await HybridClockSource.start(database.pool, clock, '1800000000001-000000');
    expect(earlier.next()).toBe('1900000000000-000006');
  });
});

describe('the hybrid clock', () => {
  test('starts at the wall clock, counts while it stands, never goes back with it', () => {
    const clock = new StandingClock('2026-11-22T09:00:00.000Z');
    const source = new HybridClockSource(clock);
    const wall = Date.parse('2026-11-22T09:00:00.000Z');
    expect([source.next(), source.next()]).toEqual([`${wall}-000000`, `${wall}-000001`]);
    clock.set('2026-11-22T08:00:00.000Z');
    expect(source.next()).toBe(`${wall}-000002`);
    clock.set('2026-11-22T09:00:00.001Z');
    expect(source.next()).toBe(`${wall + 1}-000000`);
  });

  test('a reading too far ahead is flagged and does not move it', () => {
    const clock = new StandingClock('2026-11-22T09:00:00.000Z');
    const source = new HybridClockSource(clock);
    const wall = Date.parse('2026-11-22T09:00:00.000Z');
    expect(source.observe(`${wall + 60_001}-000000`)).toEqual({ ahead: true });
    expect(source.next()).toBe(`${wall}-000000`);
    expect(source.observe(`${wall + 60_000}-000000`)).toEqual({ ahead: false });
    expect(source.next()).toBe(`${wall + 60_000}-000001`);
  });
});
