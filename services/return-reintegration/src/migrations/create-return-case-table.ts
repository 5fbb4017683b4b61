import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Read model of the return cases: coded facts and moments. */
export class CreateReturnCaseTable1795402517274 implements MigrationInterface {
  readonly name = 'CreateReturnCaseTable1795402517274';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE return_case (
        return_case_id uuid PRIMARY KEY,
        -- position of the first event in the node's store: the order of the list
        opened_position bigint NOT NULL UNIQUE,
        version integer NOT NULL,
        stage text NOT NULL,
        case_id uuid NOT NULL,
        referral_id uuid,
        care_status text,
        submitted_at timestamptz NOT NULL,
        -- of the consent that was signed last; the stage says whether it stands
        consent_version integer,
        cooling_until timestamptz,
        valid_until timestamptz,
        departed_at timestamptz,
        changed_at timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX return_case_case ON return_case (case_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE return_case');
  }
}
