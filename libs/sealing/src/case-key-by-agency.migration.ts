import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A case key is named by its key id and its agency. By its key id alone, a member that was handed one could say first that it is
 * its own, and the word of the agency that seals under it would have found the row taken.
 */
export class CaseKeyByAgency1795490000000 implements MigrationInterface {
  readonly name = 'CaseKeyByAgency1795490000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE keys.case_key DROP CONSTRAINT case_key_pkey, ADD PRIMARY KEY (key_id, source)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE keys.case_key DROP CONSTRAINT case_key_pkey, ADD PRIMARY KEY (key_id)');
  }
}
