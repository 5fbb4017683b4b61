import { LedgerError } from '@acogida/ledger';
import { RefusedError } from '@acogida/operations';

/** Why a command does nothing, beside what a `LedgerError` says of a statement. */
export type AgencyRefusalCode =
  /** Nothing is written over. */
  | 'FILE_EXISTS'
  /** Missing, or not to be read. */
  | 'FILE_UNREADABLE'
  /** The folder cannot be written to. */
  | 'FILE_UNWRITABLE'
  /** Not JSON, or not a file of this command. */
  | 'FILE_MALFORMED'
  /** Not an Ed25519 private key as PKCS8 PEM. */
  | 'KEY_UNREADABLE'
  /** The private key is not the one that is needed here. */
  | 'KEY_DIFFERS'
  /** The private key is not a root's of the genesis. */
  | 'ROOT_UNKNOWN'
  /** The genesis is not the one that was pinned. */
  | 'PIN_DIFFERS'
  /** The file holds another statement than the one to sign. */
  | 'STATEMENT_DIFFERS'
  /** The agency has no key that counts for what comes next. */
  | 'NO_KEY_IN_USE';

/** A command was refused; nothing was changed. The message names files and fields, never what stands in them. */
export class AgencyRefusal extends Error {
  override readonly name = 'AgencyRefusal';
  readonly code: AgencyRefusalCode;

  constructor(code: AgencyRefusalCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** The stable code and the sentence of a refusal; null for a fault. */
export function refusalOf(error: unknown): { readonly code: string; readonly message: string } | null {
  return error instanceof AgencyRefusal || error instanceof LedgerError || error instanceof RefusedError
    ? { code: error.code, message: error.message }
    : null;
}
