import { encodePath, encodeStatement, leafHash, merkleBatch, signStatement } from '@acogida/ledger';
import { CONTRACT_CLASSES, type ContractClass } from '@acogida/contracts';
import { writeEnvelope } from './envelope.ts';
import { refuseStalePlace, type RelayDatabase, type RelayPlace } from './relay-cursor.ts';
import {
  MAX_BATCH_EVENTS,
  RelayDeposedError,
  type RelayOptions,
  signerAt,
  type Signers,
  type StatementSigner,
} from './relay-port.ts';

/** A committed outbox row that has no number yet. */
export interface OutboxRow {
  readonly outboxId: string;
  readonly eventId: string;
  readonly stream: string;
  readonly publishedVersion: number;
  readonly class: string;
  readonly subject: string;
  readonly keyId: string | null;
  readonly data: string;
  readonly time: Date | string;
}

/** An event as it is stored and published: exact bytes, and what stands beside them. */
export interface StoredEvent {
  readonly number: number;
  readonly bytes: string;
  readonly statement: string;
  readonly path: string;
}

interface SequencedEvent extends StoredEvent {
  readonly outboxId: string;
  readonly eventId: string;
  readonly leaf: string;
}

/** The next numbers with everything that is to be stored for them. */
export interface SequencedBatch {
  readonly first: number;
  readonly last: number;
  readonly statement: string;
  readonly events: readonly SequencedEvent[];
  /** The place after it. */
  readonly place: RelayPlace;
}

/** Who sequences. */
export interface SequencingRelay {
  readonly agencyId: string;
  readonly signer: Signers;
}

// The cursor row is there whatever the outbox holds: without it this relay is deposed.
const NEXT_ROWS = `
  SELECT o.* FROM relay.cursor c LEFT JOIN LATERAL (
    SELECT outbox_id::text AS "outboxId", event_id AS "eventId", stream, published_version AS "publishedVersion",
           class, subject, key_id AS "keyId", data, "time"
      FROM es.outbox WHERE number IS NULL ORDER BY outbox_id LIMIT ${MAX_BATCH_EVENTS}) o ON true
   WHERE c.term = $1`;

/** Committed events without a number, in the order in which they are to get one. @throws RelayDeposedError */
export async function nextRows(database: RelayDatabase, term: number): Promise<readonly OutboxRow[]> {
  const { rows } = await database.query<{ [K in keyof OutboxRow]: OutboxRow[K] | null }>({
    name: 'relay-next-rows',
    text: NEXT_ROWS,
    values: [term],
  });
  if (rows.length === 0) throw new RelayDeposedError(term);
  return inStreamOrder(rows.filter((row): row is OutboxRow => row.outboxId !== null));
}

/**
 * Keeps the places that each stream has in the batch and fills them in version order.
 *
 * Ids of the outbox are given before commit, so a lower id may appear later: across streams the order is the one in which
 * commits are seen; within a stream it is the version order.
 */
export function inStreamOrder<R extends { readonly stream: string; readonly publishedVersion: number }>(
  rows: readonly R[],
): readonly R[] {
  const waiting = new Map<string, R[]>();
  for (const row of rows) {
    const sameStream = waiting.get(row.stream);
    if (sameStream === undefined) waiting.set(row.stream, [row]);
    else sameStream.push(row);
  }
  for (const sameStream of waiting.values()) sameStream.sort((a, b) => b.publishedVersion - a.publishedVersion);
  return rows.map((row) => waiting.get(row.stream)?.pop() ?? row);
}

/**
 * The first rows that can stand under one statement: up to and with one after which another key may sign, and before a number
 * at which another key begins.
 *
 * @param first number of the first row
 */
export function underOneKey(
  rows: readonly OutboxRow[],
  first: number,
  { signer, turningPoints }: Pick<RelayOptions, 'signer' | 'turningPoints'>,
): readonly OutboxRow[] {
  const turn = turningPoints === undefined ? -1 : rows.findIndex((row) => turningPoints.isOne(row));
  const through = turn < 0 ? rows : rows.slice(0, turn + 1);
  if (typeof signer !== 'function' || through.length < 2) return through;
  const { keyId } = signer(first);
  const isOther = (_: unknown, index: number): boolean => keyIdAt(signer, first + index) !== keyId;
  if (!isOther(null, through.length - 1)) return through;
  return through.slice(0, through.findIndex(isOther));
}

/** Undefined where nobody can sign. */
function keyIdAt(signer: (number: number) => StatementSigner, number: number): string | undefined {
  try {
    return signer(number).keyId;
  } catch {
    return undefined; // said when its turn comes
  }
}

/** Gives the rows their numbers and final bytes, under one signed statement. Pure. @throws EnvelopeError */
export function prepareBatch(relay: SequencingRelay, place: RelayPlace, rows: readonly OutboxRow[]): SequencedBatch {
  const first = place.lastNumber + 1;
  const last = place.lastNumber + rows.length;
  const texts = rows.map((row, index) => envelopeText(relay.agencyId, row, first + index));
  const leaves = texts.map((text) => leafHash(text));
  const { root, paths } = merkleBatch(leaves);
  const frontier = place.frontier.append(leaves);
  const signer = signerAt(relay.signer, first);
  const statement = encodeStatement(
    signStatement(signer.privateKey, {
      agency: relay.agencyId,
      incarnation: place.incarnation,
      first,
      last,
      batchRoot: root,
      treeSize: frontier.size,
      treeHead: frontier.root(),
      keyId: signer.keyId,
    }),
  );
  const events = rows.map((row, index) => ({
    number: first + index,
    outboxId: row.outboxId,
    eventId: row.eventId,
    bytes: texts[index] as string,
    statement,
    path: encodePath(paths[index] ?? []),
    leaf: leaves[index] as string,
  }));
  return { first, last, statement, events, place: { ...place, lastNumber: last, frontier } };
}

function envelopeText(agencyId: string, row: OutboxRow, number: number): string {
  return writeEnvelope({
    id: row.eventId,
    source: agencyId,
    class: classOf(row.class),
    subject: row.subject,
    time: new Date(row.time).toISOString(),
    number,
    keyId: row.keyId,
    data: row.data,
  });
}

function classOf(text: string): ContractClass {
  const found = CONTRACT_CLASSES.find((known) => known === text);
  if (found === undefined) throw new Error('an outbox row has a class that is not one of the contract classes');
  return found;
}

// One statement, so one round trip and one transaction. Every row hangs on winning the cursor, where term and last number
// are compared: a relay that was deposed or paused meanwhile changes nothing.
const STORE_BATCH = `
  WITH won AS (
    UPDATE relay.cursor SET last_number = $3, frontier = $4, published_through = greatest(published_through, $12)
     WHERE term = $1 AND last_number = $2 RETURNING last_number
  ), batch AS (
    INSERT INTO relay.batch (last_number, first_number, statement) SELECT last_number, $2 + 1, $5 FROM won
  ), event AS (
    SELECT e.*, won.last_number AS batch
      FROM won, unnest($6::integer[], $7::bigint[], $8::uuid[], $9::text[], $10::text[], $11::text[])
        AS e (number, outbox_id, event_id, bytes, path, leaf_hash)
  ), published AS (
    INSERT INTO relay.published (number, event_id, batch, bytes, path, leaf_hash)
    SELECT number, event_id, batch, bytes, path, leaf_hash FROM event
  ), numbered AS (
    UPDATE es.outbox o SET number = event.number FROM event WHERE o.outbox_id = event.outbox_id
  )
  SELECT last_number FROM won`;

/**
 * Stores a batch: numbers, final bytes, paths, statement and cursor change together or not at all. The cursor also moves past
 * what the log has by the place.
 *
 * @throws RelayDeposedError
 */
export async function storeBatch(
  database: RelayDatabase,
  term: number,
  place: RelayPlace,
  batch: SequencedBatch,
): Promise<void> {
  const { events } = batch;
  const { rowCount } = await database.query({
    name: 'relay-store-batch',
    text: STORE_BATCH,
    values: [
      term,
      place.lastNumber,
      batch.last,
      batch.place.frontier.serialise(),
      batch.statement,
      events.map((event) => event.number),
      events.map((event) => event.outboxId),
      events.map((event) => event.eventId),
      events.map((event) => event.bytes),
      events.map((event) => event.path),
      events.map((event) => event.leaf),
      place.publishedThrough,
    ],
  });
  if (rowCount !== 1) await refuseStalePlace(database, term);
}
