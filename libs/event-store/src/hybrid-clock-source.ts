import { type Clock, HYBRID_TIME_ZERO, type HybridTime, observe, tick } from '@acogida/core';
import type { Transaction } from './port.ts';

/**
 * The hybrid logical clock of one node: every reading is greater than all readings before it and than every reading
 * observed from others before it, also across restarts.
 */
export class HybridClockSource {
  readonly #clock: Clock;
  #last: HybridTime;

  /** @param last greatest reading given out or observed in an earlier life */
  constructor(clock: Clock, last: HybridTime = HYBRID_TIME_ZERO) {
    this.#clock = clock;
    this.#last = last;
  }

  /**
   * Starts after the greatest reading in the outbox.
   *
   * @param observed greatest trusted reading the inbox kept, when there is one
   */
  static async start(
    database: Transaction,
    clock: Clock,
    observed: HybridTime = HYBRID_TIME_ZERO,
  ): Promise<HybridClockSource> {
    const { rows } = await database.query<{ last: string | null }>('SELECT max(clock) AS last FROM es.outbox');
    const published = rows[0]?.last ?? HYBRID_TIME_ZERO;
    return new HybridClockSource(clock, published > observed ? published : observed);
  }

  /** The next reading. */
  next(): HybridTime {
    this.#last = tick(this.#last, this.#clock.now());
    return this.#last;
  }

  /** Takes note of a reading received from another node; `ahead` when it is too far in the future to be trusted. */
  observe(received: HybridTime): { readonly ahead: boolean } {
    const { time, ahead } = observe(this.#last, received, this.#clock.now());
    this.#last = time;
    return { ahead };
  }
}
