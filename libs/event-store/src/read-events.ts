import type { Pool } from 'pg';
import type { StreamHead } from './append-rows.ts';
import { textArray } from './array-parameter.ts';
import { StreamCorruptedError } from './errors.ts';
import { EVENT_COLUMNS, type EventRow, readEventText } from './event-text.ts';
import { GENESIS_HEAD, privateHeadAfter } from './hash-chains.ts';
import type { RecordedEvent, Transaction } from './port.ts';
import type { ProcedureCatalogue } from './procedure-catalogue.ts';
import { borrowClient } from './transaction-scope.ts';

type StreamRow = readonly [place: number, version: number, ...rest: EventCells | HeadCells];

type EventCells = readonly [
  position: string,
  hash: string,
  id: string,
  type: string,
  schemaVersion: number,
  recordedAt: string,
  text: string,
  salt: string,
];

type HeadCells = readonly [position: null, hash: string, publishedHead: string, _: null, publishedVersion: number];

// One statement, so that heads and events are of one snapshot: a head without its last events is seen as well. A head is a
// row without a position; its published part stands where events have id and schema version. As arrays: a stream is read
// for every command, and names would be most of the work.
const READ_STREAMS = `
  SELECT w.place::int, h.version, NULL AS position, h.private_head AS hash, h.published_head AS id, NULL AS type,
         h.published_version AS schema_version, NULL AS recorded_at, NULL AS text, NULL AS salt
  FROM unnest($1::text[]) WITH ORDINALITY AS w (name, place) JOIN es.stream AS h ON h.name = w.name
  UNION ALL
  SELECT w.place::int, e.version, e.position::text, e.hash, e.id::text, e.type, e.schema_version, e.recorded_at, e.text, e.salt
  FROM unnest($1::text[]) WITH ORDINALITY AS w (name, place) JOIN es.event AS e ON e.stream = w.name`;

/** A stream as it was read. */
export interface StreamRead {
  readonly events: readonly RecordedEvent[];
  /** Null when the stream does not exist. */
  readonly head: StreamHead | null;
}

/**
 * Reads streams in one round trip, verifies every link of their private chains and their heads, and lifts the data. A
 * stream that does not hold (`StreamCorruptedError`, or an event that this release cannot read) has its error as its entry.
 */
export async function readVerifiedStreams(
  database: Transaction,
  streams: readonly string[],
  catalogue: ProcedureCatalogue,
): Promise<ReadonlyMap<string, StreamRead | Error>> {
  const { rows } = await database.query<StreamRow & unknown[]>({
    name: 'es-read-streams',
    text: READ_STREAMS,
    values: [textArray(streams)],
    rowMode: 'array',
  });
  const rowsByPlace = new Map<number, StreamRow[]>();
  for (const row of rows) {
    const known = rowsByPlace.get(row[0]);
    if (known === undefined) rowsByPlace.set(row[0], [row]);
    else known.push(row);
  }
  return new Map(
    streams.map((stream, index) => [stream, verified(stream, rowsByPlace.get(index + 1) ?? [], catalogue)]),
  );
}

function verified(stream: string, rows: readonly StreamRow[], catalogue: ProcedureCatalogue): StreamRead | Error {
  try {
    return verifyStream(stream, rows, catalogue);
  } catch (error) {
    return error instanceof Error ? error : new Error('the stream could not be read', { cause: error });
  }
}

/** @throws StreamCorruptedError, UnknownStreamError, UnknownEventVersionError */
function verifyStream(stream: string, rows: readonly StreamRow[], catalogue: ProcedureCatalogue): StreamRead {
  const events: RecordedEvent[] = [];
  let head: StreamHead | null = null;
  let hash = GENESIS_HEAD;
  for (const row of rows.toSorted((left, right) => left[1] - right[1])) {
    if (isHead(row)) {
      head = headOf(stream, row);
      continue;
    }
    const event = eventRowOf(stream, row);
    const version = events.length + 1;
    if (event.version !== version) throw new StreamCorruptedError(stream, version, 'a version is missing');
    if (privateHeadAfter(hash, event.salt, event.text) !== event.hash) {
      throw new StreamCorruptedError(stream, version, 'the text does not match its hash');
    }
    hash = event.hash;
    events.push(recordedEventOf(event, catalogue));
  }
  const headVersion = head?.version ?? 0;
  if (headVersion !== events.length || (head?.private_head ?? GENESIS_HEAD) !== hash) {
    throw new StreamCorruptedError(stream, Math.min(headVersion, events.length) + 1, 'the head is elsewhere');
  }
  return { events, head };
}

function isHead(row: StreamRow): row is readonly [number, number, ...HeadCells] {
  return row[2] === null;
}

function headOf(stream: string, row: readonly [number, number, ...HeadCells]): StreamHead {
  const [, version, , privateHead, publishedHead, , publishedVersion] = row;
  return {
    name: stream,
    version,
    private_head: privateHead,
    published_version: publishedVersion,
    published_head: publishedHead,
  };
}

function eventRowOf(stream: string, row: StreamRow): EventRow {
  const [, version, position, hash, id, type, schemaVersion, recordedAt, text, salt] = row as readonly [
    number,
    number,
    ...EventCells,
  ];
  return {
    position,
    stream,
    version,
    id,
    type,
    schema_version: schemaVersion,
    recorded_at: recordedAt,
    text,
    salt,
    hash,
  };
}

function recordedEventOf(row: EventRow, catalogue: ProcedureCatalogue): RecordedEvent {
  const event = readEventText(row);
  if (event === undefined) throw new StreamCorruptedError(row.stream, row.version, 'a column contradicts the text');
  return catalogue.lifted({ position: row.position, ...event });
}

/**
 * Pages through all events in position order within one snapshot. Positions are drawn before their transaction commits, so
 * a later commit may carry a lower one: outside a snapshot a reader that continues after the last position it saw would
 * miss events. The snapshot holds exactly what was committed when the first page was asked for. Chains are not verified.
 *
 * @param fromPosition the first position wanted
 */
export async function* readAllEvents(
  pool: Pool,
  catalogue: ProcedureCatalogue,
  fromPosition: string,
  pageSize: number,
): AsyncIterable<readonly RecordedEvent[]> {
  const { client, giveBack, rollBack } = await borrowClient(pool);
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    let next = BigInt(fromPosition);
    for (;;) {
      const { rows } = await client.query<EventRow>(
        `SELECT ${EVENT_COLUMNS} FROM es.event AS e WHERE e.position >= $1 ORDER BY e.position LIMIT $2`,
        [next, pageSize],
      );
      const last = rows.at(-1);
      if (last === undefined) return;
      yield rows.map((row) => recordedEventOf(row, catalogue));
      next = BigInt(last.position) + 1n;
    }
  } finally {
    // A consumer may stop early: the snapshot ends here in any case.
    await rollBack();
    giveBack();
  }
}
