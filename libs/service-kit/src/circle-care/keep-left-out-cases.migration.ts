import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keeps which cases could not be brought in line while all others were: they are tried again by themselves. */
export class KeepLeftOutCases1795551000000 implements MigrationInterface {
  readonly name = 'KeepLeftOutCases1795551000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE circle_alignment ADD COLUMN left_out uuid[] NOT NULL DEFAULT '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE circle_alignment DROP COLUMN left_out');
  }
}
