import type { Ids } from '@acogida/core';
import type { Reading } from '@acogida/safeguards';

/** Injection token of the node's `MonotonicClock`. */
export const MONOTONIC_CLOCK = Symbol('acogida.monotonic-clock');

/** What leases are counted by (architecture.md §7): it never goes back, and says nothing to another process. */
export interface MonotonicClock {
  read(): Reading;
}

/** What a process reads, in milliseconds. */
export interface ProcessTimes {
  /** Since the process began; may not count while the machine sleeps. */
  readonly countedMs: () => number;
  readonly calendarMs: () => number;
}

/** So far the calendar may be set ahead of what was counted between two readings. */
const MOST_UNCOUNTED_MS = 1_000;

const PROCESS_TIMES: ProcessTimes = { countedMs: () => performance.now(), calendarMs: () => Date.now() };

/**
 * The clock of this process. One for each process: its readings carry the name that it drew. Where the calendar went on and nothing was
 * counted, the machine slept, and an authority elsewhere did not: that ends all leases here as a start of the process does.
 */
export function processClock(ids: Ids, { countedMs, calendarMs }: ProcessTimes = PROCESS_TIMES): MonotonicClock {
  let boot = ids.uuid();
  let begunMs = 0;
  let before = { counted: countedMs(), calendar: calendarMs() };
  return {
    read: () => {
      const now = { counted: countedMs(), calendar: calendarMs() };
      const uncountedMs = now.calendar - before.calendar - (now.counted - before.counted);
      before = now;
      if (uncountedMs > MOST_UNCOUNTED_MS) [boot, begunMs] = [ids.uuid(), now.counted];
      return { boot, ms: Math.floor(now.counted - begunMs) };
    },
  };
}
