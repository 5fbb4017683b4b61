import { HmacKey } from './hmac-key.ts';

/** Length of a case key and of an event key, in bytes; also the most that `expandKey` gives. */
export const KEY_BYTES = 32;

const NO_SALT = new HmacKey(new Uint8Array(KEY_BYTES));

/** What keys are expanded under: canonical JSON, so that no two labels can run into each other. */
export type KeyLabel = readonly (string | number)[];

/**
 * HKDF-SHA256 in its two steps (RFC 5869). The first depends on the secret alone and is done once per secret; Node's own
 * `hkdfSync` does both each time, at ten times the cost of the second.
 */
export function extractKey(secret: Uint8Array): HmacKey {
  return new HmacKey(Buffer.from(NO_SALT.digestOf(secret, 'binary'), 'latin1'));
}

/** The first `bytes` bytes, at most 32, that an extracted key expands to under a label. */
export function expandKey(extracted: HmacKey, label: KeyLabel, bytes = KEY_BYTES): Buffer {
  if (bytes > KEY_BYTES) throw new RangeError(`at most ${KEY_BYTES} bytes are expanded`);
  return Buffer.from(expandedText(extracted, label, 'binary'), 'latin1').subarray(0, bytes);
}

/** 32 bytes as `expandKey` gives them, as text. */
export function expandedText(extracted: HmacKey, label: KeyLabel, encoding: 'base64url' | 'binary'): string {
  return extracted.digest(`${JSON.stringify(label)}\u0001`, encoding);
}
