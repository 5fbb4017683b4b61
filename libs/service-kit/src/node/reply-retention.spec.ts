import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ReplyRetention } from './reply-retention.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

describe('kept replies', () => {
  const asked: string[] = [];
  const errors: unknown[] = [];
  let now = '2026-11-22T09:00:00.000Z';
  let isAway = false;

  function retention(): ReplyRetention {
    return new ReplyRetention({
      store: {
        forgetReplies: async (olderThan) => {
          asked.push(olderThan);
          if (isAway) throw new Error('away');
          return 0;
        },
      },
      clock: { now: () => now },
      retentionDays: 90,
      onError: (error) => errors.push(error),
    });
  }

  beforeEach(() => {
    jest.useFakeTimers();
    asked.length = 0;
    errors.length = 0;
    isAway = false;
    now = '2026-11-22T09:00:00.000Z';
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('are forgotten after the retention, at the start and every day', async () => {
    const replies = retention();
    replies.start();
    now = '2026-11-23T09:00:00.000Z';
    await jest.advanceTimersByTimeAsync(DAY_MS);
    await replies.stop();
    await jest.advanceTimersByTimeAsync(3 * DAY_MS);
    expect(asked).toEqual(['2026-08-24T09:00:00.000Z', '2026-08-25T09:00:00.000Z']);
  });

  it('are tried again the next day when the database was away', async () => {
    isAway = true;
    const replies = retention();
    replies.start();
    await jest.advanceTimersByTimeAsync(0);
    isAway = false;
    await jest.advanceTimersByTimeAsync(DAY_MS);
    await replies.stop();
    expect(errors).toHaveLength(1);
    expect(asked).toHaveLength(2);
  });

  it('that are many do not hold up a stop', async () => {
    const replies = new ReplyRetention({
      store: {
        forgetReplies: (_olderThan, signal) =>
          new Promise((resolve) => signal?.addEventListener('abort', () => resolve(1000))),
      },
      clock: { now: () => now },
      retentionDays: 90,
      onError: (error) => errors.push(error),
    });
    replies.start();
    await jest.advanceTimersByTimeAsync(0);
    await expect(replies.stop()).resolves.toBeUndefined();
  });
});
