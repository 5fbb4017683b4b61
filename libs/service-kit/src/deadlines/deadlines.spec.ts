import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { inTransaction, StreamMovedError } from '@acogida/event-store';
import type { TestDatabase } from '@acogida/testing';
import { createBedDatabase, later, SetClock, startBedProcess } from '../testing/scheduled-beds.ts';
import { bedDeadlines, bedProcedure } from '../testing/specimen-deadlines.ts';
import type { ManualAlarmClock } from './manual-alarm-clock.ts';
import type { AnyDeadlineRule, DueDeadline } from './port.ts';

const MISSED = ['BedKept', 'DeadlineMissed'];
const MISSED_TWICE = [...MISSED, 'DeadlineMissed'];
let database: TestDatabase;
let clock: SetClock;

beforeAll(async () => {
  database = await createBedDatabase();
});
beforeEach(async () => {
  await database.pool.query('TRUNCATE deadline.open');
  clock = new SetClock();
});
afterAll(() => database.drop());

/** The rule of the beds with something in the way of it. */
function ruleThat(handle: AnyDeadlineRule['handle']): AnyDeadlineRule {
  return { ...bedDeadlines, handle };
}

describe('a deadline', () => {
  it('gets its turn when it is due, in the name of what was missed, and is then settled', async () => {
    const { deadlines, events, keepBed, turns, store } = startBedProcess(database, clock);
    const until = later(clock.at, 30);
    const id = await keepBed(until);
    clock.pass(29);
    expect(await deadlines.runDue()).toBe(0);
    clock.pass(1);

    expect(await deadlines.runDue()).toBe(1);

    const [, missed] = await events.readStream(`bed-${id}`);
    expect(missed).toMatchObject({
      type: 'DeadlineMissed',
      data: { missedAt: clock.at, clearBy: later(until, 60) },
      metadata: { actor: 'cr-border-intake.when-arrive-is-due', causation: null },
    });
    expect(missed?.metadata.correlationId).toMatch(/^[0-9a-f-]{36}$/);
    expect(turns).toEqual([{ kind: 'ARRIVE' }]);
    expect(await store.due(later(until, 60), 10)).toEqual([
      { stream: `bed-${id}`, kind: 'CLEAR', dueAt: later(until, 60), failures: 0 },
    ]);
    expect(await deadlines.runDue()).toBe(0);
  });

  it('that was met never gets a turn', async () => {
    const { deadlines, keepBed, command, historyOf, store } = startBedProcess(database, clock);
    const id = await keepBed(later(clock.at, 30));
    await command(id, { type: 'NoteArrival' });
    clock.pass(600);
    expect(await deadlines.runDue()).toBe(0);
    expect(await historyOf(id)).toEqual(['BedKept', 'ArrivalNoted']);
    expect(await store.nextAt()).toBeNull();
  });

  it('that was moved is due at the later instant', async () => {
    const { deadlines, keepBed, command, historyOf } = startBedProcess(database, clock);
    const id = await keepBed(later(clock.at, 30));
    await command(id, { type: 'KeepBed', until: later(clock.at, 50) });
    clock.pass(40);
    expect(await deadlines.runDue()).toBe(0);
    clock.pass(10);
    expect(await deadlines.runDue()).toBe(1);
    expect(await historyOf(id)).toEqual(['BedKept', 'BedKept', 'DeadlineMissed']);
  });

  it('of a transaction that was rolled back never gets a turn', async () => {
    const { deadlines, command, store } = startBedProcess(database, clock);
    const work = inTransaction(database.pool, async (transaction) => {
      await command(randomUUID(), { type: 'KeepBed', until: clock.at }, transaction);
      throw new Error('rolled back');
    });
    await expect(work).rejects.toThrow('rolled back');
    expect(await store.nextAt()).toBeNull();
    expect(await deadlines.runDue()).toBe(0);
  });

  it.each([
    ['behind', '2001-01-01T00:00:00.000Z'],
    ['ahead', '2101-01-01T00:00:00.000Z'],
  ])('is due by the clock of the node, however far that is %s of the database', async (_, now) => {
    clock.at = now;
    const { deadlines, keepBed } = startBedProcess(database, clock);
    await keepBed(later(now, 30));
    clock.pass(29);
    expect(await deadlines.runDue()).toBe(0);
    clock.pass(1);
    expect(await deadlines.runDue()).toBe(1);
  });

  it('wants a wake-up when it is opened, and the next one after each look', async () => {
    const { deadlines, keepBed, alarm } = startBedProcess(database, clock);
    const wanted = (): readonly string[] => (alarm as ManualAlarmClock).wanted;
    const until = later(clock.at, 30);
    await keepBed(until);
    expect(wanted()).toEqual([until]);
    clock.pass(30);
    await deadlines.start();
    await (alarm as ManualAlarmClock).turnTo(clock.at);
    await deadlines.stop();
    expect(wanted()).toContain(later(until, 60));
  });
});

describe('a node that was away', () => {
  it('handles what came due meanwhile, the longest due first, with what follows from it', async () => {
    const before = startBedProcess(database, clock);
    const second = await before.keepBed(later(clock.at, 20));
    const first = await before.keepBed(later(clock.at, 10));
    const distant = await before.keepBed(later(clock.at, 60 * 24 * 4));
    clock.pass(60 * 24 * 3);
    const seen: string[] = [];
    const { deadlines, historyOf } = startBedProcess(database, clock, {
      rules: [
        ruleThat(async (due: DueDeadline<'ARRIVE'>, turn) => {
          seen.push(`${due.kind} ${due.id}`);
          await bedDeadlines.handle(due, turn);
        }),
      ],
    });
    expect(await deadlines.runDue()).toBe(4);
    expect(seen).toEqual([`ARRIVE ${first}`, `ARRIVE ${second}`, `CLEAR ${first}`, `CLEAR ${second}`]);
    expect(await historyOf(first)).toEqual(MISSED_TWICE);
    expect(await historyOf(distant)).toEqual(['BedKept']);
  });

  it('handles more than one page', async () => {
    const { deadlines, command } = startBedProcess(database, clock);
    await Promise.all(
      Array.from({ length: 205 }, () => command(randomUUID(), { type: 'KeepBed', until: later(clock.at, 1) })),
    );
    clock.pass(2);
    expect(await deadlines.runDue()).toBe(205);
  });

  it('does nothing before it may act, and loses nothing by it', async () => {
    let mayAct = false;
    const { deadlines, keepBed } = startBedProcess(database, clock, { mayAct: () => mayAct });
    await keepBed(clock.at);
    expect(await deadlines.runDue()).toBe(0);
    mayAct = true;
    expect(await deadlines.runDue()).toBe(1);
  });
});

describe('a process that ends in a turn', () => {
  it('between the command and the removal leaves both undone: it happens once, by the next look', async () => {
    const dying = startBedProcess(database, clock, {
      rules: [
        ruleThat(async (due: DueDeadline<'ARRIVE'>, turn) => {
          await bedDeadlines.handle(due, turn);
          throw new Error('the process ended');
        }),
      ],
    });
    const id = await dying.keepBed(clock.at);
    await dying.deadlines.runDue();
    expect(await dying.historyOf(id)).toEqual(['BedKept']);
    clock.pass(1);
    const next = startBedProcess(database, clock);
    expect(await next.deadlines.runDue()).toBe(1);
    expect(await next.historyOf(id)).toEqual(MISSED);
  });

  it('after a command of its own transaction: the next turn changes nothing and settles', async () => {
    const dying = startBedProcess(database, clock, {
      rules: [
        ruleThat(async ({ id, kind }: DueDeadline<'ARRIVE'>, { now }) => {
          await dying.command(id, { type: 'MissDeadline', kind, now, clearBy: null });
          throw new Error('the process ended');
        }),
      ],
    });
    const id = await dying.keepBed(clock.at);
    await dying.deadlines.runDue();
    clock.pass(1);
    const next = startBedProcess(database, clock);
    await next.deadlines.runDue();
    expect(await next.historyOf(id)).toEqual(MISSED);
    expect(await next.store.nextAt()).toBeNull();
  });

  it('because its connection broke before the commit: it happens once', async () => {
    let breaks = 1;
    const { deadlines, keepBed, historyOf, turns } = startBedProcess(database, clock, {
      rules: [
        ruleThat(async (due: DueDeadline<'ARRIVE'>, turn) => {
          await bedDeadlines.handle(due, turn);
          if (breaks-- > 0) await turn.transaction.query('SELECT pg_terminate_backend(pg_backend_pid())');
        }),
      ],
    });
    const id = await keepBed(clock.at);
    expect(await deadlines.runDue()).toBe(1);
    expect(await historyOf(id)).toEqual(MISSED);
    expect(turns).toEqual([{ kind: 'ARRIVE' }]);
  });
});

describe('two schedulers on one database', () => {
  it('handle each deadline once between them', async () => {
    const one = startBedProcess(database, clock);
    const other = startBedProcess(database, clock);
    const ids = await Promise.all(Array.from({ length: 60 }, () => one.keepBed(later(clock.at, 1))));
    clock.pass(2);
    const handled = await Promise.all([one, other].map(({ deadlines }) => deadlines.runDue()));
    expect(handled.reduce((sum, count) => sum + count)).toBe(60);
    for (const id of ids) expect(await one.historyOf(id)).toEqual(MISSED);
    expect([...one.turns, ...other.turns].filter(({ error }) => error !== undefined)).toEqual([]);
  });

  it('leave alone what the other is busy with', async () => {
    const other = startBedProcess(database, clock);
    let handledByOther: number | undefined;
    const { deadlines, keepBed, historyOf } = startBedProcess(database, clock, {
      rules: [
        ruleThat(async (due: DueDeadline<'ARRIVE'>, turn) => {
          handledByOther = await other.deadlines.runDue();
          await bedDeadlines.handle(due, turn);
        }),
      ],
    });
    const id = await keepBed(clock.at);
    expect(await deadlines.runDue()).toBe(1);
    expect(handledByOther).toBe(0);
    expect(other.turns).toEqual([]);
    expect(await historyOf(id)).toEqual(MISSED);
  });
});

describe('a turn that fails', () => {
  it('is put off at growing distances, and holds nothing up', async () => {
    let bad = '';
    const { deadlines, keepBed, historyOf, turns, store } = startBedProcess(database, clock, {
      rules: [
        ruleThat(async (due: DueDeadline<'ARRIVE'>, turn) => {
          if (due.id === bad) throw new Error('a defect');
          await bedDeadlines.handle(due, turn);
        }),
      ],
    });
    bad = await keepBed(later(clock.at, -60 * 24));
    const good = await keepBed(clock.at);
    const start = Date.parse(clock.at);

    expect(await deadlines.runDue()).toBe(1);

    expect(await historyOf(good)).toEqual(MISSED);
    expect(turns.map(({ kind, error }) => [kind, (error as Error | undefined)?.message])).toEqual([
      ['ARRIVE', 'a defect'],
      ['ARRIVE', undefined],
    ]);
    const delays: number[] = [];
    for (let turn = 0; turn < 14; turn += 1) {
      const next = await store.nextAt();
      delays.push(Date.parse(next ?? '') - Date.parse(clock.at));
      clock.at = next ?? '';
      if (turn < 10) await deadlines.runDue();
    }
    expect(delays.slice(0, 4)).toEqual([1000, 2000, 4000, 8000]);
    expect(Math.max(...delays)).toBeLessThanOrEqual(60 * 60 * 1000);
    expect(Date.parse(clock.at)).toBeGreaterThan(start);
    expect(await store.counts(clock.at)).toMatchObject({ failing: 1 });
    const [failing] = (await store.due(clock.at, 10)).filter(({ failures }) => failures > 0);
    expect(failing).toMatchObject({ stream: `bed-${bad}` });
    bad = '';
    await deadlines.runDue();
    expect(await store.counts(clock.at)).toMatchObject({ failing: 0 });
  });

  it('because another command came first is tried again at once', async () => {
    let overtaken = 2;
    const { deadlines, keepBed, turns } = startBedProcess(database, clock, {
      rules: [
        ruleThat(async (due: DueDeadline<'ARRIVE'>, turn) => {
          if (overtaken-- > 0) throw new StreamMovedError(due.stream, undefined);
          await bedDeadlines.handle(due, turn);
        }),
      ],
    });
    await keepBed(clock.at);
    expect(await deadlines.runDue()).toBe(1);
    expect(turns).toEqual([{ kind: 'ARRIVE' }]);
  });

  it('because its rule left the deadline open is undone and reported', async () => {
    const { deadlines, keepBed, turns, store } = startBedProcess(database, clock, {
      rules: [ruleThat(async () => {})],
    });
    await keepBed(clock.at);
    expect(await deadlines.runDue()).toBe(0);
    expect(turns).toEqual([{ kind: 'ARRIVE', error: expect.objectContaining({ name: 'DeadlineNotSettledError' }) }]);
    expect(await store.counts(clock.at)).toEqual({ open: 1, overdue: 1, failing: 1, oldestDueAt: clock.at });
  });

  it('because no rule is left for its procedure is reported', async () => {
    await startBedProcess(database, clock).keepBed(clock.at);
    const { deadlines, turns } = startBedProcess(database, clock, { rules: [] });
    expect(await deadlines.runDue()).toBe(0);
    expect(turns).toEqual([{ kind: 'ARRIVE', error: expect.objectContaining({ name: 'DeadlineWithoutRuleError' }) }]);
  });
});

describe('rules that do not fit the procedures', () => {
  it.each([
    ['two for one procedure', [bedDeadlines, bedDeadlines], [bedProcedure]],
    ['one for a procedure that is not there', [bedDeadlines], []],
  ])('are refused: %s', (_, rules, procedures) => {
    expect(() => startBedProcess(database, clock, { rules, procedures })).toThrow(RangeError);
  });
});
