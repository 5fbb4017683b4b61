import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Drops indexes that nobody reads by and whose uniqueness follows from elsewhere. Entries under random ids touch a page each,
 * so they were what made an append dearer the more events there are.
 *
 * - ids of events are 122 random bits made by this node, and inside the text that the private chain hashes
 * - a published version is written only with the head of its stream won, in one transaction with events whose
 *   (stream, version) stays unique
 * - a row without number has no place in the index of numbers
 */
export class LeanerIndexes1795395600000 implements MigrationInterface {
  readonly name = 'LeanerIndexes1795395600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE es.event DROP CONSTRAINT event_id_key');
    await runner.query('ALTER TABLE es.outbox DROP CONSTRAINT outbox_event_id_key');
    await runner.query('ALTER TABLE es.outbox DROP CONSTRAINT outbox_stream_published_version_key');
    await runner.query('ALTER TABLE es.outbox DROP CONSTRAINT outbox_number_key');
    await runner.query('CREATE UNIQUE INDEX outbox_number ON es.outbox (number) WHERE number IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX es.outbox_number');
    await runner.query('ALTER TABLE es.outbox ADD CONSTRAINT outbox_number_key UNIQUE (number)');
    await runner.query(
      'ALTER TABLE es.outbox ADD CONSTRAINT outbox_stream_published_version_key UNIQUE (stream, published_version)',
    );
    await runner.query('ALTER TABLE es.outbox ADD CONSTRAINT outbox_event_id_key UNIQUE (event_id)');
    await runner.query('ALTER TABLE es.event ADD CONSTRAINT event_id_key UNIQUE (id)');
  }
}
