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

function roomIn(bytes: Buffer, plainBytes: number): Room {
  return {
    whole: bytes.subarray(0, plainBytes + AROUND_BYTES),
    plain: bytes.subarray(NONCE_BYTES, NONCE_BYTES + plainBytes),
  };
}

/** Room for so many bytes of plain text. */
export function roomFor(plainBytes: number): Room {
  return roomIn(Buffer.allocUnsafe(plainBytes + AROUND_BYTES), plainBytes);
}

/** Room behind a byte that names the form of what is kept. */
export function roomBehind(form: number, plainBytes: number): { readonly kept: Buffer; readonly room: Room } {
  const kept = Buffer.allocUnsafe(1 + plainBytes + AROUND_BYTES);
  kept[0] = form;
  return { kept, room: roomIn(kept.subarray(1), plainBytes) };
}

/** The largest seal of an event, and more. */
const DESK_BYTES = 160 * 1024;
/** One room for all that is encrypted and written down as text at once: buffers of their own cost as much as the cipher. */
const desk = Buffer.allocUnsafeSlow(DESK_BYTES);
/** Takes what a ciphertext is bound to while it is made. */
const label = Buffer.allocUnsafeSlow(4096);
const MAX_BYTES_PER_UNIT = 3;

/** The same where what comes out is read before anything else is encrypted. */
export function deskFor(plainBytes: number): Room {
  return plainBytes + AROUND_BYTES <= DESK_BYTES ? roomIn(desk, plainBytes) : roomFor(plainBytes);
}

/** A text in UTF-8, as `deskFor` gives room. */
export function deskWith(text: string): Room {
  if (text.length * MAX_BYTES_PER_UNIT + AROUND_BYTES <= DESK_BYTES) {
    return roomIn(desk, desk.write(text, NONCE_BYTES, 'utf8'));
  }
  const room = roomFor(Buffer.byteLength(text, 'utf8'));
  room.plain.write(text, 'utf8');
  return room;
}

/** What a ciphertext is to be bound to, in UTF-8. It stands until the next one is asked for. */
export function labelBytes(text: string): Buffer {
  if (text.length * MAX_BYTES_PER_UNIT > label.length) return Buffer.from(text, 'utf8');
  return label.subarray(0, label.write(text, 0, 'utf8'));
}

/**
 * Encrypts by XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) what was written into a room: nonce ‖ ciphertext ‖ tag. Nonces of
 * 192 bits are drawn at random, however often a key serves.
 *
 * @param key 32 bytes
 */
export function encryptRoom(key: Buffer, associated: Buffer, { whole, plain }: Room): Buffer {
  nonces.writeTo(whole);
  const nonce = whole.subarray(0, NONCE_BYTES);
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
