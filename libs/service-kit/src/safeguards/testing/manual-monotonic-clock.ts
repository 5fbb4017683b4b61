import type { Reading } from '@acogida/safeguards';
import type { MonotonicClock } from '../monotonic-clock.ts';

/** A monotonic clock that a spec lets run. */
export class ManualMonotonicClock implements MonotonicClock {
  #boot = 1;
  #ms = 0;

  read(): Reading {
    return { boot: `boot-${this.#boot}`, ms: this.#ms };
  }

  pass(ms: number): void {
    this.#ms += ms;
  }

  /** As if the process had been started again. */
  restart(): void {
    this.#boot += 1;
    this.#ms = 0;
  }
}
