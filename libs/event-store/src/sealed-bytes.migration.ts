import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Room for what an encrypted event says, in bytes and without what its row says in clear: base64 of the whole text was nearly twice as
 * long, and that was most of what encrypting cost an append. Rows of before keep their text.
 */
export class SealedBytes1795600000000 implements MigrationInterface {
  readonly name = 'SealedBytes1795600000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE es.event ADD COLUMN sealed bytea');
    // What is encrypted does not compress: spare PostgreSQL the attempt.
    await runner.query('ALTER TABLE es.event ALTER COLUMN sealed SET STORAGE EXTERNAL');
  }

  async down(runner: QueryRunner): Promise<void> {
    // Nobody could read those events again.
    await runner.query(`
      DO $$ BEGIN
        IF EXISTS (SELECT FROM es.event WHERE sealed IS NOT NULL) THEN RAISE EXCEPTION 'events are kept in bytes'; END IF;
      END $$`);
    await runner.query('ALTER TABLE es.event DROP COLUMN sealed');
  }
}
