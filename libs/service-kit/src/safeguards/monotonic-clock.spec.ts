import { describe, expect, it } from '@jest/globals';
import { randomIds } from '../node/system-time.ts';
import { processClock } from './monotonic-clock.ts';

function machine() {
  const times = { counted: 5_000.7, calendar: 1_795_338_000_000 };
  const clock = processClock(randomIds, {
    countedMs: () => times.counted,
    calendarMs: () => times.calendar,
  });
  const pass = (countedMs: number, calendarMs: number): void => {
    times.counted += countedMs;
    times.calendar += calendarMs;
  };
  return { clock, pass };
}

describe('the clock of a process', () => {
  it('counts from the beginning of the process, under one name', () => {
    const { clock, pass } = machine();
    const first = clock.read();
    pass(60_000, 60_900);
    expect([first.ms, clock.read()]).toEqual([5_000, { boot: first.boot, ms: 65_000 }]);
  });

  it('does not follow a calendar that is set back', () => {
    const { clock, pass } = machine();
    const first = clock.read();
    pass(1_000, -3_600_000);
    expect(clock.read()).toEqual({ boot: first.boot, ms: 6_000 });
  });

  it('S1 begins anew where the machine slept: what was counted before says nothing any more', () => {
    const { clock, pass } = machine();
    const first = clock.read();
    pass(10, 61_000);
    const awake = clock.read();
    pass(2_000, 2_000);
    expect(awake.boot).not.toBe(first.boot);
    expect([awake.ms, clock.read()]).toEqual([0, { boot: awake.boot, ms: 2_000 }]);
  });
});
