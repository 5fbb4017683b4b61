import { HYBRID_TIME_ZERO, type HybridTime, type Instant } from '@acogida/core';
import type { Causation } from '@acogida/contracts';
import type { Hash } from '@acogida/ledger';
import type { Transaction } from '@acogida/event-store';
import { causeKey, sealedLanesOf, type Settlement } from './inbox-settlement.ts';
import type { StreamHead } from './inbox-streams.ts';
import type { PositionedRecord } from './port.ts';
import type { BatchOutcome, Past, PastQuestion, SourceCursor } from './inbox-store.ts';

interface PastRow {
  readonly leaves: readonly (readonly [number, Hash])[] | null;
  readonly blocked: Readonly<Record<string, number>> | null;
  readonly missing: readonly Causation[] | null;
  readonly streams: readonly StreamHead[] | null;
}

const READ_PAST = {
  name: 'inbox-read-past',
  text: `
    SELECT
      (SELECT json_agg(json_build_array(number, leaf_hash)) FROM inbox.event
        WHERE source = $1 AND number = ANY($2::integer[])) AS leaves,
      (SELECT json_object_agg(subject, first) FROM (
         SELECT subject, min(number) AS first FROM inbox.event
          WHERE source = $1 AND subject = ANY($3::text[]) AND state IN ('parked', 'quarantined', 'held')
          GROUP BY subject) AS unsettled) AS blocked,
      (SELECT json_agg(c) FROM unnest($4::text[], $5::uuid[]) AS c (source, id)
        WHERE NOT EXISTS (SELECT FROM inbox.event e
                           WHERE e.source = c.source AND e.event_id = c.id
                             AND e.state IN ('applied', 'unknown', 'sealed', 'revoked'))
      ) AS missing,
      (SELECT json_agg(json_build_object('stream', stream, 'version', version, 'head', head)) FROM inbox.stream
        WHERE source = $1 AND stream = ANY($6::text[])) AS streams`,
};

/** Reads what a batch needs in one query; in none when it needs nothing. The agency's row is to be locked before. */
export async function readPast(transaction: Transaction, source: string, question: PastQuestion): Promise<Past> {
  const { numbers, lanes, causes, streams } = question;
  const isEmpty = numbers.length + lanes.length + causes.length + streams.length === 0;
  const { rows } = isEmpty
    ? { rows: [] }
    : await transaction.query<PastRow>({
        ...READ_PAST,
        values: [
          source,
          numbers,
          [...new Set(lanes)],
          causes.map((cause) => cause.source),
          causes.map((cause) => cause.id),
          [...new Set(streams)],
        ],
      });
  const row = rows[0];
  return {
    leaves: new Map(row?.leaves ?? []),
    blockedFrom: new Map(Object.entries(row?.blocked ?? {})),
    missingCauses: new Set((row?.missing ?? []).map(causeKey)),
    streams: new Map((row?.streams ?? []).map((head) => [head.stream, head])),
  };
}

/** Greatest trusted clock reading ever received: where the node's hybrid clock starts after. */
export async function greatestObservedClock(database: Transaction): Promise<HybridTime> {
  const { rows } = await database.query<{ clock: HybridTime | null }>(
    'SELECT max(clock) AS clock FROM inbox.source_cursor',
  );
  return rows[0]?.clock ?? HYBRID_TIME_ZERO;
}

const WRITE_BATCH = {
  name: 'inbox-write-batch',
  text: `
    WITH events AS (
      INSERT INTO inbox.event (source, number, event_id, leaf_hash, class, subject, state, stream, published_version,
                               out_of_order, clock_ahead, passed_by, position, received_at, applied_at)
      SELECT $1, e.number, e.id, e.leaf, e.class, e.subject, e.state, e.stream, e.version, e.out_of_order, e.clock_ahead,
             e.passed_by, e.position, $2::timestamptz, CASE WHEN e.state IN ('applied', 'unknown') THEN $2::timestamptz END
        FROM unnest($3::integer[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
                    $10::integer[], $11::boolean[], $12::boolean[], $13::boolean[], $31::bigint[])
          AS e (number, id, leaf, class, subject, state, stream, version, out_of_order, clock_ahead, passed_by, position)
    ), streams AS (
      INSERT INTO inbox.stream (source, stream, version, head)
      SELECT $1, h.stream, h.version, h.head
        FROM unnest($14::text[], $15::integer[], $16::text[]) AS h (stream, version, head)
      ON CONFLICT (source, stream) DO UPDATE SET version = excluded.version, head = excluded.head
    ), reopened AS (
      UPDATE inbox.unlock SET wanted = wanted + 1 WHERE source = $1 AND subject = ANY($32::text[]) RETURNING 1
    )
    UPDATE inbox.source_cursor
       SET last_number = $17, frontier = $18, incarnation = $19, status = $20, reason = $21, unsettled = $22,
           clock = greatest(clock, $23), heard_at = CASE WHEN $24 THEN $2::timestamptz ELSE heard_at END,
           head_sequence = coalesce($25, head_sequence), head_number = coalesce($26, head_number),
           head_tree = coalesce($27, head_tree), head_incarnation = coalesce($28, head_incarnation),
           head_signed_at = coalesce($29, head_signed_at),
           head_seen_at = CASE WHEN $25::bigint IS NULL THEN head_seen_at ELSE $2::timestamptz END, sealed = $30
     WHERE source = $1
    RETURNING EXISTS (SELECT FROM reopened) AS "isReopened"`,
};

/** Only what is read again from the log is looked for there. */
function positionOf({ state, item: { record } }: Settlement): string | null {
  const { position } = record as Partial<PositionedRecord>;
  return state === 'sealed' && position !== undefined ? position.toString() : null;
}

/** As `LockedSource.writeBatch`, in one statement. */
export async function writeBatch(
  transaction: Transaction,
  source: string,
  { cursor, clock, head, isHeard, settlements, outOfOrder, streams }: BatchOutcome,
  now: Instant,
): Promise<boolean> {
  const { rows } = await transaction.query<{ isReopened: boolean }>({
    ...WRITE_BATCH,
    values: [
      source,
      now,
      settlements.map(({ item }) => item.envelope.number),
      settlements.map(({ item }) => item.envelope.id),
      settlements.map(({ item }) => item.leaf),
      settlements.map(({ item }) => item.envelope.class),
      settlements.map(({ item }) => item.reading.lane),
      settlements.map(({ state }) => state),
      settlements.map(({ opened }) => opened?.payload.stream ?? null),
      settlements.map(({ opened }) => opened?.payload.version ?? null),
      settlements.map(({ item }) => outOfOrder.has(item.envelope.number)),
      settlements.map(({ opened }) => opened?.clockAhead ?? false),
      settlements.map(({ passedBy }) => passedBy !== null),
      streams.map((place) => place.stream),
      streams.map((place) => place.version),
      streams.map((place) => place.head),
      ...[cursor.lastNumber, cursor.frontier, cursor.incarnation, cursor.status, cursor.reason, cursor.unsettled],
      clock,
      isHeard,
      ...[head?.sequence ?? null, head?.number ?? null, head?.treeHead ?? null, head?.incarnation ?? null],
      head?.signedAt ?? null,
      cursor.sealed,
      settlements.map(positionOf),
      sealedLanesOf(settlements),
    ],
  });
  return rows[0]?.isReopened === true;
}

/** Stops the agency: nothing of it is taken until people decide. */
export async function stopSource(transaction: Transaction, source: string, reason: string): Promise<void> {
  await transaction.query(`UPDATE inbox.source_cursor SET status = 'stopped', reason = $2 WHERE source = $1`, [
    source,
    reason,
  ]);
}

/** As `LockedSource.count`. */
export async function countKept(
  transaction: Transaction,
  source: string,
  { unsettled, sealed }: Pick<SourceCursor, 'unsettled' | 'sealed'>,
): Promise<void> {
  await transaction.query({
    name: 'inbox-count-kept',
    text: 'UPDATE inbox.source_cursor SET unsettled = $2, sealed = $3 WHERE source = $1',
    values: [source, unsettled, sealed],
  });
}

/** Changes the row of an event that was kept or sealed and is tried again. */
export async function updateEvent(
  transaction: Transaction,
  source: string,
  { item, state, opened, passedBy }: Settlement,
  now: Instant,
): Promise<void> {
  await transaction.query({
    name: 'inbox-update-event',
    text: `UPDATE inbox.event SET state = $3, stream = $4, published_version = $5, clock_ahead = $6,
            passed_by = passed_by OR $7, applied_at = CASE WHEN $3 IN ('applied', 'unknown') THEN $8::timestamptz END,
            subject = $9
      WHERE source = $1 AND number = $2`,
    values: [
      source,
      item.envelope.number,
      state,
      opened?.payload.stream ?? null,
      opened?.payload.version ?? null,
      opened?.clockAhead ?? false,
      passedBy !== null,
      now,
      item.reading.lane,
    ],
  });
}

/** The event broke the published chain of its stream. */
export async function flagOutOfOrder(transaction: Transaction, source: string, number: number): Promise<void> {
  await transaction.query('UPDATE inbox.event SET out_of_order = true WHERE source = $1 AND number = $2', [
    source,
    number,
  ]);
}

/** Writes where streams stand. */
export async function storeStreams(
  transaction: Transaction,
  source: string,
  heads: readonly StreamHead[],
): Promise<void> {
  if (heads.length === 0) return;
  await transaction.query({
    name: 'inbox-store-streams',
    text: `INSERT INTO inbox.stream (source, stream, version, head)
     SELECT $1, h.stream, h.version, h.head FROM unnest($2::text[], $3::integer[], $4::text[]) AS h (stream, version, head)
     ON CONFLICT (source, stream) DO UPDATE SET version = excluded.version, head = excluded.head`,
    values: [
      source,
      heads.map((head) => head.stream),
      heads.map((head) => head.version),
      heads.map((head) => head.head),
    ],
  });
}
