import { HYBRID_TIME_ZERO, type HybridTime, type Instant } from '@acogida/core';
import { continuePublished, inTransaction } from '@acogida/event-store';
import { encodePath } from '@acogida/ledger';
import type { Pool, PoolClient } from 'pg';
import { PATH_HEADER, STATEMENT_HEADER } from './envelope.ts';
import type { VerifiedRecord } from './inbox-verification.ts';
import { loadPlace, type RelayDatabase } from './relay-cursor.ts';

/** Contract type of the event that begins an incarnation. */
export const INCARNATION_STARTED = 'IncarnationStarted';

/** An own event from the topic, with what its seal hides where it can be opened. */
export interface OpenedEvent {
  readonly record: VerifiedRecord;
  readonly opened: {
    readonly type: string;
    readonly stream: string;
    readonly version: number;
    readonly publishedHead: string;
    readonly clock: HybridTime;
  } | null;
}

/** The recovery that was begun and not finished. */
export async function recoveryUnderWay(database: RelayDatabase): Promise<number | undefined> {
  const { rows } = await database.query<{ id: number }>(
    `SELECT recovery_id AS id FROM relay.recovery WHERE state = 'recovering'`,
  );
  return rows[0]?.id;
}

/** Writes down that a recovery begins, unless one is under way; gives back its id. @throws RelayDeposedError */
export async function beginRecovery(pool: Pool, term: number, now: Instant): Promise<number> {
  return inTransaction(pool, async (transaction) => {
    const place = await loadPlace(transaction, term, 'FOR UPDATE');
    const underWay = await recoveryUnderWay(transaction);
    if (underWay !== undefined) return underWay;
    const { rows } = await transaction.query<{ id: number }>(
      `INSERT INTO relay.recovery (state, previous_incarnation, restored_through, started_at)
       VALUES ('recovering', $1, $2, $3) RETURNING recovery_id AS id`,
      [place.incarnation, place.lastNumber, now],
    );
    return (rows[0] as { id: number }).id;
  });
}

/**
 * Takes consecutive events in: exact bytes, numbers, and the cursor after them. An event that the copy still has gets the
 * number that it had; of the others it is written down that their private work is lost, and their streams go on after what
 * they published.
 */
export async function takeIn(
  transaction: PoolClient,
  recoveryId: number,
  events: readonly OpenedEvent[],
  frontier: string,
): Promise<void> {
  await insertBatches(transaction, events);
  await transaction.query(
    `INSERT INTO relay.published (number, event_id, batch, bytes, path, leaf_hash)
     SELECT e.number, e.event_id, b.last_number, e.bytes, e.path, e.leaf_hash
       FROM unnest($1::integer[], $2::uuid[], $3::text[], $4::text[], $5::text[])
         AS e (number, event_id, bytes, path, leaf_hash)
       JOIN relay.batch b ON e.number BETWEEN b.first_number AND b.last_number`,
    [
      events.map(({ record }) => record.envelope.number),
      events.map(({ record }) => record.envelope.id),
      events.map(({ record }) => record.record.value),
      events.map(({ record }) => record.record.headers[PATH_HEADER] ?? encodePath([])),
      events.map(({ record }) => record.leaf),
    ],
  );
  const { rows } = await transaction.query<{ id: string }>(
    `UPDATE es.outbox o SET number = e.number FROM unnest($1::uuid[], $2::bigint[]) AS e (event_id, number)
      WHERE o.number IS NULL AND o.event_id = e.event_id RETURNING o.event_id AS id`,
    [events.map(({ record }) => record.envelope.id), events.map(({ record }) => record.envelope.number)],
  );
  const known = new Set(rows.map(({ id }) => id));
  const lost = events.filter(({ record }) => !known.has(record.envelope.id));
  await keepLost(transaction, recoveryId, lost);
  // The incarnation too: an interrupted recovery that goes on reads these events as known ones.
  await transaction.query(
    `UPDATE relay.cursor SET last_number = $1, published_through = $1, frontier = $2,
                             incarnation = greatest(incarnation, $3)`,
    [
      (events.at(-1) as OpenedEvent).record.envelope.number,
      frontier,
      Math.max(...events.map(({ record }) => record.statement.incarnation)),
    ],
  );
}

/** One row for each run of events under one statement; a publication that was cut off leaves a part of its batch. */
async function insertBatches(transaction: PoolClient, events: readonly OpenedEvent[]): Promise<void> {
  const runs: { first: number; last: number; statement: string }[] = [];
  for (const { record } of events) {
    const statement = record.record.headers[STATEMENT_HEADER] ?? '';
    const { number } = record.envelope;
    const run = runs.at(-1);
    if (run?.statement === statement) run.last = number;
    else runs.push({ first: number, last: number, statement });
  }
  await transaction.query(
    `INSERT INTO relay.batch (first_number, last_number, statement)
     SELECT * FROM unnest($1::integer[], $2::integer[], $3::text[])`,
    [runs.map(({ first }) => first), runs.map(({ last }) => last), runs.map(({ statement }) => statement)],
  );
}

function columnOf<V>(
  events: readonly OpenedEvent[],
  of: (opened: NonNullable<OpenedEvent['opened']>) => V,
): (V | null)[] {
  return events.map(({ opened }) => (opened === null ? null : of(opened)));
}

async function keepLost(transaction: PoolClient, recoveryId: number, lost: readonly OpenedEvent[]): Promise<void> {
  if (lost.length === 0) return;
  const envelopes = lost.map(({ record }) => record.envelope);
  const column = <V>(of: (opened: NonNullable<OpenedEvent['opened']>) => V): (V | null)[] => columnOf(lost, of);
  // What cannot be opened gets a stream of its own: it was published, and every published event stands in the outbox.
  await transaction.query(
    `INSERT INTO es.outbox (event_id, stream, published_version, class, subject, key_id, data, "time", clock, number)
     SELECT event_id, coalesce(stream, 'unopened-' || event_id), coalesce(version, 1), class, subject, key_id, data, "time",
            coalesce(clock, $11), number
       FROM unnest($1::uuid[], $2::text[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                   $9::text[], $10::bigint[])
         AS e (event_id, stream, version, class, subject, key_id, data, "time", clock, number)`,
    [
      envelopes.map(({ id }) => id),
      column(({ stream }) => stream),
      column(({ version }) => version),
      envelopes.map((envelope) => envelope.class),
      envelopes.map(({ subject }) => subject),
      envelopes.map(({ keyId }) => keyId),
      envelopes.map(({ data }) => data),
      envelopes.map(({ time }) => time),
      column(({ clock }) => clock),
      envelopes.map(({ number }) => number),
      HYBRID_TIME_ZERO,
    ],
  );
  await advanceStreams(transaction, lost);
  await nameLost(
    transaction,
    recoveryId,
    lost.filter(({ opened }) => opened?.type !== INCARNATION_STARTED), // the relay's own: no work of anybody is behind it
  );
}

async function nameLost(transaction: PoolClient, recoveryId: number, lost: readonly OpenedEvent[]): Promise<void> {
  const envelopes = lost.map(({ record }) => record.envelope);
  const column = <V>(of: (opened: NonNullable<OpenedEvent['opened']>) => V): (V | null)[] => columnOf(lost, of);
  await transaction.query(
    `INSERT INTO relay.recovered (number, recovery_id, event_id, class, type, stream, published_version, published_head)
     SELECT e.number, $8, e.event_id, e.class, e.type, e.stream, e.version, e.head
       FROM unnest($1::integer[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::integer[], $7::text[])
         AS e (number, event_id, class, type, stream, version, head)`,
    [
      envelopes.map(({ number }) => number),
      envelopes.map(({ id }) => id),
      envelopes.map((envelope) => envelope.class),
      column(({ type }) => type),
      column(({ stream }) => stream),
      column(({ version }) => version),
      column(({ publishedHead }) => publishedHead),
      recoveryId,
    ],
  );
}

/** What a stream publishes next must continue what it published, so its chains move there. */
async function advanceStreams(transaction: PoolClient, lost: readonly OpenedEvent[]): Promise<void> {
  await continuePublished(
    transaction,
    lost.flatMap(({ opened }) =>
      opened === null ? [] : [{ chain: opened.stream, version: opened.version, head: opened.publishedHead }],
    ),
  );
}
