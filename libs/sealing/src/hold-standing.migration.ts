import type { MigrationInterface, QueryRunner } from 'typeorm';
import { NO_KEYS_OF_ERASED } from './erased-case.migration.ts';
import { locking } from './hold-cases.migration.ts';
import type { KeyTransaction } from './key-rows.ts';

/**
 * Lets whoever can leave out what was erased hold the rest, and has keys that begin, or that are granted, hold their case by
 * themselves: an erasure then keeps nobody waiting who writes keys of other cases.
 */
export class HoldStanding1795545000000 implements MigrationInterface {
  readonly name = 'HoldStanding1795545000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION keys.hold_standing(cases uuid[]) RETURNS SETOF uuid LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM ${locking('shared', 'cases')};
        RETURN QUERY SELECT case_id FROM keys.erased_case WHERE case_id = ANY (cases);
      END $$`);
    await runner.query(keepErased(`PERFORM ${locking('shared', 'ARRAY(SELECT case_id FROM added)')};`));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION keys.hold_standing(uuid[])');
    await runner.query(keepErased(''));
  }
}

/** @param first what the trigger does before it looks for erased cases: a statement of its own, so that it sees what that waited for */
export function keepErased(first: string): string {
  return `
    CREATE OR REPLACE FUNCTION keys.keep_erased() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      ${first}
      IF NOT EXISTS (SELECT FROM added JOIN keys.erased_case USING (case_id)) THEN RETURN NULL; END IF;
      IF EXISTS (SELECT FROM added JOIN keys.erased_case USING (case_id) WHERE granted_by IS NULL) THEN
        RAISE integrity_constraint_violation
          USING MESSAGE = 'the case was erased', CONSTRAINT = '${NO_KEYS_OF_ERASED}';
      END IF;
      DELETE FROM keys.case_key AS granted USING keys.erased_case AS erased WHERE granted.case_id = erased.case_id;
      RETURN NULL;
    END $$`;
}

/** As `holdCases`, for whoever leaves out what was erased: those of the cases that were. */
export async function holdStanding(
  transaction: KeyTransaction,
  caseIds: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await transaction.query<{ id: string }>({
    name: 'keys-hold-standing',
    text: 'SELECT erased::text AS id FROM keys.hold_standing($1::uuid[]) AS erased',
    values: [caseIds],
  });
  return rows.map(({ id }) => id);
}
