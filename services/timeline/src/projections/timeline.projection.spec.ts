import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { inTransaction } from '@acogida/event-store';
import type { ReceivedEvent, UnopenedEvent } from '@acogida/event-log';
import { createTestDatabase, eventually, type TestDatabase } from '@acogida/testing';
import fc from 'fast-check';
import { CreateTimeline1795300000002 } from '../migrations/create-timeline.ts';
import { timelineDigest } from './timeline-digest.ts';
import { CASE_ID, eventId, history, OTHER_CASE_ID, sealed } from './timeline-examples.ts';
import { timelineProjection } from './timeline.projection.ts';

describe('timeline projection', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase([CreateTimeline1795300000002]);
  });
  afterAll(() => database.drop());
  beforeEach(() => timelineProjection.reset(database.pool));

  const apply = (opened: readonly ReceivedEvent[], unopened: readonly UnopenedEvent[] = []) =>
    inTransaction(database.pool, (transaction) => timelineProjection.apply({ opened, sealed: unopened }, transaction));
  const cases = async () =>
    (await database.pool.query('SELECT * FROM timeline_case ORDER BY case_id')).rows as unknown[];
  const event = async (source: string, number: number) =>
    (await database.pool.query('SELECT * FROM timeline_event WHERE source = $1 AND number = $2', [source, number]))
      .rows as unknown[];
  const digest = () => timelineDigest(database.pool);

  it('holds every field of an event', async () => {
    await apply(history);
    expect(await event('cr-conatt', 1)).toEqual([
      {
        source: 'cr-conatt',
        number: '1',
        event_id: eventId('cr-conatt', 1),
        subject: `cr-conatt ${CASE_ID}`,
        case_id: CASE_ID,
        class: 'referral',
        type: 'ReferralAcknowledged',
        schema_version: 1,
        data: '{"proxied":null,"referralId":"7d0e3c7a-3a1e-4b7e-9d3c-1b7a2f3c4d5e"}',
        occurred_at: new Date('2026-11-01T12:01:00.000Z'),
        recorded_at: new Date('2026-11-02T12:01:00.000Z'),
        received_at: expect.any(Date),
        clock: `${Date.parse('2026-11-02T12:01:00.000Z')}-000000`,
        clock_ahead: false,
        causation_source: 'cr-border-intake',
        causation_id: eventId('cr-border-intake', 4),
        stream: 'referral-7d0e3c7a-3a1e-4b7e-9d3c-1b7a2f3c4d5e',
        version: 1,
      },
    ]);
  });

  it('holds the facts of each case', async () => {
    await apply(history);
    expect(await cases()).toEqual([
      {
        case_id: CASE_ID,
        opened_at: new Date('2026-11-01T10:01:00.000Z'),
        last_recorded_at: new Date('2026-11-02T12:05:00.000Z'),
        entries: 9,
        agencies: ['cr-border-intake', 'cr-conatt'],
        age_status: 'ADULT',
        sex: 'FEMALE',
        nationalities: ['VE'],
        child: false,
        life_saving_need: false,
        trafficking_flagged: true,
        trafficking_suggested: 'PRESUMED',
        trafficking_outcome: 'CONFIRMED',
        asylum_state: null,
        referrals: [
          {
            referralId: '7d0e3c7a-3a1e-4b7e-9d3c-1b7a2f3c4d5e',
            service: 'TRAFFICKING_SCREENING',
            sender: 'cr-border-intake',
            receiver: 'cr-conatt',
            urgency: 'URGENT',
            state: 'ACCEPTED',
          },
        ],
        referral_states: ['ACCEPTED'],
      },
      expect.objectContaining({ case_id: OTHER_CASE_ID, child: true, entries: 2, agencies: ['cr-border-intake'] }),
    ]);
  });

  it('keeps directory entries without a case', async () => {
    await apply(history.filter(({ source }) => source === 'regional-directory'));
    expect(await event('regional-directory', 1)).toEqual([
      expect.objectContaining({ case_id: null, type: 'AgencyListed' }),
    ]);
    expect(await cases()).toEqual([]);
  });

  it('gives the same digest whatever the arrival order and the batches, also when events come twice', async () => {
    await apply(history);
    const expected = await digest();
    const arrivals = fc.tuple(
      fc.shuffledSubarray([...history], { minLength: history.length }),
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: history.length, maxLength: history.length }),
      fc.subarray([...history]),
    );
    await fc.assert(
      fc.asyncProperty(arrivals, async ([order, sizes, again]) => {
        await timelineProjection.reset(database.pool);
        const rest = [...order];
        for (const size of sizes) await apply(rest.splice(0, size));
        await apply(again);
        expect(await digest()).toBe(expected);
      }),
      { numRuns: 20 },
    );
  });

  it('gives the same digest after reset and replay, also when clocks look otherwise by then', async () => {
    await apply(history);
    const before = await digest();
    await timelineProjection.reset(database.pool);
    expect(await digest()).not.toBe(before);
    await apply(history.map((one) => ({ ...one, clockAhead: true })));
    expect(await digest()).toBe(before);
  });

  it.each([
    ['data', (one: ReceivedEvent) => ({ ...one, payload: { ...one.payload, data: { channel: 'SEA' } } })],
    [
      'the time of recording',
      (one: ReceivedEvent) => ({ ...one, payload: { ...one.payload, recordedAt: '2026-11-03T00:00:00.000Z' } }),
    ],
    [
      'a cause',
      (one: ReceivedEvent) => ({
        ...one,
        payload: { ...one.payload, causation: { source: 'x', id: eventId('x', 1) } },
      }),
    ],
  ])('gives another digest when %s differs', async (_, change) => {
    await apply(history);
    const before = await digest();
    await timelineProjection.reset(database.pool);
    await apply([change(history[0] as ReceivedEvent), ...history.slice(1)]);
    expect(await digest()).not.toBe(before);
  });

  it('keeps an unopened event by class, and opens it when it can; never the other way round', async () => {
    const outcome = history.find(({ payload }) => payload.type === 'TraffickingOutcomeRecorded') as ReceivedEvent;
    const others = history.filter((one) => one !== outcome);
    await apply(others, [sealed(outcome)]);
    expect(await event('cr-conatt', 5)).toEqual([
      expect.objectContaining({ class: 'procedure', type: null, data: null, case_id: null, subject: outcome.subject }),
    ]);
    expect(await cases()).toEqual([
      expect.objectContaining({ trafficking_outcome: null, entries: 8 }),
      expect.objectContaining({ case_id: OTHER_CASE_ID }),
    ]);
    await apply([outcome]);
    await apply([], [sealed(outcome)]);
    expect(await event('cr-conatt', 5)).toEqual([
      expect.objectContaining({ type: 'TraffickingOutcomeRecorded', case_id: CASE_ID }),
    ]);
    expect(await cases()).toEqual([
      expect.objectContaining({ trafficking_outcome: 'CONFIRMED', entries: 9 }),
      expect.objectContaining({ case_id: OTHER_CASE_ID }),
    ]);
  });

  it('holds nothing of an event that hands over keys, received or replayed', async () => {
    const [first] = history as [ReceivedEvent];
    const payload = {
      ...first.payload,
      type: 'KeysGranted',
      data: { grantId: eventId('cr-border-intake', 90), cases: [] },
    };
    const grant: ReceivedEvent = { ...first, id: eventId('cr-border-intake', 99), number: 99, class: 'key', payload };
    await apply([grant]);
    expect(await event('cr-border-intake', 99)).toEqual([]);
    await inTransaction(database.pool, async (transaction) => {
      const building = await timelineProjection.replay?.(transaction);
      await building?.add({ opened: [{ ...grant, receivedAt: grant.time }], sealed: [] });
      await building?.finish();
    });
    expect(await event('cr-border-intake', 99)).toEqual([]);
    expect(await cases()).toEqual([]);
  });

  it('loses nothing when batches of two agencies touch one case at once', async () => {
    const [first, second] = [await database.pool.connect(), await database.pool.connect()];
    try {
      await first.query('BEGIN');
      await second.query('BEGIN');
      const of = (agency: string) => ({ opened: history.filter(({ source }) => source === agency), sealed: [] });
      await timelineProjection.apply(of('cr-border-intake'), first);
      const waiting = timelineProjection.apply(of('cr-conatt'), second);
      await eventually(async () => {
        const { rows } = await database.pool.query(
          "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
        );
        expect(rows).toHaveLength(1);
      });
      await first.query('COMMIT');
      await waiting;
      await second.query('COMMIT');
    } finally {
      first.release();
      second.release();
    }
    expect(await cases()).toEqual([
      expect.objectContaining({
        entries: 9,
        agencies: ['cr-border-intake', 'cr-conatt'],
        trafficking_outcome: 'CONFIRMED',
      }),
      expect.objectContaining({ case_id: OTHER_CASE_ID }),
    ]);
  });

  it('does nothing on an empty batch', async () => {
    await apply([]);
    expect(await cases()).toEqual([]);
  });
});
