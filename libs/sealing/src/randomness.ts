import { randomBytes, randomFillSync } from 'node:crypto';
import type { X25519Pair } from './x25519.ts';

/** Where chance comes from, so that a simulation can make the same keys again. */
export interface Randomness {
  /** That many bytes, of which nothing can be foretold. */
  bytes(length: number): Buffer;
  /** The pair of the next 32 bytes, for a simulation that gives the same ones again and again; from `bytes` where left out. */
  x25519Pair?(): X25519Pair;
}

const POOL_BYTES = 4096;
const pool = { bytes: Buffer.alloc(POOL_BYTES), used: POOL_BYTES };

/**
 * The operating system's generator. Little is fetched from it many at a time: asking costs more than what it gives. What was
 * given out is overwritten here, so that it is nobody else's and stays nowhere.
 */
export const systemRandomness: Randomness = {
  bytes: (length) => {
    if (length > POOL_BYTES / 8) return randomBytes(length);
    if (pool.used + length > POOL_BYTES) {
      randomFillSync(pool.bytes);
      pool.used = 0;
    }
    const drawn = Buffer.alloc(length);
    const end = pool.used + length;
    pool.bytes.copy(drawn, 0, pool.used, end);
    pool.bytes.fill(0, pool.used, end);
    pool.used = end;
    return drawn;
  },
};
