import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which agency describes the person who was asked about again: another one's description does not displace what officers look at. */
export class KeepWhoDescribes1795575000000 implements MigrationInterface {
  readonly name = 'KeepWhoDescribes1795575000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE vault.possible_match ADD COLUMN sought_by text');
    await runner.query('UPDATE vault.possible_match SET sought_by = asked_by WHERE sought_token IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE vault.possible_match DROP COLUMN sought_by');
  }
}
