import {
  type BatchStatement,
  decodePath,
  decodeStatement,
  type Hash,
  type HeadStatement,
  leafHash,
  LedgerError,
  type SignedHead,
  verifyHead,
  verifyInclusion,
  verifyStatement,
} from '@acogida/ledger';
import { coveredThrough, nextCovered } from './covered-numbers.ts';
import { type Envelope, EnvelopeError, parseEnvelope, PATH_HEADER, STATEMENT_HEADER } from './envelope.ts';
import { parseHeadRecord } from './head-record.ts';
import type { Trust, TrustedKey, UnverifiableReason } from './inbox-port.ts';
import type { LogRecord } from './port.ts';

/** A record that its agency stands for: exact bytes under a signed statement. */
export interface VerifiedRecord {
  readonly record: LogRecord;
  readonly envelope: Envelope;
  readonly leaf: Hash;
  readonly statement: BatchStatement;
  /**
   * Said under a key that had ended before, where the agency goes on further on under another: the number has its place in the
   * agency's tree, and nothing that it says counts.
   */
  readonly isRevoked?: boolean;
}

/** A head that its agency signed. */
export interface VerifiedHead {
  readonly record: LogRecord;
  readonly statement: HeadStatement;
}

/** What became of the records of one agency's topic. */
export interface Verification {
  /** Events, in number order. */
  readonly verified: readonly VerifiedRecord[];
  /** In the order of their sequence. */
  readonly heads: readonly VerifiedHead[];
  readonly refused: readonly RefusedRecord[];
}

/** A record that nobody stands for. */
export interface RefusedRecord {
  readonly record: LogRecord;
  readonly reason: UnverifiableReason;
}

/** A statement under a key that had begun, and the last number that the key stands for. */
interface VerifiedStatement {
  readonly statement: BatchStatement;
  readonly through: number;
}

/** Statements remembered as verified: one signature check per batch, not per event. */
const REMEMBERED_STATEMENTS = 1_000;

class Unverifiable extends Error {
  readonly reason: UnverifiableReason;

  constructor(reason: UnverifiableReason) {
    super(reason);
    this.reason = reason;
  }
}

/** Tells what an agency stands for from the rest. */
export interface RecordVerification {
  /** Splits records of one agency's topic into the events and heads it stands for and the rest. */
  verify(source: string, records: readonly LogRecord[]): Verification;
}

/** Checks records of other agencies against the keys that are trusted. No I/O. */
export class RecordVerifier implements RecordVerification {
  readonly #trust: Trust;
  readonly #verified = new Map<string, VerifiedStatement>();
  #revision: number | undefined;

  constructor(trust: Trust) {
    this.#trust = trust;
  }

  /** Whether the agency is listened to at all. */
  knows(agencyId: string): boolean {
    return this.#trust.has(agencyId);
  }

  /** See the port. */
  verify(source: string, records: readonly LogRecord[]): Verification {
    const verified: VerifiedRecord[] = [];
    const heads: VerifiedHead[] = [];
    const refused: RefusedRecord[] = [];
    for (const record of records) {
      try {
        const head = readHead(record);
        if (head === null) verified.push(this.#verifyRecord(source, record));
        else heads.push({ record, statement: this.#verifyHead(source, head) });
      } catch (error) {
        if (!(error instanceof Unverifiable)) throw error;
        refused.push({ record, reason: error.reason });
      }
    }
    verified.sort((a, b) => a.envelope.number - b.envelope.number);
    heads.sort((a, b) => a.statement.sequence - b.statement.sequence);
    return { verified, heads, refused };
  }

  #verifyHead(source: string, signed: SignedHead): HeadStatement {
    const { agency, number, keyId } = signed.statement;
    if (agency !== source) throw new Unverifiable('FOREIGN_SOURCE');
    // A head follows the event it names: a key may sign the head that stands before its first number.
    const key = this.#keyAt(source, keyId, number + 1);
    if (number > lastNumberOf(key)) throw new Unverifiable('SIGNING_KEY_OVER');
    try {
      return verifyHead(key.publicKey, signed);
    } catch (error) {
      if (error instanceof LedgerError) throw new Unverifiable('STATEMENT_REFUSED');
      throw error;
    }
  }

  #verifyRecord(source: string, record: LogRecord): VerifiedRecord {
    const envelope = readEnvelope(record.value);
    // An event of another agency, copied into this topic with its valid statement, is refused here.
    if (envelope.source !== source) throw new Unverifiable('FOREIGN_SOURCE');
    const { statement, through } = this.#statementOf(source, record.headers[STATEMENT_HEADER]);
    const { number } = envelope;
    if (number < statement.first || number > statement.last) throw new Unverifiable('NUMBER_OUTSIDE_STATEMENT');
    // By the event's own number: a key that was revoked within a batch stands for its first part.
    const isRevoked = number > through;
    if (isRevoked && !this.#isPassedOver(source, number)) throw new Unverifiable('SIGNING_KEY_OVER');
    const path = decodePath(record.headers[PATH_HEADER] ?? '-');
    const leaf = leafHash(record.value);
    const included =
      path !== undefined &&
      verifyInclusion({
        leaf,
        index: number - statement.first,
        size: statement.last - statement.first + 1,
        path,
        root: statement.batchRoot,
      });
    if (!included) throw new Unverifiable('PATH_REFUSED');
    return { record, envelope, leaf, statement, ...(isRevoked ? { isRevoked } : {}) };
  }

  /** Whether no key stands for the number, and one begins after it. */
  #isPassedOver(source: string, number: number): boolean {
    const keys = this.#trust.get(source) ?? [];
    return coveredThrough(keys, number) < number && nextCovered(keys, number) !== null;
  }

  #statementOf(source: string, text: string | undefined): VerifiedStatement {
    if (text === undefined) throw new Unverifiable('STATEMENT_MISSING');
    this.#forgetWhenTrustMoved();
    const known = this.#verified.get(text);
    const verified = known ?? this.#verifyStatement(source, text);
    if (verified.statement.agency !== source) throw new Unverifiable('FOREIGN_SOURCE');
    if (known === undefined) {
      if (this.#verified.size >= REMEMBERED_STATEMENTS) this.#verified.clear();
      this.#verified.set(text, verified);
    }
    return verified;
  }

  #forgetWhenTrustMoved(): void {
    const { revision } = this.#trust;
    if (revision === this.#revision) return;
    this.#verified.clear();
    this.#revision = revision;
  }

  #verifyStatement(source: string, text: string): VerifiedStatement {
    try {
      const signed = decodeStatement(text);
      const key = this.#keyAt(source, signed.statement.keyId, signed.statement.first);
      return { statement: verifyStatement(key.publicKey, signed), through: lastNumberOf(key) };
    } catch (error) {
      if (error instanceof LedgerError) throw new Unverifiable('STATEMENT_REFUSED');
      throw error;
    }
  }

  /** The key of this name that had begun by the number. */
  #keyAt(source: string, keyId: string, number: number): TrustedKey {
    const keys = this.#trust.get(source) ?? [];
    const key = keys.find((one) => one.keyId === keyId && number >= one.fromNumber);
    if (key === undefined) throw new Unverifiable('UNKNOWN_SIGNING_KEY');
    return key;
  }
}

function lastNumberOf({ throughNumber }: TrustedKey): number {
  return throughNumber ?? Number.MAX_SAFE_INTEGER;
}

function readEnvelope(text: string): Envelope {
  try {
    return parseEnvelope(text);
  } catch (error) {
    if (error instanceof EnvelopeError) throw new Unverifiable('ENVELOPE_REFUSED');
    throw error;
  }
}

function readHead(record: LogRecord): SignedHead | null {
  try {
    return parseHeadRecord(record);
  } catch (error) {
    if (error instanceof EnvelopeError) throw new Unverifiable('STATEMENT_REFUSED');
    throw error;
  }
}
