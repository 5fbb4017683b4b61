import { createPrivateKey, createPublicKey, diffieHellman, type KeyObject } from 'node:crypto';
import { hasFields } from '../signed-text.ts';
import { isKeyId } from './statement-fields.ts';

/** A public key with the name that its agency gave it. */
export interface NamedKey {
  readonly keyId: string;
  /** The 32 bytes of RFC 8032 or RFC 7748, base64url without padding: 43 characters, as `x` of a JWK (RFC 8037). */
  readonly x: string;
}

/** The keys of an agency, one for each use, so that no signature or seal can be taken for one of another use. */
export interface PublicKeys {
  /** Ed25519: signs batches, heads and rotations. */
  readonly signing: NamedKey;
  /** X25519: what is sealed to this agency alone. */
  readonly sealing: NamedKey;
  /** Ed25519: connections between nodes. */
  readonly transport: NamedKey;
}

const LENGTH = 32;
const USES = ['sealing', 'signing', 'transport'];

/** Any X25519 private key shows a weak public one: clamping makes every scalar a multiple of the weak points' orders. */
const PROBE = createPrivateKey({
  key: Buffer.concat([Buffer.from('302e020100300506032b656e04220420', 'hex'), Buffer.alloc(LENGTH, 1)]),
  format: 'der',
  type: 'pkcs8',
});

/**
 * A point to sign with: 32 bytes in the one spelling. Points of small order need no refusal here: OpenSSL verifies nothing
 * under them.
 */
export function isEd25519Point(x: unknown): x is string {
  return isPoint(x);
}

/** A point to seal to: 32 bytes in the one spelling, and not one that gives everybody the same secret (RFC 7748 §6.1). */
export function isX25519Point(x: unknown): x is string {
  if (!isPoint(x)) return false;
  try {
    diffieHellman({ privateKey: PROBE, publicKey: x25519Key(x) });
    return true;
  } catch {
    return false;
  }
}

/** The key of an Ed25519 point. */
export function ed25519Key(x: string): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

/** The key of an X25519 point. */
export function x25519Key(x: string): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x }, format: 'jwk' });
}

/** Three keys that can serve their uses, no two with the same name or point. */
export function isPublicKeys(value: unknown): value is PublicKeys {
  if (!hasFields(value, USES)) return false;
  const { signing, sealing, transport } = value as unknown as PublicKeys;
  const named = [signing, sealing, transport];
  return (
    named.every((key) => hasFields(key, ['keyId', 'x']) && isKeyId(key.keyId)) &&
    isEd25519Point(signing.x) &&
    isX25519Point(sealing.x) &&
    isEd25519Point(transport.x) &&
    new Set(named.map(({ keyId }) => keyId)).size === USES.length &&
    new Set(named.map(({ x }) => x)).size === USES.length
  );
}

function isPoint(x: unknown): x is string {
  if (typeof x !== 'string') return false;
  const bytes = Buffer.from(x, 'base64url');
  return bytes.length === LENGTH && bytes.toString('base64url') === x;
}
