import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { NamedKey, PublicKeys } from '@acogida/ledger';

/** The uses of an agency's keys. */
export const KEY_USES = ['signing', 'sealing', 'transport'] as const;

/** A use of a key. */
export type KeyUse = (typeof KEY_USES)[number];

/** New keys of an agency: what it keeps, and what it shows. */
export interface AgencyKeys {
  readonly privateKeys: Readonly<Record<KeyUse, KeyObject>>;
  readonly publicKeys: PublicKeys;
}

/** Three new key pairs: Ed25519 to sign and for connections, X25519 to seal to. */
export function newAgencyKeys(agencyId: string): AgencyKeys {
  const pairs = {
    signing: generateKeyPairSync('ed25519'),
    sealing: generateKeyPairSync('x25519'),
    transport: generateKeyPairSync('ed25519'),
  };
  const named = (use: KeyUse): NamedKey => namedKey(agencyId, use, pairs[use].publicKey);
  return {
    privateKeys: {
      signing: pairs.signing.privateKey,
      sealing: pairs.sealing.privateKey,
      transport: pairs.transport.privateKey,
    },
    publicKeys: { signing: named('signing'), sealing: named('sealing'), transport: named('transport') },
  };
}

/** The public point of a private or public key, base64url, as statements spell it. */
export function pointOf(key: KeyObject): string {
  return key.export({ format: 'jwk' }).x as string;
}

/**
 * Public keys as people compare them: use, name and the key itself. The name alone says nothing, whoever makes a key may give
 * it the name of another.
 */
export function keyLines(keys: PublicKeys): readonly string[] {
  return KEY_USES.map((use) => `  ${use}  ${keys[use].keyId}  ${keys[use].x}`);
}

/** Named after the key itself: no two keys of an agency get the same name, also when one of them was never published. */
function namedKey(agencyId: string, use: KeyUse, publicKey: KeyObject): NamedKey {
  const x = pointOf(publicKey);
  const fingerprint = createHash('sha256').update(Buffer.from(x, 'base64url')).digest('hex').slice(0, 12);
  return { keyId: `${agencyId}.${use}.${fingerprint}`, x };
}
