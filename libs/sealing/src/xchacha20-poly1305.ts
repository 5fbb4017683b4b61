import sodium from 'sodium-native';
import { Nonces } from './nonce.ts';

const NONCE_BYTES = 24;
const TAG_BYTES = 16;
const MAX_BYTES_PER_UNIT = 3;
const nonces = new Nonces(NONCE_BYTES);
/** That of the call that is under way. */
const nonceAtHand = Buffer.alloc(NONCE_BYTES);

/** What stands around a ciphertext: nonce (24 bytes) before it, tag (16 bytes) after it. */
export const AROUND_BYTES = NONCE_BYTES + TAG_BYTES;

/**
 * Bytes that are encrypted where they stand: the plain text is written into `plain`, between the places of nonce and tag, and
 * `whole` is what is kept. One buffer instead of four: for a text of 600 bytes half of the cost were buffers.
 */
export interface Room {
  readonly whole: Buffer;
  /** Where the nonce stands in it: behind what names the form, if anything does. */
  readonly from: number;
  /** Not zeroed. */
  readonly plain: Buffer;
}

function roomIn(whole: Buffer, from: number): Room {
  return { whole, from, plain: whole.subarray(from + NONCE_BYTES, whole.length - TAG_BYTES) };
}

/** Room for so many bytes of plain text. */
export function roomFor(plainBytes: number): Room {
  return roomIn(Buffer.allocUnsafe(plainBytes + AROUND_BYTES), 0);
}

/** Pieces of one buffer go to many: one for each, or Node's own pool, keeps the collector of array buffers busy. */
const SLAB_BYTES = 512 * 1024;
const LARGEST_PIECE_BYTES = SLAB_BYTES / 16;
let slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
let slabUsed = 0;

/** A text in UTF-8 in room behind a byte that names the form of what is kept; to be kept for a short while. */
export function roomBehind(form: number, text: string): Room {
  const mostBytes = 1 + text.length * MAX_BYTES_PER_UNIT + AROUND_BYTES;
  if (mostBytes > LARGEST_PIECE_BYTES) return ownRoomBehind(form, text);
  if (slabUsed + mostBytes > SLAB_BYTES) {
    slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
    slabUsed = 0;
  }
  const from = slabUsed;
  slab[from] = form;
  slabUsed += 1 + slab.write(text, from + 1 + NONCE_BYTES, 'utf8') + AROUND_BYTES;
  return roomIn(slab.subarray(from, slabUsed), 1);
}

function ownRoomBehind(form: number, text: string): Room {
  const whole = Buffer.allocUnsafeSlow(1 + Buffer.byteLength(text, 'utf8') + AROUND_BYTES);
  whole[0] = form;
  whole.write(text, 1 + NONCE_BYTES, 'utf8');
  return roomIn(whole, 1);
}

/** The largest seal of an event, and more. */
const DESK_BYTES = 160 * 1024;
/** One room for all that is encrypted and written down as text at once: buffers of their own cost as much as the cipher. */
const desk = Buffer.allocUnsafeSlow(DESK_BYTES);
/** Takes what a ciphertext is bound to while it is made. */
const label = Buffer.allocUnsafeSlow(4096);

/** The same where what comes out is read before anything else is encrypted. */
export function deskFor(plainBytes: number): Room {
  const bytes = plainBytes + AROUND_BYTES;
  return bytes <= DESK_BYTES ? roomIn(desk.subarray(0, bytes), 0) : roomFor(plainBytes);
}

/** A text in UTF-8, as `deskFor` gives room. */
export function deskWith(text: string): Room {
  if (text.length * MAX_BYTES_PER_UNIT + AROUND_BYTES <= DESK_BYTES) {
    return roomIn(desk.subarray(0, desk.write(text, NONCE_BYTES, 'utf8') + AROUND_BYTES), 0);
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
export function encryptRoom(key: Buffer, associated: Buffer, { whole, from, plain }: Room): Buffer {
  nonces.writeTo(nonceAtHand);
  whole.set(nonceAtHand, from);
  const sealed = whole.subarray(from + NONCE_BYTES);
  sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(sealed, plain, associated, null, nonceAtHand, key);
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
