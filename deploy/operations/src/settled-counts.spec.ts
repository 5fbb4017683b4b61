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

const received: NodeCounts['sources'][number] = {
  ...{ source: 'b', received: 0, applied: 0, unknown: 0, sealed: 0, parked: 0, quarantined: 0 },
  ...{ held: 0, lastNumber: 0 },
  ...{ contiguous: true, duplicatesInEffect: 0, outOfOrder: 0, unverifiable: 0, status: 'flowing' },
};

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

  it('takes no heartbeat for movement', async () => {
    let heardAt = 0;
    const read = async (): Promise<NodeCounts[]> => {
      const [one] = await readings(5).read();
      heardAt += 1;
      return [{ ...one!, sources: [{ ...received, lastHeardAt: heardAt } as NodeCounts['sources'][number]] }];
    };
    expect((await settledCounts(read, 60_000, 5, 1))[0]?.own.committed).toBe(5);
  });

  it('takes an event that was received meanwhile for movement', async () => {
    let count = 0;
    const read = async (): Promise<NodeCounts[]> => {
      const [one] = await readings(5).read();
      count = Math.min(count + 1, 20);
      return [{ ...one!, sources: [{ ...received, received: count }] }];
    };
    expect((await settledCounts(read, 60_000, 5, 2))[0]?.sources[0]?.received).toBe(20);
  });

  it('reads once when it may not wait', async () => {
    const { read, count } = readings(5, 4);
    expect((await settledCounts(read, 0, 5, 1))[0]?.own.committed).toBe(5);
    expect(count()).toBe(1);
  });
});
