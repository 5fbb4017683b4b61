import { describe, expect, it } from '@jest/globals';
import { ageStatusOf, bandOfYears } from './ages.ts';

describe('ageStatusOf', () => {
  it.each([
    [{ fromYears: 18, toYears: 20 }, 'ADULT'],
    [{ fromYears: 48, toYears: null }, 'ADULT'],
    [{ fromYears: 9, toYears: 17 }, 'CHILD'],
    [{ fromYears: null, toYears: 8 }, 'CHILD'],
  ] as const)('is sure of %j: %s', (band, status) => {
    expect(ageStatusOf(band)).toBe(status);
  });

  it.each([
    [null],
    [{ fromYears: null, toYears: null }],
    [{ fromYears: 17, toYears: 18 }],
    [{ fromYears: 10, toYears: null }],
    [{ fromYears: null, toYears: 30 }],
  ] as const)('INV-08 takes the doubt of %j for a child', (band) => {
    expect(ageStatusOf(band)).toBe('DISPUTED');
  });
});

describe('bandOfYears', () => {
  it('is one year wide', () => {
    expect(bandOfYears('17')).toEqual({ fromYears: 17, toYears: 17 });
  });

  it.each(['', '-1', '17.5', '121', 'seventeen', '1e1', ' 17'])('refuses %j', (text) => {
    expect(bandOfYears(text)).toBeUndefined();
  });
});
