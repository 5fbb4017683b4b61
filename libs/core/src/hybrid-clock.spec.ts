import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HYBRID_TIME_ZERO, isHybridTime, MAX_CLOCK_ADVANCE_MS, observe, tick } from './hybrid-clock.ts';

const now = '2026-11-22T09:00:00.000Z';
const nowMs = Date.parse(now);
const instant = fc.integer({ min: 0, max: 4_000_000_000_000 }).map((ms) => new Date(ms).toISOString());

describe('the hybrid clock', () => {
  it('takes the wall clock when that has moved on', () => {
    expect(tick(HYBRID_TIME_ZERO, now)).toBe(`${nowMs}-000000`);
  });

  it('counts within one millisecond and when the wall clock stands or goes back', () => {
    const first = tick(HYBRID_TIME_ZERO, now);
    expect(tick(first, now)).toBe(`${nowMs}-000001`);
    expect(tick(first, '2020-01-01T00:00:00.000Z')).toBe(`${nowMs}-000001`);
  });

  it('carries a full counter into the next millisecond', () => {
    expect(tick(`${nowMs}-999999`, now)).toBe(`${nowMs + 1}-000000`);
  });

  it('always moves forward, and text order is time order', () => {
    fc.assert(
      fc.property(fc.array(instant, { minLength: 1 }), (instants) => {
        let last = HYBRID_TIME_ZERO;
        for (const at of instants) {
          const next = tick(last, at);
          expect(isHybridTime(next)).toBe(true);
          expect(next > last).toBe(true);
          last = next;
        }
      }),
    );
  });

  it('an effect reads after the cause it has seen', () => {
    const cause = `${nowMs + 5_000}-000007`;
    const seen = observe(HYBRID_TIME_ZERO, cause, now);
    expect(seen).toEqual({ time: cause, ahead: false });
    expect(tick(seen.time, now) > cause).toBe(true);
  });

  it('is not moved by a reading too far ahead, and says so', () => {
    const mine = `${nowMs}-000000`;
    expect(observe(mine, `${nowMs + MAX_CLOCK_ADVANCE_MS}-000000`, now).ahead).toBe(false);
    expect(observe(mine, `${nowMs + MAX_CLOCK_ADVANCE_MS + 1}-000000`, now)).toEqual({ time: mine, ahead: true });
  });

  it('is not moved back by an older reading', () => {
    const mine = `${nowMs}-000003`;
    expect(observe(mine, `${nowMs - 10}-000000`, now)).toEqual({ time: mine, ahead: false });
  });

  it.each(['', '1-1', 'x', `${nowMs}-0000000`, 12])('does not take %p for a reading', (text) => {
    expect(isHybridTime(text)).toBe(false);
  });

  it('refuses to read what is not a reading', () => {
    expect(() => tick('yesterday', now)).toThrow(RangeError);
  });
});
