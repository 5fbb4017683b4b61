import { describe, expect, it } from '@jest/globals';
import { holdResultOf } from './hold.ts';

const round = (hold: number, ...others: readonly number[]): ReadonlyMap<string, number> =>
  new Map([...others.map((cost, index) => [`step-${index + 1}`, cost] as const), ['hold', hold]]);

describe('the cost of placing a hold', () => {
  it('is compared round by round with the median and the dearest of all other commands', () => {
    const { holdMs, others, ratioMedian, ratioDearest } = holdResultOf([round(2, 1, 2, 4), round(6, 3, 6, 8)]);
    expect(holdMs).toEqual({ median: 4, min: 2, max: 6 });
    expect(others.map(({ command, ms }) => [command, ms.median])).toEqual([
      ['step-1', 2],
      ['step-2', 4],
      ['step-3', 6],
    ]);
    expect(ratioMedian).toEqual({ median: 1, min: 1, max: 1 });
    expect(ratioDearest).toEqual({ median: 0.625, min: 0.5, max: 0.75 });
  });

  it('is none where no round was', () => {
    expect(() => holdResultOf([])).toThrow(RangeError);
  });
});
