import { type KeyObject, verify } from 'node:crypto';
import { LedgerError } from '../ledger-error.ts';
import { hasFields, malformed, type StatementKind } from '../signed-text.ts';
import type { Genesis } from './genesis.ts';
import { ed25519Key } from './public-keys.ts';
import { isKeyId } from './statement-fields.ts';

/** A statement with signatures of root keys, in any order. */
export interface RootSigned<S> {
  readonly statement: S;
  readonly signatures: readonly RootSignature[];
}

/** What one root says. */
export interface RootSignature {
  readonly rootKeyId: string;
  /** Ed25519, base64url without padding. */
  readonly signature: string;
}

/** A public root key of a genesis. */
export interface RootKey {
  readonly rootKeyId: string;
  /** Ed25519 point, base64url. */
  readonly x: string;
}

/** Most root keys of a network, and most signatures under a statement. */
export const MOST_ROOTS = 9;

/**
 * The statement, when at least k different roots of the genesis signed it. A root counts once, however often it signed;
 * a signature of nobody, or a wrong one, counts nothing.
 *
 * @throws LedgerError `STATEMENT_MALFORMED`, `ROOT_THRESHOLD`
 */
export function verifyRootSigned<S>(genesis: Genesis, kind: StatementKind<S>, signed: RootSigned<S>): S {
  const { statement, signatures } = readRootSigned(kind, signed);
  const { rootKeys, threshold } = genesis.statement;
  if (rootsBehind(rootKeys, kind.signedBytes(statement), signatures).size < threshold) {
    throw new LedgerError('ROOT_THRESHOLD', 'fewer roots than the genesis asks for signed the statement');
  }
  return statement;
}

/** Signs as one root. `privateKey` is that root's Ed25519 private key. @throws LedgerError `STATEMENT_MALFORMED` */
export function signAsRoot<S>(
  kind: StatementKind<S>,
  root: { readonly rootKeyId: string; readonly privateKey: KeyObject },
  statement: S,
): RootSignature {
  return { rootKeyId: root.rootKeyId, signature: kind.sign(root.privateKey, statement).signature };
}

/** Whether the value has the form of a statement of the kind with signatures; none is checked. @throws LedgerError `STATEMENT_MALFORMED` */
export function readRootSigned<S>(kind: StatementKind<S>, value: unknown): RootSigned<S> {
  if (!hasFields(value, ['signatures', 'statement']) || !isSignatures(value['signatures'])) throw malformed();
  return { statement: kind.read(value['statement']), signatures: value['signatures'] };
}

/** Ids of the root keys that signed the bytes. */
export function rootsBehind(
  rootKeys: readonly RootKey[],
  bytes: Buffer,
  signatures: readonly RootSignature[],
): ReadonlySet<string> {
  const behind = new Set<string>();
  for (const { rootKeyId, signature } of signatures) {
    const root = rootKeys.find((key) => key.rootKeyId === rootKeyId);
    if (root === undefined || behind.has(rootKeyId)) continue;
    if (verify(null, bytes, ed25519Key(root.x), Buffer.from(signature, 'base64url'))) behind.add(rootKeyId);
  }
  return behind;
}

function isSignatures(value: unknown): value is readonly RootSignature[] {
  return Array.isArray(value) && value.length <= MOST_ROOTS && value.every(isRootSignature);
}

function isRootSignature(value: unknown): value is RootSignature {
  return hasFields(value, ['rootKeyId', 'signature']) && isKeyId(value['rootKeyId']) && isSignature(value['signature']);
}

/** An Ed25519 signature in the one spelling: 86 characters of base64url. */
export function isSignature(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  const bytes = Buffer.from(value, 'base64url');
  return bytes.length === 64 && bytes.toString('base64url') === value;
}
