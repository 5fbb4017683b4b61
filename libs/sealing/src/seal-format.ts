import { createCipheriv, createDecipheriv } from 'node:crypto';
import { expandedText } from './hkdf.ts';
import type { HmacKey } from './hmac-key.ts';
import { NONCE_BYTES, nextNonce } from './nonce.ts';
import { pad, SMALLEST_CLASS_BYTES, smallestOf, SMALLEST_PAIR_CLASS_BYTES, unpad } from './padding.ts';
import { BrokenSealError, type SealHeader } from './port.ts';

const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';
/**
 * Event keys come as text, a character per byte. A key object for one event costs as much again as its cipher; bare bytes five
 * times as much, since Node finds out by an exception that they are no key object.
 */
const TAGGED = { authTagLength: TAG_BYTES, encoding: 'latin1' } as const;

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

function eventKey(caseKey: HmacKey, eventId: string, { label }: SealShape): string {
  return expandedText(caseKey, ['acogida', 'v1', label, eventId], 'binary');
}

/** RFC 8785 text of the header, its members in their canonical order. Exported for its proof. */
export function associatedData({ id, source, class: clearClass, subject, keyId }: SealHeader): string {
  return JSON.stringify({ class: clearClass, id, keyId, source, subject });
}

/**
 * What binds a key id to one case key: AES-GCM alone lets one ciphertext open under two keys. The key id that stands in
 * clear and in the associated data ends with this commitment (architecture.md §5, Format).
 *
 * @param caseKey as `extractKey` gives it
 */
export function keyCommitment(caseKey: HmacKey): string {
  return expandedText(caseKey, ['acogida', 'v1', 'key-commitment'], 'base64url');
}

/**
 * The final format: base64 of nonce (12 bytes) ‖ AES-256-GCM ciphertext of the padded text ‖ tag (16 bytes).
 *
 * @param caseKey as `extractKey` gives it
 */
export function sealText(caseKey: HmacKey, header: SealHeader, text: string, shape = GROUP_SHAPE): string {
  const nonce = nextNonce();
  const cipher = createCipheriv(CIPHER, eventKey(caseKey, header.id, shape), nonce, TAGGED);
  cipher.setAAD(Buffer.from(associatedData(header), 'utf8'));
  const ciphertext = cipher.update(pad(text, smallestOf(header.class, shape.smallestClassBytes)));
  return Buffer.concat([nonce, ciphertext, cipher.final(), cipher.getAuthTag()]).toString('base64');
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

/** Opens what `sealText` wrote. @throws BrokenSealError */
export function openText(caseKey: HmacKey, header: SealHeader, data: string, shape = GROUP_SHAPE): string {
  const bytes = Buffer.from(data, 'base64');
  if (!isBase64Of(bytes, data) || bytes.length <= NONCE_BYTES + TAG_BYTES) {
    throw new BrokenSealError('the data is no sealed text');
  }
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv(CIPHER, eventKey(caseKey, header.id, shape), nonce, TAGGED);
  decipher.setAAD(Buffer.from(associatedData(header), 'utf8'));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  // GCM is a stream: everything comes out of `update`, and `final` only says whether it may be believed.
  const padded = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
  authenticate(() => decipher.final());
  // what was sealed before its class had a size of its own begins where the shape does
  const text =
    unpad(padded, smallestOf(header.class, shape.smallestClassBytes)) ?? unpad(padded, shape.smallestClassBytes);
  if (text === null) throw new BrokenSealError('the padding is not well-formed');
  return text;
}

function authenticate(finish: () => Buffer): void {
  try {
    finish();
  } catch {
    throw new BrokenSealError('the seal does not fit its header or its data');
  }
}
