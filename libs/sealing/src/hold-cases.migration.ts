import type { Instant } from '@acogida/core';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { NO_KEYS_OF_ERASED } from './erased-case.migration.ts';
import { locking as lockingNow } from './hold-together.migration.ts';
import type { KeyTransaction, KeyWriter } from './key-rows.ts';

/** Cases share this many locks, so that a batch of many cases needs few. */
const LOCKS = 64;
/** How long an erasure waits, at most, for those who write under keys of its share, in ms. */
const LOCK_TIMEOUT_MS = 2_000;

/** As it was at first (`HoldTogether`): a lock per share of all cases; whoever takes several takes them in one order. @param cases SQL of a `uuid[]` */
export function locking(mode: 'shared' | 'exclusive', cases: string): string {
  const lock = mode === 'shared' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock';
  return `${lock}(hashtextextended('keys of cases ' || share, 0))
    FROM (SELECT DISTINCT hashtext(held::text) & ${LOCKS - 1} AS share FROM unnest(${cases}) AS held ORDER BY share) AS shares`;
}

/**
 * Lets whoever writes under keys that stand keep the case from being erased until its transaction ends. A function, since what it
 * looks at has to be seen after the lock.
 */
export class HoldCases1795542000000 implements MigrationInterface {
  readonly name = 'HoldCases1795542000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION keys.hold_cases(cases uuid[]) RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM ${locking('shared', 'cases')};
        IF EXISTS (SELECT FROM keys.erased_case WHERE case_id = ANY (cases)) THEN
          RAISE integrity_constraint_violation
            USING MESSAGE = 'the case was erased', CONSTRAINT = '${NO_KEYS_OF_ERASED}';
        END IF;
      END $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION keys.hold_cases(uuid[])');
  }
}

/** Keeps cases from being erased until the transaction ends; it fails (`isOfErasedCase`) where one was. */
export async function holdCases(writer: KeyWriter, caseIds: readonly string[]): Promise<void> {
  await writer.query({ name: 'keys-hold-cases', text: 'SELECT keys.hold_cases($1::uuid[])', values: [caseIds] });
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
  await transaction.query(`SELECT ${lockingNow('exclusive', '$1::uuid[]')}`, [caseIds]);
  await transaction.query('SET LOCAL lock_timeout = DEFAULT');
  await transaction.query('INSERT INTO keys.erased_case SELECT unnest($1::uuid[]), $2 ON CONFLICT DO NOTHING', [
    caseIds,
    at,
  ]);
}
