import type { Instant } from '@acogida/core';
import type { Transaction } from '@acogida/event-store';
import type { Pool } from 'pg';
import { forgetPassed, insertKept, isOverruled, keptOfLane, resettle } from './inbox-kept-rows.ts';
import type { Settlement } from './inbox-settlement.ts';
import {
  countKept,
  flagOutOfOrder,
  readPast,
  stopSource,
  storeStreams,
  updateEvent,
  writeBatch,
} from './inbox-storage.ts';
import type {
  BatchOutcome,
  InboxStore,
  KeptRecord,
  KeptRow,
  LockedSource,
  Past,
  PastQuestion,
  Savepoint,
  SealedEvent,
  SourceCursor,
  Unlock,
} from './inbox-store.ts';
import type { StreamHead } from './inbox-streams.ts';
import { withSourceLocked } from './inbox-transaction.ts';
import { closeUnlock, closeVainUnlocks, insertUnlocks, openUnlocks, sealedOf } from './inbox-unlock-rows.ts';
import type { Lane } from './lane.ts';

/**
 * The inbox in the node's own database, schema `inbox`. A batch costs two round trips beside those of its effects: beginning,
 * locking and what is asked are the first.
 */
export class PostgresInboxStore implements InboxStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  withSourceLocked<T, A = undefined>(
    source: string,
    work: (locked: LockedSource, cursor: SourceCursor, answer: A | undefined) => Promise<T>,
    ask?: (locked: LockedSource) => Promise<A>,
  ): Promise<T> {
    return withSourceLocked<T, A>(
      this.#pool,
      source,
      (transaction, cursor, answer) => work(new LockedRow(source, transaction), cursor, answer),
      ask && ((transaction) => ask(new LockedRow(source, transaction))),
    );
  }

  async lanesWithArrivedCause(): Promise<readonly Lane[]> {
    const { rows } = await this.#pool.query<Lane>(
      // One further back would be asked for again and again.
      // What an earlier release parked for its key waits for nothing now.
      `SELECT DISTINCT k.source, k.subject
         FROM inbox.kept k JOIN inbox.source_cursor c ON c.source = k.source AND c.status <> 'stopped'
        WHERE k.kind = 'parked'
          AND (k.reason = 'MISSING_KEY' OR
               EXISTS (SELECT FROM inbox.event e WHERE e.source = k.cause_source AND e.event_id = k.cause_id
                                                   AND e.state IN ('applied', 'unknown', 'sealed', 'revoked')))
          AND NOT EXISTS (SELECT FROM inbox.kept f
                           WHERE f.source = k.source AND f.subject = k.subject AND f.number < k.number
                             AND f.kind IN ('parked', 'quarantined', 'held'))`,
    );
    return rows;
  }

  async isSomeoneParked(): Promise<boolean> {
    const { rows } = await this.#pool.query(
      `SELECT FROM inbox.kept WHERE kind = 'parked' AND (cause_id IS NOT NULL OR reason = 'MISSING_KEY') LIMIT 1`,
    );
    return rows.length > 0;
  }

  wantUnlock(transaction: Transaction, wanted: readonly Lane[]): Promise<void> {
    return insertUnlocks(transaction, wanted);
  }

  openUnlocks(): Promise<readonly Unlock[]> {
    return openUnlocks(this.#pool);
  }

  closeUnlock(unlock: Unlock): Promise<void> {
    return closeUnlock(this.#pool, unlock);
  }

  async missingNumber(source: string): Promise<number | null> {
    const { rows } = await this.#pool.query<{ expected: number }>({
      name: 'inbox-missing-number',
      text: `SELECT last_number + 1 AS expected FROM inbox.source_cursor WHERE source = $1 AND status = 'gap'`,
      values: [source],
    });
    return rows[0]?.expected ?? null;
  }
}

class LockedRow implements LockedSource {
  readonly source: string;
  readonly transaction: Transaction;

  constructor(source: string, transaction: Transaction) {
    this.source = source;
    this.transaction = transaction;
  }

  async savepoint(): Promise<Savepoint> {
    await this.transaction.query('SAVEPOINT one_event');
    return {
      release: async () => void (await this.transaction.query('RELEASE SAVEPOINT one_event')),
      rollBack: async () => {
        await this.transaction.query('ROLLBACK TO SAVEPOINT one_event; RELEASE SAVEPOINT one_event');
      },
    };
  }

  readPast(question: PastQuestion): Promise<Past> {
    return readPast(this.transaction, this.source, question);
  }

  writeBatch(outcome: BatchOutcome, now: Instant): Promise<boolean> {
    return writeBatch(this.transaction, this.source, outcome, now);
  }

  keep(rows: readonly KeptRow[], now: Instant): Promise<ReadonlySet<string>> {
    return insertKept(this.transaction, this.source, rows, now);
  }

  isOverruled(fingerprint: string): Promise<boolean> {
    return isOverruled(this.transaction, this.source, fingerprint);
  }

  stop(reason: string): Promise<void> {
    return stopSource(this.transaction, this.source, reason);
  }

  count(counts: Pick<SourceCursor, 'unsettled' | 'sealed'>): Promise<void> {
    return countKept(this.transaction, this.source, counts);
  }

  updateEvent(settlement: Settlement, now: Instant): Promise<void> {
    return updateEvent(this.transaction, this.source, settlement, now);
  }

  flagOutOfOrder(number: number): Promise<void> {
    return flagOutOfOrder(this.transaction, this.source, number);
  }

  storeStreams(heads: readonly StreamHead[]): Promise<void> {
    return storeStreams(this.transaction, this.source, heads);
  }

  keptOfLane(subject: string, alsoNumber: number | null): Promise<readonly KeptRecord[]> {
    return keptOfLane(this.transaction, this.source, subject, alsoNumber);
  }

  resettle(keptId: string, settlement: Settlement, now: Instant): Promise<void> {
    return resettle(this.transaction, keptId, settlement, now);
  }

  forgetPassed(kept: KeptRecord): Promise<void> {
    return forgetPassed(this.transaction, kept);
  }

  sealedOf(subject: string, afterNumber: number, limit: number): Promise<readonly SealedEvent[]> {
    return sealedOf(this.transaction, { source: this.source, subject }, afterNumber, limit);
  }

  closeVainUnlocks(): Promise<ReadonlySet<string>> {
    return closeVainUnlocks(this.transaction, this.source);
  }
}
