import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Transaction } from '@acogida/event-store';
import type { NodeContext } from '../node-definition.ts';
import { later, SetClock } from '../testing/scheduled-beds.ts';
import { bedDeadlines, bedProcedure } from '../testing/specimen-deadlines.ts';
import { Deadlines, type DeadlinesOptions } from './deadlines.ts';
import { ManualAlarmClock } from './manual-alarm-clock.ts';
import { MemoryDeadlineStore } from './memory-deadline-store.ts';
import { RuleCatalogue } from './rule-catalogue.ts';

const MINUTE_MS = 60_000;
const transaction = {} as Transaction;

describe('following the deadlines', () => {
  let clock: SetClock;
  let store: MemoryDeadlineStore;
  let alarm: ManualAlarmClock;
  let handled: string[];
  let errors: unknown[];

  beforeEach(() => {
    jest.useFakeTimers();
    clock = new SetClock();
    store = new MemoryDeadlineStore((work) => work(transaction));
    alarm = new ManualAlarmClock();
    handled = [];
    errors = [];
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  async function open(id: string, dueAt = clock.at): Promise<void> {
    await store.replace([{ stream: `bed-${id}`, open: [{ kind: 'ARRIVE', dueAt }] }], transaction);
  }

  function deadlines(options: Partial<DeadlinesOptions> = {}): Deadlines {
    const settle = {
      ...bedDeadlines,
      handle: async ({ stream, id }: { readonly stream: string; readonly id: string }): Promise<void> => {
        handled.push(id);
        await store.replace([{ stream, open: [] }], transaction);
      },
    };
    return new Deadlines({
      ...{ store, clock, alarm },
      catalogue: new RuleCatalogue([settle], [bedProcedure]),
      node: { agencyId: 'cr-border-intake', jurisdiction: 'CR' } as NodeContext,
      ids: { uuid: () => '7c9e6679-7425-40de-944b-e07fc1f90ae7' },
      observer: { onHandled: () => {}, onFailed: (_, error) => void errors.push(error) },
      onError: (error) => void errors.push(error),
      ...options,
    });
  }

  it('looks at its start, when it is woken, and every minute of itself', async () => {
    const following = deadlines();
    await open('start');
    await following.start();
    await jest.advanceTimersByTimeAsync(0);
    expect(handled).toEqual(['start']);

    await open('woken', later(clock.at, 5));
    await alarm.wakeAt(later(clock.at, 5));
    clock.pass(5);
    await alarm.turnTo(clock.at);
    expect(handled).toEqual(['start', 'woken']);

    await open('unheard'); // its wake-up was lost
    await jest.advanceTimersByTimeAsync(MINUTE_MS);
    expect(handled).toEqual(['start', 'woken', 'unheard']);
    await following.stop();

    await open('stopped');
    await jest.advanceTimersByTimeAsync(5 * MINUTE_MS);
    expect(await alarm.turnTo('2101-01-01T00:00:00.000Z')).toBe(false);
    expect(await following.runDue()).toBe(0);
    expect(handled).toEqual(['start', 'woken', 'unheard']);
    expect(errors).toEqual([]);
  });

  it('says of a look that failed, and looks again', async () => {
    let isAway = true;
    const due = store.due.bind(store);
    store.due = async (now, limit) => {
      if (isAway) throw new Error('away');
      return due(now, limit);
    };
    await open('late');
    const following = deadlines();
    await following.start();
    await jest.advanceTimersByTimeAsync(2 * MINUTE_MS);
    expect(errors).toHaveLength(3);
    await expect(following.runDue()).rejects.toThrow('away');
    expect(following.isRunning()).toBe(true);
    await jest.advanceTimersByTimeAsync(MINUTE_MS);
    expect(following.isRunning()).toBe(false);
    isAway = false;
    await jest.advanceTimersByTimeAsync(MINUTE_MS);
    expect(handled).toEqual(['late']);
    expect(following.isRunning()).toBe(true);
    await following.stop();
  });

  it('prepares before the first look, until that succeeds', async () => {
    let attempts = 0;
    const following = deadlines({
      prepare: async () => {
        attempts += 1;
        if (attempts === 1) throw new Error('away');
      },
    });
    await open('first');
    await expect(following.runDue()).rejects.toThrow('away');
    expect(handled).toEqual([]);
    expect(await following.runDue()).toBe(1);
    expect(await following.runDue()).toBe(0);
    expect(attempts).toBe(2);
  });

  it('looks one after the other, and does not pile up', async () => {
    const following = deadlines();
    let release = (): void => {};
    let looks = 0;
    const due = store.due.bind(store);
    store.due = async (now, limit) => {
      looks += 1;
      await new Promise<void>((resolve) => (release = resolve));
      return due(now, limit);
    };
    await following.start();
    await jest.advanceTimersByTimeAsync(10 * MINUTE_MS);
    expect(looks).toBe(1);
    release();
    await jest.advanceTimersByTimeAsync(0);
    release();
    await jest.advanceTimersByTimeAsync(0);
    expect(looks).toBe(2);
    await following.stop();
  });

  it('ends within a look when it is stopped: what was not begun is for the next start', async () => {
    await open('a', later(clock.at, -2));
    await open('b', later(clock.at, -1));
    const following: Deadlines = deadlines({
      observer: { onHandled: () => void following.stop(), onFailed: () => {} },
    });
    expect(await following.runDue()).toBe(1);
    expect(handled).toEqual(['a']);
    expect(await store.counts(clock.at)).toMatchObject({ overdue: 1 });
  });

  it('wants to be woken again a moment later for what is left, not at once', async () => {
    const following = deadlines({ observer: { onHandled: () => {}, onFailed: () => {} } });
    await open('busy');
    store.turn = async () => 'busy';
    expect(await following.runDue()).toBe(0);
    expect(alarm.wanted).toEqual(['2026-11-22T09:00:01.000Z']);
  });

  it('wants to be woken when the next one is due', async () => {
    await open('next', later(clock.at, 30));
    expect(await deadlines().runDue()).toBe(0);
    expect(alarm.wanted).toEqual([later(clock.at, 30)]);
  });

  it('goes no further where all of a page was done by others meanwhile', async () => {
    let looks = 0;
    const due = store.due.bind(store);
    store.due = async (now, limit) => {
      looks += 1;
      return due(now, limit);
    };
    store.turn = async () => 'gone';
    await open('gone');
    expect(await deadlines().runDue()).toBe(0);
    expect(looks).toBe(1);
  });

  it('puts a turn that keeps failing off by an hour at most', async () => {
    const following = deadlines();
    store.turn = async () => {
      throw new Error('a defect');
    };
    await open('failing');
    const delaysMs: number[] = [];
    for (let failures = 0; failures < 30; failures += 1) {
      await following.runDue();
      const next = (await store.nextAt()) ?? '';
      delaysMs.push(Date.parse(next) - Date.parse(clock.at));
      clock.at = next;
    }
    expect(delaysMs.slice(0, 13).map((delayMs) => delayMs / 1000)).toEqual([
      ...[1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600],
    ]);
    expect(new Set(delaysMs.slice(12))).toEqual(new Set([60 * MINUTE_MS]));
    expect(errors).toHaveLength(30);
  });

  it('tells that something was recorded', async () => {
    let effects = 0;
    const following = deadlines({ onEffect: () => (effects += 1) });
    await following.runDue();
    expect(effects).toBe(0);
    await open('one');
    await following.runDue();
    expect(effects).toBe(1);
  });
});
