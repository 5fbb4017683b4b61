import { describe, expect, it } from '@jest/globals';
import { instantAfter, isInstant } from './instant.ts';

describe('isInstant', () => {
  it.each(['2026-11-22T09:00:00.000Z', '2024-02-29T23:59:59.999Z'])('takes %s', (text) => {
    expect(isInstant(text)).toBe(true);
  });

  it.each(['', 'x', '2026-11-22', '2026-11-22T09:00:00Z', '2026-11-22T09:00:00.000+00:00', '2026-02-30T00:00:00.000Z'])(
    'refuses %j',
    (text) => {
      expect(isInstant(text)).toBe(false);
    },
  );
});

describe('instantAfter', () => {
  it('goes on and back over the end of a day and a month', () => {
    expect(instantAfter('2026-11-30T23:59:59.500Z', 500)).toBe('2026-12-01T00:00:00.000Z');
    expect(instantAfter('2026-12-01T00:00:00.000Z', -1)).toBe('2026-11-30T23:59:59.999Z');
  });

  it('refuses what is no instant', () => {
    expect(() => instantAfter('yesterday', 1)).toThrow(RangeError);
  });
});
