import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keeps what the directory says, one row for each entry, as it was published last. */
export class CreateKnownEntryTable1795510000000 implements MigrationInterface {
  readonly name = 'CreateKnownEntryTable1795510000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE known_entry (
        source text NOT NULL,
        kind text NOT NULL,
        entry_id text NOT NULL,
        number bigint NOT NULL,
        entry jsonb NOT NULL,
        PRIMARY KEY (kind, entry_id, source)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE known_entry');
  }
}

/** Migrations of the directory view: every node has it. */
export const directoryViewMigrations = [CreateKnownEntryTable1795510000000] as const;
