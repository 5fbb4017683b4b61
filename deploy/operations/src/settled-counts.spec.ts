import { describe, expect, it } from '@jest/globals';
import { settledCounts } from './reconcile-command.ts';
import type { NodeCounts } from './reconciliation.ts';

function readings(...committed: number[]): { read: () => Promise<NodeCounts[]>; count: () => number } {
  let index = -1;
  return {
    read: async () => {
      index = Math.min(index + 1, committed.length - 1);
      const count = committed[index] ?? 0;
      return [{ agency: 'a', own: { committed: count, sequenced: 3, published: 3 }, sources: [] }];
    },
    count: () => index + 1,
  };
}

describe('settledCounts', () => {
  it('takes two equal readings in a row as settled', async () => {
    const { read, count } = readings(5, 4, 3, 3);
    expect((await settledCounts(read, 5_000, 5_000, 1))[0]?.own.committed).toBe(3);
    expect(count()).toBe(4);
  });

  it('gives up on counts that stand still and are unequal', async () => {
    const { read } = readings(5);
    expect((await settledCounts(read, 60_000, 5, 1))[0]?.own.committed).toBe(5);
  });

  it('reads once when it may not wait', async () => {
    const { read, count } = readings(5, 4);
    expect((await settledCounts(read, 0, 5, 1))[0]?.own.committed).toBe(5);
    expect(count()).toBe(1);
  });
});
