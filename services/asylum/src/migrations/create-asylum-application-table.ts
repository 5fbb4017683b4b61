import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Read model of the applications: coded facts and dates, never the file number. */
export class CreateAsylumApplicationTable1795309300000 implements MigrationInterface {
  readonly name = 'CreateAsylumApplicationTable1795309300000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE asylum_application (
        application_id uuid PRIMARY KEY,
        -- position of the first event in the node's store: the order of the list
        opened_position bigint NOT NULL UNIQUE,
        version integer NOT NULL,
        stage text NOT NULL,
        case_id uuid NOT NULL,
        referral_id uuid,
        form text NOT NULL,
        lodged_by text NOT NULL,
        lodged_on text NOT NULL,
        file_by text,
        late boolean NOT NULL,
        late_filing text NOT NULL,
        ratify_by text,
        ratified_on text,
        registered_on text,
        decide_by text,
        changed_at timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX asylum_application_case ON asylum_application (case_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE asylum_application');
  }
}
