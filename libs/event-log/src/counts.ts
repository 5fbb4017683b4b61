import type { Instant } from '@acogida/core';
import type { Pool } from 'pg';
import { isStaleAt } from './inbox-staleness.ts';

/** How many contract events a node committed, numbered and published: equal when nothing is under way. */
export interface RelayCounts {
  readonly committed: number;
  readonly sequenced: number;
  readonly published: number;
}

/** What became of one agency's events at this node. */
export interface InboxCounts {
  readonly source: string;
  /** Numbers seen and verified; the sum of the six states after it. */
  readonly received: number;
  readonly applied: number;
  /** Of a type this release does not know: kept, without effect on this node's procedures. */
  readonly unknown: number;
  /** Sealed for others, or under a key that this node does not have, or said under keys that had ended: nothing is missing. */
  readonly sealed: number;
  readonly parked: number;
  readonly quarantined: number;
  readonly held: number;
  /** Highest number received. */
  readonly lastNumber: number;
  /** Every number from 1 to `lastNumber` is there. */
  readonly contiguous: boolean;
  /** Event ids that took effect under more than one number. */
  readonly duplicatesInEffect: number;
  /** Events that took effect out of the order of their published stream. */
  readonly outOfOrder: number;
  /** Records that could not be verified and had no effect. */
  readonly unverifiable: number;
  readonly status: 'flowing' | 'gap' | 'stopped';
  /** Why the status is not `flowing`. */
  readonly reason: string | null;
  /** Restrictive events that took effect before their turn. */
  readonly passedBy: number;
  /** Events of class `hold` and unknown type: each counts as a hold. */
  readonly unknownHolds: number;
  /** Pseudonyms whose sealed events are still to be read again, because a key has come. */
  readonly unlocking: number;
  /** Greatest incarnation that was seen. */
  readonly incarnation: number;
  /** When an event or head that said something new was received; null before the first. */
  readonly lastHeardAt: Instant | null;
  /** Silent for three heartbeats. */
  readonly stale: boolean;
  /** The newest signed head that was seen and does not contradict what was received. */
  readonly witnessedHead: WitnessedHead | null;
}

/** What an agency last signed about its whole log. */
export interface WitnessedHead {
  readonly number: number;
  /** Root of the tree over all its events, hex. */
  readonly treeHead: string;
  readonly incarnation: number;
  /** By the agency's clock. */
  readonly signedAt: Instant;
  /** By this node's clock. */
  readonly seenAt: Instant;
}

/** By which clock and heartbeat staleness is judged. */
export interface CountedAt {
  readonly now: Instant;
  readonly heartbeatIntervalMs?: number;
}

interface InboxCountsRow extends Omit<InboxCounts, 'lastHeardAt' | 'stale' | 'witnessedHead'> {
  readonly heardAt: Date | null;
  readonly countedAt: Date;
  readonly headNumber: number | null;
  readonly headTree: string | null;
  readonly headIncarnation: number | null;
  readonly headSignedAt: Date | null;
  readonly headSeenAt: Date | null;
}

/** Counts of this node's own events. */
export async function relayCounts(pool: Pick<Pool, 'query'>): Promise<RelayCounts> {
  const { rows } = await pool.query<RelayCounts>(
    `SELECT (SELECT count(*)::integer FROM es.outbox) AS committed,
            (SELECT count(*)::integer FROM es.outbox WHERE number IS NOT NULL) AS sequenced,
            (SELECT published_through FROM relay.cursor) AS published`,
  );
  return rows[0] ?? { committed: 0, sequenced: 0, published: 0 };
}

/**
 * Counts of what this node received, one entry per agency ever heard of, by name.
 *
 * @param at when staleness is judged; by the database's clock and the usual heartbeat by default
 */
export async function inboxCounts(pool: Pick<Pool, 'query'>, at?: CountedAt): Promise<readonly InboxCounts[]> {
  const { rows } = await pool.query<InboxCountsRow>(
    `SELECT c.source, c.status, c.reason, coalesce(e.received, 0) AS received, coalesce(e.applied, 0) AS applied,
            coalesce(e.unknown, 0) AS unknown, coalesce(e.sealed, 0) AS sealed,
            coalesce(e.parked, 0) AS parked, coalesce(e.quarantined, 0) AS quarantined, coalesce(e.held, 0) AS held, c.last_number AS "lastNumber",
            coalesce(e.received, 0) = c.last_number AND coalesce(e.highest, 0) = c.last_number AS contiguous,
            coalesce(e.effects - e.distinct_effects, 0) AS "duplicatesInEffect",
            coalesce(e.out_of_order, 0) AS "outOfOrder", coalesce(k.unverifiable, 0) AS unverifiable,
            coalesce(e.passed_by, 0) AS "passedBy", coalesce(e.unknown_holds, 0) AS "unknownHolds",
            coalesce(u.unlocking, 0) AS unlocking, c.incarnation,
            c.heard_at AS "heardAt", coalesce($1::timestamptz, now()) AS "countedAt", c.head_number AS "headNumber",
            c.head_tree AS "headTree", c.head_incarnation AS "headIncarnation", c.head_signed_at AS "headSignedAt",
            c.head_seen_at AS "headSeenAt"
       FROM inbox.source_cursor c
       LEFT JOIN (SELECT source, count(*)::integer AS received, max(number) AS highest,
                         count(*) FILTER (WHERE state = 'applied')::integer AS applied,
                         count(*) FILTER (WHERE state = 'unknown')::integer AS unknown,
                         count(*) FILTER (WHERE state IN ('sealed', 'revoked'))::integer AS sealed,
                         count(*) FILTER (WHERE state = 'parked')::integer AS parked,
                         count(*) FILTER (WHERE state = 'quarantined')::integer AS quarantined,
                         count(*) FILTER (WHERE state = 'held')::integer AS held,
                         count(*) FILTER (WHERE state = 'applied')::integer AS effects,
                         count(DISTINCT event_id) FILTER (WHERE state = 'applied')::integer AS distinct_effects,
                         count(*) FILTER (WHERE out_of_order)::integer AS out_of_order,
                         count(*) FILTER (WHERE passed_by)::integer AS passed_by,
                         count(*) FILTER (WHERE state = 'unknown' AND class = 'hold')::integer AS unknown_holds
                    FROM inbox.event GROUP BY source) e USING (source)
       LEFT JOIN (SELECT source, count(*)::integer AS unverifiable FROM inbox.kept
                   WHERE kind = 'unverifiable' GROUP BY source) k USING (source)
       LEFT JOIN (SELECT source, count(*)::integer AS unlocking FROM inbox.unlock
                   WHERE done < wanted GROUP BY source) u USING (source)
      ORDER BY c.source`,
    [at?.now ?? null],
  );
  return rows.map((row) => countsOf(row, at?.heartbeatIntervalMs));
}

function countsOf(
  { heardAt, countedAt, headNumber, headTree, headIncarnation, headSignedAt, headSeenAt, ...counts }: InboxCountsRow,
  heartbeatIntervalMs: number | undefined,
): InboxCounts {
  const lastHeardAt = heardAt?.toISOString() ?? null;
  const stale = isStaleAt(countedAt.toISOString(), lastHeardAt, heartbeatIntervalMs);
  if (
    headNumber === null ||
    headTree === null ||
    headIncarnation === null ||
    headSignedAt === null ||
    headSeenAt === null
  ) {
    return { ...counts, lastHeardAt, stale, witnessedHead: null };
  }
  const times = { signedAt: headSignedAt.toISOString(), seenAt: headSeenAt.toISOString() };
  const witnessedHead = { number: headNumber, treeHead: headTree, incarnation: headIncarnation, ...times };
  return { ...counts, lastHeardAt, stale, witnessedHead };
}
