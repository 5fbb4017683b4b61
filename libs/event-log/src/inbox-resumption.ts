import { DomainError, type Clock } from '@acogida/core';
import type { Pool } from 'pg';
import { withSourceLocked } from './inbox-transaction.ts';

/** Why an officer lets an agency be heard again that contradicted itself. */
export const RESUMPTION_REASONS = ['AGENCY_CORRECTED', 'EVIDENCE_REVIEWED', 'RESTORE_EXPLAINED'] as const;

/** One of `RESUMPTION_REASONS`. */
export type ResumptionReason = (typeof RESUMPTION_REASONS)[number];

/** The deliberate decision of a person, kept in `inbox.resumption`. */
export interface Resumption {
  readonly source: string;
  /** Token subject of the officer. */
  readonly actor: string;
  readonly reason: ResumptionReason;
}

/** From where the agency is heard again. */
export interface ResumptionResult {
  readonly source: string;
  /** Highest number that was received: the log goes on after it. */
  readonly lastNumber: number;
  /** Pieces of evidence that are passed over from now on; they stay kept. */
  readonly overruled: number;
}

/**
 * Lets a stopped agency be heard again from where this node stands in its log. The evidence that stopped it is kept but no
 * longer stops it; any other contradiction does.
 *
 * @throws DomainError `INBOX.AGENCY_NOT_STOPPED`
 */
export async function resumeAgency(
  { pool, clock }: { readonly pool: Pool; readonly clock: Clock },
  { source, actor, reason }: Resumption,
): Promise<ResumptionResult> {
  const { rows: known } = await pool.query('SELECT FROM inbox.source_cursor WHERE source = $1', [source]);
  if (known.length === 0) throw notStopped();
  return withSourceLocked(pool, source, async (transaction, cursor) => {
    if (cursor.status !== 'stopped') throw notStopped();
    const { rows } = await transaction.query<{ overruled: number }>(
      `WITH decided AS (
         INSERT INTO inbox.resumption (source, resumed_at, actor, reason, stopped_for, last_number)
         VALUES ($1, $2, $3, $4, $5, $6)
       ), resumed AS (
         UPDATE inbox.source_cursor SET status = 'flowing', reason = NULL WHERE source = $1
       ), evidence AS (
         UPDATE inbox.kept SET overruled = true
          WHERE source = $1 AND kind = 'equivocation' AND NOT overruled RETURNING id
       )
       SELECT count(*)::integer AS overruled FROM evidence`,
      [source, clock.now(), actor, reason, cursor.reason ?? '', cursor.lastNumber],
    );
    return { source, lastNumber: cursor.lastNumber, overruled: rows[0]?.overruled ?? 0 };
  });
}

function notStopped(): DomainError {
  return new DomainError('INBOX.AGENCY_NOT_STOPPED', 'conflict', 'the agency is not stopped here');
}
