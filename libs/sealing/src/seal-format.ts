import { createSecretKey } from 'node:crypto';
import { decryptBound } from './aead.ts';
import { expandedText, KEY_BYTES } from './hkdf.ts';
import type { HmacKey } from './hmac-key.ts';
import {
  isSizeClass,
  padInto,
  paddedBytes,
  SMALLEST_CLASS_BYTES,
  smallestOf,
  SMALLEST_PAIR_CLASS_BYTES,
  unpad,
} from './padding.ts';
import { BrokenSealError, type SealHeader } from './port.ts';
import { AROUND_BYTES, decryptRoom, deskFor, encryptRoom, labelBytes } from './xchacha20-poly1305.ts';

/** Where the key of the event at hand stands for the call that takes it. */
const keyAtHand = Buffer.alloc(KEY_BYTES);

/** What differs between an event for a circle and one for a single agency. */
export interface SealShape {
  /** Label of its event keys. */
  readonly label: string;
  readonly smallestClassBytes: number;
}

/** For a circle of agencies. */
export const GROUP_SHAPE: SealShape = { label: 'event-key', smallestClassBytes: SMALLEST_CLASS_BYTES };

/** For one agency alone. */
export const PAIR_SHAPE: SealShape = { label: 'pair-event', smallestClassBytes: SMALLEST_PAIR_CLASS_BYTES };

/** By which format: both have the same shape, and never a key in common. */
type Format = 'v1' | 'v2';

function eventKey(caseKey: HmacKey, eventId: string, { label }: SealShape, format: Format): string {
  return expandedText(caseKey, ['acogida', format, label, eventId], 'binary');
}

/** RFC 8785 text of the header, its members in their canonical order. Exported for its proof. */
export function associatedData({ id, source, class: clearClass, subject, keyId }: SealHeader): string {
  return JSON.stringify({ class: clearClass, id, keyId, source, subject });
}

/**
 * What binds a key id to one case key: neither cipher keeps one ciphertext from opening under two keys. The key id that stands in
 * clear and in the associated data ends with this commitment (architecture.md §5, Format).
 *
 * @param caseKey as `extractKey` gives it
 */
export function keyCommitment(caseKey: HmacKey): string {
  return expandedText(caseKey, ['acogida', 'v1', 'key-commitment'], 'base64url');
}

/**
 * The format: base64 of nonce (24 bytes) ‖ XChaCha20-Poly1305 ciphertext of the padded text ‖ tag (16 bytes).
 *
 * @param caseKey as `extractKey` gives it
 */
export function sealText(caseKey: HmacKey, header: SealHeader, text: string, shape = GROUP_SHAPE): string {
  const room = deskFor(paddedBytes(text, smallestOf(header.class, shape.smallestClassBytes)));
  padInto(room.plain, text);
  keyAtHand.write(eventKey(caseKey, header.id, shape, 'v2'), 'latin1');
  return encryptRoom(keyAtHand, associatedBytes(header), room).toString('base64');
}

/**
 * Whether a text is the base64 of the bytes that were read from it (RFC 4648 §4). Node passes over what is no letter of it,
 * and so reads fewer bytes; takes the URL-safe letters; and drops bits of the last group, which is therefore written again.
 */
function isBase64Of(bytes: Buffer, text: string): boolean {
  const groups = Math.ceil(bytes.length / 3);
  if (text.length !== groups * 4 || text.includes('-') || text.includes('_')) return false;
  return text.endsWith(bytes.toString('base64', (groups - 1) * 3));
}

/**
 * Opens what `sealText` writes, and what it wrote before: nonce (12 bytes) ‖ AES-256-GCM ciphertext ‖ tag (16 bytes). What is
 * inside is padded to a size class, so that the length tells the two apart.
 *
 * @throws BrokenSealError
 */
export function openText(caseKey: HmacKey, header: SealHeader, data: string, shape = GROUP_SHAPE): string {
  const bytes = Buffer.from(data, 'base64');
  if (!isBase64Of(bytes, data)) throw new BrokenSealError('the data is no sealed text');
  const padded = isSizeClass(bytes.length - AROUND_BYTES, shape.smallestClassBytes)
    ? open(caseKey, header, bytes, shape)
    : openFirstFormat(caseKey, header, bytes, shape);
  if (padded === null) throw new BrokenSealError('the seal does not fit its header or its data');
  // what was sealed before its class had a size of its own begins where the shape does
  const text =
    unpad(padded, smallestOf(header.class, shape.smallestClassBytes)) ?? unpad(padded, shape.smallestClassBytes);
  if (text === null) throw new BrokenSealError('the padding is not well-formed');
  return text;
}

function open(caseKey: HmacKey, header: SealHeader, bytes: Buffer, shape: SealShape): Buffer | null {
  keyAtHand.write(eventKey(caseKey, header.id, shape, 'v2'), 'latin1');
  return decryptRoom(keyAtHand, associatedBytes(header), bytes);
}

function openFirstFormat(caseKey: HmacKey, header: SealHeader, bytes: Buffer, shape: SealShape): Buffer | null {
  const key = createSecretKey(eventKey(caseKey, header.id, shape, 'v1'), 'latin1');
  return decryptBound(key, associatedBytes(header), bytes);
}

function associatedBytes(header: SealHeader): Buffer {
  return labelBytes(associatedData(header));
}
