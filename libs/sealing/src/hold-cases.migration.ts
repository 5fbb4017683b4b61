import type { MigrationInterface, QueryRunner } from 'typeorm';
import { NO_KEYS_OF_ERASED } from './erased-case.migration.ts';

/** Cases share this many locks, so that a batch of many cases needs few. */
const LOCKS = 64;

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
