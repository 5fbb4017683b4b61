import { describe, expect, it } from '@jest/globals';
import { eventually } from '@acogida/testing';
import { PositionCommits } from './kafka-log-commits.ts';

const NEVER_MS = 3_600_000;

describe('the positions of a group', () => {
  it('are committed behind the deliveries, one at a time, each for all that was handled until then', async () => {
    const committed: number[] = [];
    const counts: number[] = [];
    const first = Promise.withResolvers<void>();
    const commits = new PositionCommits(0, {
      around: (_step, { count }, work) => {
        counts.push(count);
        return work();
      },
    });
    const handled = (position: number, until: Promise<void> = Promise.resolve()): void =>
      commits.handled('a', {
        count: 1,
        commit: () => until.then(() => void committed.push(position)),
        onFailure: () => {},
      });
    handled(1, first.promise);
    handled(2);
    handled(3);
    expect(committed).toEqual([]);
    first.resolve();
    await eventually(() => expect(committed).toEqual([1, 3]));
    await commits.settled();
    handled(4);
    await eventually(() => expect(committed).toEqual([1, 3, 4]));
    expect(counts).toEqual([1, 2, 1]);
    await commits.settled();
  });

  it('are committed at once, each topic for itself, when the reader leaves', async () => {
    const committed: string[] = [];
    const commits = new PositionCommits(NEVER_MS);
    for (const position of ['a 1', 'b 1', 'a 2', 'b 2']) {
      commits.handled(position.slice(0, 1), {
        ...{ count: 1, commit: async () => void committed.push(position), onFailure: () => {} },
      });
    }
    await commits.settled();
    expect(committed).toEqual(['a 1', 'b 1', 'a 2', 'b 2']);
  });

  it('go on after one that failed, and say so', async () => {
    const failures: unknown[] = [];
    const commits = new PositionCommits(NEVER_MS);
    const failure = new Error('the broker is away');
    commits.handled('a', {
      ...{ count: 1, commit: () => Promise.reject(failure), onFailure: (error) => failures.push(error) },
    });
    await commits.settled();
    const later: string[] = [];
    commits.handled('a', { count: 1, commit: async () => void later.push('committed'), onFailure: () => {} });
    await commits.settled();
    expect([failures, later]).toEqual([[failure], ['committed']]);
  });
});
