import type { MigrationInterface, QueryRunner } from 'typeorm';
import { AudienceChains1795525000000 } from './audience-chains.migration.ts';
import { SealedBytes1795600000000 } from './sealed-bytes.migration.ts';
import { AtRest1795481000000 } from './at-rest.migration.ts';
import { LeanerIndexes1795395600000 } from './leaner-indexes.migration.ts';

/** Creates the tables of the event store in the schema `es`. Columns are described in the README. */
export class EventStoreSchema1795305600000 implements MigrationInterface {
  readonly name = 'EventStoreSchema1795305600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE SCHEMA IF NOT EXISTS es');
    // Room for heads to be updated within their page. Byte order makes the locking order the same in every locale.
    await runner.query(`
      CREATE TABLE es.stream (
        name text COLLATE "C" PRIMARY KEY,
        version integer NOT NULL CHECK (version > 0),
        private_head text NOT NULL,
        published_version integer NOT NULL CHECK (published_version BETWEEN 0 AND version),
        published_head text NOT NULL
      ) WITH (fillfactor = 80)`);
    await runner.query(`
      CREATE TABLE es.event (
        position bigserial PRIMARY KEY,
        stream text COLLATE "C" NOT NULL,
        version integer NOT NULL CHECK (version > 0),
        id uuid NOT NULL UNIQUE,
        type text NOT NULL,
        schema_version integer NOT NULL,
        recorded_at text NOT NULL,
        text text NOT NULL,
        salt text NOT NULL,
        hash text NOT NULL,
        UNIQUE (stream, version)
      )`);
    await runner.query(`
      CREATE TABLE es.outbox (
        outbox_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        event_id uuid NOT NULL UNIQUE,
        stream text COLLATE "C" NOT NULL,
        published_version integer NOT NULL CHECK (published_version > 0),
        class text NOT NULL,
        subject text NOT NULL,
        key_id text,
        data text NOT NULL,
        "time" text NOT NULL,
        clock text COLLATE "C" NOT NULL,
        number bigint UNIQUE,
        UNIQUE (stream, published_version)
      )`);
    await runner.query('CREATE INDEX outbox_unsequenced ON es.outbox (outbox_id) WHERE number IS NULL');
    await runner.query('CREATE INDEX outbox_clock ON es.outbox (clock)');
    // Sealed data does not compress: spare PostgreSQL the attempt.
    await runner.query('ALTER TABLE es.outbox ALTER COLUMN data SET STORAGE EXTERNAL');
    await runner.query(`
      CREATE TABLE es.idempotency_reply (
        key text COLLATE "C" PRIMARY KEY CHECK (length(key) <= 300),
        fingerprint text NOT NULL,
        status integer NOT NULL,
        headers text NOT NULL,
        body text,
        recorded_at text NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA es CASCADE');
  }
}

/** Migrations of the event store, in order; a node runs them before those of its read models. */
export const eventStoreMigrations: readonly (new () => MigrationInterface)[] = [
  EventStoreSchema1795305600000,
  LeanerIndexes1795395600000,
  AtRest1795481000000,
  AudienceChains1795525000000,
  SealedBytes1795600000000,
];
