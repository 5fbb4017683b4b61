import type { Ids } from '@acogida/core';
import type { Reading } from '@acogida/safeguards';

/** Injection token of the node's `MonotonicClock`. */
export const MONOTONIC_CLOCK = Symbol('acogida.monotonic-clock');

/** What leases are counted by (architecture.md §7): it never goes back, and says nothing to another process. */
export interface MonotonicClock {
  read(): Reading;
}

/** The clock of this process. One for each process: its readings carry the name that it drew. */
export function processClock(ids: Ids): MonotonicClock {
  const boot = ids.uuid();
  return { read: () => ({ boot, ms: Math.floor(performance.now()) }) };
}
