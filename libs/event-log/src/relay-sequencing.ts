import { CompactRange, encodePath, encodeStatement, leafHash, merkleBatch, signStatement } from '@acogida/ledger';
import { CONTRACT_CLASSES, type ContractClass } from '@acogida/contracts';
import type { Transaction } from '@acogida/event-store';
import { writeEnvelope } from './envelope.ts';
import { MAX_BATCH_EVENTS, RelayDeposedError, type StatementSigner } from './relay-port.ts';

/** A committed outbox row that has no number yet. */
interface OutboxRow {
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

/** The relay's place, locked for the length of the transaction. */
interface RelayCursor {
  readonly incarnation: number;
  readonly lastNumber: number;
  readonly frontier: string;
}

/** An event with its final bytes. */
interface SequencedEvent {
  readonly number: number;
  readonly outboxId: string;
  readonly eventId: string;
  readonly bytes: string;
  readonly path: string;
  readonly leaf: string;
}

/**
 * Gives the next numbers to committed outbox rows, inside the caller's transaction: numbers, final bytes, paths, one signed
 * statement and the cursor change together or not at all. Returns how many.
 *
 * Ids of the outbox are given before commit, so a lower id may appear later: across streams the order is the one in which
 * commits are seen; within a stream it is the version order.
 *
 * @throws RelayDeposedError
 */
export async function sequenceBatch(
  transaction: Transaction,
  relay: { readonly agencyId: string; readonly signer: StatementSigner; readonly term: number },
): Promise<number> {
  const cursor = await lockCursor(transaction, relay.term);
  const rows = inStreamOrder(await unnumberedRows(transaction));
  const firstRow = rows[0];
  if (firstRow === undefined) return 0;
  const first = cursor.lastNumber + 1;
  const last = cursor.lastNumber + rows.length;
  const texts = rows.map((row, index) => envelopeText(relay.agencyId, row, first + index));
  const leaves = texts.map((text) => leafHash(text));
  const { root, paths } = merkleBatch(leaves);
  const frontier = CompactRange.parse(cursor.frontier).append(leaves);
  const statement = encodeStatement(
    signStatement(relay.signer.privateKey, {
      agency: relay.agencyId,
      incarnation: cursor.incarnation,
      first,
      last,
      batchRoot: root,
      treeSize: frontier.size,
      treeHead: frontier.root(),
      keyId: relay.signer.keyId,
    }),
  );
  const events = rows.map((row, index) => ({
    number: first + index,
    outboxId: row.outboxId,
    eventId: row.eventId,
    bytes: texts[index] as string,
    path: encodePath(paths[index] ?? []),
    leaf: leaves[index] as string,
  }));
  await storeBatch(transaction, { first, last, statement }, events);
  await moveCursor(transaction, relay.term, last, frontier.serialise());
  return events.length;
}

async function lockCursor(transaction: Transaction, term: number): Promise<RelayCursor> {
  const { rows } = await transaction.query<RelayCursor>(
    `SELECT incarnation, last_number AS "lastNumber", frontier FROM relay.cursor WHERE term = $1 FOR UPDATE`,
    [term],
  );
  if (rows[0] === undefined) throw new RelayDeposedError(term);
  return rows[0];
}

async function unnumberedRows(transaction: Transaction): Promise<readonly OutboxRow[]> {
  const { rows } = await transaction.query<OutboxRow>(
    `SELECT outbox_id::text AS "outboxId", event_id AS "eventId", stream, published_version::integer AS "publishedVersion",
            class, subject, key_id AS "keyId", data, time
       FROM es.outbox WHERE number IS NULL ORDER BY outbox_id LIMIT $1`,
    [MAX_BATCH_EVENTS],
  );
  return rows;
}

/** Keeps the places that each stream has in the batch and fills them in version order. */
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

async function storeBatch(
  transaction: Transaction,
  batch: { readonly first: number; readonly last: number; readonly statement: string },
  events: readonly SequencedEvent[],
): Promise<void> {
  await transaction.query('INSERT INTO relay.batch (last_number, first_number, statement) VALUES ($1, $2, $3)', [
    batch.last,
    batch.first,
    batch.statement,
  ]);
  await transaction.query(
    `INSERT INTO relay.published (number, event_id, batch, bytes, path, leaf_hash)
     SELECT e.number, e.event_id, $6, e.bytes, e.path, e.leaf_hash
       FROM unnest($1::integer[], $2::uuid[], $3::text[], $4::text[], $5::text[])
         AS e (number, event_id, bytes, path, leaf_hash)`,
    [
      events.map((event) => event.number),
      events.map((event) => event.eventId),
      events.map((event) => event.bytes),
      events.map((event) => event.path),
      events.map((event) => event.leaf),
      batch.last,
    ],
  );
  await transaction.query(
    `UPDATE es.outbox o SET number = s.number
       FROM unnest($1::bigint[], $2::integer[]) AS s (outbox_id, number) WHERE o.outbox_id = s.outbox_id`,
    [events.map((event) => event.outboxId), events.map((event) => event.number)],
  );
}

async function moveCursor(transaction: Transaction, term: number, last: number, frontier: string): Promise<void> {
  const { rowCount } = await transaction.query(
    'UPDATE relay.cursor SET last_number = $2, frontier = $3 WHERE term = $1',
    [term, last, frontier],
  );
  if (rowCount !== 1) throw new RelayDeposedError(term);
}
