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
    const from = this.#draw();
    return this.#bytes.subarray(from, from + this.#lengthBytes);
  }

  /** Writes the next one to the beginning of some bytes. */
  writeTo(target: Uint8Array): void {
    const from = this.#draw();
    for (let index = 0; index < this.#lengthBytes; index += 1) target[index] = this.#bytes[from + index] as number;
  }

  /** Where the next one stands. */
  #draw(): number {
    if (this.#used === this.#bytes.length) {
      this.#bytes = randomFillSync(Buffer.alloc(this.#lengthBytes * DRAWN));
      this.#used = 0;
    }
    this.#used += this.#lengthBytes;
    return this.#used - this.#lengthBytes;
  }
}

/** What AES-GCM takes: 96 bits, drawn at random, so that one key may serve 2^32 times (NIST SP 800-38D §8.3). */
export const NONCE_BYTES = 12;

const nonces = new Nonces(NONCE_BYTES);

/** One for AES-GCM. */
export function nextNonce(): Buffer {
  return nonces.next();
}
