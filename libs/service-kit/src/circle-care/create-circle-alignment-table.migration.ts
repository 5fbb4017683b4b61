import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keeps how far the circles of all cases are in line with the agencies of the network: one row. */
export class CreateCircleAlignmentTable1795543000000 implements MigrationInterface {
  readonly name = 'CreateCircleAlignmentTable1795543000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE circle_alignment (
        only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
        goal text NOT NULL,
        after_case uuid,
        reached text NOT NULL
      )`);
    await runner.query(`INSERT INTO circle_alignment (goal, reached) VALUES ('', '')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE circle_alignment');
  }
}
