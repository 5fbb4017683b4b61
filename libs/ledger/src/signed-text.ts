import { sign, verify, type KeyObject } from 'node:crypto';
import { isInstant as isWrittenInstant } from '@acogida/core';
import canonicalize from 'canonicalize';
import { LedgerError } from './ledger-error.ts';

/** A statement with the Ed25519 signature over its signed bytes, base64url without padding (86 characters). */
export interface Signed<S> {
  readonly statement: S;
  readonly signature: string;
}

/**
 * Signs, verifies and spells one kind of statement. A signature over one kind can be nothing else: each kind's signed bytes
 * start with a line of its own, after it stands the canonical JSON (RFC 8785) of the statement.
 */
export class StatementKind<S> {
  readonly #domain: string;
  readonly #assert: (value: unknown) => asserts value is S;

  /**
   * @param domain names the kind and its version, `acogida.batch-statement.v1`
   * @param assert throws `STATEMENT_MALFORMED` for anything that is no such statement
   */
  constructor(domain: string, assert: (value: unknown) => asserts value is S) {
    this.#domain = `${domain}\n`;
    this.#assert = assert;
  }

  /** The value, when it is a statement of the kind; nothing is said about who signed it. @throws LedgerError `STATEMENT_MALFORMED` */
  read(value: unknown): S {
    const assertStatement: (value: unknown) => asserts value is S = this.#assert;
    assertStatement(value);
    return value;
  }

  signedBytes(statement: S): Buffer {
    return Buffer.from(this.#domain + canonicalize(statement), 'utf8');
  }

  /** @throws LedgerError `STATEMENT_MALFORMED` */
  sign(privateKey: KeyObject, statement: S): Signed<S> {
    this.read(statement);
    return { statement, signature: sign(null, this.signedBytes(statement), privateKey).toString('base64url') };
  }

  /** @throws LedgerError `STATEMENT_MALFORMED`, `SIGNATURE_INVALID` */
  verify(publicKey: KeyObject, signed: Signed<S>): S {
    this.read(signed.statement);
    const signature = Buffer.from(signed.signature, 'base64url');
    // One spelling per signature: stored statements are compared as text.
    const spelled = signature.length === 64 && signature.toString('base64url') === signed.signature;
    if (!spelled || !verify(null, this.signedBytes(signed.statement), publicKey, signature)) {
      throw new LedgerError('SIGNATURE_INVALID', 'the signature is not one of this key over this statement');
    }
    return signed.statement;
  }

  /** As text for storage and the log: canonical JSON. */
  encode(signed: Signed<S>): string {
    return canonicalize({ signature: signed.signature, statement: signed.statement }) as string;
  }

  /** Reads what `encode` wrote; the signature is not checked here. @throws LedgerError `STATEMENT_MALFORMED` */
  decode(text: string): Signed<S> {
    const { statement, signature } = (parseJson(text) ?? {}) as { statement?: unknown; signature?: unknown };
    const read = this.read(statement);
    if (typeof signature !== 'string' || /\p{Cs}/u.test(signature)) throw malformed();
    const signed = { statement: read, signature };
    if (this.encode(signed) !== text) throw malformed();
    return signed;
  }
}

/** What is offered is no statement of the kind. */
export function malformed(): LedgerError {
  return new LedgerError('STATEMENT_MALFORMED', 'not a statement of this kind');
}

/** A name of an agency or key: 1 to 200 characters. Half of a surrogate pair has no canonical JSON. */
export function isName(value: unknown): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= 200 && !/\p{Cs}/u.test(value);
}

/** A whole number from `atLeast`. */
export function isCount(value: unknown, atLeast: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= atLeast;
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** A moment in UTC with milliseconds, `2026-11-22T09:00:00.000Z`, that the calendar has. */
export function isInstant(value: unknown): boolean {
  return typeof value === 'string' && INSTANT.test(value) && isWrittenInstant(value);
}

/** The object's own names are exactly these, which are sorted. */
export function hasFields(value: unknown, sorted: readonly string[]): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const names = Object.keys(value).sort();
  // One by one: joined, the name `a,b` would stand for two.
  return names.length === sorted.length && names.every((name, index) => name === sorted[index]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed();
  }
}
