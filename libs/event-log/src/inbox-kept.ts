import type { Instant } from '@acogida/core';
import type { Transaction } from '@acogida/event-store';
import { createHash } from 'node:crypto';
import type { KeptReason } from './inbox-port.ts';
import type { Settlement } from './inbox-settlement.ts';
import type { RefusedRecord } from './inbox-verification.ts';
import type { LogRecord } from './port.ts';

/** A raw record that is kept, as stored. */
export interface KeptRecord {
  readonly keptId: string;
  readonly kind: string;
  readonly reason: KeptReason;
  readonly number: number;
  readonly leaf: string;
  /** It passed by its lane, and its stream is still to be followed through it. */
  readonly isChainPending: boolean;
  readonly record: LogRecord;
}

interface KeptRow {
  readonly kind: string;
  readonly number: number | null;
  readonly subject: string | null;
  readonly record: LogRecord;
  readonly reason: KeptReason;
  readonly detail: string | null;
  readonly causeSource: string | null;
  readonly causeId: string | null;
  readonly chainPending: boolean;
}

const LONGEST_DETAIL = 500;

/**
 * Keeps the raw records of settlements that are not done: blocked ones, unknown types for a newer release, and what passed by
 * its lane, for its place in its stream.
 */
export async function keepUnsettled(
  transaction: Transaction,
  source: string,
  settlements: readonly Settlement[],
  now: Instant,
): Promise<void> {
  const rows = settlements.flatMap(({ item, state, reason, detail, cause, passedBy }) =>
    reason === null
      ? []
      : [
          {
            kind: state === 'applied' ? 'passed' : state,
            number: item.envelope.number,
            subject: item.envelope.subject,
            record: item.record,
            reason,
            detail,
            causeSource: cause?.source ?? null,
            causeId: cause?.id ?? null,
            chainPending: passedBy === 'lane',
          },
        ],
  );
  await insertKept(transaction, source, rows, now);
}

/** Keeps records that could not be verified; returns those not kept before. */
export async function keepRefused(
  transaction: Transaction,
  source: string,
  refused: readonly RefusedRecord[],
  now: Instant,
): Promise<readonly RefusedRecord[]> {
  const rows = refused.map(({ record, reason }) => ({ ...nowhere('unverifiable', record), reason }));
  const inserted = await insertKept(transaction, source, rows, now);
  return refused.filter(({ record }) => inserted.has(fingerprintOf(record)));
}

/** Keeps the record that contradicts what the agency said before, as evidence. */
export async function keepContradiction(
  transaction: Transaction,
  source: string,
  record: LogRecord,
  number: number,
  now: Instant,
): Promise<void> {
  const row = { ...nowhere('equivocation', record), number, reason: 'EQUIVOCATION' as const };
  await insertKept(transaction, source, [row], now);
}

/**
 * Whether an officer resumed the agency although this evidence was known, or it was refused as said by an incarnation that is
 * over: coming again, behind the events that have its number since, it is no more of a contradiction than when it came first.
 */
export async function isOverruled(transaction: Transaction, source: string, record: LogRecord): Promise<boolean> {
  const { rows } = await transaction.query(
    `SELECT FROM inbox.kept WHERE source = $1 AND fingerprint = $2 AND (overruled OR reason = 'INCARNATION_OVER')`,
    [source, fingerprintOf(record)],
  );
  return rows.length > 0;
}

function nowhere(kind: string, record: LogRecord): Omit<KeptRow, 'reason'> {
  const unplaced = { number: null, subject: null, detail: null, causeSource: null, causeId: null };
  return { kind, record, ...unplaced, chainPending: false };
}

function fingerprintOf({ value, headers }: LogRecord): string {
  const ordered = Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([value, ordered]))
    .digest('hex');
}

/**
 * Inserts what is new, counts an attempt for what is not; returns the fingerprints of the new ones. What was verified when it
 * came and is no more, its key having ended since, stays what it is.
 */
async function insertKept(
  transaction: Transaction,
  source: string,
  kept: readonly KeptRow[],
  now: Instant,
): Promise<ReadonlySet<string>> {
  const rows = new Map(kept.map((row) => [fingerprintOf(row.record), row]));
  if (rows.size === 0) return new Set();
  const values = [...rows.values()];
  const result = await transaction.query<{ fingerprint: string; inserted: boolean }>(
    `INSERT INTO inbox.kept (source, kind, number, subject, fingerprint, value, headers, reason, detail, cause_source,
                             cause_id, chain_pending, kept_at, tried_at)
     SELECT $1, k.*, $13::timestamptz, $13::timestamptz
       FROM unnest($2::text[], $3::integer[], $4::text[], $5::text[], $6::bytea[], $7::text[], $8::text[], $9::text[],
                   $10::text[], $11::uuid[], $12::boolean[]) AS k
     ON CONFLICT (source, fingerprint) DO UPDATE
       SET kind = excluded.kind, number = excluded.number, subject = excluded.subject, reason = excluded.reason,
           detail = excluded.detail, cause_source = excluded.cause_source, cause_id = excluded.cause_id,
           chain_pending = excluded.chain_pending,
           attempts = kept.attempts + 1, tried_at = excluded.tried_at
       WHERE excluded.kind <> 'unverifiable' OR kept.kind = 'unverifiable'
     RETURNING fingerprint, xmax = 0 AS inserted`,
    [
      source,
      values.map((row) => row.kind),
      values.map((row) => row.number),
      values.map((row) => row.subject),
      [...rows.keys()],
      // Bytes, not text: what cannot be verified may hold characters that PostgreSQL text refuses.
      values.map((row) => Buffer.from(row.record.value, 'utf8')),
      values.map((row) => JSON.stringify(row.record.headers)),
      values.map((row) => row.reason),
      values.map((row) => row.detail?.slice(0, LONGEST_DETAIL) ?? null),
      values.map((row) => row.causeSource),
      values.map((row) => row.causeId),
      values.map((row) => row.chainPending),
      now,
    ],
  );
  return new Set(result.rows.filter((row) => row.inserted).map((row) => row.fingerprint));
}

/**
 * The records of a lane that are unsettled or passed it by, in number order; `alsoNumber` names one of an unknown type to be
 * tried as well.
 */
export async function keptOfLane(
  transaction: Transaction,
  source: string,
  subject: string,
  alsoNumber: number | null,
): Promise<readonly KeptRecord[]> {
  const { rows } = await transaction.query<Omit<KeptRecord, 'record'> & RawRow>(
    `SELECT k.id::text AS "keptId", k.kind, k.reason, k.number, e.leaf_hash AS leaf, k.value, k.headers,
            k.chain_pending AS "isChainPending"
       FROM inbox.kept k JOIN inbox.event e ON e.source = k.source AND e.number = k.number
      WHERE k.source = $1 AND k.subject = $2
        AND (k.kind IN ('parked', 'quarantined', 'held') OR k.chain_pending OR k.kind = 'unknown' AND k.number = $3)
      ORDER BY k.number`,
    [source, subject, alsoNumber],
  );
  return rows.map(({ value, headers, ...kept }) => ({ ...kept, record: rawRecord({ value, headers }) }));
}

interface RawRow {
  readonly value: Buffer;
  readonly headers: string;
}

/** The record as it was received. */
export function rawRecord(row: RawRow): LogRecord {
  return { value: row.value.toString('utf8'), headers: JSON.parse(row.headers) as Record<string, string> };
}

/** After another attempt: forgets the raw record of an applied event, else says what holds it now. */
export async function resettle(
  transaction: Transaction,
  keptId: string,
  { state, reason, detail, cause }: Settlement,
  now: Instant,
): Promise<void> {
  if (state === 'applied') {
    await transaction.query('DELETE FROM inbox.kept WHERE id = $1', [keptId]);
    return;
  }
  await transaction.query(
    `UPDATE inbox.kept SET kind = $2, reason = $3, detail = $4, cause_source = $5, cause_id = $6,
            attempts = attempts + 1, tried_at = $7, chain_pending = false WHERE id = $1`,
    [keptId, state, reason, detail?.slice(0, LONGEST_DETAIL) ?? null, cause?.source ?? null, cause?.id ?? null, now],
  );
}

/** What passed by its lane has its place in its stream now: nothing of an applied event is kept any longer. */
export async function forgetPassed(transaction: Transaction, { keptId, kind }: KeptRecord): Promise<void> {
  if (kind === 'passed') await transaction.query('DELETE FROM inbox.kept WHERE id = $1', [keptId]);
  else await transaction.query('UPDATE inbox.kept SET chain_pending = false WHERE id = $1', [keptId]);
}
