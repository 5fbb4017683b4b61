import type { KeyObject } from 'node:crypto';
import { type KeyHistory, type KeySet, keySetsOf, NO_END, servesAtAll } from './key-history.ts';
import { ed25519Key, type PublicKeys, x25519Key } from './public-keys.ts';

/** An admitted agency, as the statements so far have it. */
export interface TrustedAgency {
  readonly agencyId: string;
  /** As its latest admission says. */
  readonly kind: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2; null for a regional agency. */
  readonly jurisdiction: string | null;
  /** Oldest first; none that count for no number. Empty when no key of the agency counts. */
  readonly keySets: readonly TrustedKeySet[];
  /** Who took over from it. */
  readonly successor: string | null;
}

/** Keys of an agency and the numbers of its topic that they count for. */
export interface TrustedKeySet {
  readonly sequence: number;
  readonly keys: PublicKeys;
  readonly fromNumber: number;
  /** Last number, for keys that were rotated or revoked. */
  readonly throughNumber?: number;
}

/** A key that signs an agency's topic in a range of numbers; `TrustedKey` of @acogida/event-log. */
export interface TrustedSigningKey {
  readonly keyId: string;
  /** Ed25519. */
  readonly publicKey: KeyObject;
  readonly fromNumber: number;
  readonly throughNumber?: number;
}

/** A key to seal to an agency. Whoever seals now takes one without `throughNumber`, or does not seal. */
export interface SealingPublicKey {
  readonly keyId: string;
  /** X25519. */
  readonly publicKey: KeyObject;
  /** Of the agency's own topic, as for the signing key that came with it. */
  readonly fromNumber: number;
  readonly throughNumber?: number;
}

/** What is known of one agency, and what follows from it. */
export interface AgencyRecord {
  readonly history: KeyHistory;
  /** With those that count for no number. */
  readonly sets: readonly KeySet[];
  readonly agency: TrustedAgency;
  /** Oldest first. */
  readonly signingKeys: readonly TrustedSigningKey[];
  /** Newest first. */
  readonly sealingKeys: readonly SealingPublicKey[];
}

/** The record of a history with at least one admission; `countersigners` as `keySetsOf` takes them. */
export function recordOf(history: KeyHistory, countersigners: ReadonlySet<string> | null): AgencyRecord {
  const { agency, kind, name, jurisdiction } = history.admissions.reduce((a, b) => (b.sequence > a.sequence ? b : a));
  const sets = keySetsOf(history, countersigners);
  const serving = sets.filter(servesAtAll);
  return {
    history,
    sets,
    agency: {
      agencyId: agency,
      ...{ kind, name, jurisdiction },
      keySets: serving.map(({ sequence, keys, ...set }) => ({ sequence, keys, ...numbersOf(set) })),
      successor: history.succession?.statement.successor ?? null,
    },
    signingKeys: serving.map(({ keys: { signing }, ...set }) => ({
      keyId: signing.keyId,
      publicKey: ed25519Key(signing.x),
      ...numbersOf(set),
    })),
    sealingKeys: serving.toReversed().map(({ keys: { sealing }, ...set }) => ({
      keyId: sealing.keyId,
      publicKey: x25519Key(sealing.x),
      ...numbersOf(set),
    })),
  };
}

function numbersOf({ fromNumber, throughNumber }: Pick<KeySet, 'fromNumber' | 'throughNumber'>) {
  return throughNumber === NO_END ? { fromNumber } : { fromNumber, throughNumber };
}
