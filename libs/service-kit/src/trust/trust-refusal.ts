import { DomainError, type DomainErrorKind } from '@acogida/core';
import { LedgerError, type LedgerErrorCode, type TrustEntry } from '@acogida/ledger';
import type { LiveTrust } from './live-trust.ts';

/** Codes under which a statement is well-formed and does not fit what is known. */
const CONFLICTS: ReadonlySet<LedgerErrorCode> = new Set([
  'SEQUENCE',
  'KEY_REUSED',
  'UNKNOWN_AGENCY',
  'DIRECTORY_KEY_UNKNOWN',
]);

/**
 * Refuses a statement that no reader would take in after those that this node knows.
 *
 * @throws DomainError `TRUST.<code of LedgerError>`
 */
export function requireTrusted(trust: Pick<LiveTrust, 'copy'>, entry: TrustEntry): void {
  asDomainError(() => trust.copy().apply(entry));
}

/** Runs what judges statements. @throws DomainError `TRUST.<code>` in the place of a LedgerError */
export function asDomainError<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    const kind: DomainErrorKind = CONFLICTS.has(error.code) ? 'conflict' : 'invalid';
    throw new DomainError(`TRUST.${error.code}`, kind, error.message);
  }
}
