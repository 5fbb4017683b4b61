import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which case of the own gate a clearance was asked for, and which case an own hold is of: a halt and its answer are about cases of the
 * same person, and each of them is said in the stream of its own.
 */
export class CreateCaseOfHaltTables1795567000000 implements MigrationInterface {
  readonly name = 'CreateCaseOfHaltTables1795567000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [table, id] of [
      ['asked_clearance', 'clearance_id'],
      ['own_hold', 'hold_id'],
    ] as const) {
      await runner.query(`CREATE TABLE ${table} (${id} uuid PRIMARY KEY, case_id uuid NOT NULL)`);
      await runner.query(`CREATE INDEX ${table}_case ON ${table} (case_id)`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE own_hold');
    await runner.query('DROP TABLE asked_clearance');
  }
}
