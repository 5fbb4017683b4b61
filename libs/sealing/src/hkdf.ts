import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';

/** Length of a case key and of an event key, in bytes; also the most that `expandKey` gives. */
export const KEY_BYTES = 32;

const NO_SALT = createSecretKey(Buffer.alloc(KEY_BYTES));

/**
 * HKDF-SHA256 in its two steps (RFC 5869). The first depends on the secret alone and is done once per secret; Node's own
 * `hkdfSync` does both each time, at six times the cost of the second.
 */
export function extractKey(secret: Uint8Array): KeyObject {
  return createSecretKey(createHmac('sha256', NO_SALT).update(secret).digest());
}

/**
 * The first `bytes` bytes, at most 32, that an extracted key expands to under a label: canonical JSON, so that no two labels
 * can run into each other.
 */
export function expandKey(extracted: KeyObject, label: readonly (string | number)[], bytes = KEY_BYTES): Buffer {
  if (bytes > KEY_BYTES) throw new RangeError(`at most ${KEY_BYTES} bytes are expanded`);
  const first = createHmac('sha256', extracted)
    .update(`${JSON.stringify(label)}\u0001`, 'utf8')
    .digest();
  return bytes === KEY_BYTES ? first : first.subarray(0, bytes);
}
