import type { KeyObject } from 'node:crypto';
import { EMPTY_ROOT, type Hash, isHash } from './merkle.ts';
import { hasFields, isCount, isName, malformed, type Signed, StatementKind } from './signed-text.ts';

/**
 * What an agency signs about a batch of its published events, and at the same time the checkpoint of its log: events
 * `first` to `last` have the Merkle root `batchRoot`, and after them the whole log of the incarnation has `treeSize` leaves
 * and the root `treeHead` (architecture.md §3). A batch without events (`last` = `first` − 1, `batchRoot` the empty root)
 * only repeats the head.
 */
export interface BatchStatement {
  readonly agency: string;
  /** 1 for the first life of the agency's store, one more after each restore. */
  readonly incarnation: number;
  /** Number of the first event of the batch, from 1. */
  readonly first: number;
  readonly last: number;
  readonly batchRoot: Hash;
  readonly treeSize: number;
  readonly treeHead: Hash;
  /** Which of the agency's keys signed. */
  readonly keyId: string;
}

/** A batch statement with its signature. */
export type SignedStatement = Signed<BatchStatement>;

const FIELDS = ['agency', 'batchRoot', 'first', 'incarnation', 'keyId', 'last', 'treeHead', 'treeSize'];

const KIND = new StatementKind<BatchStatement>('acogida.batch-statement.v1', assertStatement);

/** The bytes that are signed: a fixed line naming the format, then the canonical JSON (RFC 8785) of the statement. */
export function signedBytes(statement: BatchStatement): Buffer {
  return KIND.signedBytes(statement);
}

/** Signs a statement. `privateKey` is an Ed25519 private key. @throws LedgerError `STATEMENT_MALFORMED` */
export function signStatement(privateKey: KeyObject, statement: BatchStatement): SignedStatement {
  return KIND.sign(privateKey, statement);
}

/**
 * Checks the signature with an Ed25519 public key and gives back the statement.
 *
 * @throws LedgerError `STATEMENT_MALFORMED`, `SIGNATURE_INVALID`
 */
export function verifyStatement(publicKey: KeyObject, signed: SignedStatement): BatchStatement {
  return KIND.verify(publicKey, signed);
}

/** A signed statement as text for storage and record headers: canonical JSON. */
export function encodeStatement(signed: SignedStatement): string {
  return KIND.encode(signed);
}

/**
 * Reads what `encodeStatement` wrote; the signature is not checked here.
 *
 * @throws LedgerError `STATEMENT_MALFORMED`
 */
export function decodeStatement(text: string): SignedStatement {
  return KIND.decode(text);
}

function assertStatement(value: unknown): asserts value is BatchStatement {
  if (!hasFields(value, FIELDS)) throw malformed();
  const { agency, incarnation, first, last, batchRoot, treeSize, treeHead, keyId } = value as unknown as BatchStatement;
  const wellFormed =
    isName(agency) &&
    isName(keyId) &&
    isHash(batchRoot) &&
    isHash(treeHead) &&
    isCount(incarnation, 1) &&
    isCount(first, 1) &&
    isCount(last, first - 1) &&
    isCount(treeSize, last - first + 1) &&
    (last >= first || batchRoot === EMPTY_ROOT);
  if (!wellFormed) throw malformed();
}
