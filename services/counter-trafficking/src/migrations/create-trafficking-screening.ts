import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The read model of screenings. */
export class CreateTraffickingScreening1795300000001 implements MigrationInterface {
  readonly name = 'CreateTraffickingScreening1795300000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE trafficking_screening (
        screening_id uuid PRIMARY KEY,
        case_id uuid NOT NULL,
        referral_id uuid,
        stage text NOT NULL,
        age_status text,
        suggested text,
        outcome text,
        reason text,
        second_reviewed boolean,
        opened_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        version int NOT NULL
      )`);
    await runner.query(
      'CREATE INDEX trafficking_screening_opened ON trafficking_screening (opened_at DESC, screening_id DESC)',
    );
    await runner.query('CREATE INDEX trafficking_screening_case ON trafficking_screening (case_id)');
    await runner.query('CREATE INDEX trafficking_screening_referral ON trafficking_screening (referral_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE trafficking_screening');
  }
}
