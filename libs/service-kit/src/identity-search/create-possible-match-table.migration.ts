import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Possible matches that searches found, one for each own case and pair of identities, until an officer decides and after. */
export class CreatePossibleMatchTable1795564000000 implements MigrationInterface {
  readonly name = 'CreatePossibleMatchTable1795564000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE vault.possible_match (
        match_id uuid PRIMARY KEY,
        case_id uuid NOT NULL,
        fingerprint text COLLATE "C" NOT NULL,
        asked_case_id uuid NOT NULL,
        asked_by text NOT NULL,
        found_at timestamptz NOT NULL,
        grounds text[] NOT NULL,
        sought text,
        decision text,
        reason text,
        decided_by text,
        decided_at timestamptz,
        UNIQUE (case_id, fingerprint)
      )`);
    await runner.query('CREATE INDEX possible_match_open ON vault.possible_match (found_at) WHERE decision IS NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE vault.possible_match');
  }
}
