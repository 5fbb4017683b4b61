import type { Clock, Instant } from '@acogida/core';
import { isStaleAt } from '@acogida/event-log';
import type { Pool } from 'pg';
import type { DeadlineCounts, DeadlineStore } from '../deadlines/port.ts';
import type { DeadlineState, SourceState, StoredState } from './node-state.ts';

interface SourceRow {
  readonly source: string;
  readonly status: SourceState['status'];
  readonly lastNumber: number;
  readonly headNumber: number | null;
  readonly heardAt: Date | null;
  readonly oldestParkedAt: Date | null;
  readonly parked: number;
  readonly quarantined: number;
  readonly held: number;
  readonly unknown: number;
  readonly unverifiable: number;
}

// Received events are many and are not counted here: only what is kept because it had no effect, which stays small.
const SOURCES = `
  SELECT a.source, coalesce(c.status, 'flowing') AS status, coalesce(c.last_number, 0) AS "lastNumber",
         c.head_number AS "headNumber", c.heard_at AS "heardAt",
         k."oldestParkedAt", coalesce(k.parked, 0) AS parked, coalesce(k.quarantined, 0) AS quarantined,
         coalesce(k.held, 0) AS held, coalesce(k.unknown, 0) AS unknown, coalesce(k.unverifiable, 0) AS unverifiable
    FROM unnest($1::text[]) AS a (source)
    LEFT JOIN inbox.source_cursor c USING (source)
    LEFT JOIN (SELECT source, min(kept_at) FILTER (WHERE kind = 'parked') AS "oldestParkedAt",
                      count(*) FILTER (WHERE kind = 'parked')::integer AS parked,
                      count(*) FILTER (WHERE kind = 'quarantined')::integer AS quarantined,
                      count(*) FILTER (WHERE kind = 'held')::integer AS held,
                      count(*) FILTER (WHERE kind = 'unknown')::integer AS unknown,
                      count(*) FILTER (WHERE kind = 'unverifiable')::integer AS unverifiable
                 FROM inbox.kept GROUP BY source) k USING (source)`;

const RELAY = `
  SELECT incarnation, term, last_number AS "lastNumber", published_through AS "publishedNumber",
         (SELECT count(*)::integer FROM es.outbox WHERE number IS NULL) AS unnumbered,
         (SELECT count(*)::integer FROM relay.recovery WHERE state <> 'attested') AS "unattestedRestores"
    FROM relay.cursor`;

/** What a state is read from. */
export interface StateReading {
  readonly pool: Pick<Pool, 'query'>;
  readonly clock: Clock;
  /** The agencies that the node listens to. */
  readonly sources: readonly string[];
  /** How often an agency with nothing to say is heard of. */
  readonly heartbeatIntervalMs: number;
  readonly deadlineStore: Pick<DeadlineStore, 'counts'>;
}

/**
 * Reads what metrics say of a node's database, one entry for each agency that it listens to, heard of or not.
 *
 * @throws what the database throws
 */
export async function readStoredState(reading: StateReading): Promise<StoredState> {
  const { pool, clock, sources, heartbeatIntervalMs, deadlineStore } = reading;
  const now = clock.now();
  const [relay, inbox, deadlines] = await Promise.all([
    pool.query<Omit<StoredState, 'sources' | 'deadlines'>>(RELAY),
    pool.query<SourceRow>(SOURCES, [sources]),
    deadlineStore.counts(now),
  ]);
  const [own] = relay.rows;
  if (own === undefined) throw new Error('relay.cursor has no row');
  return {
    ...own,
    sources: inbox.rows.map((row) => sourceState(row, now, heartbeatIntervalMs)),
    deadlines: deadlineState(deadlines, now),
  };
}

function secondsBetween(earlier: Instant, now: Instant): number {
  return Math.max(0, (Date.parse(now) - Date.parse(earlier)) / 1000);
}

function deadlineState({ oldestDueAt, ...counts }: DeadlineCounts, now: Instant): DeadlineState {
  return { ...counts, oldestOverdueSeconds: oldestDueAt === null ? 0 : secondsBetween(oldestDueAt, now) };
}

function sourceState(row: SourceRow, now: Instant, heartbeatIntervalMs: number): SourceState {
  const secondsSince = (at: Date): number => secondsBetween(at.toISOString(), now);
  const { source, status, lastNumber, headNumber, heardAt, oldestParkedAt, unverifiable } = row;
  const { parked, quarantined, held, unknown } = row;
  return {
    ...{ source, status, lastNumber, unverifiable, kept: { parked, quarantined, held, unknown } },
    headNumber: Math.max(headNumber ?? 0, lastNumber),
    silenceSeconds: heardAt === null ? null : secondsSince(heardAt),
    isStale: isStaleAt(now, heardAt?.toISOString() ?? null, heartbeatIntervalMs),
    oldestParkedSeconds: oldestParkedAt === null ? 0 : secondsSince(oldestParkedAt),
  };
}
