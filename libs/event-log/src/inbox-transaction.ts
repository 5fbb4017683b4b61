import { borrowClient, type Transaction } from '@acogida/event-store';
import type { Pool, PoolClient } from 'pg';
import { allOf } from './all-of.ts';
import { AbortedTransactionError, type SourceCursor } from './inbox-store.ts';

const LOCK = {
  name: 'inbox-lock-source',
  text: `
    SELECT last_number AS "lastNumber", frontier, incarnation, head_sequence::float8 AS "headSequence",
           head_number AS "headNumber", head_tree AS "headTree", status, reason, unsettled, sealed
      FROM inbox.source_cursor WHERE source = $1 FOR UPDATE`,
};

/**
 * Runs `work` in a transaction that holds the agency's row, so that one transaction at a time works on its events; the row
 * is made at first sight. Beginning, locking and what is asked are one round trip. What `work` and `ask` read is what the
 * transaction before it left.
 *
 * Statements that are sent without waiting for each other share a round trip: all of them are to be waited for.
 *
 * @param ask sends what `work` will want to know, before the row is known
 */
export async function withSourceLocked<T, A = undefined>(
  pool: Pool,
  source: string,
  work: (transaction: Transaction, cursor: SourceCursor, answer: A | undefined) => Promise<T>,
  ask?: (transaction: Transaction) => Promise<A>,
): Promise<T> {
  const { client, giveBack, rollBack } = await borrowClient(pool);
  const pipelined: PoolClient & { pipeline?: boolean } = client;
  pipelined.pipeline = true;
  try {
    const [, cursor, answer] = await allOf([client.query('BEGIN'), locked(client, source), ask?.(client)]);
    const result = await work(client, cursor ?? (await madeCursor(client, source)), answer);
    const { command } = await client.query('COMMIT');
    // PostgreSQL answers the commit of an aborted transaction with a rollback and no error.
    if (command !== 'COMMIT') throw new AbortedTransactionError();
    return result;
  } catch (error) {
    await rollBack();
    throw error;
  } finally {
    pipelined.pipeline = false;
    giveBack();
  }
}

async function locked(client: PoolClient, source: string): Promise<SourceCursor | undefined> {
  const { rows } = await client.query<SourceCursor>({ ...LOCK, values: [source] });
  return rows[0];
}

async function madeCursor(client: PoolClient, source: string): Promise<SourceCursor> {
  await client.query('INSERT INTO inbox.source_cursor (source) VALUES ($1) ON CONFLICT DO NOTHING', [source]);
  const made = await locked(client, source);
  if (made === undefined) throw new Error('inbox.source_cursor lost a row');
  return made;
}
