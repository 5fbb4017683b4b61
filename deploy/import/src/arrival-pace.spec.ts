import { describe, expect, it } from '@jest/globals';
import { ArrivalPace, nextLookMs } from './arrival-pace.ts';

describe('ArrivalPace', () => {
  it('looks at once as long as nothing is known', () => {
    expect(new ArrivalPace().firstWaitMs).toBe(0);
  });

  it('waits as long as the last one took, and no longer than ten seconds', () => {
    const pace = new ArrivalPace();
    pace.foundAfter(700);
    expect(pace.firstWaitMs).toBe(700);
    pace.foundAfter(60_000);
    expect(pace.firstWaitMs).toBe(10_000);
  });

  it('looks sooner and sooner while they are there at the first look, and in the end at once', () => {
    const pace = new ArrivalPace();
    pace.foundAfter(100);
    const waits = Array.from({ length: 10 }, () => {
      pace.foundAtOnce();
      return pace.firstWaitMs;
    });
    expect(waits).toEqual(waits.toSorted((a, b) => b - a));
    expect(waits[0]).toBeCloseTo(70);
    expect(waits.at(-1)).toBe(0);
  });
});

describe('the next look', () => {
  it.each([
    [0, 100],
    [400, 100],
    [1_000, 250],
    [8_000, 2_000],
    [60_000, 2_000],
  ])('comes for one that was waited for %d ms after %d ms', (waitedMs, nextMs) => {
    expect(nextLookMs(waitedMs)).toBe(nextMs);
  });
});
