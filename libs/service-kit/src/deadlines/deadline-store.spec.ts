import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Transaction } from '@acogida/event-store';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import { deadlineMigrations } from './create-deadline-tables.migration.ts';
import { MemoryDeadlineStore } from './memory-deadline-store.ts';
import type { Deadline, DeadlineStore, OpenDeadline } from './port.ts';
import { PostgresDeadlineStore } from './postgres-deadline-store.ts';

const NOON = '2026-11-22T12:00:00.000Z';
const ONE = '2026-11-22T13:00:00.000Z';
const TWO = '2026-11-22T14:00:00.000Z';
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase(deadlineMigrations);
});
afterAll(() => database.drop());

/** A store on nothing: what runs in a transaction of it asks no database. */
const nothing = { query: () => Promise.reject(new Error('there is no database')) } as unknown as Transaction;

describe.each(['PostgreSQL', 'memory'] as const)('open deadlines in %s', (where) => {
  let store: DeadlineStore;
  let transaction: Transaction;

  beforeEach(async () => {
    await database.pool.query('TRUNCATE deadline.open');
    transaction = where === 'memory' ? nothing : database.pool;
    store =
      where === 'memory' ? new MemoryDeadlineStore((work) => work(nothing)) : new PostgresDeadlineStore(database.pool);
  });

  async function open(stream: string, ...deadlines: readonly Deadline[]): Promise<void> {
    await store.replace([{ stream, open: deadlines }], transaction);
  }

  const opened = (stream: string, kind: string, dueAt: string, failures = 0): OpenDeadline => ({
    ...{ stream, kind, dueAt, failures },
  });

  it('are due at their instant, the longest due first, as many as are wanted', async () => {
    await store.replace(
      [
        { stream: 'bed-2', open: [{ kind: 'ARRIVE', dueAt: ONE }] },
        {
          stream: 'bed-1',
          open: [
            { kind: 'CLEAR', dueAt: TWO },
            { kind: 'ARRIVE', dueAt: NOON },
          ],
        },
      ],
      transaction,
    );
    expect(await store.due('2026-11-22T11:59:59.999Z', 10)).toEqual([]);
    expect(await store.due(NOON, 10)).toEqual([opened('bed-1', 'ARRIVE', NOON)]);
    expect(await store.due(TWO, 10)).toEqual([
      opened('bed-1', 'ARRIVE', NOON),
      opened('bed-2', 'ARRIVE', ONE),
      opened('bed-1', 'CLEAR', TWO),
    ]);
    expect(await store.due(TWO, 2)).toHaveLength(2);
    expect(await store.nextAt()).toBe(NOON);
  });

  it('are all that was said last of a stream, and leave other streams alone', async () => {
    await open('bed-1', { kind: 'ARRIVE', dueAt: NOON }, { kind: 'CLEAR', dueAt: ONE });
    await open('bed-10', { kind: 'ARRIVE', dueAt: ONE });
    await open('bed-1', { kind: 'CLEAR', dueAt: TWO });
    expect(await store.due(TWO, 10)).toEqual([opened('bed-10', 'ARRIVE', ONE), opened('bed-1', 'CLEAR', TWO)]);
    await store.replace(
      [
        { stream: 'bed-1', open: [] },
        { stream: 'bed-10', open: [] },
      ],
      transaction,
    );
    expect(await store.due(TWO, 10)).toEqual([]);
    expect(await store.nextAt()).toBeNull();
    await store.replace([], transaction);
  });

  it('count once by kind, at the earliest', async () => {
    await open('bed-1', { kind: 'ARRIVE', dueAt: TWO }, { kind: 'ARRIVE', dueAt: NOON });
    expect(await store.due(TWO, 10)).toEqual([opened('bed-1', 'ARRIVE', NOON)]);
  });

  it('that are put off come again then, with their failures, until they change', async () => {
    await open('bed-1', { kind: 'ARRIVE', dueAt: NOON });
    await store.postpone(opened('bed-1', 'ARRIVE', NOON), ONE);
    expect(await store.due(NOON, 10)).toEqual([]);
    expect(await store.nextAt()).toBe(ONE);
    await open('bed-1', { kind: 'ARRIVE', dueAt: NOON });
    expect(await store.due(ONE, 10)).toEqual([opened('bed-1', 'ARRIVE', NOON, 1)]);
    await open('bed-1', { kind: 'ARRIVE', dueAt: TWO });
    expect(await store.due(TWO, 10)).toEqual([opened('bed-1', 'ARRIVE', TWO, 0)]);
  });

  it('that are looked at again later have not failed', async () => {
    await open('bed-1', { kind: 'ARRIVE', dueAt: NOON });
    await store.putOff(opened('bed-1', 'ARRIVE', NOON), ONE, transaction);
    await store.putOff(opened('bed-1', 'ARRIVE', TWO), TWO, transaction);
    expect(await store.due(NOON, 10)).toEqual([]);
    expect(await store.due(ONE, 10)).toEqual([opened('bed-1', 'ARRIVE', NOON)]);
  });

  it('are not put off to before they are due, nor when they have changed', async () => {
    await open('bed-1', { kind: 'ARRIVE', dueAt: TWO });
    await store.postpone(opened('bed-1', 'ARRIVE', NOON), ONE);
    expect(await store.due(TWO, 10)).toEqual([opened('bed-1', 'ARRIVE', TWO, 0)]);
    await store.postpone(opened('bed-1', 'ARRIVE', TWO), ONE);
    expect(await store.due(ONE, 10)).toEqual([]);
    expect(await store.nextAt()).toBe(TWO);
  });

  it('are counted', async () => {
    expect(await store.counts(NOON)).toEqual({ open: 0, overdue: 0, failing: 0, oldestDueAt: null });
    await open('bed-1', { kind: 'ARRIVE', dueAt: NOON }, { kind: 'CLEAR', dueAt: ONE });
    await open('bed-2', { kind: 'ARRIVE', dueAt: TWO });
    await store.postpone(opened('bed-1', 'ARRIVE', NOON), TWO);
    expect(await store.counts(ONE)).toEqual({ open: 3, overdue: 2, failing: 1, oldestDueAt: NOON });
  });

  it('get a turn while they stand open only', async () => {
    await open('bed-1', { kind: 'ARRIVE', dueAt: NOON });
    let turns = 0;
    const work = async (within: Transaction): Promise<void> => {
      turns += 1;
      expect(await store.isOpen(opened('bed-1', 'ARRIVE', NOON), within)).toBe(true);
      await store.replace([{ stream: 'bed-1', open: [] }], within);
      expect(await store.isOpen(opened('bed-1', 'ARRIVE', NOON), within)).toBe(false);
    };
    expect(await store.turn(opened('bed-1', 'ARRIVE', ONE), work)).toBe('gone');
    expect(await store.turn(opened('bed-1', 'ARRIVE', NOON), work)).toBe('taken');
    expect(await store.turn(opened('bed-1', 'ARRIVE', NOON), work)).toBe('gone');
    expect(turns).toBe(1);
  });

  it('get no second turn on their stream while one is under way; other streams do', async () => {
    await open('bed-1', { kind: 'ARRIVE', dueAt: NOON }, { kind: 'CLEAR', dueAt: NOON });
    await open('bed-2', { kind: 'ARRIVE', dueAt: NOON });
    const outcomes: string[] = [];
    await store.turn(opened('bed-1', 'ARRIVE', NOON), async () => {
      outcomes.push(await store.turn(opened('bed-1', 'CLEAR', NOON), async () => {}));
      outcomes.push(await store.turn(opened('bed-2', 'ARRIVE', NOON), async () => {}));
    });
    outcomes.push(await store.turn(opened('bed-1', 'CLEAR', NOON), async () => {}));
    expect(outcomes).toEqual(['busy', 'taken', 'taken']);
  });

  it('stand as before when a turn is rolled back', async () => {
    await open('bed-1', { kind: 'ARRIVE', dueAt: NOON });
    const turn = store.turn(opened('bed-1', 'ARRIVE', NOON), async (within) => {
      await store.replace([{ stream: 'bed-1', open: [] }], within);
      throw new Error('a defect');
    });
    await expect(turn).rejects.toThrow('a defect');
    expect(await store.due(NOON, 10)).toEqual([opened('bed-1', 'ARRIVE', NOON)]);
  });
});

describe('open deadlines in memory', () => {
  it('go back to a checkpoint, for a transaction that is rolled back', async () => {
    const store = new MemoryDeadlineStore((work) => work(nothing));
    await store.replace([{ stream: 'bed-1', open: [{ kind: 'ARRIVE', dueAt: NOON }] }], nothing);
    const restore = store.checkpoint();
    await store.replace([{ stream: 'bed-1', open: [] }], nothing);
    restore();
    expect(await store.nextAt()).toBe(NOON);
  });
});
