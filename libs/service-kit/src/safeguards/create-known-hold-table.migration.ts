import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Holds of other authorities, one row for each, as they told of it last. */
export class CreateKnownHoldTable1795550000000 implements MigrationInterface {
  readonly name = 'CreateKnownHoldTable1795550000000';

  async up(runner: QueryRunner): Promise<void> {
    // Texts of instants sort by byte. Numbers are those of the agency on its topic.
    await runner.query(`
      CREATE TABLE known_hold (
        source text NOT NULL,
        hold_id uuid NOT NULL,
        case_id uuid NOT NULL,
        kind text,
        taken_over_from text,
        since text COLLATE "C",
        placed_number bigint,
        lifted_number bigint,
        PRIMARY KEY (source, hold_id)
      )`);
    await runner.query('CREATE INDEX known_hold_case ON known_hold (case_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE known_hold');
  }
}
