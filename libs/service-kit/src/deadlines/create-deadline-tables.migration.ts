import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Creates the schema `deadline`. `open`: what stands open, one row for each stream and kind; `act_at` is `due_at` until a turn
 * failed, and then when the next one is. `computed`: by which revision of a procedure's rule its streams were last computed.
 */
export class CreateDeadlineTables1795482000000 implements MigrationInterface {
  readonly name = 'CreateDeadlineTables1795482000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE SCHEMA deadline');
    await runner.query(`
      CREATE TABLE deadline.open (
        stream text COLLATE "C" NOT NULL,
        kind text COLLATE "C" NOT NULL,
        due_at timestamptz NOT NULL,
        act_at timestamptz NOT NULL,
        failures integer NOT NULL DEFAULT 0,
        PRIMARY KEY (stream, kind)
      )`);
    await runner.query('CREATE INDEX open_act_at ON deadline.open (act_at)');
    await runner.query(`
      CREATE TABLE deadline.computed (
        procedure text COLLATE "C" PRIMARY KEY,
        revision integer NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA deadline CASCADE');
  }
}

/** Migrations of the deadlines, in order; every node runs them. */
export const deadlineMigrations: readonly (new () => MigrationInterface)[] = [CreateDeadlineTables1795482000000];
