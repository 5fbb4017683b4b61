import sodium from 'sodium-native';
import { Nonces } from './nonce.ts';

const NONCE_BYTES = 24;
const TAG_BYTES = 16;
const nonces = new Nonces(NONCE_BYTES);

/** What stands around a ciphertext: nonce (24 bytes) before it, tag (16 bytes) after it. */
export const AROUND_BYTES = NONCE_BYTES + TAG_BYTES;

/**
 * Bytes that are encrypted where they stand: the plain text is written into `plain`, between the places of nonce and tag, and
 * `whole` is what is kept. One buffer instead of four: for a text of 600 bytes half of the cost were buffers.
 */
export interface Room {
  readonly whole: Buffer;
  /** Not zeroed. */
  readonly plain: Buffer;
}

/** Room for so many bytes of plain text. */
export function roomFor(plainBytes: number): Room {
  const whole = Buffer.allocUnsafe(plainBytes + AROUND_BYTES);
  return { whole, plain: whole.subarray(NONCE_BYTES, NONCE_BYTES + plainBytes) };
}

/**
 * Encrypts by XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) what was written into a room: nonce ‖ ciphertext ‖ tag. Nonces of
 * 192 bits are drawn at random, however often a key serves.
 *
 * @param key 32 bytes
 */
export function encryptRoom(key: Buffer, associated: Buffer, { whole, plain }: Room): Buffer {
  const nonce = nonces.next();
  nonce.copy(whole, 0);
  sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(whole.subarray(NONCE_BYTES), plain, associated, null, nonce, key);
  return whole;
}

/** Decrypts, where it stands, what `encryptRoom` gave; null when key, associated data or bytes are not those. */
export function decryptRoom(key: Buffer, associated: Buffer, whole: Buffer): Buffer | null {
  if (whole.length < AROUND_BYTES) return null;
  const plain = whole.subarray(NONCE_BYTES, whole.length - TAG_BYTES);
  const [sealed, nonce] = [whole.subarray(NONCE_BYTES), whole.subarray(0, NONCE_BYTES)];
  try {
    sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(plain, null, sealed, associated, nonce, key);
  } catch {
    return null; // the only thing that it says of a well-formed call is that it does not fit
  }
  return plain;
}
