import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keeps whom other agencies have in their circles of a case. */
export class CreateCircleIntroductionTable1795544000000 implements MigrationInterface {
  readonly name = 'CreateCircleIntroductionTable1795544000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE circle_introduction (
        case_id uuid NOT NULL,
        agency text COLLATE "C" NOT NULL,
        introduced_by text COLLATE "C" NOT NULL,
        member_key_x text,
        audiences text[] NOT NULL,
        PRIMARY KEY (case_id, agency, introduced_by)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE circle_introduction');
  }
}
