import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Read model of the children's cases: coded facts and moments. */
export class CreateChildCaseTable1795570000000 implements MigrationInterface {
  readonly name = 'CreateChildCaseTable1795570000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE child_case (
        child_case_id uuid PRIMARY KEY,
        -- position of the first event in the node's store: the order of the list
        opened_position bigint NOT NULL UNIQUE,
        version integer NOT NULL,
        stage text NOT NULL,
        case_id uuid NOT NULL,
        referral_id uuid,
        situation text NOT NULL,
        -- null while no officer has met the child
        urgency text,
        is_met boolean NOT NULL,
        registered_at timestamptz,
        care text,
        guardian_since timestamptz,
        representative_since timestamptz,
        -- until when a guardian is to be appointed; null where none is awaited
        guardian_due_at timestamptz,
        is_guardian_overdue boolean NOT NULL,
        closed_at timestamptz,
        changed_at timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX child_case_case ON child_case (case_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE child_case');
  }
}
