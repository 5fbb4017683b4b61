import type { Instant } from '@acogida/core';
import { inTransaction } from '@acogida/event-store';
import { leafHash } from '@acogida/ledger';
import type { Pool } from 'pg';
import { HEAD_HEADER } from './head-record.ts';
import type { Inbox } from './inbox.ts';
import { rawRecord } from './inbox-kept-rows.ts';
import { GapError, type KeptReason } from './inbox-port.ts';
import { topicOf } from './port.ts';

/** What an operator sees of a kept record: never what it says. */
export interface QuarantineEntry {
  readonly keptId: string;
  readonly source: string;
  /** Null for a record that could not be verified. */
  readonly number: number | null;
  readonly kind: 'parked' | 'quarantined' | 'held' | 'unknown' | 'unverifiable' | 'equivocation';
  readonly eventId: string | null;
  readonly class: string | null;
  readonly subject: string | null;
  readonly reason: KeptReason;
  /** Schema paths, or which policy failed with which code. */
  readonly detail: string | null;
  /** What a parked event waits for. */
  readonly cause: { readonly source: string; readonly id: string } | null;
  readonly attempts: number;
  readonly keptAt: Instant;
  readonly lastTriedAt: Instant;
  /** Size of the raw record, in bytes. */
  readonly sizeBytes: number;
}

/** What a retry came to. */
export interface RetryResult {
  /** Events that took effect now. */
  readonly released: number;
  /** Records still parked, quarantined, held back or unverifiable. */
  readonly remaining: number;
}

interface EntryRow extends Omit<QuarantineEntry, 'keptAt' | 'lastTriedAt' | 'cause'> {
  readonly causeSource: string | null;
  readonly causeId: string | null;
  readonly keptAt: Date;
  readonly lastTriedAt: Date;
}

const ENTRIES = `
  SELECT k.id::text AS "keptId", k.source, k.number, k.kind, e.event_id::text AS "eventId", e.class, k.subject, k.reason,
         k.detail, k.cause_source AS "causeSource", k.cause_id::text AS "causeId", k.attempts, k.kept_at AS "keptAt",
         k.tried_at AS "lastTriedAt", length(k.value) AS "sizeBytes"
    FROM inbox.kept k LEFT JOIN inbox.event e ON e.source = k.source AND e.number = k.number`;

/** Waits for the batches that are under way: each holds a row. Those that come meanwhile wait behind it. */
const AFTER_BATCHES = 'LOCK TABLE inbox.source_cursor IN EXCLUSIVE MODE';
/** Longest that all batches wait for the slowest one, in milliseconds. */
const BATCHES_WAIT_MS = 5_000;
const LOCK_NOT_AVAILABLE = '55P03';

/** Oversight of the events that could not take effect. */
export class Quarantine {
  readonly #pool: Pool;
  readonly #inbox: Inbox;
  readonly #batchesWaitMs: number;

  constructor(pool: Pool, inbox: Inbox, batchesWaitMs = BATCHES_WAIT_MS) {
    this.#pool = pool;
    this.#inbox = inbox;
    this.#batchesWaitMs = batchesWaitMs;
  }

  /** Everything that is kept, by agency and number; unverifiable records of an agency last. At most `limit`. */
  async list(limit = 1_000): Promise<readonly QuarantineEntry[]> {
    const { rows } = await this.#pool.query<EntryRow>(
      `${ENTRIES} WHERE k.kind <> 'passed' ORDER BY k.source, k.number, k.id LIMIT $1`,
      [limit],
    );
    return rows.map(entryOf);
  }

  /** One kept event. */
  async show(source: string, number: number): Promise<QuarantineEntry | undefined> {
    const { rows } = await this.#pool.query<EntryRow>(
      `${ENTRIES} WHERE k.source = $1 AND k.number = $2 AND k.kind <> 'passed' ORDER BY k.id`,
      [source, number],
    );
    return rows.map(entryOf)[0];
  }

  /**
   * Runs kept events again through the same path as when they were received, each lane in order. With `source` and `number`
   * only the lane of that event; an event of unknown type is tried again only when it is named. What is being kept while this is
   * asked is tried as well: whoever changed what it was refused for need not ask again, unless its batch takes longer than others can wait.
   *
   * @throws transient database errors, AgencyStoppedError
   */
  async retry(target: { readonly source?: string; readonly number?: number } = {}): Promise<RetryResult> {
    const { source = null, number = null } = target;
    await this.#afterBatches();
    const before = number === null ? await this.#retryUnverifiable(source) : 0;
    const { rows } = await this.#pool.query<{ source: string; subject: string }>(
      `SELECT DISTINCT source, subject FROM inbox.kept
        WHERE subject IS NOT NULL AND ($1::text IS NULL OR source = $1) AND ($2::integer IS NULL OR number = $2)
          AND (kind IN ('parked', 'quarantined', 'held') OR number = $2)
        ORDER BY source, subject`,
      [source, number],
    );
    let released = before;
    for (const lane of rows) released += await this.#inbox.lanes.release(lane, number);
    released += await this.#inbox.lanes.releaseWaiting();
    return { released, remaining: await this.#remaining() };
  }

  async #afterBatches(): Promise<void> {
    try {
      await inTransaction(this.#pool, async (transaction) => {
        await transaction.query(`SET LOCAL lock_timeout = ${this.#batchesWaitMs}`);
        await transaction.query(AFTER_BATCHES);
      });
    } catch (error) {
      if ((error as { readonly code?: unknown }).code !== LOCK_NOT_AVAILABLE) throw error; // what is kept already is tried
    }
  }

  /** A key that was listed late makes old bytes verifiable: they are received as if they came from the log now. */
  async #retryUnverifiable(source: string | null): Promise<number> {
    const { rows } = await this.#pool.query<{ id: string; source: string; value: Buffer; headers: string }>(
      `SELECT id::text AS id, source, value, headers FROM inbox.kept
        WHERE kind = 'unverifiable' AND reason <> 'INCARNATION_OVER' AND ($1::text IS NULL OR source = $1) ORDER BY id`,
      [source],
    );
    const sources = new Set(rows.map((row) => row.source));
    let released = 0;
    for (const agency of sources) {
      const now = rows.filter((row) => row.source === agency && this.#inbox.verifies(agency, rawRecord(row)));
      if (now.length > 0) released += await this.#receiveAgain(agency, now);
    }
    return released;
  }

  async #receiveAgain(
    source: string,
    rows: readonly { readonly id: string; readonly value: Buffer; readonly headers: string }[],
  ): Promise<number> {
    try {
      await this.#inbox.receive(topicOf(source), rows.map(rawRecord));
    } catch (error) {
      if (!(error instanceof GapError)) throw error; // what is still missing is still missing
    }
    const heads = rows.filter((row) => HEAD_HEADER in rawRecord(row).headers); // no event that they could be found by
    const { rows: settled } = await this.#pool.query(
      `WITH settled AS (
         SELECT k.id, e.state FROM unnest($2::bigint[], $3::text[]) AS k (id, leaf)
           JOIN inbox.event e ON e.source = $1 AND e.leaf_hash = k.leaf
       ), forgotten AS (
         DELETE FROM inbox.kept
          WHERE (id IN (SELECT id FROM settled) OR id = ANY($4::bigint[])) AND kind = 'unverifiable'
            AND reason <> 'INCARNATION_OVER'
       )
       SELECT id FROM settled WHERE state = 'applied'`,
      [source, rows.map((row) => row.id), rows.map((row) => leafHash(row.value)), heads.map((row) => row.id)],
    );
    return settled.length;
  }

  async #remaining(): Promise<number> {
    const { rows } = await this.#pool.query<{ count: number }>(
      `SELECT count(*)::integer AS count FROM inbox.kept WHERE kind IN ('parked', 'quarantined', 'held', 'unverifiable')`,
    );
    return rows[0]?.count ?? 0;
  }
}

function entryOf({ causeSource, causeId, keptAt, lastTriedAt, ...entry }: EntryRow): QuarantineEntry {
  const cause = causeSource === null || causeId === null ? null : { source: causeSource, id: causeId };
  return { ...entry, cause, keptAt: keptAt.toISOString(), lastTriedAt: lastTriedAt.toISOString() };
}
