import type { Pool } from 'pg';
import { PATH_HEADER, STATEMENT_HEADER } from './envelope.ts';
import { type EventLog, type LogRecord, topicOf } from './port.ts';
import { MAX_BATCH_EVENTS, RelayDeposedError } from './relay-port.ts';

/** Bytes of values in one publish call at most, unless a single record is larger. */
const MAX_PUBLISH_BYTES = 768 * 1024;

interface PublishedRow {
  readonly number: number;
  readonly bytes: string;
  readonly statement: string;
  readonly path: string;
}

/** The relay's place in its own topic. */
export interface PublishingPlace {
  readonly lastNumber: number;
  readonly publishedThrough: number;
  /** The topic was seen to hold every number up to this one. */
  readonly comparedThrough: number;
}

/** What publishing needs to know of its relay. */
export interface PublishingRelay {
  readonly agencyId: string;
  readonly pool: Pool;
  readonly log: EventLog;
  readonly term: number;
}

/** @throws RelayDeposedError */
export async function placeOf(relay: PublishingRelay): Promise<PublishingPlace> {
  const { rows } = await relay.pool.query<PublishingPlace>(
    `SELECT last_number AS "lastNumber", published_through AS "publishedThrough", compared_through AS "comparedThrough"
       FROM relay.cursor WHERE term = $1`,
    [relay.term],
  );
  if (rows[0] === undefined) throw new RelayDeposedError(relay.term);
  return rows[0];
}

/** Whether committed events wait for a number, and stored ones for the log. @throws RelayDeposedError */
export async function workLeft(
  relay: PublishingRelay,
): Promise<{ readonly unnumbered: boolean; readonly unpublished: boolean }> {
  const { rows } = await relay.pool.query<{ unnumbered: boolean; unpublished: boolean }>(
    `SELECT EXISTS (SELECT FROM es.outbox WHERE number IS NULL) AS unnumbered, last_number > published_through AS unpublished
       FROM relay.cursor WHERE term = $1`,
    [relay.term],
  );
  if (rows[0] === undefined) throw new RelayDeposedError(relay.term);
  return rows[0];
}

/**
 * Publishes the next stored events and then moves the cursor; returns how many. Only stored bytes leave: a crash in between
 * publishes the same bytes again.
 *
 * @throws RelayDeposedError and whatever the log throws
 */
export async function publishStored(relay: PublishingRelay): Promise<number> {
  const { publishedThrough } = await placeOf(relay);
  const { rows } = await relay.pool.query<PublishedRow>(
    `SELECT p.number, p.bytes, b.statement, p.path
       FROM relay.published p JOIN relay.batch b ON b.last_number = p.batch
      WHERE p.number > $1 ORDER BY p.number LIMIT $2`,
    [publishedThrough, MAX_BATCH_EVENTS],
  );
  for (const chunk of chunksOf(rows)) {
    await relay.log.publish(topicOf(relay.agencyId), chunk.map(recordOf));
    await movePublished(relay, chunk.at(-1)?.number ?? publishedThrough);
  }
  return rows.length;
}

function recordOf(row: PublishedRow): LogRecord {
  return { value: row.bytes, headers: { [STATEMENT_HEADER]: row.statement, [PATH_HEADER]: row.path } };
}

function* chunksOf(rows: readonly PublishedRow[]): Generator<readonly PublishedRow[]> {
  let chunk: PublishedRow[] = [];
  let bytes = 0;
  for (const row of rows) {
    const size = Buffer.byteLength(row.bytes, 'utf8') + row.statement.length + row.path.length;
    if (chunk.length > 0 && bytes + size > MAX_PUBLISH_BYTES) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(row);
    bytes += size;
  }
  if (chunk.length > 0) yield chunk;
}

async function movePublished(relay: PublishingRelay, through: number): Promise<void> {
  const { rowCount } = await relay.pool.query('UPDATE relay.cursor SET published_through = $2 WHERE term = $1', [
    relay.term,
    through,
  ]);
  if (rowCount !== 1) throw new RelayDeposedError(relay.term);
}
