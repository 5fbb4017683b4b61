import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a node knows of the agencies it listens to beside their events: incarnation, last signed head, when it was heard; and
 * events that passed by a blocked lane, evidence that an officer overruled, and who resumed what.
 */
export class InboxVigilance1795306200000 implements MigrationInterface {
  name = 'InboxVigilance1795306200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE inbox.source_cursor
        ADD incarnation integer NOT NULL DEFAULT 1,
        ADD unsettled integer NOT NULL DEFAULT 0 CHECK (unsettled >= 0),
        ADD heard_at timestamptz,
        ADD head_sequence bigint NOT NULL DEFAULT 0,
        ADD head_number integer,
        ADD head_tree text,
        ADD head_incarnation integer,
        ADD head_signed_at timestamptz,
        ADD head_seen_at timestamptz;
      UPDATE inbox.source_cursor c SET
        unsettled = (SELECT count(*) FROM inbox.event e
                      WHERE e.source = c.source AND e.state IN ('parked', 'quarantined', 'held')),
        heard_at = (SELECT max(e.received_at) FROM inbox.event e WHERE e.source = c.source);
      ALTER TABLE inbox.event ADD passed_by boolean NOT NULL DEFAULT false;
      CREATE INDEX event_unknown_hold ON inbox.event (source, subject) WHERE state = 'unknown' AND class = 'hold';
      ALTER TABLE inbox.kept
        DROP CONSTRAINT kept_kind_check,
        ADD CONSTRAINT kept_kind_check CHECK (kind IN
          ('parked', 'quarantined', 'held', 'unknown', 'passed', 'unverifiable', 'equivocation')),
        ADD chain_pending boolean NOT NULL DEFAULT false,
        ADD overruled boolean NOT NULL DEFAULT false;
      CREATE TABLE inbox.resumption (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        source text NOT NULL,
        resumed_at timestamptz NOT NULL,
        actor text NOT NULL,
        reason text NOT NULL,
        stopped_for text NOT NULL,
        last_number integer NOT NULL
      );`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE inbox.resumption;
      DELETE FROM inbox.kept WHERE kind = 'passed';
      ALTER TABLE inbox.kept
        DROP CONSTRAINT kept_kind_check,
        ADD CONSTRAINT kept_kind_check CHECK (kind IN
          ('parked', 'quarantined', 'held', 'unknown', 'unverifiable', 'equivocation')),
        DROP chain_pending, DROP overruled;
      DROP INDEX inbox.event_unknown_hold;
      ALTER TABLE inbox.event DROP passed_by;
      ALTER TABLE inbox.source_cursor
        DROP incarnation, DROP unsettled, DROP heard_at, DROP head_sequence, DROP head_number, DROP head_tree,
        DROP head_incarnation, DROP head_signed_at, DROP head_seen_at;`);
  }
}

/**
 * Events that are sealed here: their state, how many an agency has, where they stand on their topic, and the pseudonyms whose keys
 * have come.
 */
export class InboxSealed1795306380000 implements MigrationInterface {
  name = 'InboxSealed1795306380000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE inbox.event
        DROP CONSTRAINT event_state_check,
        ADD CONSTRAINT event_state_check CHECK (state IN
          ('applied', 'unknown', 'sealed', 'parked', 'quarantined', 'held')),
        ADD position bigint;
      ALTER TABLE inbox.source_cursor ADD sealed integer NOT NULL DEFAULT 0 CHECK (sealed >= 0);
      CREATE INDEX event_sealed ON inbox.event (source, subject, number) WHERE state = 'sealed';
      CREATE TABLE inbox.unlock (
        source text NOT NULL,
        subject text NOT NULL,
        wanted integer NOT NULL DEFAULT 1,
        done integer NOT NULL DEFAULT 0 CHECK (done <= wanted),
        PRIMARY KEY (source, subject)
      );
      CREATE INDEX unlock_open ON inbox.unlock (source, subject) WHERE done < wanted;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE inbox.unlock;
      DROP INDEX inbox.event_sealed;
      ALTER TABLE inbox.source_cursor DROP sealed;
      UPDATE inbox.event SET state = 'unknown' WHERE state = 'sealed';
      ALTER TABLE inbox.event
        DROP position,
        DROP CONSTRAINT event_state_check,
        ADD CONSTRAINT event_state_check CHECK (state IN ('applied', 'unknown', 'parked', 'quarantined', 'held'));`);
  }
}

/** Events that were said under keys that the roots had ended before, and that the agency goes on after. */
export class InboxRevoked1795531000000 implements MigrationInterface {
  name = 'InboxRevoked1795531000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE inbox.event
        DROP CONSTRAINT event_state_check,
        ADD CONSTRAINT event_state_check CHECK (state IN
          ('applied', 'unknown', 'sealed', 'revoked', 'parked', 'quarantined', 'held'))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE inbox.event SET state = 'unknown' WHERE state = 'revoked';
      ALTER TABLE inbox.event
        DROP CONSTRAINT event_state_check,
        ADD CONSTRAINT event_state_check CHECK (state IN
          ('applied', 'unknown', 'sealed', 'parked', 'quarantined', 'held'))`);
  }
}

/** Of which case is what waits, as a pseudonym: null until somebody asked what waits of a case, and had it opened. */
export class InboxCaseLane1795567000000 implements MigrationInterface {
  name = 'InboxCaseLane1795567000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE inbox.kept ADD case_lane text;
      CREATE INDEX kept_case_lane ON inbox.kept (case_lane);
      CREATE INDEX kept_subject ON inbox.kept (subject);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX inbox.kept_subject;
      ALTER TABLE inbox.kept DROP case_lane;`);
  }
}
