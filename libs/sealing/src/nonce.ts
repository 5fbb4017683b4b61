import { randomFillSync } from 'node:crypto';

const DRAWN = 256;

/** Nonces of one length, fetched from the generator many at a time; each is given out once. */
export class Nonces {
  readonly #lengthBytes: number;
  #bytes = Buffer.alloc(0);
  #used = 0;

  constructor(lengthBytes: number) {
    this.#lengthBytes = lengthBytes;
  }

  /** The next one. It stays as it is: what is drawn later stands elsewhere. */
  next(): Buffer {
    if (this.#used === this.#bytes.length) {
      this.#bytes = randomFillSync(Buffer.alloc(this.#lengthBytes * DRAWN));
      this.#used = 0;
    }
    this.#used += this.#lengthBytes;
    return this.#bytes.subarray(this.#used - this.#lengthBytes, this.#used);
  }
}

/** What AES-GCM takes: 96 bits, drawn at random, so that one key may serve 2^32 times (NIST SP 800-38D §8.3). */
export const NONCE_BYTES = 12;

const nonces = new Nonces(NONCE_BYTES);

/** One for AES-GCM. */
export function nextNonce(): Buffer {
  return nonces.next();
}
