import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Where a stream stands in the chains that it publishes beside that of `coded`: JSON text, from what follows the name of the
 * stream in that of the chain to its version and head. Streams from before have published in the one chain alone.
 */
export class AudienceChains1795525000000 implements MigrationInterface {
  readonly name = 'AudienceChains1795525000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE es.stream ADD COLUMN other_chains text NOT NULL DEFAULT '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE es.stream DROP COLUMN other_chains');
  }
}
