import canonicalize from 'canonicalize';
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { pad, unpad } from './padding.ts';
import { BrokenSealError, type SealHeader } from './port.ts';

/** Length of a case key and of an event key, in bytes. */
export const KEY_BYTES = 32;

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';

/** HKDF-SHA256 without salt; `info` is canonical JSON, so that no two labels can run into each other. */
export function deriveKey(secret: Uint8Array, info: readonly (string | number)[], bytes = KEY_BYTES): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, new Uint8Array(0), JSON.stringify(info), bytes));
}

function eventKey(caseKey: Uint8Array, eventId: string): Buffer {
  return deriveKey(caseKey, ['acogida', 'v1', 'event-key', eventId]);
}

function associatedData(header: SealHeader): Buffer {
  const { id, source, class: clearClass, subject, keyId } = header;
  return Buffer.from(canonicalize({ id, source, class: clearClass, subject, keyId }) ?? '', 'utf8');
}

/**
 * What binds a key id to one case key: AES-GCM alone lets one ciphertext open under two keys. The key id that stands in
 * clear and in the associated data ends with this commitment (architecture.md §5, Format).
 */
export function keyCommitment(caseKey: Uint8Array): string {
  return deriveKey(caseKey, ['acogida', 'v1', 'key-commitment']).toString('base64url');
}

/** The final format: base64 of nonce (12 bytes) ‖ AES-256-GCM ciphertext of the padded text ‖ tag (16 bytes). */
export function sealText(caseKey: Uint8Array, header: SealHeader, text: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, eventKey(caseKey, header.id), nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(associatedData(header));
  const ciphertext = cipher.update(pad(text));
  return Buffer.concat([nonce, ciphertext, cipher.final(), cipher.getAuthTag()]).toString('base64');
}

/** Opens what `sealText` wrote. @throws BrokenSealError */
export function openText(caseKey: Uint8Array, header: SealHeader, data: string): string {
  const bytes = Buffer.from(data, 'base64');
  if (bytes.toString('base64') !== data || bytes.length <= NONCE_BYTES + TAG_BYTES) {
    throw new BrokenSealError('the sealed data is not well-formed');
  }
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv(CIPHER, eventKey(caseKey, header.id), nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(associatedData(header));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  const padded = authenticated(() =>
    Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]),
  );
  const text = unpad(padded);
  if (text === null) throw new BrokenSealError('the padding is not well-formed');
  return text;
}

function authenticated(decrypt: () => Buffer): Buffer {
  try {
    return decrypt();
  } catch {
    throw new BrokenSealError('the seal does not fit its header or its data');
  }
}
