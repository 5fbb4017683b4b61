import { expect, it } from '@jest/globals';
import { RequestRate } from './request-rate.ts';

const clock = { ms: Date.parse('2026-11-22T10:00:00.000Z'), now: () => new Date(clock.ms).toISOString() };

it('takes so many requests a minute under each name', () => {
  const rate = new RequestRate(clock, 2);
  expect(['a', 'a', 'a', 'b'].map((name) => rate.takes(name))).toEqual([true, true, false, true]);
  clock.ms += 59_999;
  expect(rate.takes('a')).toBe(false);
  clock.ms += 1;
  expect(rate.takes('a')).toBe(true);
});

it('goes on when the clock was put back', () => {
  const rate = new RequestRate(clock, 1);
  expect(rate.takes('a')).toBe(true);
  clock.ms -= 60 * 60 * 1000;
  expect(rate.takes('a')).toBe(true);
});

it('forgets the oldest names when there are too many', () => {
  const rate = new RequestRate(clock, 1);
  expect(rate.takes('first')).toBe(true);
  for (let name = 0; name < 10_000; name += 1) rate.takes(`other ${name}`);
  expect(rate.takes('first')).toBe(true);
  expect(rate.takes('other 9999')).toBe(false);
});
