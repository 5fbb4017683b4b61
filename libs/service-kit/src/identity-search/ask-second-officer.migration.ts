import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What changing a decision of `SAME_PERSON` takes: who was shown the person that was asked about, and which officer proposed it. */
export class AskSecondOfficer1795566000000 implements MigrationInterface {
  readonly name = 'AskSecondOfficer1795566000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE vault.possible_match
        -- another one when the person is described otherwise
        ADD COLUMN sought_token text COLLATE "C",
        ADD COLUMN shown_to text[] NOT NULL DEFAULT '{}',
        ADD COLUMN proposed_by text,
        ADD COLUMN proposed_reason text,
        ADD COLUMN proposed_at timestamptz`);
    await runner.query(
      'CREATE INDEX possible_match_sought ON vault.possible_match (found_at) WHERE sought IS NOT NULL',
    );
    await runner.query('CREATE INDEX possible_match_asked ON vault.possible_match (asked_case_id)');
    await runner.query('DROP INDEX vault.possible_match_open');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX possible_match_open ON vault.possible_match (found_at) WHERE decision IS NULL');
    await runner.query('DROP INDEX vault.possible_match_asked');
    await runner.query('DROP INDEX vault.possible_match_sought');
    await runner.query(`
      ALTER TABLE vault.possible_match DROP COLUMN proposed_at, DROP COLUMN proposed_reason, DROP COLUMN proposed_by,
        DROP COLUMN shown_to, DROP COLUMN sought_token`);
  }
}
