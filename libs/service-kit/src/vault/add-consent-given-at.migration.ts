import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When the consent of a cell was given: a withdrawal of all is of those given until then. Null for cells from before this. */
export class AddConsentGivenAt1795530000000 implements MigrationInterface {
  readonly name = 'AddConsentGivenAt1795530000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE vault.cell ADD COLUMN consent_given_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE vault.cell DROP COLUMN consent_given_at');
  }
}
