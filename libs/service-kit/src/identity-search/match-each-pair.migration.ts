import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which two identities a match is of, whichever cases they were found in: the fingerprint of a third case of theirs tells it apart. */
export class MatchEachPair1795572000000 implements MigrationInterface {
  readonly name = 'MatchEachPair1795572000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE vault.possible_match ADD COLUMN pair text COLLATE "C"');
    await runner.query('UPDATE vault.possible_match SET pair = fingerprint');
    await runner.query('ALTER TABLE vault.possible_match ALTER COLUMN pair SET NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE vault.possible_match DROP COLUMN pair');
  }
}
