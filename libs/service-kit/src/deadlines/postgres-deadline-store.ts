import type { Instant } from '@acogida/core';
import { inTransaction, type ReadModelWriter, type Transaction } from '@acogida/event-store';
import type { Pool } from 'pg';
import type { DeadlineCounts, DeadlineStore, OpenDeadline, StreamDeadlines, TurnOutcome } from './port.ts';

/** First key of the advisory locks of turns; nothing else in a node's database locks by two keys. */
const TURN_LOCK = 417_022_633;

// One statement, whatever the size of the batch. A deadline that did not change keeps its failures.
const REPLACE = {
  name: 'deadline-replace',
  text: `
    WITH wanted AS (
      SELECT * FROM jsonb_to_recordset($2::jsonb)
        AS wanted (stream text COLLATE "C", kind text COLLATE "C", due_at timestamptz)
    ), settled AS (
      DELETE FROM deadline.open
       WHERE stream = ANY ($1::text[])
         AND NOT EXISTS (SELECT FROM wanted WHERE wanted.stream = open.stream AND wanted.kind = open.kind)
    )
    INSERT INTO deadline.open (stream, kind, due_at, act_at)
    SELECT stream, kind, due_at, due_at FROM wanted
    ON CONFLICT (stream, kind) DO UPDATE SET due_at = EXCLUDED.due_at, act_at = EXCLUDED.act_at, failures = 0
     WHERE open.due_at <> EXCLUDED.due_at`,
};

const DUE = {
  name: 'deadline-due',
  text: `
    SELECT stream, kind, due_at AS "dueAt", failures
      FROM deadline.open WHERE act_at <= $1 ORDER BY act_at, stream, kind LIMIT $2`,
};

const THIS_ONE = 'stream = $1 AND kind = $2 AND due_at = $3';
const IS_OPEN = { name: 'deadline-is-open', text: `SELECT FROM deadline.open WHERE ${THIS_ONE}` };
const PUT_OFF = {
  name: 'deadline-put-off',
  text: `UPDATE deadline.open SET act_at = greatest(due_at, $4::timestamptz) WHERE ${THIS_ONE}`,
};
const TAKE_TURN = {
  name: 'deadline-take-turn',
  text: 'SELECT pg_try_advisory_xact_lock($1, hashtext($2)) AS taken',
};
const HOLD = { name: 'deadline-hold', text: 'SELECT FROM es.stream WHERE name = $1 FOR SHARE' };
const NEXT_AT = { name: 'deadline-next-at', text: 'SELECT min(act_at) AS at FROM deadline.open' };

// `act_at` is never before `due_at`, so its index finds those that may be overdue.
const COUNTS = `
  SELECT count(*)::integer AS open,
         (count(*) FILTER (WHERE due_at <= $1))::integer AS overdue,
         (count(*) FILTER (WHERE failures > 0))::integer AS failing,
         min(due_at) FILTER (WHERE due_at <= $1) AS "oldestDueAt"
    FROM deadline.open`;

type Stored<T, D extends keyof T> = Omit<T, D> & { readonly [K in D]: Date };

function keyOf({ stream, kind, dueAt }: OpenDeadline): [string, string, Instant] {
  return [stream, kind, dueAt];
}

/** The earliest counts where a rule names a kind twice: PostgreSQL changes a row once in a statement. */
function rowsOf({ stream, open }: StreamDeadlines): readonly object[] {
  const byKind = new Map<string, Instant>();
  for (const { kind, dueAt } of open) {
    const known = byKind.get(kind);
    if (known === undefined || dueAt < known) byKind.set(kind, dueAt);
  }
  return [...byKind].map(([kind, dueAt]) => ({ stream, kind, due_at: dueAt }));
}

/** The open deadlines in the node's own database: they change in the transaction that changes their stream. */
export class PostgresDeadlineStore implements DeadlineStore {
  readonly #pool: Pool;

  /** @param pool of the node; migrated */
  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async replace(streams: readonly StreamDeadlines[], transaction: ReadModelWriter): Promise<void> {
    if (streams.length === 0) return;
    const names = streams.map(({ stream }) => stream);
    await transaction.query({ ...REPLACE, values: [names, JSON.stringify(streams.flatMap(rowsOf))] });
  }

  async due(now: Instant, limit: number): Promise<readonly OpenDeadline[]> {
    const { rows } = await this.#pool.query<Stored<OpenDeadline, 'dueAt'>>({ ...DUE, values: [now, limit] });
    return rows.map((row) => ({ ...row, dueAt: row.dueAt.toISOString() }));
  }

  async isOpen(deadline: OpenDeadline, transaction: Transaction): Promise<boolean> {
    const { rowCount } = await transaction.query({ ...IS_OPEN, values: keyOf(deadline) });
    return rowCount === 1;
  }

  /**
   * See the port. The stream is kept by an advisory lock, not by the row: a command holds the head of the stream when it
   * replaces the row, and a turn that held the row would wait for that head.
   */
  async turn(deadline: OpenDeadline, work: (transaction: Transaction) => Promise<void>): Promise<TurnOutcome> {
    return inTransaction(this.#pool, async (transaction) => {
      const { rows } = await transaction.query<{ taken: boolean }>({
        ...TAKE_TURN,
        values: [TURN_LOCK, deadline.stream],
      });
      if (rows[0]?.taken !== true) return 'busy';
      if (!(await this.isOpen(deadline, transaction))) return 'gone';
      await work(transaction);
      return 'taken';
    });
  }

  async hold(stream: string, transaction: Transaction): Promise<void> {
    await transaction.query({ ...HOLD, values: [stream] });
  }

  async postpone(deadline: OpenDeadline, until: Instant): Promise<void> {
    await this.#pool.query(
      `UPDATE deadline.open SET failures = failures + 1, act_at = greatest(due_at, $4::timestamptz) WHERE ${THIS_ONE}`,
      [...keyOf(deadline), until],
    );
  }

  async putOff(deadline: OpenDeadline, until: Instant, transaction: Transaction): Promise<void> {
    await transaction.query({ ...PUT_OFF, values: [...keyOf(deadline), until] });
  }

  async nextAt(): Promise<Instant | null> {
    const { rows } = await this.#pool.query<{ at: Date | null }>(NEXT_AT);
    return rows[0]?.at?.toISOString() ?? null;
  }

  async counts(now: Instant): Promise<DeadlineCounts> {
    const { rows } = await this.#pool.query<Stored<DeadlineCounts, 'oldestDueAt'>>(COUNTS, [now]);
    const [row] = rows;
    if (row === undefined) throw new Error('counting gave no row');
    return { ...row, oldestDueAt: (row.oldestDueAt as Date | null)?.toISOString() ?? null };
  }
}
