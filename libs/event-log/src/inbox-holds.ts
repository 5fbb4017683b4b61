import type { Pool } from 'pg';

/** A subject of which this node cannot say that nothing restricts it. */
export interface HeldSubject {
  readonly source: string;
  readonly subject: string;
  /** The event that is not understood or not settled. */
  readonly number: number;
  /** `unknown-hold`: of class `hold` and a type that this release does not know, which counts as a hold. */
  readonly because: 'unknown-hold' | 'parked' | 'quarantined' | 'held';
}

/**
 * Subjects with an event that a gate must not pass over (architecture.md §3, point 4): one that is parked, quarantined or
 * held back, or an unknown type of class `hold`. By agency, subject and number.
 *
 * @param source only those of one agency
 */
export async function heldSubjects(pool: Pick<Pool, 'query'>, source?: string): Promise<readonly HeldSubject[]> {
  const { rows } = await pool.query<HeldSubject>(
    `SELECT source, subject, number, CASE state WHEN 'unknown' THEN 'unknown-hold' ELSE state END AS because
       FROM inbox.event
      WHERE (state IN ('parked', 'quarantined', 'held') OR state = 'unknown' AND class = 'hold')
        AND ($1::text IS NULL OR source = $1)
      ORDER BY source, subject, number`,
    [source ?? null],
  );
  return rows;
}
