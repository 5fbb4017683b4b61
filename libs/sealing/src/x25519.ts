import { createPrivateKey, createPublicKey, diffieHellman, type KeyObject } from 'node:crypto';
import { LruMap } from '@acogida/core';
import { KEY_BYTES } from './hkdf.ts';
import type { Randomness } from './randomness.ts';
import { SecretBytes } from './secret-bytes.ts';

/** What stands before the 32 bytes of an X25519 private key in PKCS #8 (RFC 8410 §7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b656e04220420', 'hex');
const PUBLIC_X = /^[A-Za-z0-9_-]{43}$/;

/** A key pair for agreeing on secrets (RFC 7748). */
export interface X25519Pair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** The public half, 43 characters of base64url as in a JWK (RFC 8037 §2). */
  readonly x: string;
}

/** The pair that 32 bytes are the private half of. @throws RangeError other than 32 bytes */
export function x25519Pair(secret: Uint8Array): X25519Pair {
  if (secret.length !== KEY_BYTES) throw new RangeError(`a private key has ${KEY_BYTES} bytes`);
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, secret]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey);
  return { privateKey, publicKey, x: String(publicKey.export({ format: 'jwk' }).x) };
}

/** A new pair. */
export function makeX25519Pair(randomness: Randomness): X25519Pair {
  return randomness.x25519Pair?.() ?? x25519Pair(randomness.bytes(KEY_BYTES));
}

/** A public key by its `x`. @throws RangeError not 32 bytes as base64url in their only spelling */
export function x25519PublicKey(x: string): KeyObject {
  if (!PUBLIC_X.test(x) || Buffer.from(x, 'base64url').toString('base64url') !== x) {
    throw new RangeError(`a public key is ${KEY_BYTES} bytes as base64url`);
  }
  return createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x }, format: 'jwk' });
}

/** In any private key, multiples of 8 are all that counts: a point that it takes to zero, every one takes there. */
const ANY_PAIR = x25519Pair(Buffer.alloc(KEY_BYTES, 1));

/** Several of each agency of a large network. */
const USABLE_KEYS = 1_000;
/** Those that were found usable last, by `x`: to find out costs an agreement, and each is asked about again and again. */
const usableKeys = new LruMap<KeyObject>(USABLE_KEYS);

/** A public key that secrets can be agreed with. @throws RangeError as `x25519PublicKey`, or a point of low order */
export function usablePublicKey(x: string): KeyObject {
  const known = usableKeys.get(x);
  if (known !== undefined) return known;
  const publicKey = x25519PublicKey(x);
  if (agreedSecret(ANY_PAIR.privateKey, publicKey) === null)
    throw new RangeError('no secret can be agreed with this key');
  usableKeys.set(x, publicKey);
  return publicKey;
}

/**
 * What both sides can compute and nobody else; null for one of the few public keys that give the same to everybody
 * (RFC 7748 §6.1).
 */
export function agreedSecret(privateKey: KeyObject, publicKey: KeyObject): Buffer | null {
  try {
    return diffieHellman({ privateKey, publicKey });
  } catch {
    return null;
  }
}

/** The private half as the 32 bytes that `x25519Pair` takes, to be wrapped for storage. */
export function secretOf({ privateKey }: X25519Pair): SecretBytes {
  return new SecretBytes(privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-KEY_BYTES));
}
