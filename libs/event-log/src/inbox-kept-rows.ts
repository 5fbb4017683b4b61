import type { Instant } from '@acogida/core';
import type { Transaction } from '@acogida/event-store';
import { storedDetail } from './inbox-kept.ts';
import type { Settlement } from './inbox-settlement.ts';
import type { KeptRecord, KeptRow } from './inbox-store.ts';
import type { LogRecord } from './port.ts';

/**
 * Inserts what is new, counts an attempt for what is not; returns the fingerprints of the new ones. What was verified when it
 * came and is no more, its key having ended since, stays what it is.
 */
export async function insertKept(
  transaction: Transaction,
  source: string,
  rows: readonly KeptRow[],
  now: Instant,
): Promise<ReadonlySet<string>> {
  if (rows.length === 0) return new Set();
  const result = await transaction.query<{ fingerprint: string; inserted: boolean }>({
    name: 'inbox-keep',
    text: `INSERT INTO inbox.kept (source, kind, number, subject, fingerprint, value, headers, reason, detail, cause_source,
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
    values: [
      source,
      rows.map((row) => row.kind),
      rows.map((row) => row.number),
      rows.map((row) => row.subject),
      rows.map((row) => row.fingerprint),
      // Bytes, not text: what cannot be verified may hold characters that PostgreSQL text refuses.
      rows.map((row) => Buffer.from(row.record.value, 'utf8')),
      rows.map((row) => JSON.stringify(row.record.headers)),
      rows.map((row) => row.reason),
      rows.map((row) => row.detail),
      rows.map((row) => row.causeSource),
      rows.map((row) => row.causeId),
      rows.map((row) => row.isChainPending),
      now,
    ],
  });
  return new Set(result.rows.filter((row) => row.inserted).map((row) => row.fingerprint));
}

/** As `LockedSource.isOverruled`. */
export async function isOverruled(transaction: Transaction, source: string, fingerprint: string): Promise<boolean> {
  const { rows } = await transaction.query(
    `SELECT FROM inbox.kept WHERE source = $1 AND fingerprint = $2 AND (overruled OR reason = 'INCARNATION_OVER')`,
    [source, fingerprint],
  );
  return rows.length > 0;
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
  const { rows } = await transaction.query<Omit<KeptRecord, 'record'> & RawRow>({
    name: 'inbox-kept-of-lane',
    text: `SELECT k.id::text AS "keptId", k.kind, k.reason, k.number, e.leaf_hash AS leaf, k.value, k.headers,
            k.chain_pending AS "isChainPending"
       FROM inbox.kept k JOIN inbox.event e ON e.source = k.source AND e.number = k.number
      WHERE k.source = $1 AND k.subject = $2
        AND (k.kind IN ('parked', 'quarantined', 'held') OR k.chain_pending OR k.kind = 'unknown' AND k.number = $3)
      ORDER BY k.number`,
    values: [source, subject, alsoNumber],
  });
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

/** As `LockedSource.resettle`. */
export async function resettle(
  transaction: Transaction,
  keptId: string,
  { item, state, reason, detail, cause }: Settlement,
  now: Instant,
): Promise<void> {
  if (state === 'applied' || state === 'sealed') {
    await transaction.query('DELETE FROM inbox.kept WHERE id = $1', [keptId]);
    return;
  }
  await transaction.query(
    `UPDATE inbox.kept SET kind = $2, reason = $3, detail = $4, cause_source = $5, cause_id = $6,
            attempts = attempts + 1, tried_at = $7, chain_pending = false, subject = $8 WHERE id = $1`,
    [keptId, state, reason, storedDetail(detail), cause?.source ?? null, cause?.id ?? null, now, item.reading.lane],
  );
}

/** What passed by its lane has its place in its stream now: nothing of an applied event is kept any longer. */
export async function forgetPassed(transaction: Transaction, { keptId, kind }: KeptRecord): Promise<void> {
  if (kind === 'passed') await transaction.query('DELETE FROM inbox.kept WHERE id = $1', [keptId]);
  else await transaction.query('UPDATE inbox.kept SET chain_pending = false WHERE id = $1', [keptId]);
}
