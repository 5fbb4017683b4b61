import pg, { type Pool, type QueryConfig } from 'pg';
import type { StreamHead } from './append-rows.ts';
import { textArray } from './array-parameter.ts';
import { StreamCorruptedError } from './errors.ts';
import { EVENT_COLUMNS, type EventRow, type EventText, readEventText } from './event-text.ts';
import { GENESIS_HEAD, privateHeadAfter } from './hash-chains.ts';
import type { RecordedEvent, Transaction } from './port.ts';
import type { ProcedureCatalogue } from './procedure-catalogue.ts';
import { borrowClient } from './transaction-scope.ts';

type StreamRow = HeadRow | EventCells;

type EventCells = readonly [
  place: number,
  version: number,
  position: string,
  hash: string,
  id: string,
  type: string,
  schemaVersion: number,
  recordedAt: string,
  text: string,
  salt: string,
];

type HeadRow = readonly [
  place: number,
  version: number,
  position: null,
  hash: string,
  publishedHead: string,
  _: null,
  publishedVersion: number,
];

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
  client: Transaction,
  streams: readonly string[],
  catalogue: ProcedureCatalogue,
): Promise<ReadonlyMap<string, StreamRead | Error>> {
  const verifications = streams.map((stream) => new StreamVerification(stream, catalogue));
  const query = new pg.Query<StreamRow & unknown[]>({
    ...{ name: 'es-read-streams', text: READ_STREAMS, values: [textArray(streams)] },
    rowMode: 'array',
  } as QueryConfig);
  // A row is verified as it arrives, while PostgreSQL still sends the next ones.
  query.on('row', (row) => verifications[row[0] - 1]?.take(row));
  await new Promise<void>((resolve, reject) => {
    query.on('end', () => resolve());
    query.on('error', reject);
    client.query(query);
  });
  return new Map(verifications.map((verification) => [verification.stream, verification.end()]));
}

/** The same on a client of the pool. */
export async function readVerifiedStreamsFrom(
  pool: Pool,
  streams: readonly string[],
  catalogue: ProcedureCatalogue,
): Promise<ReadonlyMap<string, StreamRead | Error>> {
  const { client, giveBack } = await borrowClient(pool);
  try {
    return await readVerifiedStreams(client, streams, catalogue);
  } finally {
    giveBack();
  }
}

/** Follows the private chain of one stream. Rows may come in any order; usually they come in that of the versions. */
class StreamVerification {
  readonly stream: string;
  readonly #catalogue: ProcedureCatalogue;
  readonly #events: RecordedEvent[] = [];
  readonly #early: EventCells[] = [];
  #head: StreamHead | null = null;
  #hash = GENESIS_HEAD;
  #error: Error | undefined;

  constructor(stream: string, catalogue: ProcedureCatalogue) {
    this.stream = stream;
    this.#catalogue = catalogue;
  }

  take(row: StreamRow): void {
    if (isHead(row)) this.#head = headOf(this.stream, row);
    else if (row[1] === this.#events.length + 1) this.#verify(row);
    else this.#early.push(row);
  }

  end(): StreamRead | Error {
    for (const row of this.#early.toSorted((left, right) => left[1] - right[1])) this.#verify(row);
    if (this.#error !== undefined) return this.#error;
    const head = this.#head;
    const [version, headVersion] = [this.#events.length, head?.version ?? 0];
    if (headVersion === version && (head?.private_head ?? GENESIS_HEAD) === this.#hash) {
      return { events: this.#events, head };
    }
    return new StreamCorruptedError(this.stream, Math.min(headVersion, version) + 1, 'the head is elsewhere');
  }

  #verify(row: EventCells): void {
    if (this.#error !== undefined) return;
    try {
      this.#events.push(this.#verified(row));
    } catch (error) {
      this.#error = error instanceof Error ? error : new Error('the stream could not be read', { cause: error });
    }
  }

  /** @throws StreamCorruptedError, UnknownStreamError, UnknownEventVersionError */
  #verified(row: EventCells): RecordedEvent {
    const { stream } = this;
    const [, rowVersion, position, rowHash, id, type, schemaVersion, recordedAt, text, salt] = row;
    const version = this.#events.length + 1;
    if (rowVersion !== version) throw new StreamCorruptedError(stream, version, 'a version is missing');
    this.#hash = privateHeadAfter(this.#hash, salt, text);
    if (this.#hash !== rowHash) throw new StreamCorruptedError(stream, version, 'the text does not match its hash');
    const event = readEventText(text, { stream, version, id, type, schemaVersion, recordedAt });
    if (event === undefined) throw new StreamCorruptedError(stream, version, 'a column contradicts the text');
    return this.#catalogue.lifted(placed(event, position));
  }
}

/** The event itself, which nobody else holds yet: a copy would take a fifth of the time that parsing it does. */
function placed(event: EventText & { position?: string }, position: string): RecordedEvent {
  event.position = position;
  return event as RecordedEvent;
}

function isHead(row: StreamRow): row is HeadRow {
  return row[2] === null;
}

function headOf(stream: string, row: HeadRow): StreamHead {
  const [, version, , privateHead, publishedHead, , publishedVersion] = row;
  return {
    name: stream,
    version,
    private_head: privateHead,
    published_version: publishedVersion,
    published_head: publishedHead,
  };
}

function recordedEventOf(row: EventRow, catalogue: ProcedureCatalogue): RecordedEvent {
  const event = readEventText(row.text, { ...row, schemaVersion: row.schema_version, recordedAt: row.recorded_at });
  if (event === undefined) throw new StreamCorruptedError(row.stream, row.version, 'a column contradicts the text');
  return catalogue.lifted(placed(event, row.position));
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
