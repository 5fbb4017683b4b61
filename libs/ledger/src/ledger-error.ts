/** Why something offered as evidence is none. */
export type LedgerErrorCode =
  /** Text that is not a frontier. */
  | 'RANGE_MALFORMED'
  /** Not a statement of its kind. */
  | 'STATEMENT_MALFORMED'
  /** The signature is not the key's. */
  | 'SIGNATURE_INVALID'
  /** The file is no genesis, or one that contradicts itself. */
  | 'GENESIS_MALFORMED'
  /** Not every root of the genesis signed it. */
  | 'GENESIS_SIGNATURES'
  /** Fewer roots signed than the genesis asks for. */
  | 'ROOT_THRESHOLD'
  /** The statement belongs to another genesis. */
  | 'OTHER_NETWORK'
  /** Out of its place: a sequence that is taken or skipped, a number that is behind what is settled. */
  | 'SEQUENCE'
  /** The agency is not admitted. It may be later: the statement can be offered again. */
  | 'UNKNOWN_AGENCY'
  /** A key or its id served the agency before. */
  | 'KEY_REUSED'
  /** A rotation that the key it ends did not sign, or that comes after that key's last good number. */
  | 'OLD_KEY'
  /** A rotation to keys whose holder did not sign with them. */
  | 'POSSESSION'
  /** The directory's signature is missing or not its own. */
  | 'DIRECTORY_SIGNATURE'
  /** The directory has no such key. It may have later: the statement can be offered again. */
  | 'DIRECTORY_KEY_UNKNOWN';

/** Something offered as evidence is none. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
  readonly code: LedgerErrorCode;

  constructor(code: LedgerErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
