import type { Clock, Instant } from '@acogida/core';

/** A wall clock that stands still until it is moved: all nodes of a simulation share it. */
export class SimulatedClock implements Clock {
  #nowMs: number;
  /** `#nowMs` as text: asked for far more often than it moves. */
  #now: Instant;

  constructor(now: Instant) {
    this.#nowMs = Date.parse(now);
    this.#now = new Date(this.#nowMs).toISOString();
  }

  now(): Instant {
    return this.#now;
  }

  /** @param byMs milliseconds, not negative */
  advance(byMs: number): void {
    if (byMs < 0) throw new RangeError('simulated time does not go back');
    this.#moveTo(this.#nowMs + byMs);
  }

  /** Moves to an instant; one that has passed changes nothing. */
  advanceTo(instant: Instant): void {
    this.#moveTo(Math.max(this.#nowMs, Date.parse(instant)));
  }

  #moveTo(ms: number): void {
    this.#nowMs = ms;
    this.#now = new Date(ms).toISOString();
  }
}
