import { createHash, type KeyObject } from 'node:crypto';
import { LedgerError } from '../ledger-error.ts';
import type { Hash } from '../merkle.ts';
import { hasFields, isCount, isInstant, malformed, StatementKind } from '../signed-text.ts';
import { type Admission, isAdmission } from './admission.ts';
import { isEd25519Point } from './public-keys.ts';
import { MOST_ROOTS, readRootSigned, type RootKey, type RootSigned, rootsBehind, signAsRoot } from './root-signed.ts';
import { isKeyId, isShownName } from './statement-fields.ts';

/**
 * Where trust begins (architecture.md §5): the root keys, how many of them must agree, and the directory, from whose topic all
 * other agencies are learnt. Every node pins its id; nothing changes it.
 */
export interface GenesisStatement {
  /** A name for people. */
  readonly network: string;
  /** k of the n root keys. */
  readonly threshold: number;
  /** 1 to 9 Ed25519 keys, kept offline and by different people. */
  readonly rootKeys: readonly RootKey[];
  /** When it was made: `2026-11-22T09:00:00.000Z`. Nothing is judged by it. */
  readonly createdAt: string;
  /** The directory's admission, of sequence 1. */
  readonly directory: Admission;
}

/** A genesis file with the signatures of all its roots: each holder states that the key is his. */
export type Genesis = RootSigned<GenesisStatement>;

const FIELDS = ['createdAt', 'directory', 'network', 'rootKeys', 'threshold'];

const KIND = new StatementKind<GenesisStatement>('acogida.genesis.v1', (value) => {
  if (!hasFields(value, FIELDS)) throw malformed();
  const { network, threshold, rootKeys, createdAt, directory } = value as unknown as GenesisStatement;
  const wellFormed =
    isShownName(network) &&
    isRootKeys(rootKeys) &&
    isCount(threshold, 1) &&
    threshold <= rootKeys.length &&
    isInstant(createdAt) &&
    isAdmission(directory) &&
    directory.sequence === 1;
  if (!wellFormed) throw malformed();
});

/**
 * A genesis that all its root keys signed. Whether it is the one that is meant, its id says: `genesisId`.
 *
 * @param file the parsed JSON of the file
 * @throws LedgerError `GENESIS_MALFORMED`, `GENESIS_SIGNATURES`
 */
export function verifyGenesis(file: unknown): Genesis {
  const genesis = readGenesis(file);
  const { rootKeys } = genesis.statement;
  if (rootsBehind(rootKeys, KIND.signedBytes(genesis.statement), genesis.signatures).size < rootKeys.length) {
    throw new LedgerError('GENESIS_SIGNATURES', 'not every root of the genesis signed it');
  }
  return genesis;
}

/** The id that nodes pin and statements name: SHA-256 of the signed bytes, hexadecimal. Signatures do not change it. */
export function genesisId(genesis: Genesis): Hash {
  return createHash('sha256').update(KIND.signedBytes(genesis.statement)).digest('hex');
}

/**
 * A genesis signed by these roots; `privateKeys` by root key id.
 *
 * @throws LedgerError `GENESIS_MALFORMED`, and `GENESIS_SIGNATURES` when a key is missing or another's
 */
export function signGenesis(statement: GenesisStatement, privateKeys: ReadonlyMap<string, KeyObject>): Genesis {
  const known = readGenesis({ statement, signatures: [] }).statement;
  const signatures = known.rootKeys.flatMap(({ rootKeyId }) => {
    const privateKey = privateKeys.get(rootKeyId);
    return privateKey === undefined ? [] : [signAsRoot(KIND, { rootKeyId, privateKey }, known)];
  });
  return verifyGenesis({ statement: known, signatures });
}

function readGenesis(file: unknown): Genesis {
  try {
    return readRootSigned(KIND, file);
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    throw new LedgerError('GENESIS_MALFORMED', 'not a genesis of this version');
  }
}

function isRootKeys(value: unknown): value is readonly RootKey[] {
  if (!Array.isArray(value) || value.length < 1 || value.length > MOST_ROOTS) return false;
  const keys = value as readonly RootKey[];
  return (
    keys.every((key) => hasFields(key, ['rootKeyId', 'x']) && isKeyId(key.rootKeyId) && isEd25519Point(key.x)) &&
    new Set(keys.map(({ rootKeyId }) => rootKeyId)).size === keys.length &&
    new Set(keys.map(({ x }) => x)).size === keys.length
  );
}
