import { createPublicKey, type KeyObject } from 'node:crypto';
import type { PublicKeys, TrustedAgency } from '@acogida/ledger';
import type { PrivateKeys } from '../configuration/trust-files.ts';
import { pointOf } from '../trust/signing-keys.ts';

/** Whom a node believes, as far as the channel needs it (`LiveTrust`). */
export interface TrustForChannel {
  /** Id of the genesis. */
  readonly networkId: string;
  agencies(): readonly TrustedAgency[];
}

/** What the channel may take for an agency's keys now. */
export type KeyStanding =
  | { readonly kind: 'IN_USE'; readonly keys: PublicKeys }
  /** It was admitted, and rotated, lost or gave up all its keys since. */
  | { readonly kind: 'ENDED' }
  | { readonly kind: 'UNKNOWN' };

/**
 * The keys of an agency that are in use, as far as this node has heard. The channel has no numbers: what was rotated or ended by
 * the roots counts for nothing any more, from the moment that it is heard.
 */
export function keyStandingOf(trust: TrustForChannel, agencyId: string): KeyStanding {
  const agency = trust.agencies().find((one) => one.agencyId === agencyId);
  if (agency === undefined) return { kind: 'UNKNOWN' };
  const inUse = agency.keySets.findLast(({ throughNumber }) => throughNumber === undefined);
  return inUse === undefined ? { kind: 'ENDED' } : { kind: 'IN_USE', keys: inUse.keys };
}

/** The private half of a transport key, by the name of the key. */
export interface OwnTransportKey {
  readonly keyId: string;
  /** Ed25519. */
  readonly privateKey: KeyObject;
}

/**
 * What this agency signs with on the channel: the private half of the transport key that it is trusted with now. A rotation changes
 * it, and no process is started again.
 *
 * @param privateKeys keys that are at hand, read anew when the one before does not fit
 * @returns null where the agency has no key that counts, or its private half is not here
 */
export function ownTransportKey(
  agencyId: string,
  trust: TrustForChannel,
  privateKeys: PrivateKeys,
): () => OwnTransportKey | null {
  let known: (OwnTransportKey & { readonly x: string }) | undefined;
  return () => {
    const standing = keyStandingOf(trust, agencyId);
    if (standing.kind !== 'IN_USE') return null;
    const { keyId, x } = standing.keys.transport;
    if (known?.x !== x || known.keyId !== keyId) {
      const privateKey = privateKeys().find((one) => pointOf(createPublicKey(one)) === x);
      known = privateKey && { keyId, x, privateKey };
    }
    return known ?? null;
  };
}
