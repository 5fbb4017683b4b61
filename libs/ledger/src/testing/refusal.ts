import { LedgerError, type LedgerErrorCode } from '../ledger-error.ts';

/** The code that the work is refused with; undefined when it is not. */
export function codeOf(work: () => unknown): LedgerErrorCode | undefined {
  try {
    work();
  } catch (error) {
    if (error instanceof LedgerError) return error.code;
    throw error;
  }
  return undefined;
}
