/** What failed: text that is not a frontier, text that is not a statement, or a signature that is not the key's. */
export type LedgerErrorCode = 'RANGE_MALFORMED' | 'STATEMENT_MALFORMED' | 'SIGNATURE_INVALID';

/** Something offered as evidence is none. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
  readonly code: LedgerErrorCode;

  constructor(code: LedgerErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
