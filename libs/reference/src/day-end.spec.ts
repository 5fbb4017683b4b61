import { describe, expect, it } from '@jest/globals';
import { dayEndIn } from './day-end.ts';

describe('dayEndIn', () => {
  it.each([
    ['CR', '2026-11-22T12:00:00.000Z', '2026-11-23T06:00:00.000Z'],
    ['CR', '2026-11-22T05:59:59.999Z', '2026-11-22T06:00:00.000Z'],
    ['CR', '2026-11-22T06:00:00.000Z', '2026-11-23T06:00:00.000Z'],
    ['BR', '2026-11-22T23:59:59.500Z', '2026-11-23T03:00:00.000Z'],
    ['', '2026-11-22T12:00:00.000Z', '2026-11-23T00:00:00.000Z'],
  ])('is midnight in %s after %s', (country, instant, end) => {
    expect(dayEndIn(country, instant)).toBe(end);
  });

  it.each([
    ['clocks go forward', '2026-03-08T06:00:00.000Z', '2026-03-09T04:00:00.000Z'],
    ['clocks go back', '2026-11-01T05:00:00.000Z', '2026-11-02T05:00:00.000Z'],
  ])('is right on a day on which %s', (_, instant, end) => {
    expect(dayEndIn('US', instant)).toBe(end);
  });
});
