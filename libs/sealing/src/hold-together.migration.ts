import type { MigrationInterface, QueryRunner } from 'typeorm';
import { NO_KEYS_OF_ERASED } from './erased-case.migration.ts';
import { locking as firstLocking } from './hold-cases.migration.ts';
import { keepErased } from './hold-standing.migration.ts';
import { ARRAYS, BEGIN_EPOCHS, ONE_EPOCH } from './own-epochs.migration.ts';

/** Cases share this many locks, so that a batch of many cases needs few. A power of two. */
const LOCKS = 64;
/** Advisory lock of the first share; the others follow it. */
const FIRST_LOCK = 1_795_605_000_000;

/** A lock per share of all cases; whoever takes several takes them in one order. @param cases SQL of a `uuid[]` */
export function locking(mode: 'shared' | 'exclusive', cases: string): string {
  const lock = mode === 'shared' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock';
  return `${lock}(${FIRST_LOCK} + share)
    FROM (SELECT DISTINCT uuid_hash(held) & ${LOCKS - 1} AS share FROM unnest(${cases}) AS held ORDER BY share) AS shares`;
}

type Locking = typeof locking;

/**
 * Makes holding cheaper, which every append that writes of a case does: locks by number instead of by name, and those who begin epochs
 * and write under others as well hold all of these cases in one call.
 */
export class HoldTogether1795605000000 implements MigrationInterface {
  readonly name = 'HoldTogether1795605000000';

  async up(runner: QueryRunner): Promise<void> {
    await replaceHolds(runner, locking);
    await runner.query(`DROP FUNCTION keys.begin_epochs(${ARRAYS})`);
    await runner.query(BEGIN_AND_HOLD);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP FUNCTION keys.begin_epochs(${ARRAYS}, uuid[])`);
    await runner.query(BEGIN_EPOCHS);
    await replaceHolds(runner, firstLocking);
  }
}

/** What is looked at has to be seen after the lock: two statements. */
async function replaceHolds(runner: QueryRunner, lock: Locking): Promise<void> {
  await runner.query(`
    CREATE OR REPLACE FUNCTION keys.hold_cases(cases uuid[]) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM ${lock('shared', 'cases')};
      IF EXISTS (SELECT FROM keys.erased_case WHERE case_id = ANY (cases)) THEN
        RAISE integrity_constraint_violation
          USING MESSAGE = 'the case was erased', CONSTRAINT = '${NO_KEYS_OF_ERASED}';
      END IF;
    END $$`);
  await runner.query(`
    CREATE OR REPLACE FUNCTION keys.hold_standing(cases uuid[]) RETURNS SETOF uuid LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM ${lock('shared', 'cases')};
      RETURN QUERY SELECT case_id FROM keys.erased_case WHERE case_id = ANY (cases);
    END $$`);
  await runner.query(keepErased(`PERFORM ${lock('shared', 'ARRAY(SELECT case_id FROM added)')};`));
}

const NO_GENERATION = `(SELECT count(*) FROM (SELECT FROM keys.kek WHERE generation = ANY (generations) FOR KEY SHARE) AS standing)
       < (SELECT count(DISTINCT one) FROM unnest(generations) AS one)`;
const ERASED = 'EXISTS (SELECT FROM keys.erased_case WHERE case_id = ANY (all_cases))';

/**
 * The parameters are the columns of the table, in their order, and the cases that are held besides. An epoch that stands with the same
 * keys stays as it is. What is looked at after the locks is looked at in one statement, and only where something is amiss in which.
 */
const BEGIN_AND_HOLD = `
  CREATE FUNCTION keys.begin_epochs(
    cases uuid[], epochs integer[], subjects text[], begun_at text[],
    own text[], coded text[], care text[], restricted text[], generations integer[], wrapped bytea[], others uuid[]
  ) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE all_cases uuid[] := cases || others;
  BEGIN
    PERFORM ${locking('shared', 'all_cases')};
    IF ${ERASED} OR ${NO_GENERATION} OR EXISTS (
      SELECT FROM unnest(cases, epochs) AS begun (case_id, epoch) JOIN keys.case_key USING (case_id, epoch)
      WHERE audience = 'own' AND granted_by IS NULL
    ) THEN
      IF ${ERASED} THEN
        RAISE integrity_constraint_violation
          USING MESSAGE = 'the case was erased', CONSTRAINT = '${NO_KEYS_OF_ERASED}';
      END IF;
      IF ${NO_GENERATION} THEN
        RAISE foreign_key_violation USING MESSAGE = 'no such generation of the key-encryption key';
      END IF;
      RAISE unique_violation USING MESSAGE = 'the epoch was begun before', CONSTRAINT = '${ONE_EPOCH}';
    END IF;
    INSERT INTO keys.own_epoch
      SELECT * FROM unnest(cases, epochs, subjects, begun_at, own, coded, care, restricted, generations, wrapped)
      ON CONFLICT (own_key_id) DO NOTHING;
  END $$`;
