import { describe, expect, it } from '@jest/globals';
import type { Transaction } from '@acogida/event-store';
import { bedDeadlines, bedProcedure } from '../testing/specimen-deadlines.ts';
import { deadlineProjection } from './deadline-projection.ts';
import { MemoryDeadlineStore } from './memory-deadline-store.ts';
import type { StreamDeadlines } from './port.ts';
import { RuleCatalogue } from './rule-catalogue.ts';

const NO_TRANSACTION = {} as Transaction;
const DUE = { kind: 'ARRIVE', dueAt: '2026-11-23T10:00:00.000Z' };
const [free, kept] = [{ open: null }, { open: DUE }];

/** What is written of streams after an append. */
async function writtenOf(...states: readonly (readonly [string, number, boolean, object])[]): Promise<unknown> {
  const replaced: StreamDeadlines[] = [];
  class WatchedStore extends MemoryDeadlineStore {
    override async replace(streams: readonly StreamDeadlines[]): Promise<void> {
      replaced.push(...streams);
    }
  }
  const alarm = { wakeAt: async () => {}, start: async () => {}, stop: async () => {} };
  const catalogue = new RuleCatalogue([bedDeadlines], [bedProcedure]);
  const projection = deadlineProjection({ catalogue, store: new WatchedStore((work) => work(NO_TRANSACTION)), alarm });
  const told = states.map(([stream, version, isNew, state]) => ({ stream, version, isNew, state }));
  await projection.applyStates?.(told, NO_TRANSACTION);
  return replaced;
}

describe('the deadlines of streams that an append moved', () => {
  it('are not written of streams that begin without any', async () => {
    expect(await writtenOf(['bed-a', 1, true, free])).toEqual([]);
    expect(await writtenOf(['bed-a', 1, true, kept], ['bed-a', 2, false, free])).toEqual([]);
  });

  it('are written of those that begin with one, and of all others: one may be over', async () => {
    expect(await writtenOf(['bed-a', 1, true, kept], ['bed-b', 4, false, free])).toEqual([
      { stream: 'bed-a', open: [DUE] },
      { stream: 'bed-b', open: [] },
    ]);
  });
});
