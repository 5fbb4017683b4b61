import { hkdfSync, type KeyObject } from 'node:crypto';
import { type KeyRing, usablePublicKey } from '@acogida/sealing';
import { CompactEncrypt, compactDecrypt, errors } from 'jose';
import type { PrivateKeys } from '../configuration/trust-files.ts';
import { ownSealingPairs } from '../node/own-sealing-pairs.ts';
import { keyStandingOf, type TrustForChannel } from './transport-keys.ts';

const AGREEMENT = 'ECDH-ES';
const DIRECT = 'dir';
const CIPHER = 'A256GCM';

/** Seals questions to the agency that they are for, and opens those that are for this one. */
export interface ChannelSeal {
  /** A compact JWE; null where the agency has no key to seal to. */
  sealTo(agencyId: string, text: string): Promise<string | null>;
  /** Null where it opens with no key of this agency. */
  open(envelope: string): Promise<string | null>;
}

/** A compact JWE to an X25519 key. */
export function sealToKey(publicKey: KeyObject, text: string): Promise<string> {
  return sealed(AGREEMENT, publicKey, text);
}

/** The text of a JWE to an X25519 key; null where it is to another, or is none. */
export function openWithKey(privateKey: KeyObject, envelope: string): Promise<string | null> {
  return opened(AGREEMENT, privateKey, envelope);
}

/** What is sealed and opened with where each case has keys of its own. */
export interface SealParts {
  readonly agencyId: string;
  readonly trust: TrustForChannel;
  readonly ring: Pick<KeyRing, 'offerKeyOf' | 'offerPairs'>;
  /** Keeps the ring to what other agencies published last. */
  readonly peers: { keep(): void };
  /** Private sealing keys of this agency. */
  readonly sealingKeys: PrivateKeys;
}

/**
 * To the other agency's offer key, which is destroyed some weeks later: who copies questions and steals keys after that reads
 * nothing. To its sealing key as long as it has published none.
 */
export function caseKeysSeal({ agencyId, trust, ring, peers, sealingKeys }: SealParts): ChannelSeal {
  return {
    sealTo: async (receiver, text) => {
      const standing = keyStandingOf(trust, receiver);
      if (standing.kind !== 'IN_USE') return null;
      peers.keep();
      return sealToKey(ring.offerKeyOf(receiver) ?? usablePublicKey(standing.keys.sealing.x), text);
    },
    open: async (envelope) => {
      for (const { privateKey } of ring.offerPairs()) {
        const text = await openWithKey(privateKey, envelope);
        if (text !== null) return text;
      }
      const standing = keyStandingOf(trust, agencyId);
      const own = standing.kind === 'IN_USE' ? ownSealingPairs([standing.keys.sealing], sealingKeys) : [];
      return own[0] === undefined ? null : openWithKey(own[0].privateKey, envelope);
    },
  };
}

/** With the key that a whole development network shares, as its events are sealed: not for real cases. */
export function developmentSeal(networkKey: Buffer): ChannelSeal {
  const key = new Uint8Array(hkdfSync('sha256', networkKey, '', 'acogida v1 channel', 32));
  return { sealTo: (_, text) => sealed(DIRECT, key, text), open: (envelope) => opened(DIRECT, key, envelope) };
}

function sealed(algorithm: string, key: KeyObject | Uint8Array, text: string): Promise<string> {
  return new CompactEncrypt(Buffer.from(text, 'utf8')).setProtectedHeader({ alg: algorithm, enc: CIPHER }).encrypt(key);
}

async function opened(algorithm: string, key: KeyObject | Uint8Array, envelope: string): Promise<string | null> {
  try {
    const { plaintext } = await compactDecrypt(envelope, key, {
      ...{ keyManagementAlgorithms: [algorithm], contentEncryptionAlgorithms: [CIPHER], maxDecompressedLength: 0 },
    });
    return Buffer.from(plaintext).toString('utf8');
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}
