import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lets the agency keep a key for lookup tokens beside its others. */
export class IndexKey1795562000000 implements MigrationInterface {
  readonly name = 'IndexKey1795562000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE keys.agency_key DROP CONSTRAINT agency_key_use_check');
    await runner.query(
      `ALTER TABLE keys.agency_key ADD CONSTRAINT agency_key_use_check CHECK (use IN ('sealing', 'transport', 'index'))`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM keys.agency_key WHERE use = 'index'`);
    await runner.query('ALTER TABLE keys.agency_key DROP CONSTRAINT agency_key_use_check');
    await runner.query(
      `ALTER TABLE keys.agency_key ADD CONSTRAINT agency_key_use_check CHECK (use IN ('sealing', 'transport'))`,
    );
  }
}
