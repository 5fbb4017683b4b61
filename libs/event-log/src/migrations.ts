import type { MigrationInterface, QueryRunner } from 'typeorm';
import { OutboxWritable1795306320000, RelayRecovery1795306260000 } from './relay-recovery-migration.ts';
import {
  InboxCaseLane1795567000000,
  InboxRevoked1795531000000,
  InboxSealed1795306380000,
  InboxVigilance1795306200000,
} from './inbox-migrations.ts';

/**
 * What a node has published. Numbers are `integer`: a CloudEvents Integer has 32 bits. A batch's statement is kept once and
 * shared by its events.
 */
export class RelaySchema1795305660000 implements MigrationInterface {
  name = 'RelaySchema1795305660000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE SCHEMA relay;
      CREATE TABLE relay.cursor (
        singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
        term integer NOT NULL,
        incarnation integer NOT NULL,
        last_number integer NOT NULL,
        frontier text NOT NULL,
        published_through integer NOT NULL,
        CHECK (published_through BETWEEN 0 AND last_number)
      );
      INSERT INTO relay.cursor (term, incarnation, last_number, frontier, published_through) VALUES (0, 1, 0, '0', 0);
      CREATE TABLE relay.batch (
        last_number integer PRIMARY KEY,
        first_number integer NOT NULL,
        statement text NOT NULL,
        signed_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE TABLE relay.published (
        number integer PRIMARY KEY,
        event_id uuid NOT NULL UNIQUE,
        batch integer NOT NULL REFERENCES relay.batch (last_number),
        bytes text NOT NULL,
        path text NOT NULL,
        leaf_hash text NOT NULL
      );`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA relay CASCADE');
  }
}

/**
 * Through which number the topic was last seen whole: a comparison needs to walk back no further (`compareTail`).
 */
export class RelayComparedThrough1795305780000 implements MigrationInterface {
  name = 'RelayComparedThrough1795305780000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE relay.cursor ADD compared_through integer NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE relay.cursor DROP compared_through');
  }
}

/** What a node has received from the other agencies, one row per event, and the raw records it still has to settle. */
export class InboxSchema1795305720000 implements MigrationInterface {
  name = 'InboxSchema1795305720000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE SCHEMA inbox;
      CREATE TABLE inbox.source_cursor (
        source text PRIMARY KEY,
        last_number integer NOT NULL DEFAULT 0,
        frontier text NOT NULL DEFAULT '0',
        status text NOT NULL DEFAULT 'flowing' CHECK (status IN ('flowing', 'gap', 'stopped')),
        reason text,
        clock text COLLATE "C" NOT NULL DEFAULT '0000000000000-000000'
      );
      CREATE TABLE inbox.event (
        source text NOT NULL,
        number integer NOT NULL,
        event_id uuid NOT NULL,
        leaf_hash text NOT NULL,
        class text NOT NULL,
        subject text NOT NULL,
        state text NOT NULL CHECK (state IN ('applied', 'unknown', 'parked', 'quarantined', 'held')),
        stream text,
        published_version integer,
        out_of_order boolean NOT NULL DEFAULT false,
        clock_ahead boolean NOT NULL DEFAULT false,
        received_at timestamptz NOT NULL,
        applied_at timestamptz,
        PRIMARY KEY (source, number)
      );
      CREATE INDEX event_by_id ON inbox.event (source, event_id);
      CREATE INDEX event_blocking ON inbox.event (source, subject) WHERE state IN ('parked', 'quarantined', 'held');
      CREATE TABLE inbox.stream (
        source text NOT NULL,
        stream text NOT NULL,
        version integer NOT NULL,
        head text NOT NULL,
        PRIMARY KEY (source, stream)
      );
      CREATE TABLE inbox.kept (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        kind text NOT NULL CHECK (kind IN ('parked', 'quarantined', 'held', 'unknown', 'unverifiable', 'equivocation')),
        source text NOT NULL,
        number integer,
        subject text,
        fingerprint text NOT NULL,
        value bytea NOT NULL,
        headers text NOT NULL,
        reason text NOT NULL,
        detail text,
        cause_source text,
        cause_id uuid,
        attempts integer NOT NULL DEFAULT 1,
        kept_at timestamptz NOT NULL,
        tried_at timestamptz NOT NULL,
        UNIQUE (source, fingerprint)
      );
      CREATE INDEX kept_lane ON inbox.kept (source, subject, number);
      CREATE INDEX kept_cause ON inbox.kept (cause_source, cause_id) WHERE kind = 'parked';`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA inbox CASCADE');
  }
}

/** Tables of relay and inbox. The relay also reads and numbers `es.outbox` of @acogida/event-store. */
export const eventLogMigrations: readonly (new () => MigrationInterface)[] = [
  RelaySchema1795305660000,
  InboxSchema1795305720000,
  RelayComparedThrough1795305780000,
  InboxVigilance1795306200000,
  RelayRecovery1795306260000,
  OutboxWritable1795306320000,
  InboxSealed1795306380000,
  InboxRevoked1795531000000,
  InboxCaseLane1795567000000,
];
