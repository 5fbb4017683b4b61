import type { MigrationInterface, QueryRunner } from 'typeorm';

const FOREIGN_KEY = 'case_key_generation_fkey';

/**
 * Case keys refer to the generation that wraps them by one look for a statement, not by one for each row: a reference of
 * PostgreSQL's own locked the row of the generation again for every key that begins, four times for each case. What it kept is
 * kept: no key without its generation, and no generation removed while a key needs it, also where the two happen at the same
 * time. Whoever writes keys locks the generation until it commits; whoever removes one waits for that, and looks afterwards.
 */
export class GenerationsOfCaseKeys1795571000000 implements MigrationInterface {
  readonly name = 'GenerationsOfCaseKeys1795571000000';

  async up(runner: QueryRunner): Promise<void> {
    // Each statement of a function sees what is committed when it begins: the second one what the lock was waited for.
    await runner.query(`
      CREATE FUNCTION keys.need_generations() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM FROM keys.kek WHERE generation IN (SELECT generation FROM written) FOR KEY SHARE;
        IF EXISTS (SELECT generation FROM written EXCEPT SELECT generation FROM keys.kek) THEN
          RAISE foreign_key_violation USING MESSAGE = 'no such generation of the key-encryption key';
        END IF;
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE FUNCTION keys.keep_needed_generation() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF EXISTS (SELECT FROM keys.case_key WHERE generation = old.generation) THEN
          RAISE foreign_key_violation USING MESSAGE = 'keys of cases need the generation';
        END IF;
        RETURN old;
      END $$`);
    for (const event of ['INSERT', 'UPDATE']) {
      await runner.query(`
        CREATE TRIGGER need_generations_${event.toLowerCase()} AFTER ${event} ON keys.case_key
        REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION keys.need_generations()`);
    }
    // Before: by then the row is locked against whoever would refer to it.
    await runner.query(`
      CREATE TRIGGER keep_needed_generation BEFORE DELETE ON keys.kek
      FOR EACH ROW EXECUTE FUNCTION keys.keep_needed_generation()`);
    await runner.query(`ALTER TABLE keys.case_key DROP CONSTRAINT ${FOREIGN_KEY}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE keys.case_key
      ADD CONSTRAINT ${FOREIGN_KEY} FOREIGN KEY (generation) REFERENCES keys.kek (generation)`);
    await runner.query('DROP TRIGGER keep_needed_generation ON keys.kek');
    for (const event of ['insert', 'update'])
      await runner.query(`DROP TRIGGER need_generations_${event} ON keys.case_key`);
    await runner.query('DROP FUNCTION keys.keep_needed_generation()');
    await runner.query('DROP FUNCTION keys.need_generations()');
  }
}
