import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@acogida/core';
import { inTransaction } from '@acogida/event-store';
import type { ReceivedEvent, UnopenedEvent } from '@acogida/event-log';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { CreateTimeline1795300000002 } from '../migrations/create-timeline.ts';
import { canonicalData } from './timeline-columns.ts';
import { timelineDigest } from './timeline-digest.ts';
import { CASE_ID, history, sealed } from './timeline-examples.ts';
import { timelineProjection } from './timeline.projection.ts';
import { TimelineReplay } from './timeline-replay.ts';

const RECEIVED_AT = '2026-11-03T08:00:00.123Z';

describe('rebuilding the timeline', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase([CreateTimeline1795300000002]);
  });
  afterAll(() => database.drop());
  beforeEach(() => timelineProjection.reset(database.pool));

  const received = <E>(events: readonly E[]) => events.map((event) => ({ ...event, receivedAt: RECEIVED_AT }));
  const replay = (
    opened: readonly ReceivedEvent[],
    unopened: readonly UnopenedEvent[],
    pageSize: number,
    mostHeld?: number,
  ): Promise<void> =>
    inTransaction(database.pool, async (transaction) => {
      const building = await TimelineReplay.begin(transaction, mostHeld);
      await building.add({ opened: [], sealed: received(unopened) });
      for (let start = 0; start < opened.length; start += pageSize) {
        await building.add({ opened: received(opened.slice(start, start + pageSize)), sealed: [] });
      }
      await building.finish();
    });
  const shape = async (): Promise<unknown> => {
    const { rows: indexes } = await database.pool.query(
      "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename LIKE 'timeline%' ORDER BY 1",
    );
    const { rows: columns } = await database.pool.query(
      `SELECT table_name, column_name, data_type, column_default, is_nullable FROM information_schema.columns
        WHERE table_name LIKE 'timeline%' ORDER BY table_name, ordinal_position`,
    );
    return { indexes, columns };
  };

  it.each([
    ['in one page', 100, undefined],
    ['event by event', 1, undefined],
    ['with cases that stir again after they were written', 2, 1],
  ])('gives the digest of receiving: %s', async (_, pageSize, mostHeld) => {
    const unopened = [sealed(history[3] as ReceivedEvent)];
    const opened = history.filter((event) => event !== history[3]);
    await inTransaction(database.pool, (transaction) =>
      timelineProjection.apply({ opened, sealed: unopened }, transaction),
    );
    const [digest, before] = [await timelineDigest(database.pool), await shape()];
    await replay(opened, unopened, pageSize, mostHeld);
    expect(await timelineDigest(database.pool)).toBe(digest);
    expect(await shape()).toEqual(before);
  });

  it('keeps when each event was received', async () => {
    await replay(history, [], 100);
    const { rows } = await database.pool.query('SELECT DISTINCT received_at FROM timeline_event');
    expect(rows).toEqual([{ received_at: new Date(RECEIVED_AT) }]);
  });

  it('leaves tables that go on receiving', async () => {
    await inTransaction(database.pool, (transaction) =>
      timelineProjection.apply({ opened: history, sealed: [] }, transaction),
    );
    const digest = await timelineDigest(database.pool);
    await replay(history.slice(0, 4), [], 2);
    await inTransaction(database.pool, (transaction) =>
      timelineProjection.apply({ opened: history, sealed: [] }, transaction),
    );
    expect(await timelineDigest(database.pool)).toBe(digest);
  });

  it('writes characters that mean something to COPY', async () => {
    const [first] = history as [ReceivedEvent];
    const data = { channel: 'a\\b\tc\nd\re', note: String.raw`\N` };
    const odd = { ...first, payload: { ...first.payload, data } };
    await inTransaction(database.pool, (transaction) =>
      timelineProjection.apply({ opened: [odd], sealed: [] }, transaction),
    );
    const digest = await timelineDigest(database.pool);
    await replay([odd], [], 1);
    expect(await timelineDigest(database.pool)).toBe(digest);
  });

  it('changes nothing for readers until it is committed', async () => {
    await inTransaction(database.pool, (transaction) =>
      timelineProjection.apply({ opened: history, sealed: [] }, transaction),
    );
    const digest = await timelineDigest(database.pool);
    const failing = inTransaction(database.pool, async (transaction) => {
      const building = await TimelineReplay.begin(transaction);
      await building.add({ opened: received(history.slice(0, 1)), sealed: [] });
      expect(await timelineDigest(database.pool)).toBe(digest);
      await building.finish();
      throw new Error('lost');
    });
    await expect(failing).rejects.toThrow('lost');
    expect(await timelineDigest(database.pool)).toBe(digest);
    const { rows } = await database.pool.query('SELECT entries FROM timeline_case WHERE case_id = $1', [CASE_ID]);
    expect(rows).toEqual([{ entries: 9 }]);
  });

  it('writes data as its canonical text', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ noUnicodeString: false })), (data) => {
        const ordered = JSON.parse(canonicalize(data) as string) as JsonObject;
        expect(canonicalData(data as JsonObject)).toBe(canonicalize(data));
        expect(canonicalData(ordered)).toBe(canonicalize(data));
      }),
    );
  });
});
