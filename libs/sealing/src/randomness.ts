import { randomBytes } from 'node:crypto';

/** Where chance comes from, so that a simulation can make the same keys again. */
export interface Randomness {
  /** That many bytes, of which nothing can be foretold. */
  bytes(length: number): Buffer;
}

/** The operating system's generator. */
export const systemRandomness: Randomness = { bytes: (length) => randomBytes(length) };
