import { DomainError } from '@acogida/core';
import { HybridClockSource, inTransaction, MemoryDatabase, type Transaction } from '@acogida/event-store';
import type { Pool } from 'pg';
import { Inbox } from '../inbox.ts';
import type { InboxAlarm, TrustedKey } from '../inbox-port.ts';
import type { InboxStore } from '../inbox-store.ts';
import { MemoryInboxStore } from '../memory-inbox-store.ts';
import { MemoryInboxTables } from '../memory-inbox-tables.ts';
import type { Lane } from '../lane.ts';
import type { EventLog, Policy, ReceivedEvent } from '../port.ts';
import { PostgresInboxStore } from '../postgres-inbox-store.ts';
import { Unlocks } from '../unlocks.ts';
import { readerOfVersionOne } from './inbox-bench.ts';
import { SpecSealing } from './spec-sealing.ts';

/** A type whose first effects fail for good: `Refused2` twice, and then it works. */
const REFUSED = /^Refused(\d+)$/;
const NOW = '2026-11-22T09:00:00.000Z';

/** An inbox on one kind of store, and all that it left there. */
export abstract class StoreBench {
  readonly alarms: InboxAlarm[] = [];
  readonly #trust: ReadonlyMap<string, readonly TrustedKey[]>;
  readonly #attempts = new Map<string, number>();
  readonly sealing = new SpecSealing();
  protected abstract readonly store: InboxStore;

  constructor(trusted: readonly TrustedKey[]) {
    this.#trust = new Map(trusted.map((key) => [key.keyId.replace(/-1$/, ''), [key]]));
  }

  /** A fresh inbox on the same store, as after a restart. */
  inbox(): Inbox {
    const clock = { now: () => NOW };
    return new Inbox({
      ...{ agencyId: 'cr-conatt', store: this.store, trust: this.#trust, reader: readerOfVersionOne, clock },
      sealing: this.sealing,
      policies: ['CaseOpened', 'HoldPlaced', 'Refused1', 'Refused2'].map((on) => this.#policy(on)),
      projections: [],
      hybridClock: new HybridClockSource(clock),
      onAlarm: (alarm) => this.alarms.push(alarm),
    });
  }

  /** The keys of a subject come, and what was sealed under it is read again from the log; says how many events opened. */
  async unlock(lane: Lane, log: Pick<EventLog, 'read'>): Promise<number> {
    this.sealing.giveKey();
    await this.inTransaction((transaction) => this.store.wantUnlock(transaction, [lane, lane]));
    return new Unlocks({ store: this.store, log, inbox: this.inbox() }).run();
  }

  /** Everything that stands in the tables now. */
  abstract snapshot(): Promise<object>;

  protected abstract inTransaction(work: (transaction: Transaction) => Promise<void>): Promise<void>;

  /** Something a policy does in its transaction. */
  protected abstract note(event: ReceivedEvent, transaction: Transaction): Promise<void>;

  #policy(on: string): Policy {
    return {
      name: `when-${on}-then-note-it`,
      on,
      react: async (event, transaction) => {
        await this.note(event, transaction);
        const attempt = (this.#attempts.get(event.id) ?? 0) + 1;
        this.#attempts.set(event.id, attempt);
        const [, times = '0'] = REFUSED.exec(event.payload.type) ?? [];
        // Each delivery tries twice: together with the others, then alone.
        if (attempt <= 2 * Number(times)) throw new DomainError('SPEC.REFUSED', 'conflict', 'not yet');
      },
    };
  }
}

/** On PostgreSQL, with `benchMigrations`. */
export class PostgresStoreBench extends StoreBench {
  protected readonly store: InboxStore;
  readonly #pool: Pool;

  constructor(pool: Pool, trusted: readonly TrustedKey[]) {
    super(trusted);
    this.#pool = pool;
    this.store = new PostgresInboxStore(pool);
  }

  async empty(): Promise<void> {
    await this.#pool.query(
      `CREATE TABLE IF NOT EXISTS noted (source text, number integer);
       TRUNCATE noted, inbox.source_cursor, inbox.event, inbox.stream, inbox.kept, inbox.unlock`,
    );
  }

  async snapshot(): Promise<object> {
    const rows = async (query: string): Promise<unknown[]> => (await this.#pool.query(query)).rows as unknown[];
    return {
      noted: await rows('SELECT source, number FROM noted ORDER BY 1, 2'),
      sources: await rows(
        `SELECT source, last_number AS "lastNumber", frontier, incarnation, status, reason, unsettled, sealed, clock,
                head_sequence::integer AS "headSequence", head_number AS "headNumber", head_tree AS "headTree"
           FROM inbox.source_cursor ORDER BY source`,
      ),
      events: await rows(
        `SELECT source, number, event_id::text AS "eventId", leaf_hash AS leaf, class, subject, state,
                out_of_order AS "isOutOfOrder", passed_by AS "hasPassedBy", position::integer AS position FROM inbox.event ORDER BY source, number`,
      ),
      streams: await rows('SELECT stream, version, head FROM inbox.stream ORDER BY source, stream'),
      unlocks: await rows('SELECT source, subject, wanted, done FROM inbox.unlock ORDER BY source, subject'),
      kept: await rows(
        `SELECT source, fingerprint, kind, number, subject, reason, detail, cause_source AS "causeSource",
                cause_id::text AS "causeId", chain_pending AS "isChainPending", attempts
           FROM inbox.kept ORDER BY source, fingerprint`,
      ),
    };
  }

  protected inTransaction(work: (transaction: Transaction) => Promise<void>): Promise<void> {
    return inTransaction(this.#pool, work);
  }

  protected async note({ source, number }: ReceivedEvent, transaction: Transaction): Promise<void> {
    await transaction.query('INSERT INTO noted (source, number) VALUES ($1, $2)', [source, number]);
  }
}

/** In memory. */
export class MemoryStoreBench extends StoreBench {
  readonly #database = new MemoryDatabase();
  protected readonly store: InboxStore = new MemoryInboxStore(this.#database);

  async snapshot(): Promise<object> {
    const tables = new MemoryInboxTables(this.#database);
    const noted = this.#database.table<object>('noted');
    return {
      noted: sorted(noted.rows()),
      sources: sorted(tables.sources.rows()).map(({ heardAt: _, ...row }) => row),
      events: [...tables.events.rows().values()]
        .toSorted((one, other) => one.source.localeCompare(other.source) || one.number - other.number)
        .map(({ position, ...row }) => ({ ...row, position: position === null ? null : Number(position) })),
      streams: sorted(tables.streams.rows()),
      unlocks: sorted(tables.unlocks.rows()),
      kept: sorted(tables.kept.rows()).map(({ keptId: _, record: __, isOverruled: ___, ...row }) => row),
    };
  }

  protected inTransaction(work: (transaction: Transaction) => Promise<void>): Promise<void> {
    return this.#database.transaction(work);
  }

  protected async note({ source, number }: ReceivedEvent, transaction: Transaction): Promise<void> {
    const row = { source, number };
    this.#database.table<object>('noted').set(transaction, `${source}/${String(number).padStart(9, '0')}`, row);
  }
}

function sorted<V>(rows: ReadonlyMap<string, V>): V[] {
  return [...rows].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
}
