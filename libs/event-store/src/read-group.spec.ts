import { describe, expect, test } from '@jest/globals';
import { ReadGroup, type ReadGroupOptions } from './read-group.ts';

function group(read: ReadGroupOptions<string>['read'], options: Partial<ReadGroupOptions<string>> = {}) {
  const asked: (readonly string[])[] = [];
  const reads = new ReadGroup<string>({
    read: (keys) => {
      asked.push(keys);
      return read(keys);
    },
    isOutage: (error) => (error as Error).message === 'outage',
    parallelReads: 1,
    maxKeys: 10,
    ...options,
  });
  return { asked, reads };
}

const echo = async (keys: readonly string[]): Promise<ReadonlyMap<string, string>> =>
  new Map(keys.map((key) => [key, `of ${key}`]));

describe('reads that are wanted at the same time', () => {
  test('share a round trip, each key once', async () => {
    const { asked, reads } = group(echo);
    expect(await Promise.all(['a', 'b', 'a'].map((key) => reads.read(key)))).toEqual(['of a', 'of b', 'of a']);
    expect(asked).toEqual([['a', 'b']]);
  });

  test('are at most so many in one, and the rest follow', async () => {
    const { asked, reads } = group(echo, { maxKeys: 2 });
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map((key) => reads.read(key)));
    expect(asked).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });

  test('are read after they were asked for, never from a round trip under way', async () => {
    const started = Promise.withResolvers<undefined>();
    const release = Promise.withResolvers<undefined>();
    let value = 'before';
    const { asked, reads } = group(async (keys) => {
      const seen = value;
      started.resolve(undefined);
      await release.promise;
      return new Map(keys.map((key) => [key, seen]));
    });
    const first = reads.read('a');
    await started.promise;
    value = 'after';
    const second = reads.read('a');
    release.resolve(undefined);
    expect([await first, await second]).toEqual(['before', 'after']);
    expect(asked).toHaveLength(2);
  });

  test('are read alone when one of them breaks the round trip: only that one fails', async () => {
    const { asked, reads } = group(async (keys) => {
      if (keys.includes('bad')) throw new Error('broken');
      return echo(keys);
    });
    const outcomes = await Promise.allSettled(['a', 'bad', 'b'].map((key) => reads.read(key)));
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(asked).toEqual([['a', 'bad', 'b'], ['a'], ['bad'], ['b']]);
  });

  test('all fail with an outage, and the next one is read again', async () => {
    let isAway = true;
    const { asked, reads } = group(async (keys) => {
      if (isAway) throw new Error('outage');
      return echo(keys);
    });
    const outcomes = await Promise.allSettled(['a', 'b'].map((key) => reads.read(key)));
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
    isAway = false;
    expect(await reads.read('c')).toBe('of c');
    expect(asked).toEqual([['a', 'b'], ['c']]);
  });
});
