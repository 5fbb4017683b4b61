import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Room for texts that are kept encrypted. Rows from before stay as they are: no key is named, so their text is plain, and
 * their place in the private chain is the same as ever.
 */
export class AtRest1795481000000 implements MigrationInterface {
  readonly name = 'AtRest1795481000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE es.event ADD COLUMN sealed_by text');
    await runner.query('ALTER TABLE es.idempotency_reply ADD COLUMN sealed_by text');
    // What is encrypted does not compress: spare PostgreSQL the attempt.
    await runner.query('ALTER TABLE es.event ALTER COLUMN text SET STORAGE EXTERNAL');
    await runner.query('ALTER TABLE es.idempotency_reply ALTER COLUMN body SET STORAGE EXTERNAL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE es.idempotency_reply DROP COLUMN sealed_by');
    await runner.query('ALTER TABLE es.event DROP COLUMN sealed_by');
    await runner.query('ALTER TABLE es.idempotency_reply ALTER COLUMN body SET STORAGE EXTENDED');
    await runner.query('ALTER TABLE es.event ALTER COLUMN text SET STORAGE EXTENDED');
  }
}
