import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, type TestDatabase } from '@acogida/testing';
import { type BedProcess, createBedDatabase, later, SetClock, startBedProcess } from '../testing/scheduled-beds.ts';
import { bedDeadlines, bedProcedure } from '../testing/specimen-deadlines.ts';
import { takeTurn } from './deadline-turn.ts';
import type { DeadlineStore, OpenDeadline } from './port.ts';
import { RuleCatalogue } from './rule-catalogue.ts';

let database: TestDatabase;
const clock = new SetClock();
const until = later(clock.at, 30);

beforeAll(async () => {
  database = await createBedDatabase();
});
beforeEach(async () => {
  await database.pool.query('TRUNCATE deadline.open');
});
afterAll(() => database.drop());

describe('a deadline that its stream has left behind', () => {
  /** As a row is that was written past the store. */
  async function leaveBehind({ keepBed, command }: BedProcess): Promise<OpenDeadline & { readonly id: string }> {
    const id = await keepBed(clock.at);
    await command(id, { type: 'NoteArrival' });
    const stale = { stream: `bed-${id}`, kind: 'ARRIVE', dueAt: clock.at };
    const text = 'INSERT INTO deadline.open (stream, kind, due_at, act_at) VALUES ($1, $2, $3, $3)';
    await database.pool.query(text, Object.values(stale));
    return { id, ...stale, failures: 0 };
  }

  it('is put right, and nothing is recorded', async () => {
    const process = startBedProcess(database, clock);
    const { id } = await leaveBehind(process);
    await process.deadlines.runDue();
    expect(process.turns).toEqual([{ kind: 'ARRIVE' }]);
    expect(await process.store.nextAt()).toBeNull();
    expect(await process.historyOf(id)).toEqual(['BedKept', 'ArrivalNoted']);
  });

  it('is not put right over what a command opens at the same time', async () => {
    const process = startBedProcess(database, clock);
    const { store, node, command } = process;
    const { id, ...stale } = await leaveBehind(process);
    let settled = false;
    let opening: Promise<void> = Promise.resolve();
    const racing: Pick<DeadlineStore, 'isOpen' | 'hold' | 'replace'> = {
      isOpen: (deadline, within) => store.isOpen(deadline, within),
      hold: (stream, within) => store.hold(stream, within),
      replace: async (streams, within) => {
        opening = command(id, { type: 'KeepBed', until }).finally(() => (settled = true));
        await eventually(async () => expect(settled || (await someoneWaits())).toBe(true));
        await store.replace(streams, within);
      },
    };
    const parts = { node, catalogue: new RuleCatalogue([bedDeadlines], [bedProcedure]), ids: { uuid: randomUUID } };
    await store.turn(stale, (within) =>
      takeTurn({ ...parts, store: racing as DeadlineStore }, stale, clock.at, within),
    );
    await opening;
    expect(await store.due(until, 10)).toEqual([{ stream: stale.stream, kind: 'ARRIVE', dueAt: until, failures: 0 }]);
  });

  async function someoneWaits(): Promise<boolean> {
    const { rowCount } = await database.pool.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return (rowCount ?? 0) > 0;
  }
});

describe('a deadline that something else than the calendar counts', () => {
  it('stands open until then, has its turn again, and has not failed', async () => {
    let looks = 0;
    const rules = [
      {
        ...bedDeadlines,
        handle: async (...[due, turn]: Parameters<typeof bedDeadlines.handle>): Promise<void> => {
          looks += 1;
          if (looks === 2) return bedDeadlines.handle(due, turn);
          turn.lookAgainAt(later(clock.at, 10));
        },
      },
    ];
    const { deadlines, keepBed, historyOf, turns, store } = startBedProcess(database, clock, { rules });
    const id = await keepBed(clock.at);
    expect(await deadlines.runDue()).toBe(1);
    expect([await historyOf(id), await store.nextAt()]).toEqual([['BedKept'], later(clock.at, 10)]);
    clock.pass(9);
    expect(await deadlines.runDue()).toBe(0);
    clock.pass(1);
    expect(await deadlines.runDue()).toBe(1);
    expect(await historyOf(id)).toEqual(['BedKept', 'DeadlineMissed']);
    expect(turns).toEqual([{ kind: 'ARRIVE' }, { kind: 'ARRIVE' }]);
  });
});

describe('a deadline that is said finer than to the millisecond, or coarser', () => {
  const dueAt = '2026-11-22T09:00:00.000Z';
  const said = [['2026-11-22T09:00:00.000999Z'], ['2026-11-22T09:00:00Z'], ['2026-11-22T03:00:00-06:00']];

  it.each(said)('gets its turn: %s', async (instant) => {
    const { deadlines, keepBed, historyOf, store } = startBedProcess(database, clock);
    const id = await keepBed(instant);
    expect(await store.nextAt()).toBe(dueAt);
    clock.pass(1);
    expect(await deadlines.runDue()).toBe(1);
    expect(await historyOf(id)).toEqual(['BedKept', 'DeadlineMissed']);
  });

  it.each(said)('is not taken for settled while it stands open: %s', async (instant) => {
    const rules = [{ ...bedDeadlines, handle: async (): Promise<void> => {} }];
    const { deadlines, keepBed, turns } = startBedProcess(database, clock, { rules });
    await keepBed(instant);
    clock.pass(1);
    expect(await deadlines.runDue()).toBe(0);
    expect(turns).toEqual([{ kind: 'ARRIVE', error: expect.objectContaining({ name: 'DeadlineNotSettledError' }) }]);
  });

  it('is refused with what it was recorded with when it is no instant', async () => {
    const { keepBed, store } = startBedProcess(database, clock);
    await expect(keepBed('soon')).rejects.toThrow(RangeError);
    expect(await store.nextAt()).toBeNull();
  });
});
