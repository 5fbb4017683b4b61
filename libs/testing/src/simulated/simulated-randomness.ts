import { createHash } from 'node:crypto';
import { LruMap } from '@acogida/core';
import { type Randomness, x25519Pair, type X25519Pair } from '@acogida/sealing';

const PRIVATE_KEY_BYTES = 32;

/** More than the lives and draws of most simulations. */
const KEPT_PAIRS = 20_000;
/** By who drew them and when: simulations that follow each other in a process draw the same, and making a pair costs most of all. */
const pairs = new LruMap<X25519Pair>(KEPT_PAIRS);

/** Bytes that are the same in every run, so that keys, and the order that their names bring about, are as well. */
export class SimulatedRandomness implements Randomness {
  readonly #who: string;
  #drawn = 0;

  /** @param who two that are used in one simulation need different ones */
  constructor(who: string) {
    this.#who = who;
  }

  bytes(length: number): Buffer {
    return bytesNamed(this.#nextName(), length);
  }

  x25519Pair(): X25519Pair {
    const name = this.#nextName();
    const known = pairs.get(name);
    if (known !== undefined) return known;
    const pair = x25519Pair(bytesNamed(name, PRIVATE_KEY_BYTES));
    pairs.set(name, pair);
    return pair;
  }

  #nextName(): string {
    this.#drawn += 1;
    return `${this.#who}/${this.#drawn}`;
  }
}

function bytesNamed(name: string, length: number): Buffer {
  return createHash('shake256', { outputLength: length }).update(name).digest();
}
