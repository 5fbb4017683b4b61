import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Clearances that this agency granted lately, for the screen of those that are out. */
export class CreateGrantedClearanceTable1795561300000 implements MigrationInterface {
  readonly name = 'CreateGrantedClearanceTable1795561300000';

  async up(runner: QueryRunner): Promise<void> {
    // `boot` and `from_ms` are a reading of the monotonic clock of the process that granted it.
    await runner.query(`
      CREATE TABLE granted_clearance (
        clearance_id uuid PRIMARY KEY,
        case_id uuid NOT NULL,
        gate text NOT NULL,
        removal text NOT NULL,
        granted_at timestamptz NOT NULL,
        boot text NOT NULL,
        from_ms bigint NOT NULL,
        span_ms bigint NOT NULL,
        is_halted boolean NOT NULL DEFAULT false
      )`);
    await runner.query('CREATE INDEX granted_clearance_at ON granted_clearance (granted_at, clearance_id)');
    await runner.query('CREATE INDEX granted_clearance_case ON granted_clearance (case_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE granted_clearance');
  }
}
