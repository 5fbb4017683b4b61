import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { KeyTransaction } from './key-rows.ts';

/** Stands in the error of a transaction that would have begun keys of an erased case. */
export const NO_KEYS_OF_ERASED = 'case_key_of_erased';

/**
 * Remembers which cases were erased, and keeps keys of them from coming back: who begins some fails, and what is granted of them is
 * not kept. One look for a statement, however many keys it writes.
 */
export class ErasedCase1795541000000 implements MigrationInterface {
  readonly name = 'ErasedCase1795541000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE keys.erased_case (case_id uuid PRIMARY KEY, erased_at text NOT NULL)');
    await runner.query(`
      CREATE FUNCTION keys.keep_erased() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NOT EXISTS (SELECT FROM added JOIN keys.erased_case USING (case_id)) THEN RETURN NULL; END IF;
        IF EXISTS (SELECT FROM added JOIN keys.erased_case USING (case_id) WHERE granted_by IS NULL) THEN
          RAISE integrity_constraint_violation
            USING MESSAGE = 'the case was erased', CONSTRAINT = '${NO_KEYS_OF_ERASED}';
        END IF;
        DELETE FROM keys.case_key AS granted USING keys.erased_case AS erased WHERE granted.case_id = erased.case_id;
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE TRIGGER keep_erased AFTER INSERT ON keys.case_key REFERENCING NEW TABLE AS added
      FOR EACH STATEMENT EXECUTE FUNCTION keys.keep_erased()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER keep_erased ON keys.case_key');
    await runner.query('DROP FUNCTION keys.keep_erased()');
    await runner.query('DROP TABLE keys.erased_case');
  }
}

/** Whether a transaction failed because it began keys of a case that was erased. */
export function isOfErasedCase(error: unknown): boolean {
  return ((error ?? {}) as { readonly constraint?: unknown }).constraint === NO_KEYS_OF_ERASED;
}

/** Those of the cases that were erased. */
export async function erasedCasesAmong(
  transaction: KeyTransaction,
  caseIds: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await transaction.query<{ id: string }>({
    name: 'keys-erased-among',
    text: 'SELECT case_id::text AS id FROM keys.erased_case WHERE case_id = ANY ($1::uuid[])',
    values: [caseIds],
  });
  return rows.map(({ id }) => id);
}
