import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AnyProcedure } from '@acogida/event-store';
import type { TestDatabase } from '@acogida/testing';
import { createBedDatabase, later, SetClock, startBedProcess } from '../testing/scheduled-beds.ts';
import { bedDeadlines, bedProcedure } from '../testing/specimen-deadlines.ts';

let database: TestDatabase;
const clock = new SetClock();
const until = later(clock.at, 30);

beforeEach(async () => {
  database = await createBedDatabase();
});
afterEach(() => database.drop());

describe('streams from before a rule', () => {
  it('get the deadlines that stand open in their state, once', async () => {
    const before = startBedProcess(database, clock, { rules: [] });
    const kept = await before.keepBed(until);
    const met = await before.keepBed(until);
    await before.command(met, { type: 'NoteArrival' });
    const { compute, store, command } = startBedProcess(database, clock);
    await compute();
    expect(await store.due(until, 10)).toEqual([{ stream: `bed-${kept}`, kind: 'ARRIVE', dueAt: until, failures: 0 }]);
    await command(kept, { type: 'NoteArrival' });
    await database.pool.query(`INSERT INTO deadline.open VALUES ($1, 'ARRIVE', $2, $2)`, [`bed-${kept}`, until]);
    await compute(); // would put the row right
    expect(await store.counts(until)).toMatchObject({ open: 1 });
  });

  it('are computed anew when the revision of the rule changes', async () => {
    const first = startBedProcess(database, clock);
    const id = await first.keepBed(until);
    await first.compute();
    const openIn: typeof bedDeadlines.openIn = ({ open }) => (open === null ? [] : [{ ...open, dueAt: clock.at }]);
    const same = startBedProcess(database, clock, { rules: [{ ...bedDeadlines, openIn }] });
    await same.compute();
    expect(await same.store.nextAt()).toBe(until);
    const next = startBedProcess(database, clock, { rules: [{ ...bedDeadlines, openIn, revision: 2 }] });
    await next.compute();
    expect(await next.store.due(clock.at, 10)).toMatchObject([{ stream: `bed-${id}`, dueAt: clock.at }]);
  });

  it('are more than a page, and not those of a procedure with a longer name', async () => {
    const linen: AnyProcedure = { ...bedProcedure, name: 'bed-linen' };
    const procedures = [bedProcedure, linen];
    const before = startBedProcess(database, clock, { rules: [], procedures });
    await Promise.all(Array.from({ length: 120 }, () => before.keepBed(until)));
    await before.node.handler.execute({
      ...{ procedure: linen, id: 'x', command: { type: 'KeepBed', until }, actor: 'a', causation: null },
      correlationId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
    });
    const { compute, store } = startBedProcess(database, clock, { procedures });
    await compute();
    expect(await store.counts(until)).toMatchObject({ open: 120, overdue: 120 });
  });

  it('do not wait for one whose chain does not hold', async () => {
    const before = startBedProcess(database, clock, { rules: [] });
    const [first, second, third] = [
      await before.keepBed(until),
      await before.keepBed(until),
      await before.keepBed(until),
    ];
    await database.pool.query('UPDATE es.event SET hash = $2 WHERE stream = $1', [`bed-${second}`, '0'.repeat(64)]);
    const { compute, store } = startBedProcess(database, clock);
    const corrupted: string[] = [];
    await compute({ onCorrupted: ({ stream }) => void corrupted.push(stream) });
    expect(corrupted).toEqual([`bed-${second}`]);
    const streams = (await store.due(until, 10)).map(({ stream }) => stream);
    expect(streams).toEqual([`bed-${first}`, `bed-${third}`].toSorted());
  });

  it('are left for the next start when the node stops meanwhile', async () => {
    const before = startBedProcess(database, clock, { rules: [] });
    await before.keepBed(until);
    const { compute, store } = startBedProcess(database, clock);
    await compute({ signal: AbortSignal.abort() });
    expect(await store.nextAt()).toBeNull();
    await compute();
    expect(await store.nextAt()).toBe(until);
  });
});
