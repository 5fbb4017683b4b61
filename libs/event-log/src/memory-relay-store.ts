import { type MemoryDatabase, memoryOutbox, type MemoryOutboxRow, type MemoryTable } from '@acogida/event-store';
import { CompactRange, type Hash } from '@acogida/ledger';
import type { RelayPlace } from './relay-cursor.ts';
import { MAX_BATCH_EVENTS, RelayDeposedError } from './relay-port.ts';
import { inStreamOrder, type OutboxRow, type SequencedBatch, type StoredEvent } from './relay-sequencing.ts';
import type { RelayStore } from './relay-store.ts';

interface Cursor extends RelayPlace {
  readonly term: number;
}

interface Published extends StoredEvent {
  readonly leaf: Hash;
}

const CURSOR = 'cursor';
const AT_FIRST: Cursor = {
  ...{ term: 0, incarnation: 1, lastNumber: 0, frontier: CompactRange.EMPTY, publishedThrough: 0 },
  ...{ comparedThrough: 0, comparedPosition: 0n, headSequence: 0 },
};

/** What the relay of a simulated node writes; passes the same conformance suite as `PostgresRelayStore`. Recovers nothing. */
export class MemoryRelayStore implements RelayStore {
  readonly #database: MemoryDatabase;
  readonly #outbox: MemoryTable<MemoryOutboxRow>;
  readonly #cursor: MemoryTable<Cursor>;
  readonly #published: MemoryTable<Published>;

  constructor(database: MemoryDatabase) {
    this.#database = database;
    this.#outbox = memoryOutbox(database);
    this.#cursor = database.table('relay.cursor');
    this.#published = database.table('relay.published');
  }

  async takeOver(): Promise<{ readonly term: number; readonly place: RelayPlace }> {
    return this.#database.transaction(async (transaction) => {
      const before = this.#cursor.rows(transaction).get(CURSOR) ?? AT_FIRST;
      const { term, ...place } = { ...before, term: before.term + 1 };
      this.#cursor.set(transaction, CURSOR, { term, ...place });
      return { term, place };
    });
  }

  async loadPlace(term: number): Promise<RelayPlace> {
    const { term: _, ...place } = this.#inTerm(term, this.#cursor.rows().get(CURSOR));
    return place;
  }

  async nextRows(term: number): Promise<readonly OutboxRow[]> {
    this.#inTerm(term, this.#cursor.rows().get(CURSOR));
    const waiting = [...this.#outbox.rows().values()].filter(({ number }) => number === null);
    return inStreamOrder(waiting.slice(0, MAX_BATCH_EVENTS));
  }

  async storeBatch(term: number, place: RelayPlace, batch: SequencedBatch): Promise<void> {
    await this.#write(term, place, (before, transaction) => {
      const outbox = this.#outbox.rows(transaction);
      for (const { number, bytes, statement, path, leaf, outboxId } of batch.events) {
        this.#published.set(transaction, String(number), { number, bytes, statement, path, leaf });
        const row = outbox.get(outboxId);
        if (row !== undefined) this.#outbox.set(transaction, outboxId, { ...row, number });
      }
      const { lastNumber, frontier } = batch.place;
      const publishedThrough = Math.max(before.publishedThrough, place.publishedThrough);
      return { ...before, lastNumber, frontier, publishedThrough };
    });
  }

  async storedAfter(number: number): Promise<readonly StoredEvent[]> {
    const published = this.#published.rows();
    const found: StoredEvent[] = [];
    for (let next = number + 1; found.length < MAX_BATCH_EVENTS; next += 1) {
      const event = published.get(String(next));
      if (event === undefined) break;
      found.push({ number: event.number, bytes: event.bytes, statement: event.statement, path: event.path });
    }
    return found;
  }

  async acknowledge(term: number, through: number): Promise<void> {
    await this.#write(term, undefined, (before) => ({
      ...before,
      publishedThrough: Math.max(before.publishedThrough, through),
    }));
  }

  async nextHead(term: number, place: RelayPlace, end: bigint): Promise<number> {
    const { headSequence } = await this.#write(term, place, (before) => {
      if (before.publishedThrough !== before.lastNumber) throw stalePlace();
      const compared = { comparedThrough: before.lastNumber, comparedPosition: end };
      return { ...before, ...compared, headSequence: before.headSequence + 1 };
    });
    return headSequence;
  }

  async noteCompared(term: number, through: number, position: bigint): Promise<RelayPlace> {
    const { term: _, ...place } = await this.#write(term, undefined, (before) => {
      const whole = Math.min(before.publishedThrough, through);
      return { ...before, publishedThrough: whole, comparedThrough: whole, comparedPosition: position };
    });
    return place;
  }

  async leavesOf(numbers: readonly number[]): Promise<ReadonlyMap<number, Hash>> {
    const published = this.#published.rows();
    return new Map(
      numbers.flatMap((number) => {
        const event = published.get(String(number));
        return event === undefined ? [] : [[number, event.leaf] as const];
      }),
    );
  }

  async isRecoveryUnderWay(): Promise<boolean> {
    return false;
  }

  /** Through which number the log is known to have everything. */
  publishedThrough(): number {
    return this.#cursor.rows().get(CURSOR)?.publishedThrough ?? 0;
  }

  #inTerm(term: number, cursor: Cursor | undefined): Cursor {
    if (cursor?.term !== term) throw new RelayDeposedError(term);
    return cursor;
  }

  async #write(
    term: number,
    place: RelayPlace | undefined,
    change: (before: Cursor, transaction: Parameters<MemoryTable<Cursor>['set']>[0]) => Cursor,
  ): Promise<Cursor> {
    return this.#database.transaction(async (transaction) => {
      const before = this.#inTerm(term, this.#cursor.rows(transaction).get(CURSOR));
      if (place !== undefined && before.lastNumber !== place.lastNumber) throw stalePlace();
      const after = change(before, transaction);
      this.#cursor.set(transaction, CURSOR, after);
      return after;
    });
  }
}

/** As on PostgreSQL: this relay's idea of the place is out of date, which a new look mends. */
function stalePlace(): Error {
  return new Error('the relay cursor is not where this relay took it to be');
}
