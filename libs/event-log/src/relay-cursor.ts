import { CompactRange } from '@acogida/ledger';
import type { Pool, PoolClient } from 'pg';
import { RelayDeposedError } from './relay-port.ts';

/** What the relay writes with: the pool, or a client in a transaction. */
export type RelayDatabase = Pool | PoolClient;

/** The relay's place in its agency's log, as the cursor row has it. */
export interface RelayPlace {
  readonly incarnation: number;
  /** Last number given. */
  readonly lastNumber: number;
  /** The tree over all events up to `lastNumber`. */
  readonly frontier: CompactRange;
  /** The log is known to have everything up to this number. */
  readonly publishedThrough: number;
  /** The topic was seen to hold every number up to this one. */
  readonly comparedThrough: number;
  /** The end of the topic when it was seen. */
  readonly comparedPosition: bigint;
  /** Greatest sequence of a signed head. */
  readonly headSequence: number;
}

interface CursorRow {
  readonly incarnation: number;
  readonly lastNumber: number;
  readonly frontier: string;
  readonly publishedThrough: number;
  readonly comparedThrough: number;
  readonly comparedPosition: string;
  readonly headSequence: string;
}

const PLACE = `incarnation, last_number AS "lastNumber", frontier, published_through AS "publishedThrough",
  compared_through AS "comparedThrough", compared_position AS "comparedPosition", head_sequence AS "headSequence"`;

function placeOf(row: CursorRow): RelayPlace {
  return {
    ...row,
    frontier: CompactRange.parse(row.frontier),
    comparedPosition: BigInt(row.comparedPosition),
    headSequence: Number(row.headSequence),
  };
}

/** Raises the term, which deposes every other relay of the node. */
export async function takeOverCursor(
  database: RelayDatabase,
): Promise<{ readonly term: number; readonly place: RelayPlace }> {
  const { rows } = await database.query<CursorRow & { term: number }>(
    `UPDATE relay.cursor SET term = term + 1 RETURNING term, ${PLACE}`,
  );
  if (rows[0] === undefined) throw new Error('relay.cursor has no row');
  const { term, ...row } = rows[0];
  return { term, place: placeOf(row) };
}

/** @throws RelayDeposedError */
export async function loadPlace(
  database: RelayDatabase,
  term: number,
  lock: 'FOR UPDATE' | '' = '',
): Promise<RelayPlace> {
  const { rows } = await database.query<CursorRow>(`SELECT ${PLACE} FROM relay.cursor WHERE term = $1 ${lock}`, [term]);
  if (rows[0] === undefined) throw new RelayDeposedError(term);
  return placeOf(rows[0]);
}

/**
 * A write that was conditional on term and place found no row: deposed, or this relay's idea of the place is out of date
 * (an answer of the database was lost), which a new look mends.
 *
 * @throws RelayDeposedError, Error
 */
export async function refuseStalePlace(database: RelayDatabase, term: number): Promise<never> {
  await loadPlace(database, term);
  throw new Error('the relay cursor is not where this relay took it to be');
}
