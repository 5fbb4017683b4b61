import { createHash } from 'node:crypto';
import type { Randomness } from '@acogida/sealing';

/** Bytes that are the same in every run, so that keys, and the order that their names bring about, are as well. */
export class SimulatedRandomness implements Randomness {
  readonly #who: string;
  #drawn = 0;

  /** @param who two that are used in one simulation need different ones */
  constructor(who: string) {
    this.#who = who;
  }

  bytes(length: number): Buffer {
    this.#drawn += 1;
    return createHash('shake256', { outputLength: length }).update(`${this.#who}/${this.#drawn}`).digest();
  }
}
