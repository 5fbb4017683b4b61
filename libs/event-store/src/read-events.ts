import type { Pool } from 'pg';
import { StreamCorruptedError } from './errors.ts';
import { EVENT_COLUMNS, type EventRow, readEventText } from './event-text.ts';
import { GENESIS_HEAD, privateHeadAfter } from './hash-chains.ts';
import type { RecordedEvent, Transaction } from './port.ts';
import type { ProcedureCatalogue } from './procedure-catalogue.ts';
import { borrowClient } from './transaction-scope.ts';

type StreamRow = { readonly [K in keyof EventRow]: EventRow[K] | null } & {
  readonly head_version: number | null;
  readonly head: string | null;
};

// One statement, so that head and events are of one snapshot: a head without its last events is seen as well.
const READ_STREAM = `
  SELECT h.version AS head_version, h.private_head AS head, ${EVENT_COLUMNS}
  FROM (SELECT $1::text COLLATE "C" AS name) AS wanted
  LEFT JOIN es.stream AS h ON h.name = wanted.name
  LEFT JOIN es.event AS e ON e.stream = wanted.name
  ORDER BY e.version`;

/** Reads a stream, verifies every link of its private chain and its head, and lifts the data. @throws StreamCorruptedError */
export async function readVerifiedStream(
  database: Transaction,
  stream: string,
  catalogue: ProcedureCatalogue,
): Promise<readonly RecordedEvent[]> {
  const { rows } = await database.query<StreamRow>({ name: 'es-read-stream', text: READ_STREAM, values: [stream] });
  const events: RecordedEvent[] = [];
  let head = GENESIS_HEAD;
  for (const row of rows.filter(isEventRow)) {
    const version = events.length + 1;
    if (row.version !== version) throw new StreamCorruptedError(stream, version, 'a version is missing');
    if (privateHeadAfter(head, row.salt, row.text) !== row.hash) {
      throw new StreamCorruptedError(stream, version, 'the text does not match its hash');
    }
    head = row.hash;
    events.push(recordedEventOf(row, catalogue));
  }
  const headVersion = rows[0]?.head_version ?? 0;
  const headHash = rows[0]?.head ?? GENESIS_HEAD;
  if (headVersion !== events.length || headHash !== head) {
    throw new StreamCorruptedError(stream, Math.min(headVersion, events.length) + 1, 'the head is elsewhere');
  }
  return events;
}

function isEventRow(row: StreamRow): row is StreamRow & EventRow {
  return row.position !== null;
}

function recordedEventOf(row: EventRow, catalogue: ProcedureCatalogue): RecordedEvent {
  const event = readEventText(row);
  if (event === undefined) throw new StreamCorruptedError(row.stream, row.version, 'a column contradicts the text');
  return { position: row.position, ...event, ...catalogue.lift(row.stream, event) };
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
