import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Read model of the referral desk. */
export class CreateReferralTable1795309100000 implements MigrationInterface {
  readonly name = 'CreateReferralTable1795309100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE referral (
        referral_id uuid PRIMARY KEY,
        direction text NOT NULL CHECK (direction IN ('sent', 'received')),
        state text NOT NULL,
        version integer NOT NULL,
        case_id uuid NOT NULL,
        sender text NOT NULL,
        receiver text NOT NULL,
        service text NOT NULL,
        urgency text NOT NULL,
        reason text NOT NULL,
        sender_task text NOT NULL,
        consent_basis text NOT NULL,
        consent_form text NOT NULL,
        consent_given_by text NOT NULL,
        consent_language text,
        consent_granted_on text,
        sex text NOT NULL,
        age_status text NOT NULL,
        age_from_years integer,
        age_to_years integer,
        nationalities text[] NOT NULL,
        nationality_status text NOT NULL,
        reject_reason text,
        alternative_agency text,
        result text,
        requested_at timestamptz NOT NULL,
        acknowledge_by timestamptz NOT NULL,
        acknowledged_at timestamptz,
        accepted_at timestamptz,
        rejected_at timestamptz,
        completed_at timestamptz
      )`);
    await runner.query('CREATE INDEX referral_list ON referral (direction, requested_at DESC, referral_id DESC)');
    await runner.query('CREATE INDEX referral_case ON referral (case_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE referral');
  }
}
