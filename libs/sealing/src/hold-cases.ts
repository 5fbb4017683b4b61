import type { Instant } from '@acogida/core';
import { arrayText } from './array-text.ts';
import { locking } from './hold-together.migration.ts';
import type { KeyTransaction, KeyWriter } from './key-rows.ts';

/** How long an erasure waits, at most, for those who write under keys of its share, in ms. */
const LOCK_TIMEOUT_MS = 2_000;

/** Keeps cases from being erased until the transaction ends; it fails (`isOfErasedCase`) where one was. */
export async function holdCases(writer: KeyWriter, caseIds: readonly string[]): Promise<void> {
  await writer.query({
    name: 'keys-hold-cases',
    text: 'SELECT keys.hold_cases($1::uuid[])',
    values: [arrayText(caseIds)],
  });
}

/**
 * Remembers erased cases. Until the end of the transaction nobody else begins keys of the cases, or writes under them: those who
 * began to earlier are committed by now, and later ones see the erasure. Who writes of other cases waits only where they have
 * the same share.
 */
export async function noteErasedCases(
  transaction: KeyTransaction,
  caseIds: readonly string[],
  at: Instant,
): Promise<void> {
  // Whoever comes after one that waits for an exclusive lock waits as well, also for another case: better try again later.
  await transaction.query(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT_MS}ms'`);
  await transaction.query(`SELECT ${locking('exclusive', '$1::uuid[]')}`, [caseIds]);
  await transaction.query('SET LOCAL lock_timeout = DEFAULT');
  await transaction.query('INSERT INTO keys.erased_case SELECT unnest($1::uuid[]), $2 ON CONFLICT DO NOTHING', [
    caseIds,
    at,
  ]);
}
