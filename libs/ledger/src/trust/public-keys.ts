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

/** The prime of both curves, 2^255 − 19: a coordinate has one spelling below it. */
const FIELD = 2n ** 255n - 19n;

/** y of the points of small order of edwards25519; those of order 8 have two, each the other's negative. */
const ORDER_EIGHT_Y = BigInt('0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826');
const SMALL_ORDER_Y: ReadonlySet<bigint> = new Set([0n, 1n, FIELD - 1n, ORDER_EIGHT_Y, FIELD - ORDER_EIGHT_Y]);

/**
 * A point to sign with, in the one spelling (RFC 8032 §5.1.3), and not one of small order: under those anybody can sign, and
 * not every OpenSSL refuses them.
 */
export function isEd25519Point(x: unknown): x is string {
  if (!isPoint(x)) return false;
  // The top bit is the sign of the other coordinate.
  const y = BigInt.asUintN(255, numberOf(x));
  return y < FIELD && !SMALL_ORDER_Y.has(y);
}

/** A point to seal to, in the one spelling, and not one that gives everybody the same secret (RFC 7748 §6.1). */
export function isX25519Point(x: unknown): x is string {
  if (!isPoint(x) || numberOf(x) >= FIELD) return false;
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

/** The bytes of a point as a number, the least first. */
function numberOf(x: string): bigint {
  return BigInt(`0x${Buffer.from(x, 'base64url').reverse().toString('hex')}`);
}
