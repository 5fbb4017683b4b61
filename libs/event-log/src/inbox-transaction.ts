import { borrowClient, type Transaction } from '@acogida/event-store';
import type { Pool, PoolClient, QueryResult } from 'pg';

/** Whether an agency's events are taken. */
export type SourceStatus = 'flowing' | 'gap' | 'stopped';

/** What stands in the row of an agency: where this node is in its log, and what it knows of the agency. */
export interface SourceCursor {
  readonly lastNumber: number;
  /** Serialised `CompactRange` over all leaves up to `lastNumber`. */
  readonly frontier: string;
  /** Greatest that was seen; a lower one is a voice from the past. */
  readonly incarnation: number;
  /** Of the newest head that was seen; 0 before the first. */
  readonly headSequence: number;
  /** Through which number the newest head says the agency's log goes; null before the first. */
  readonly headNumber: number | null;
  /** Root of the tree that the newest head names. */
  readonly headTree: string | null;
  readonly status: SourceStatus;
  readonly reason: string | null;
  /** Events that hold back their lane. */
  readonly unsettled: number;
}

const LOCK = `
  SELECT last_number AS "lastNumber", frontier, incarnation, head_sequence::float8 AS "headSequence",
         head_number AS "headNumber", head_tree AS "headTree", status, reason, unsettled
    FROM inbox.source_cursor WHERE source = `;

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
    const [cursor, answer] = await allOf([beginLocked(client, source), ask?.(client)]);
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

/** Waits for all, also where one fails: none may still be under way when the transaction ends. Throws the first failure. */
export async function allOf<T extends readonly unknown[] | []>(
  works: T,
): Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }> {
  await Promise.allSettled(works);
  return Promise.all(works);
}

/** An effect swallowed a database error and left the transaction unusable: nothing of it was committed. */
export class AbortedTransactionError extends Error {
  override readonly name = 'AbortedTransactionError';

  constructor() {
    super('the transaction was aborted by an error that its owner ignored');
  }
}

async function beginLocked(client: PoolClient, source: string): Promise<SourceCursor | undefined> {
  const name = client.escapeLiteral(source);
  const [, found] = (await client.query(`BEGIN; ${LOCK} ${name} FOR UPDATE`)) as unknown as QueryResult<SourceCursor>[];
  return found?.rows[0];
}

async function madeCursor(client: PoolClient, source: string): Promise<SourceCursor> {
  await client.query('INSERT INTO inbox.source_cursor (source) VALUES ($1) ON CONFLICT DO NOTHING', [source]);
  const { rows } = await client.query<SourceCursor>(`${LOCK} $1 FOR UPDATE`, [source]);
  const made = rows[0];
  if (made === undefined) throw new Error('inbox.source_cursor lost a row');
  return made;
}
