import { describe, expect, it } from '@jest/globals';
import { coveredThrough, nextCovered } from './covered-numbers.ts';

describe('the numbers that keys cover', () => {
  it.each([
    ['none', [], 5, 4],
    ['a revoked key alone', [{ fromNumber: 1, throughNumber: 4 }], 5, 4],
    ['a key that goes on', [{ fromNumber: 1, throughNumber: 4 }, { fromNumber: 5 }], 5, Number.MAX_SAFE_INTEGER],
    [
      'keys with a hole',
      [{ fromNumber: 1, throughNumber: 4 }, { fromNumber: 5, throughNumber: 9 }, { fromNumber: 12 }],
      5,
      9,
    ],
    ['a key that began later', [{ fromNumber: 8 }], 5, 4],
  ])('%s', (_, keys, first, expected) => expect(coveredThrough(keys, first)).toBe(expected));

  it.each([
    ['none', [], 4, null],
    ['a key that was revoked', [{ fromNumber: 1, throughNumber: 4 }], 4, null],
    ['the nearest of those that begin later', [{ fromNumber: 12, throughNumber: 20 }, { fromNumber: 8 }], 4, 8],
    ['no key that is good for nothing', [{ fromNumber: 8, throughNumber: 4 }, { fromNumber: 9 }], 4, 9],
  ])('begin again with %s', (_, keys, number, expected) => expect(nextCovered(keys, number)).toBe(expected));
});
