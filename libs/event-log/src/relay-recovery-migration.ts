import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Signed heads, and going on from a restored older copy. A recovery takes the agency's own events back in; `relay.recovered`
 * names those whose private work was lost. Streams of which only the published events are left have a head of version 0.
 */
export class RelayRecovery1795306260000 implements MigrationInterface {
  name = 'RelayRecovery1795306260000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE relay.cursor
        ADD head_sequence bigint NOT NULL DEFAULT 0,
        ADD compared_position bigint NOT NULL DEFAULT 0;
      CREATE TABLE relay.recovery (
        recovery_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        state text NOT NULL CHECK (state IN ('recovering', 'awaiting-attestation', 'attested')),
        previous_incarnation integer NOT NULL,
        incarnation integer,
        restored_through integer NOT NULL,
        taken_through integer,
        started_at timestamptz NOT NULL,
        finished_at timestamptz
      );
      CREATE UNIQUE INDEX recovery_under_way ON relay.recovery ((true)) WHERE state = 'recovering';
      CREATE TABLE relay.recovered (
        number integer PRIMARY KEY REFERENCES relay.published (number),
        recovery_id integer NOT NULL REFERENCES relay.recovery,
        event_id uuid NOT NULL UNIQUE,
        class text NOT NULL,
        type text,
        stream text COLLATE "C",
        published_version integer,
        published_head text
      );
      CREATE TABLE relay.attestation (
        recovery_id integer PRIMARY KEY REFERENCES relay.recovery,
        reason text NOT NULL,
        statements text[] NOT NULL,
        actor text NOT NULL,
        attested_at timestamptz NOT NULL
      );
      ALTER TABLE es.stream
        DROP CONSTRAINT stream_version_check,
        DROP CONSTRAINT stream_check,
        ADD CONSTRAINT stream_version_check CHECK (version >= 0),
        ADD CONSTRAINT stream_published_version_check CHECK (published_version >= 0);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE es.stream
        DROP CONSTRAINT stream_version_check,
        DROP CONSTRAINT stream_published_version_check,
        ADD CONSTRAINT stream_version_check CHECK (version > 0),
        ADD CONSTRAINT stream_check CHECK (published_version BETWEEN 0 AND version);
      DROP TABLE relay.attestation;
      DROP TABLE relay.recovered;
      DROP TABLE relay.recovery;
      ALTER TABLE relay.cursor DROP head_sequence, DROP compared_position;`);
  }
}

/** What has no envelope cannot be numbered, and would hold up everything after it: refused when it is appended. */
export class OutboxWritable1795306320000 implements MigrationInterface {
  name = 'OutboxWritable1795306320000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE es.outbox ADD CONSTRAINT outbox_writable CHECK (
        class IN ('case', 'referral', 'hold', 'clearance', 'consent', 'procedure', 'key', 'erasure', 'directory')
        AND (class = 'directory') = (key_id IS NULL) AND subject <> '' AND data <> '')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE es.outbox DROP CONSTRAINT outbox_writable');
  }
}
