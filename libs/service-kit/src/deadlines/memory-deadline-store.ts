import type { Instant } from '@acogida/core';
import type { ReadModelWriter, Transaction } from '@acogida/event-store';
import type { DeadlineCounts, DeadlineStore, OpenDeadline, StreamDeadlines, TurnOutcome } from './port.ts';

interface Row {
  readonly dueAt: Instant;
  readonly actAt: Instant;
  readonly failures: number;
}

/** Runs `work` in a transaction of a store in memory; rejects, and leaves nothing, when `work` rejects. */
export type RunInTransaction = (work: (transaction: Transaction) => Promise<void>) => Promise<void>;

/** The open deadlines in memory: for simulations, and specs that need no database. */
export class MemoryDeadlineStore implements DeadlineStore {
  readonly #runInTransaction: RunInTransaction;
  readonly #busy = new Set<string>();
  #streams: ReadonlyMap<string, ReadonlyMap<string, Row>> = new Map();

  constructor(runInTransaction: RunInTransaction) {
    this.#runInTransaction = runInTransaction;
  }

  /** How things stand; what is given back puts them there again, for a transaction that is rolled back. */
  checkpoint(): () => void {
    const streams = this.#streams;
    return () => {
      this.#streams = streams;
    };
  }

  /** The process that had turns under way has ended: nobody has any now. */
  forgetTurns(): void {
    this.#busy.clear();
  }

  async replace(streams: readonly StreamDeadlines[], _transaction: ReadModelWriter): Promise<void> {
    const next = new Map(this.#streams);
    for (const { stream, open } of streams) {
      const rows = new Map<string, Row>();
      for (const { kind, dueAt } of open.toSorted((one, other) => (one.dueAt < other.dueAt ? -1 : 1))) {
        const known = this.#streams.get(stream)?.get(kind);
        if (!rows.has(kind)) rows.set(kind, known?.dueAt === dueAt ? known : { dueAt, actAt: dueAt, failures: 0 });
      }
      if (rows.size === 0) next.delete(stream);
      else next.set(stream, rows);
    }
    this.#streams = next;
  }

  async due(now: Instant, limit: number): Promise<readonly OpenDeadline[]> {
    return this.#rows()
      .filter(({ actAt }) => actAt <= now)
      .toSorted((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1))
      .slice(0, limit)
      .map(({ stream, kind, dueAt, failures }) => ({ stream, kind, dueAt, failures }));
  }

  async isOpen({ stream, kind, dueAt }: OpenDeadline, _transaction?: Transaction): Promise<boolean> {
    return this.#streams.get(stream)?.get(kind)?.dueAt === dueAt;
  }

  async turn(deadline: OpenDeadline, work: (transaction: Transaction) => Promise<void>): Promise<TurnOutcome> {
    const { stream } = deadline;
    if (this.#busy.has(stream)) return 'busy';
    if (!(await this.isOpen(deadline))) return 'gone';
    const restore = this.checkpoint();
    this.#busy.add(stream);
    try {
      await this.#runInTransaction(work);
      return 'taken';
    } catch (error) {
      restore();
      throw error;
    } finally {
      this.#busy.delete(stream);
    }
  }

  /** What runs in memory moves a stream at once. */
  async hold(_stream: string, _transaction: Transaction): Promise<void> {}

  async postpone(deadline: OpenDeadline, until: Instant): Promise<void> {
    this.#actAt(deadline, until, 1);
  }

  async putOff(deadline: OpenDeadline, until: Instant, _transaction?: Transaction): Promise<void> {
    this.#actAt(deadline, until, 0);
  }

  async nextAt(): Promise<Instant | null> {
    return earliest(this.#rows().map(({ actAt }) => actAt));
  }

  async counts(now: Instant): Promise<DeadlineCounts> {
    const rows = this.#rows();
    const overdue = rows.filter(({ dueAt }) => dueAt <= now);
    return {
      open: rows.length,
      overdue: overdue.length,
      failing: rows.filter(({ failures }) => failures > 0).length,
      oldestDueAt: earliest(overdue.map(({ dueAt }) => dueAt)),
    };
  }

  #actAt({ stream, kind, dueAt }: OpenDeadline, until: Instant, failed: 0 | 1): void {
    const rows = this.#streams.get(stream);
    const row = rows?.get(kind);
    if (rows === undefined || row?.dueAt !== dueAt) return;
    const actAt = until > dueAt ? until : dueAt;
    const changed = new Map(rows).set(kind, { dueAt, actAt, failures: row.failures + failed });
    this.#streams = new Map(this.#streams).set(stream, changed);
  }

  #rows(): readonly (OpenDeadline & Row)[] {
    return [...this.#streams].flatMap(([stream, rows]) => [...rows].map(([kind, row]) => ({ stream, kind, ...row })));
  }
}

function orderOf({ actAt, stream, kind }: OpenDeadline & Row): string {
  return JSON.stringify([actAt, stream, kind]);
}

function earliest(instants: readonly Instant[]): Instant | null {
  return instants.reduce<Instant | null>((first, at) => (first === null || at < first ? at : first), null);
}
