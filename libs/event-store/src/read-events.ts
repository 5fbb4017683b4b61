import pg, { type Pool, type QueryConfig } from 'pg';
import type { StreamHead } from './append-rows.ts';
import { textArray } from './array-parameter.ts';
import { StreamCorruptedError, StreamErasedError } from './errors.ts';
import { type EventRow, type EventText, readClosedText, readEventText } from './event-text.ts';
import { GENESIS_HEAD, privateHeadAfter } from './hash-chains.ts';
import type { RecordedEvent, Transaction } from './port.ts';
import type { ProcedureCatalogue } from './procedure-catalogue.ts';
import type { EventPlace, Reveal, StoreSealing } from './store-sealing.ts';
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
  sealedBy: string | null,
  sealed: Buffer | null,
];

type HeadRow = readonly [
  place: number,
  version: number,
  position: null,
  hash: string,
  publishedHead: string,
  otherChains: string,
  publishedVersion: number,
];

// One statement, so that heads and events are of one snapshot: a head without its last events is seen as well. A head is a
// row without a position; its published part stands where events have id, type and schema version. As arrays: a stream is read
// for every command, and names would be most of the work.
const READ_STREAMS = `
  SELECT w.place::int, h.version, NULL AS position, h.private_head AS hash, h.published_head AS id, h.other_chains AS type,
         h.published_version AS schema_version, NULL AS recorded_at, NULL AS text, NULL AS salt,
         NULL AS sealed_by, NULL::bytea AS sealed
  FROM unnest($1::text[]) WITH ORDINALITY AS w (name, place) JOIN es.stream AS h ON h.name = w.name
  UNION ALL
  SELECT w.place::int, e.version, e.position::text, e.hash, e.id::text, e.type, e.schema_version, e.recorded_at, e.text, e.salt,
         e.sealed_by, e.sealed
  FROM unnest($1::text[]) WITH ORDINALITY AS w (name, place) JOIN es.event AS e ON e.stream = w.name`;

/** A stream as it was read. */
export interface StreamRead {
  readonly events: readonly RecordedEvent[];
  /** Null when the stream does not exist. */
  readonly head: StreamHead | null;
}

/** What reading streams needs beside a connection. */
export interface StreamReading {
  readonly catalogue: ProcedureCatalogue;
  readonly sealing: Pick<StoreSealing, 'knows' | 'reveal' | 'look'>;
}

/**
 * Reads streams in one round trip, and one more where keys are not in memory, verifies every link of their private chains
 * and their heads, and lifts the data. A stream that does not hold (`StreamCorruptedError`), that was erased
 * (`StreamErasedError`), or that this release cannot read has its error as its entry.
 *
 * @param transaction of the caller: keys that it has written itself count
 */
export async function readVerifiedStreams(
  transaction: Transaction,
  streams: readonly string[],
  reading: StreamReading,
): Promise<ReadonlyMap<string, StreamRead | Error>> {
  return opened(await verifyStreams(transaction, streams, reading), reading, transaction);
}

/** The same on a client of the pool, which is given back before keys are looked for. */
export async function readVerifiedStreamsFrom(
  pool: Pool,
  streams: readonly string[],
  reading: StreamReading,
): Promise<ReadonlyMap<string, StreamRead | Error>> {
  const { client, giveBack } = await borrowClient(pool);
  let verifications: readonly StreamVerification[];
  try {
    verifications = await verifyStreams(client, streams, reading);
  } finally {
    giveBack();
  }
  return opened(verifications, reading);
}

async function verifyStreams(
  client: Transaction,
  streams: readonly string[],
  reading: StreamReading,
): Promise<readonly StreamVerification[]> {
  const verifications = streams.map((stream) => new StreamVerification(stream, reading));
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
  return verifications;
}

async function opened(
  verifications: readonly StreamVerification[],
  { sealing }: StreamReading,
  transaction?: Transaction,
): Promise<ReadonlyMap<string, StreamRead | Error>> {
  const wanted = new Set(verifications.flatMap((verification) => verification.wantedKeys()));
  const reveal = wanted.size === 0 ? sealing.reveal : await sealing.look([...wanted], transaction);
  return new Map(verifications.map((verification) => [verification.stream, verification.end(reveal)]));
}

/**
 * Follows the private chain of one stream, which is over the texts as they are stored. Rows may come in any order; usually
 * they come in that of the versions. Those whose key is not in memory are read at the end.
 */
class StreamVerification {
  readonly stream: string;
  readonly #reading: StreamReading;
  readonly #events: (RecordedEvent | EventCells)[] = [];
  readonly #closed = new Map<number, string>();
  readonly #early: EventCells[] = [];
  #head: StreamHead | null = null;
  #hash = GENESIS_HEAD;
  #error: Error | undefined;
  #erased = false;

  constructor(stream: string, reading: StreamReading) {
    this.stream = stream;
    this.#reading = reading;
  }

  take(row: StreamRow): void {
    if (isHead(row)) this.#head = headOf(this.stream, row);
    else if (row[1] === this.#events.length + 1) this.#verify(row);
    else this.#early.push(row);
  }

  /** Keys that are not in memory, of all rows that have come. */
  wantedKeys(): readonly string[] {
    for (const row of this.#early.splice(0).toSorted((left, right) => left[1] - right[1])) this.#verify(row);
    return [...this.#closed.values()];
  }

  end(reveal: Reveal): StreamRead | Error {
    const head = this.#head;
    const [version, headVersion] = [this.#events.length, head?.version ?? 0];
    for (const [index, sealedBy] of this.#closed) {
      this.#attempt(() => this.#open(this.#events[index] as EventCells, sealedBy, reveal, index));
    }
    if (this.#error !== undefined) return this.#error;
    if (headVersion !== version || (head?.private_head ?? GENESIS_HEAD) !== this.#hash) {
      return new StreamCorruptedError(this.stream, Math.min(headVersion, version) + 1, 'the head is elsewhere');
    }
    if (this.#erased) return new StreamErasedError();
    return { events: this.#events as readonly RecordedEvent[], head };
  }

  #verify(row: EventCells): void {
    this.#attempt(() => this.#follow(row));
  }

  #attempt(step: () => void): void {
    if (this.#error !== undefined) return;
    try {
      step();
    } catch (error) {
      this.#error = error instanceof Error ? error : new Error('the stream could not be read', { cause: error });
    }
  }

  /** @throws StreamCorruptedError, UnknownStreamError, UnknownEventVersionError */
  #follow(row: EventCells): void {
    const [, rowVersion, , rowHash, , , , , text, salt, sealedBy, sealed] = row;
    const version = this.#events.length + 1;
    if (rowVersion !== version) throw new StreamCorruptedError(this.stream, version, 'a version is missing');
    this.#hash = privateHeadAfter(this.#hash, { salt, text, sealed, sealedBy });
    if (this.#hash !== rowHash) {
      throw new StreamCorruptedError(this.stream, version, 'the text does not match its hash');
    }
    const { sealing } = this.#reading;
    if (sealedBy === null) this.#events.push(this.#eventOf(row, text));
    else if (sealing.knows(sealedBy)) this.#open(row, sealedBy, sealing.reveal, version - 1);
    else this.#closed.set(this.#events.push(row) - 1, sealedBy);
  }

  /** @throws as `#follow` */
  #open(row: EventCells, sealedBy: string, reveal: Reveal, index: number): void {
    const [, version, , , id, type, schemaVersion, recordedAt, text, , , sealed] = row;
    const kept: KeptEvent = { stream: this.stream, version, id, type, schemaVersion, recordedAt, text, sealed };
    const event = revealedEvent(reveal, sealedBy, kept);
    if (event === null) this.#erased = true;
    this.#events[index] = event === null ? row : this.#lifted(event, row);
  }

  #eventOf(row: EventCells, text: string): RecordedEvent {
    const [, version, , , id, type, schemaVersion, recordedAt, , , , sealed] = row;
    const kept: KeptEvent = { stream: this.stream, version, id, type, schemaVersion, recordedAt, text, sealed };
    return this.#lifted(plainEvent(kept), row);
  }

  #lifted(event: EventText, [, , position]: EventCells): RecordedEvent {
    return this.#reading.catalogue.lifted(placed(event, position));
  }
}

/** An event as its row has it. */
export type KeptEvent = Omit<EventText, 'data' | 'metadata'> & Pick<EventRow, 'text' | 'sealed'>;

/** An event whose text is not encrypted. @throws StreamCorruptedError a column says something else than the text */
export function plainEvent(row: KeptEvent): EventText {
  // The chain is over the bytes where there are any: a text beside them would be believed unseen.
  const event = row.sealed === null ? readEventText(row.text, row) : undefined;
  if (event === undefined) throw new StreamCorruptedError(row.stream, row.version, 'a column contradicts the text');
  return event;
}

/**
 * An encrypted event; null where its key was destroyed. What it says beside its columns is bound to them; before that was so, the
 * whole text was encrypted.
 *
 * @throws StreamCorruptedError it fits no such place
 */
export function revealedEvent(reveal: Reveal, sealedBy: string, row: KeptEvent): EventText | null {
  const { id, stream, version, schemaVersion, recordedAt, sealed } = row;
  if (sealed !== null && (row.text !== '' || row.type !== '')) {
    throw new StreamCorruptedError(stream, version, 'something stands beside what is encrypted');
  }
  const place = { use: 'event', id, stream, version, schemaVersion, recordedAt } as const;
  const text = revealed(() => reveal(sealedBy, place, sealed ?? row.text), place);
  if (text === null) return null;
  return sealed === null ? plainEvent({ ...row, text }) : readClosedText(text, place);
}

function revealed(reveal: () => string | null, { stream, version }: EventPlace): string | null {
  try {
    return reveal();
  } catch {
    throw new StreamCorruptedError(stream, version, 'the text does not fit its key and place');
  }
}

/** The event itself, which nobody else holds yet: a copy would take a fifth of the time that parsing it does. */
export function placed(event: EventText & { position?: string }, position: string): RecordedEvent {
  event.position = position;
  return event as RecordedEvent;
}

function isHead(row: StreamRow): row is HeadRow {
  return row[2] === null;
}

function headOf(stream: string, row: HeadRow): StreamHead {
  const [, version, , privateHead, publishedHead, otherChains, publishedVersion] = row;
  return {
    name: stream,
    version,
    private_head: privateHead,
    published_version: publishedVersion,
    published_head: publishedHead,
    other_chains: otherChains,
  };
}
