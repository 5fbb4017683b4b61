import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creates the vault: one row for each field of a case, sealed; `consent_id` says under which consent it came, if any. */
export class CreateVaultTable1795512000000 implements MigrationInterface {
  readonly name = 'CreateVaultTable1795512000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE SCHEMA vault');
    await runner.query(`
      CREATE TABLE vault.cell (
        case_id uuid NOT NULL,
        field text NOT NULL,
        version integer NOT NULL,
        sealed text NOT NULL,
        consent_id uuid,
        updated_at timestamptz NOT NULL,
        updated_by text NOT NULL,
        PRIMARY KEY (case_id, field)
      )`);
    await runner.query('ALTER TABLE vault.cell ALTER COLUMN sealed SET STORAGE EXTERNAL'); // ciphertext does not compress
    await runner.query('CREATE INDEX cell_under_consent ON vault.cell (consent_id) WHERE consent_id IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA vault CASCADE');
  }
}
