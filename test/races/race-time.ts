import { randomUUID } from 'node:crypto';
import type { Clock } from '@acogida/core';
import type { Reading } from '@acogida/safeguards';
import type { MonotonicClock } from '@acogida/service-kit';

/** The time that passes for all processes of a world alike: it runs with the machine's, and a race lets it leap. */
export class RaceTime {
  readonly #origin = Date.now() - performance.now();
  #leaptMs = 0;

  /** Milliseconds; what all clocks of the world are made of. */
  get nowMs(): number {
    return performance.now() + this.#leaptMs;
  }

  /** The calendar of all nodes. */
  readonly clock: Clock = { now: () => this.instantAt(this.nowMs) };

  instantAt(ms: number): string {
    return new Date(this.#origin + ms).toISOString();
  }

  /** Lets time pass at once: whatever is under way stood still meanwhile. */
  leap(ms: number): void {
    this.#leaptMs += ms;
  }
}

/** The monotonic clock of one process, which may be fast or slow. */
export class LeaseClock implements MonotonicClock {
  readonly #boot = randomUUID();
  readonly #time: RaceTime;
  readonly #rate: number;
  readonly #beginMs: number;
  #stoodStillAt: Reading | null = null;

  /** @param rate how fast it runs; 1 is right */
  constructor(time: RaceTime, rate: number) {
    this.#time = time;
    this.#rate = rate;
    this.#beginMs = time.nowMs;
  }

  read(): Reading {
    if (this.#stoodStillAt !== null) return this.#stoodStillAt;
    return { boot: this.#boot, ms: Math.floor((this.#time.nowMs - this.#beginMs) * this.#rate) };
  }

  /** Outside of what clocks are trusted with: for a spec that wants it noticed. */
  standStill(): void {
    this.#stoodStillAt = this.read();
  }

  goOn(): void {
    this.#stoodStillAt = null;
  }
}
