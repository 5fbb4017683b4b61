import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rows of referrals of which nothing came at their receiver keep nothing of the person, those of before neither. */
export class ForgetFactsOfEndedReferrals1795580000000 implements MigrationInterface {
  readonly name = 'ForgetFactsOfEndedReferrals1795580000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE referral
        ALTER reason DROP NOT NULL, ALTER consent_basis DROP NOT NULL, ALTER consent_form DROP NOT NULL,
        ALTER consent_given_by DROP NOT NULL, ALTER sex DROP NOT NULL, ALTER age_status DROP NOT NULL,
        ALTER nationalities DROP NOT NULL, ALTER nationality_status DROP NOT NULL, ALTER attachments DROP NOT NULL`);
    await runner.query(`
      UPDATE referral SET
        reason = NULL, sex = NULL, age_status = NULL, age_from_years = NULL, age_to_years = NULL, nationalities = NULL,
        nationality_status = NULL, consent_basis = NULL, consent_form = NULL, consent_given_by = NULL,
        consent_language = NULL, consent_granted_on = NULL, attachments = NULL, information_attachments = NULL,
        separation_reason = NULL
      WHERE direction = 'received'
        AND (fulfilment_status = 'REJECTED'
          OR fulfilment_status IN ('NONE', 'ACKNOWLEDGED', 'ON_HOLD')
            AND request_status IN ('CANCELLED', 'EXPIRED', 'ENTERED_IN_ERROR', 'LOOP_CLOSED')
          OR fulfilment_status = 'FAILED' AND custody_term IS NULL AND (request_status = 'ENTERED_IN_ERROR'
            OR started_at IS NULL
              AND (request_status = 'CANCELLED' OR failure_reason IN ('CANCELLED_BY_SENDER', 'CONSENT_WITHDRAWN')
                AND NOT (transfer AND request_status IN ('REQUESTED', 'EXPIRED')))))`);
  }

  /** What was forgotten comes back with a rebuild, by what the projection of before makes of the events. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM referral WHERE sex IS NULL');
    await runner.query(`
      ALTER TABLE referral
        ALTER reason SET NOT NULL, ALTER consent_basis SET NOT NULL, ALTER consent_form SET NOT NULL,
        ALTER consent_given_by SET NOT NULL, ALTER sex SET NOT NULL, ALTER age_status SET NOT NULL,
        ALTER nationalities SET NOT NULL, ALTER nationality_status SET NOT NULL, ALTER attachments SET NOT NULL`);
  }
}
