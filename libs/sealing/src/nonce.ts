import { randomFillSync } from 'node:crypto';

/** What AES-GCM takes: 96 bits, drawn at random, so that one key may serve 2^32 times (NIST SP 800-38D §8.3). */
export const NONCE_BYTES = 12;

const NONCES = 256;
const nonces = { bytes: Buffer.alloc(NONCE_BYTES * NONCES), used: NONCES };

/** Fetched from the generator many at a time; each is given out once. */
export function nextNonce(): Buffer {
  if (nonces.used === NONCES) {
    nonces.bytes = randomFillSync(Buffer.alloc(NONCE_BYTES * NONCES));
    nonces.used = 0;
  }
  nonces.used += 1;
  return nonces.bytes.subarray(NONCE_BYTES * (nonces.used - 1), NONCE_BYTES * nonces.used);
}
