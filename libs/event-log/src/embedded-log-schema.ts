import { inTransaction } from '@acogida/event-store';
import type pg from 'pg';

/** Channel on which a publication names its topic. */
export const WAKE_CHANNEL = 'acogida_log';

/** Held while the tables are made: any constant that nothing else in this database locks. */
export const SCHEMA_LOCK = 4_170_226_331;

const TABLES = `
  CREATE TABLE IF NOT EXISTS log_topic (
    topic text PRIMARY KEY,
    next_position bigint NOT NULL DEFAULT 0
  );
  CREATE TABLE IF NOT EXISTS log_record (
    topic text NOT NULL REFERENCES log_topic,
    position bigint NOT NULL,
    value text NOT NULL,
    headers text NOT NULL,
    PRIMARY KEY (topic, position)
  );
  CREATE TABLE IF NOT EXISTS log_group (
    group_name text NOT NULL,
    topic text NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (group_name, topic)
  )`;

/** Creates the tables of the embedded log where they are missing. Several nodes may do so at the same time. */
export async function createLogTables(pool: pg.Pool): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [SCHEMA_LOCK]);
    await client.query(TABLES);
  });
}
