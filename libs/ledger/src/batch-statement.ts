import { sign, verify, type KeyObject } from 'node:crypto';
import canonicalize from 'canonicalize';
import { LedgerError } from './ledger-error.ts';
import { EMPTY_ROOT, type Hash, isHash } from './merkle.ts';

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

/** A statement with the Ed25519 signature over its signed bytes, base64url without padding (86 characters). */
export interface SignedStatement {
  readonly statement: BatchStatement;
  readonly signature: string;
}

const FIELDS = ['agency', 'batchRoot', 'first', 'incarnation', 'keyId', 'last', 'treeHead', 'treeSize'];
// A signature over a statement can be nothing else: no other signed text of the system starts like this.
const DOMAIN = 'acogida.batch-statement.v1\n';

/** The bytes that are signed: a fixed line naming the format, then the canonical JSON (RFC 8785) of the statement. */
export function signedBytes(statement: BatchStatement): Buffer {
  return Buffer.from(DOMAIN + canonicalize(statement), 'utf8');
}

/** Signs a statement. `privateKey` is an Ed25519 private key. */
export function signStatement(privateKey: KeyObject, statement: BatchStatement): SignedStatement {
  assertStatement(statement);
  return { statement, signature: sign(null, signedBytes(statement), privateKey).toString('base64url') };
}

/**
 * Checks the signature with an Ed25519 public key and gives back the statement.
 *
 * @throws LedgerError `STATEMENT_MALFORMED`, `SIGNATURE_INVALID`
 */
export function verifyStatement(publicKey: KeyObject, signed: SignedStatement): BatchStatement {
  assertStatement(signed.statement);
  const signature = Buffer.from(signed.signature, 'base64url');
  // One spelling per signature: stored statements are compared as text.
  const spelled = signature.length === 64 && signature.toString('base64url') === signed.signature;
  if (!spelled || !verify(null, signedBytes(signed.statement), publicKey, signature)) {
    throw new LedgerError('SIGNATURE_INVALID', 'the signature is not one of this key over this statement');
  }
  return signed.statement;
}

/** A signed statement as text for storage and record headers: canonical JSON. */
export function encodeStatement(signed: SignedStatement): string {
  return canonicalize({ signature: signed.signature, statement: signed.statement }) as string;
}

/**
 * Reads what `encodeStatement` wrote; the signature is not checked here.
 *
 * @throws LedgerError `STATEMENT_MALFORMED`
 */
export function decodeStatement(text: string): SignedStatement {
  const parsed = parseJson(text);
  const { statement, signature } = (parsed ?? {}) as { statement?: unknown; signature?: unknown };
  assertStatement(statement);
  if (typeof signature !== 'string' || /\p{Cs}/u.test(signature)) throw malformed();
  const signed = { statement, signature };
  if (encodeStatement(signed) !== text) throw malformed();
  return signed;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed();
  }
}

function assertStatement(value: unknown): asserts value is BatchStatement {
  if (typeof value !== 'object' || value === null) throw malformed();
  if (Object.keys(value).sort().join() !== FIELDS.join()) throw malformed();
  const { agency, incarnation, first, last, batchRoot, treeSize, treeHead, keyId } = value as BatchStatement;
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

function isName(value: unknown): boolean {
  // Half of a surrogate pair has no canonical JSON.
  return typeof value === 'string' && value.length > 0 && value.length <= 200 && !/\p{Cs}/u.test(value);
}

function isCount(value: unknown, atLeast: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= atLeast;
}

function malformed(): LedgerError {
  return new LedgerError('STATEMENT_MALFORMED', 'not a batch statement');
}
