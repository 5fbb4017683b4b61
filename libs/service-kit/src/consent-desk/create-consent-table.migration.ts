import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds the case of a consent; what stands in it is read from the case's stream. */
export class CreateConsentTable1795500000000 implements MigrationInterface {
  readonly name = 'CreateConsentTable1795500000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE consent (
        consent_id uuid PRIMARY KEY,
        case_id uuid NOT NULL,
        known_by smallint NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE consent');
  }
}
