import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When the consent of a cell was withdrawn that a legal hold keeps all the same; null for every other cell. */
export class KeepWhatIsHeld1795579000000 implements MigrationInterface {
  readonly name = 'KeepWhatIsHeld1795579000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE vault.cell ADD COLUMN withdrawn_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE vault.cell DROP COLUMN withdrawn_at');
  }
}
