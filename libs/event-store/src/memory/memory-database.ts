import type { Transaction } from '../port.ts';

/** Something beside the tables whose state a rolled back transaction takes back. */
export interface Rewindable {
  /** How things stand; what is given back puts them there again. */
  checkpoint(): () => void;
}

/**
 * Values by key, as a transaction or a reader outside of one sees them; what is written meanwhile may show. Values are never changed
 * in place.
 */
export type Rows<V> = ReadonlyMap<string, V>;

/** One table of a `MemoryDatabase`. */
export interface MemoryTable<V> {
  /** Committed rows; within a transaction its own changes as well. In the order in which they were inserted. */
  rows(transaction?: Transaction): Rows<V>;
  /** Inserts a row or replaces it. @throws Error outside of an open transaction */
  set(transaction: Transaction, key: string, value: V): void;
  /** @throws Error outside of an open transaction */
  delete(transaction: Transaction, key: string): void;
}

/** There is no SQL here: what is written for PostgreSQL needs a port of its own to run in memory. */
export class NoSqlInMemoryError extends Error {
  override readonly name = 'NoSqlInMemoryError';

  constructor() {
    super('a store in memory takes no SQL');
  }
}

class MemoryTransaction implements Transaction {
  readonly query = ((): never => {
    throw new NoSqlInMemoryError();
  }) as unknown as Transaction['query'];
  readonly #rewindables: readonly Rewindable[];
  readonly #written = new Set<{ endWriting(): void }>();
  /** What takes back, last first, what was changed in tables and beside them. */
  readonly #undos: (() => void)[] = [];
  #isOpen = true;
  readonly #rewind: () => void;

  constructor(rewindables: readonly Rewindable[]) {
    this.#rewindables = rewindables;
    this.#rewind = this.savepoint();
  }

  /** What the given function goes back to. */
  savepoint(): () => void {
    const rewinds = this.#rewindables.map((one) => one.checkpoint());
    const undoable = this.#undos.length;
    return () => {
      for (const undo of this.#undos.splice(undoable).reverse()) undo();
      for (const rewind of rewinds) rewind();
    };
  }

  /** Takes back, where it is rolled back, what was done beside the tables, too: for stores that keep rows of their own (@acogida/sealing). */
  undo(step: () => void): void {
    this.#undos.push(step);
  }

  /** A table is written to; it is told when the transaction is over. @throws Error it is over already */
  writes(table: { endWriting(): void }): void {
    if (!this.#isOpen) throw new Error('the transaction is over');
    this.#written.add(table);
  }

  end(): void {
    this.#isOpen = false;
    for (const table of this.#written) table.endWriting();
  }

  rollBack(): void {
    this.#rewind();
    this.end();
  }
}

/** What a process that has ended still waits for. */
function never(): Promise<never> {
  return new Promise(() => {});
}

function memoryTransaction(transaction: Transaction): MemoryTransaction {
  if (transaction instanceof MemoryTransaction) return transaction;
  throw new RangeError('the transaction is none of a store in memory');
}

/** Written in place, as most transactions are committed and nobody looks on meanwhile: both others cost a copy. */
class Table<V> implements MemoryTable<V> {
  #rows = new Map<string, V>();
  #writer: MemoryTransaction | undefined;
  /** What the keys that it wrote stood at before it; undefined where there was none. */
  readonly #before = new Map<string, { readonly value: V } | undefined>();
  /** What others see until it is over, once somebody looked. */
  #committed: Rows<V> | undefined;

  rows(transaction?: Transaction): Rows<V> {
    if (this.#writer === undefined) return this.#rows;
    return transaction !== undefined && memoryTransaction(transaction) === this.#writer ? this.#rows : this.#shown();
  }

  set(transaction: Transaction, key: string, value: V): void {
    const writer = this.#writing(transaction);
    const before = this.#noteBefore(key);
    this.#rows.set(key, value);
    writer.undo(() => {
      if (before === undefined) this.#rows.delete(key);
      else this.#rows.set(key, before.value);
    });
  }

  delete(transaction: Transaction, key: string): void {
    const writer = this.#writing(transaction);
    // As they were, in their order: put in again, a row would come last.
    this.#shown();
    const rows = new Map(this.#rows);
    this.#noteBefore(key);
    this.#rows.delete(key);
    writer.undo(() => (this.#rows = rows));
  }

  endWriting(): void {
    this.#writer = undefined;
    this.#before.clear();
    this.#committed = undefined;
  }

  #writing(transaction: Transaction): MemoryTransaction {
    const writer = memoryTransaction(transaction);
    if (this.#writer !== writer) {
      writer.writes(this);
      this.#writer = writer;
    }
    return writer;
  }

  #noteBefore(key: string): { readonly value: V } | undefined {
    const before = this.#rows.has(key) ? { value: this.#rows.get(key) as V } : undefined;
    if (!this.#before.has(key)) this.#before.set(key, before);
    return before;
  }

  #shown(): Rows<V> {
    if (this.#committed !== undefined) return this.#committed;
    const committed = new Map(this.#rows);
    for (const [key, before] of this.#before) {
      if (before === undefined) committed.delete(key);
      else committed.set(key, before.value);
    }
    return (this.#committed = committed);
  }
}

/**
 * What a node keeps, in memory: for simulations, and specs that need no PostgreSQL. It outlives the stores that are made over
 * it, so a node that crashed is one whose stores were thrown away. Transactions run one after the other, copy what they
 * change, and commit all of it or nothing; readers outside see what is committed.
 */
export class MemoryDatabase {
  readonly #tables = new Map<string, MemoryTable<unknown>>();
  readonly #rewindables: Rewindable[] = [];
  readonly #sequences = new Map<string, number>();
  #last: Promise<unknown> = Promise.resolve();
  #open: MemoryTransaction | undefined;
  /** How often the process that uses it has ended. */
  #life = 0;

  /** The table of that name, empty at first. Whoever asks for one says what its rows are. */
  table<V>(name: string): MemoryTable<V> {
    const known = this.#tables.get(name);
    if (known !== undefined) return known as Table<V>;
    const made = new Table<unknown>();
    this.#tables.set(name, made);
    return made as Table<V>;
  }

  /** The next number of a sequence: 1, 2, 3 … Those of transactions that were rolled back are not given again. */
  next(sequence: string): number {
    const number = (this.#sequences.get(sequence) ?? 0) + 1;
    this.#sequences.set(sequence, number);
    return number;
  }

  /** Lets transactions take back the state of something else as well, from the next one on. */
  join(rewindable: Rewindable): void {
    this.#rewindables.push(rewindable);
  }

  /**
   * Runs `work` in a transaction of its own, after those that were asked for before: commits when it resolves, rolls back when
   * it rejects. One that is asked for within another and awaited there never comes.
   */
  async transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const life = this.#life;
    const run = this.#last.then(() => this.#run(life, work));
    this.#last = run.catch(() => {});
    return run;
  }

  /** Marks a place in the transaction; the given function goes back to it. */
  savepoint(transaction: Transaction): () => void {
    return memoryTransaction(transaction).savepoint();
  }

  /**
   * As if the process that used it had ended now: the open transaction is undone, and neither it nor those that wait for it
   * ever come to anything. Committed rows stay.
   */
  crash(): void {
    this.#open?.rollBack();
    this.#open = undefined;
    this.#last = Promise.resolve();
    this.#life += 1;
  }

  async #run<T>(life: number, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    if (life !== this.#life) return never();
    const transaction = new MemoryTransaction(this.#rewindables);
    this.#open = transaction;
    try {
      const result = await work(transaction);
      if (life !== this.#life) return await never();
      this.#open = undefined;
      transaction.end();
      return result;
    } catch (error) {
      if (life !== this.#life) return never();
      this.#open = undefined;
      transaction.rollBack();
      throw error;
    }
  }
}
