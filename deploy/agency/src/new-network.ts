import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type Admission, type Genesis, type RootKey, signGenesis } from '@acogida/ledger';
import { pointOf } from './agency-keys.ts';

/** What a new network is made of. */
export interface NetworkPlan {
  readonly network: string;
  /** n, from 1 to 9. */
  readonly roots: number;
  /** k, from 1 to n. */
  readonly threshold: number;
  /** The directory's admission, of sequence 1. */
  readonly directory: Admission;
  /** `2026-11-22T09:00:00.000Z`. */
  readonly createdAt: string;
}

/** A new network: the genesis for everybody, and a private key for each root. */
export interface NewNetwork {
  readonly genesis: Genesis;
  /** By root key id, `root-1` … */
  readonly rootKeys: ReadonlyMap<string, KeyObject>;
}

/** Makes root keys and the genesis that they all sign. @throws LedgerError `GENESIS_MALFORMED` */
export function newNetwork({ network, roots, threshold, directory, createdAt }: NetworkPlan): NewNetwork {
  const rootKeys = new Map<string, KeyObject>();
  const listed: RootKey[] = [];
  for (let number = 1; number <= roots; number += 1) {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const rootKeyId = `root-${number}`;
    rootKeys.set(rootKeyId, privateKey);
    listed.push({ rootKeyId, x: pointOf(publicKey) });
  }
  return { genesis: signGenesis({ network, threshold, rootKeys: listed, createdAt, directory }, rootKeys), rootKeys };
}
