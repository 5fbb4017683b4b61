import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { NONCE_BYTES, nextNonce } from './nonce.ts';

const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';
const TAGGED = { authTagLength: TAG_BYTES };

/** What a ciphertext is bound to; canonical JSON, so that no two contexts can run into each other. */
export type SealContext = readonly (string | number)[];

function bytesOf(context: SealContext): Buffer {
  return Buffer.from(JSON.stringify(context), 'utf8');
}

/** Nonce (12 bytes) ‖ AES-256-GCM ciphertext ‖ tag (16 bytes), without padding: for what stays in a node's own storage. */
export function encrypt(key: KeyObject, context: SealContext, plain: Buffer): Buffer {
  const nonce = nextNonce();
  const cipher = createCipheriv(CIPHER, key, nonce, TAGGED);
  cipher.setAAD(bytesOf(context));
  const ciphertext = cipher.update(plain);
  return Buffer.concat([nonce, ciphertext, cipher.final(), cipher.getAuthTag()]);
}

/** Decrypts what `encrypt` wrote; null when key, context or bytes are not those. */
export function decrypt(key: KeyObject, context: SealContext, bytes: Buffer): Buffer | null {
  return decryptBound(key, bytesOf(context), bytes);
}

/** Decrypts nonce (12 bytes) ‖ AES-256-GCM ciphertext ‖ tag (16 bytes) that was bound to bytes; null when something is another. */
export function decryptBound(key: KeyObject, associated: Buffer, bytes: Buffer): Buffer | null {
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), TAGGED);
  decipher.setAAD(associated);
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  // GCM is a stream: everything comes out of `update`, and `final` only says whether it may be believed.
  const plain = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
  try {
    decipher.final();
  } catch {
    return null;
  }
  return plain;
}
