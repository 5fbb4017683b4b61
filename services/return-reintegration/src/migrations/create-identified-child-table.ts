import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What other agencies said of children, before anybody applied here. */
export class CreateIdentifiedChildTable1795563000000 implements MigrationInterface {
  readonly name = 'CreateIdentifiedChildTable1795563000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE identified_child (
        case_id uuid NOT NULL,
        care_status text NOT NULL,
        PRIMARY KEY (case_id, care_status)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE identified_child');
  }
}
