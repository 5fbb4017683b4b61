import { createCipheriv, createDecipheriv, createHash, createSecretKey, type KeyObject } from 'node:crypto';
import { nextNonce } from './nonce.ts';
import { BrokenSealError } from './port.ts';
import { agreedSecret, x25519PublicKey, type X25519Pair } from './x25519.ts';

const ALG = 'ECDH-ES';
const ENC = 'A256GCM';
const CIPHER = 'aes-256-gcm';
const KEY_BITS = 256;
const TAGGED = { authTagLength: 16 };
const COMPACT = /^([\w-]+)\.\.([\w-]{16})\.([\w-]+)\.([\w-]{22})$/;

/** Who writes to whom. Both are mixed into the key (`apu`, `apv`): an envelope opens for these two only. */
export interface JweParties {
  readonly sender: string;
  readonly receiver: string;
}

/**
 * Concat KDF of RFC 7518 §4.6.2 with one round of SHA-256, so at most 256 bits.
 *
 * @param algorithm `enc` of the header
 * @param party names as bytes: `apu` and `apv` before their base64url
 */
export function concatKdf(
  secret: Buffer,
  algorithm: string,
  party: { readonly sender: Buffer; readonly receiver: Buffer },
  bits: number,
): Buffer {
  const hash = createHash('sha256').update(uint32(1)).update(secret);
  for (const part of [Buffer.from(algorithm, 'ascii'), party.sender, party.receiver]) {
    hash.update(uint32(part.length)).update(part);
  }
  return hash
    .update(uint32(bits))
    .digest()
    .subarray(0, bits / 8);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function contentKey(privateKey: KeyObject, publicKey: KeyObject, { sender, receiver }: JweParties): KeyObject {
  const secret = agreedSecret(privateKey, publicKey);
  if (secret === null) throw new BrokenSealError('no secret can be agreed with this public key');
  const party = { sender: Buffer.from(sender, 'utf8'), receiver: Buffer.from(receiver, 'utf8') };
  return createSecretKey(concatKdf(secret, ENC, party, KEY_BITS));
}

/**
 * A compact JWE (RFC 7516) to one X25519 key, by direct key agreement (RFC 7518 §4.6, RFC 8037 §3.2). There is no `kid`:
 * nothing tells whom it is to. Written by node:crypto, since it happens inside a transaction that cannot wait.
 *
 * @param ephemeral a pair made for this envelope and forgotten afterwards
 * @throws BrokenSealError the receiver's key is none that a secret can be agreed with
 */
export function writeJwe(to: KeyObject, ephemeral: X25519Pair, parties: JweParties, text: string): string {
  const header = {
    alg: ALG,
    apu: Buffer.from(parties.sender, 'utf8').toString('base64url'),
    apv: Buffer.from(parties.receiver, 'utf8').toString('base64url'),
    enc: ENC,
    epk: { crv: 'X25519', kty: 'OKP', x: ephemeral.x },
  };
  const head = Buffer.from(JSON.stringify(header), 'utf8').toString('base64url');
  const nonce = nextNonce();
  const cipher = createCipheriv(CIPHER, contentKey(ephemeral.privateKey, to, parties), nonce, TAGGED);
  cipher.setAAD(Buffer.from(head, 'ascii'));
  const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return [head, '', ...[nonce, ciphertext, cipher.getAuthTag()].map((part) => part.toString('base64url'))].join('.');
}

/** Text of an envelope and the key that it was to. */
export interface OpenedJwe<K> {
  readonly text: string;
  readonly key: K;
}

/**
 * Opens an envelope with whichever of these keys it is to; null when it is to none of them.
 *
 * @throws BrokenSealError it is no envelope as `writeJwe` writes them, or between other agencies
 */
export function openJwe<K extends { readonly privateKey: KeyObject }>(
  jwe: string,
  keys: readonly K[],
  parties: JweParties,
): OpenedJwe<K> | null {
  const [, head = '', nonce = '', ciphertext = '', tag = ''] = COMPACT.exec(jwe) ?? [];
  const ephemeral = ephemeralKeyOf(head, parties);
  for (const key of keys) {
    const text = decrypted(contentKey(key.privateKey, ephemeral, parties), { head, nonce, ciphertext, tag });
    if (text !== null) return { text, key };
  }
  return null;
}

function ephemeralKeyOf(head: string, { sender, receiver }: JweParties): KeyObject {
  const header = headerOf(head);
  const { apu, apv, epk } = header;
  const expected = [ALG, ENC, Buffer.from(sender).toString('base64url'), Buffer.from(receiver).toString('base64url')];
  const fits =
    Object.keys(header).sort().join() === 'alg,apu,apv,enc,epk' &&
    [header['alg'], header['enc'], apu, apv].every((value, index) => value === expected[index]);
  if (!fits || !isPublicJwk(epk)) throw new BrokenSealError('the envelope has another header');
  try {
    return x25519PublicKey(epk.x);
  } catch {
    throw new BrokenSealError('the envelope names no public key');
  }
}

function headerOf(head: string): Readonly<Record<string, unknown>> {
  try {
    const header: unknown = JSON.parse(Buffer.from(head, 'base64url').toString('utf8'));
    if (typeof header === 'object' && header !== null) return header as Readonly<Record<string, unknown>>;
  } catch {
    // told below
  }
  throw new BrokenSealError('the text is no envelope');
}

function isPublicJwk(value: unknown): value is { readonly x: string } {
  if (typeof value !== 'object' || value === null) return false;
  const { crv, kty, x } = value as Readonly<Record<string, unknown>>;
  return crv === 'X25519' && kty === 'OKP' && typeof x === 'string' && Object.keys(value).length === 3;
}

function decrypted(
  key: KeyObject,
  parts: { readonly head: string; readonly nonce: string; readonly ciphertext: string; readonly tag: string },
): string | null {
  const decipher = createDecipheriv(CIPHER, key, Buffer.from(parts.nonce, 'base64url'), TAGGED);
  decipher.setAAD(Buffer.from(parts.head, 'ascii'));
  decipher.setAuthTag(Buffer.from(parts.tag, 'base64url'));
  const plain = decipher.update(Buffer.from(parts.ciphertext, 'base64url'));
  try {
    decipher.final();
  } catch {
    return null;
  }
  return plain.toString('utf8');
}
