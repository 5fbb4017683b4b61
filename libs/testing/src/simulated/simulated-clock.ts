import type { Clock, Instant } from '@acogida/core';

/** A wall clock that stands still until it is moved: all nodes of a simulation share it. */
export class SimulatedClock implements Clock {
  #nowMs: number;

  constructor(now: Instant) {
    this.#nowMs = Date.parse(now);
  }

  now(): Instant {
    return new Date(this.#nowMs).toISOString();
  }

  /** @param byMs milliseconds, not negative */
  advance(byMs: number): void {
    if (byMs < 0) throw new RangeError('simulated time does not go back');
    this.#nowMs += byMs;
  }

  /** Moves to an instant; one that has passed changes nothing. */
  advanceTo(instant: Instant): void {
    this.#nowMs = Math.max(this.#nowMs, Date.parse(instant));
  }
}
