import { createPublicKey, type KeyObject } from 'node:crypto';
import type { StatementSigner, Trust, TrustedKey } from '@acogida/event-log';

/** No private key at this node belongs to the key that counts for the number: nothing can be signed. */
export class NoSigningKeyError extends Error {
  override readonly name = 'NoSigningKeyError';

  constructor(number: number) {
    super(`no private key here is the one that counts for number ${number}`);
  }
}

/**
 * Who signs the agency's batches and heads, by number: a rotation changes it, and no process is started again.
 *
 * @param privateKeys Ed25519 keys that are at hand, read anew when none of those before fits
 * @returns throws NoSigningKeyError
 */
export function signersOf(
  agencyId: string,
  trust: Pick<Trust, 'get'>,
  privateKeys: () => readonly KeyObject[],
): (number: number) => StatementSigner {
  const signers = new Map<string, StatementSigner>();
  const signerOf = (number: number, { keyId, publicKey }: TrustedKey): StatementSigner => {
    const x = pointOf(publicKey); // a name alone may come again: the keys of a rotation that was undone had it
    const known = signers.get(x);
    if (known?.keyId === keyId) return known;
    const privateKey = privateKeys().find((one) => pointOf(createPublicKey(one)) === x);
    if (privateKey === undefined) throw new NoSigningKeyError(number);
    const signer = { keyId, privateKey };
    signers.set(x, signer);
    return signer;
  };
  return (number) => {
    const key = (trust.get(agencyId) ?? []).find(
      ({ fromNumber, throughNumber = Number.MAX_SAFE_INTEGER }) => fromNumber <= number && number <= throughNumber,
    );
    if (key === undefined) throw new NoSigningKeyError(number);
    return signerOf(number, key);
  };
}

/** The 32 bytes of a public key, base64url. */
export function pointOf(publicKey: KeyObject): string {
  return publicKey.export({ format: 'jwk' }).x as string;
}
