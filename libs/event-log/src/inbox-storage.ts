import { HYBRID_TIME_ZERO, type HybridTime, type Instant } from '@acogida/core';
import type { Causation } from '@acogida/contracts';
import type { Hash } from '@acogida/ledger';
import type { Transaction } from '@acogida/event-store';
import type { SourcePlace } from './inbox-admission.ts';
import { causeKey, type Settlement } from './inbox-settlement.ts';

/** Whether an agency's events are taken. */
export type SourceStatus = 'flowing' | 'gap' | 'stopped';

/** The row of an agency, locked: one transaction at a time works on its events. */
export interface SourceCursor extends SourcePlace {
  readonly status: SourceStatus;
  readonly reason: string | null;
}

/** Locks the agency's row, which is made at first sight. */
export async function lockSource(transaction: Transaction, source: string): Promise<SourceCursor> {
  const known = await lockKnownSource(transaction, source);
  if (known !== undefined) return known;
  await transaction.query('INSERT INTO inbox.source_cursor (source) VALUES ($1) ON CONFLICT DO NOTHING', [source]);
  const made = await lockKnownSource(transaction, source);
  if (made === undefined) throw new Error('inbox.source_cursor lost a row');
  return made;
}

async function lockKnownSource(transaction: Transaction, source: string): Promise<SourceCursor | undefined> {
  const { rows } = await transaction.query<SourceCursor>(
    `SELECT last_number AS "lastNumber", frontier, status, reason FROM inbox.source_cursor WHERE source = $1 FOR UPDATE`,
    [source],
  );
  return rows[0];
}

/** Moves the agency's row. `clock` is the greatest trusted reading of the batch. */
export async function moveSource(
  transaction: Transaction,
  source: string,
  cursor: SourceCursor & { readonly clock?: HybridTime },
): Promise<void> {
  await transaction.query(
    `UPDATE inbox.source_cursor SET last_number = $2, frontier = $3, status = $4, reason = $5, clock = greatest(clock, $6)
      WHERE source = $1`,
    [source, cursor.lastNumber, cursor.frontier, cursor.status, cursor.reason, cursor.clock ?? HYBRID_TIME_ZERO],
  );
}

/** Leaf hashes of the numbers that are already here. */
export async function knownLeaves(
  transaction: Transaction,
  source: string,
  numbers: readonly number[],
): Promise<ReadonlyMap<number, Hash>> {
  if (numbers.length === 0) return new Map();
  const { rows } = await transaction.query<{ number: number; leaf: Hash }>(
    'SELECT number, leaf_hash AS leaf FROM inbox.event WHERE source = $1 AND number = ANY($2::integer[])',
    [source, numbers],
  );
  return new Map(rows.map((row) => [row.number, row.leaf]));
}

/** Those of the subjects that have an unsettled event. */
export async function blockedSubjects(
  transaction: Transaction,
  source: string,
  subjects: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await transaction.query<{ subject: string }>(
    `SELECT DISTINCT subject FROM inbox.event
      WHERE source = $1 AND subject = ANY($2::text[]) AND state IN ('parked', 'quarantined', 'held')`,
    [source, [...new Set(subjects)]],
  );
  return new Set(rows.map((row) => row.subject));
}

/** `causeKey` of those causes that have not taken effect here. */
export async function missingCauses(
  transaction: Transaction,
  causes: readonly Causation[],
): Promise<ReadonlySet<string>> {
  if (causes.length === 0) return new Set();
  const { rows } = await transaction.query<{ source: string; id: string }>(
    `SELECT c.source, c.id::text AS id FROM unnest($1::text[], $2::uuid[]) AS c (source, id)
      WHERE NOT EXISTS (SELECT FROM inbox.event e
                         WHERE e.source = c.source AND e.event_id = c.id AND e.state IN ('applied', 'unknown'))`,
    [causes.map((cause) => cause.source), causes.map((cause) => cause.id)],
  );
  return new Set(rows.map(causeKey));
}

/** Greatest trusted clock reading ever received: where the node's hybrid clock starts after. */
export async function greatestObservedClock(database: Transaction): Promise<HybridTime> {
  const { rows } = await database.query<{ clock: HybridTime | null }>(
    'SELECT max(clock) AS clock FROM inbox.source_cursor',
  );
  return rows[0]?.clock ?? HYBRID_TIME_ZERO;
}

/** Writes the rows of events seen for the first time. `outOfOrder` has the numbers that broke their published chain. */
export async function insertEvents(
  transaction: Transaction,
  source: string,
  settlements: readonly Settlement[],
  outOfOrder: ReadonlySet<number>,
  now: Instant,
): Promise<void> {
  if (settlements.length === 0) return;
  await transaction.query(
    `INSERT INTO inbox.event (source, number, event_id, leaf_hash, class, subject, state, stream, published_version,
                              out_of_order, clock_ahead, received_at, applied_at)
     SELECT $1, e.number, e.id, e.leaf, e.class, e.subject, e.state, e.stream, e.version, e.out_of_order, e.clock_ahead,
            $12::timestamptz, CASE WHEN e.state IN ('applied', 'unknown') THEN $12::timestamptz END
       FROM unnest($2::integer[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::integer[],
                   $10::boolean[], $11::boolean[])
         AS e (number, id, leaf, class, subject, state, stream, version, out_of_order, clock_ahead)`,
    [
      source,
      settlements.map(({ item }) => item.envelope.number),
      settlements.map(({ item }) => item.envelope.id),
      settlements.map(({ item }) => item.leaf),
      settlements.map(({ item }) => item.envelope.class),
      settlements.map(({ item }) => item.envelope.subject),
      settlements.map(({ state }) => state),
      settlements.map(({ opened }) => opened?.payload.stream ?? null),
      settlements.map(({ opened }) => opened?.payload.version ?? null),
      settlements.map(({ item }) => outOfOrder.has(item.envelope.number)),
      settlements.map(({ opened }) => opened?.clockAhead ?? false),
      now,
    ],
  );
}

/** Changes the row of an event that was kept and is tried again. */
export async function updateEvent(
  transaction: Transaction,
  source: string,
  { item, state, opened }: Settlement,
  outOfOrder: ReadonlySet<number>,
  now: Instant,
): Promise<void> {
  const { number } = item.envelope;
  await transaction.query(
    `UPDATE inbox.event SET state = $3, stream = $4, published_version = $5, out_of_order = $6, clock_ahead = $7,
            applied_at = CASE WHEN $3 IN ('applied', 'unknown') THEN $8::timestamptz END
      WHERE source = $1 AND number = $2`,
    [
      source,
      number,
      state,
      opened?.payload.stream ?? null,
      opened?.payload.version ?? null,
      outOfOrder.has(number),
      opened?.clockAhead ?? false,
      now,
    ],
  );
}
