import type { Clock } from '@acogida/core';

const WINDOW_MS = 60_000;
const MAX_NAMES = 10_000;

/** Counts requests under a name, in memory: so many in each minute, of so many names as fit. */
export class RequestRate {
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #counts = new Map<string, { readonly startedAtMs: number; count: number }>();

  /** @param limit requests a minute under one name */
  constructor(clock: Clock, limit: number) {
    this.#clock = clock;
    this.#limit = limit;
  }

  /** Whether one more request may be answered now. */
  takes(name: string): boolean {
    const nowMs = Date.parse(this.#clock.now());
    const known = this.#counts.get(name);
    if (known !== undefined && nowMs - known.startedAtMs < WINDOW_MS && nowMs >= known.startedAtMs) {
      known.count += 1;
      return known.count <= this.#limit;
    }
    this.#counts.delete(name);
    this.#counts.set(name, { startedAtMs: nowMs, count: 1 });
    const oldest = this.#counts.keys().next();
    if (this.#counts.size > MAX_NAMES && oldest.done !== true) this.#counts.delete(oldest.value);
    return true;
  }
}
