import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { medianOf, percentileOf, ratioOf, significant, spreadOf } from './statistics.ts';

describe('the statistics of the bench', () => {
  it('finds the middle of odd and even counts without touching the values', () => {
    const values = [9, 1, 5];
    expect(medianOf(values)).toBe(5);
    expect(medianOf([4, 1, 2, 3])).toBe(2.5);
    expect(values).toEqual([9, 1, 5]);
  });

  it('has no middle of nothing', () => {
    expect(() => medianOf([])).toThrow(RangeError);
  });

  it('finds what so many of a hundred do not exceed', () => {
    const values = Array.from({ length: 200 }, (_, index) => 200 - index);
    expect([1, 50, 99, 100].map((percent) => percentileOf(values, percent))).toEqual([2, 100, 198, 200]);
    expect(percentileOf([7], 50)).toBe(7);
    expect(() => percentileOf([], 99)).toThrow(RangeError);
  });

  it('keeps the median between the ends', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1 }), (values) => {
        const { median, min, max } = spreadOf(values);
        return min <= median && median <= max;
      }),
    );
  });

  it('compares round by round, so that a slow moment of the machine weighs on both', () => {
    expect(ratioOf([10, 5, 12], [5, 2.5, 6])).toEqual({ median: 2, min: 2, max: 2 });
    expect(() => ratioOf([1, 2], [1])).toThrow(RangeError);
  });

  it('rounds to what means something', () => {
    expect(significant(33_333.333)).toBe(33_330);
    expect(significant(0.123456)).toBe(0.1235);
  });
});
