import type { KeyObject } from 'node:crypto';
import { EMPTY_ROOT, type Hash, isHash } from './merkle.ts';
import { hasFields, isCount, isInstant, isName, malformed, type Signed, StatementKind } from './signed-text.ts';

/**
 * What an agency with nothing to say says all the same (architecture.md §3, points 3 and 5): its log ends with `number` and
 * has this tree. A reader that hears neither events nor heads knows that it is cut off or that the agency is.
 */
export interface HeadStatement {
  readonly agency: string;
  /** 1 for the first life of the agency's store, one more after each restore. */
  readonly incarnation: number;
  /** Last number that is on the log before this head; 0 when there is none. */
  readonly number: number;
  readonly treeSize: number;
  readonly treeHead: Hash;
  /** Which of the agency's keys signed. */
  readonly keyId: string;
  /** When it was signed, by the agency's clock: `2026-11-22T09:00:00.000Z`. */
  readonly signedAt: string;
  /** 1, 2, 3 … within the agency, across incarnations: a head that is not above the last one known says nothing new. */
  readonly sequence: number;
}

/** A head with its signature. */
export type SignedHead = Signed<HeadStatement>;

const FIELDS = ['agency', 'incarnation', 'keyId', 'number', 'sequence', 'signedAt', 'treeHead', 'treeSize'];

const KIND = new StatementKind<HeadStatement>('acogida.head-statement.v1', assertHead);

/** Signs a head. `privateKey` is an Ed25519 private key. @throws LedgerError `STATEMENT_MALFORMED` */
export function signHead(privateKey: KeyObject, statement: HeadStatement): SignedHead {
  return KIND.sign(privateKey, statement);
}

/**
 * Checks the signature with an Ed25519 public key and gives back the head. Whether it is newer than the last one is the
 * reader's to see: compare `sequence`.
 *
 * @throws LedgerError `STATEMENT_MALFORMED`, `SIGNATURE_INVALID`
 */
export function verifyHead(publicKey: KeyObject, signed: SignedHead): HeadStatement {
  return KIND.verify(publicKey, signed);
}

/** A signed head as text for the log: canonical JSON. */
export function encodeHead(signed: SignedHead): string {
  return KIND.encode(signed);
}

/** Reads what `encodeHead` wrote; the signature is not checked here. @throws LedgerError `STATEMENT_MALFORMED` */
export function decodeHead(text: string): SignedHead {
  return KIND.decode(text);
}

function assertHead(value: unknown): asserts value is HeadStatement {
  if (!hasFields(value, FIELDS)) throw malformed();
  const { agency, incarnation, number, treeSize, treeHead, keyId, signedAt, sequence } = value;
  const wellFormed =
    isName(agency) &&
    isName(keyId) &&
    isCount(incarnation, 1) &&
    isCount(number, 0) &&
    isCount(treeSize, 0) &&
    treeSize === number &&
    isHash(treeHead) &&
    (number !== 0 || treeHead === EMPTY_ROOT) &&
    isCount(sequence, 1) &&
    isInstant(signedAt);
  if (!wellFormed) throw malformed();
}
