import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Read model of the intake: one row per case, coded facts only. */
export class CreateIntakeCaseTable1795309200000 implements MigrationInterface {
  readonly name = 'CreateIntakeCaseTable1795309200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE intake_case (
        case_id uuid PRIMARY KEY,
        -- position of the first event in the node's store: the order of the list
        opened_position bigint NOT NULL UNIQUE,
        version integer NOT NULL,
        stage text NOT NULL,
        place text NOT NULL,
        channel text NOT NULL,
        contacted_on text,
        entry_mode text NOT NULL,
        opened_at timestamptz NOT NULL,
        changed_at timestamptz NOT NULL,
        sex text,
        age_status text,
        age_from_years integer,
        age_to_years integer,
        nationalities text[],
        nationality_status text,
        life_saving boolean,
        asylum_intent boolean NOT NULL,
        child_basis text,
        care_status text,
        trafficking_flagged boolean NOT NULL
      )`);
    await runner.query('CREATE INDEX intake_case_nationalities ON intake_case USING gin (nationalities)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE intake_case');
  }
}
