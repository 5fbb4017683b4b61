import type { Instant } from '@acogida/core';
import {
  type KekRow,
  type KeyRows,
  type KeyTable,
  type KeyTables,
  type KeyTransaction,
  KEY_TABLES,
  type NewRows,
  type OwnEpochRow,
  ROW_NAME,
  rowNameOf,
  type StoredSecret,
} from './key-rows.ts';
import { keyIdsOf } from './epoch-keys.ts';
import { NO_KEYS_OF_ERASED } from './erased-case.migration.ts';
import { epochTaken } from './own-epochs.migration.ts';
import { isOwnWord } from './own-word.ts';

/**
 * A transaction of stores in memory: whoever owns it runs the steps in reverse order to roll back. It speaks no SQL, and what
 * is written in it can be seen at once.
 */
export interface MemoryTransaction extends KeyTransaction {
  undo(step: () => void): void;
}

type Row = KeyTables[KeyTable] & Readonly<Record<string, unknown>>;
type Rows = Map<string, Row>;

/** Wrapped secrets in memory, for whole nodes in simulations and for specs. */
export class MemoryKeyRows implements KeyRows {
  readonly #tables: Readonly<Record<KeyTable, Rows>>;
  readonly #keks: Map<number, KekRow>;
  readonly #erased: Set<string>;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(copied?: {
    readonly tables: Readonly<Record<KeyTable, Rows>>;
    readonly keks: Map<number, KekRow>;
    readonly erased: Set<string>;
  }) {
    this.#erased = copied?.erased ?? new Set();
    this.#tables =
      copied?.tables ?? (Object.fromEntries(KEY_TABLES.map((table) => [table, new Map()])) as Record<KeyTable, Rows>);
    this.#keks = copied?.keks ?? new Map<number, KekRow>();
  }

  /** The rows as they stand, as a backup takes them. */
  copy(): MemoryKeyRows {
    const tables = Object.fromEntries(KEY_TABLES.map((table) => [table, new Map(this.#tables[table])]));
    const [keks, erased] = [new Map(this.#keks), new Set(this.#erased)];
    return new MemoryKeyRows({ tables: tables as Record<KeyTable, Rows>, keks, erased });
  }

  async insert(writer: MemoryTransaction, rows: NewRows, held: readonly string[] = []): Promise<void> {
    await this.holdCases(writer, held);
    for (const table of KEY_TABLES) {
      for (const row of rows[table] ?? []) {
        const added = row as Row;
        const known = this.#tables[table].get(rowNameOf(table, added));
        if (table === 'own_epoch' && this.#isTaken(added, known)) throw epochTaken();
        if (known !== undefined && !isOwnWord(added, known)) continue;
        if (this.#isLeftOut(table, added)) continue;
        if (!this.#keks.has(row.generation)) throw new RangeError('no such generation of the key-encryption key');
        this.#put(writer, table, added);
      }
    }
  }

  async find<T extends KeyTable>(
    _transaction: MemoryTransaction,
    table: T,
    field: keyof KeyTables[T] & string,
    values: readonly string[],
  ): Promise<readonly KeyTables[T][]> {
    const wanted = new Set<unknown>(values);
    return this.#rows(table).filter((row) => wanted.has(row[field])) as unknown as readonly KeyTables[T][];
  }

  async epochsOf(_transaction: MemoryTransaction, keyIds: readonly string[]): Promise<readonly OwnEpochRow[]> {
    const rows = this.#rows('own_epoch') as unknown as readonly OwnEpochRow[];
    return rows.filter((row) => keyIdsOf(row).some((keyId) => keyIds.includes(keyId)));
  }

  async all<T extends KeyTable>(_transaction: MemoryTransaction, table: T): Promise<readonly KeyTables[T][]> {
    return this.#rows(table) as unknown as readonly KeyTables[T][];
  }

  async remove<T extends KeyTable>(
    transaction: MemoryTransaction,
    table: T,
    field: keyof KeyTables[T] & string,
    values: readonly string[],
  ): Promise<readonly string[]> {
    const wanted = new Set<unknown>(values);
    return this.#removeWhere(transaction, table, (row) => wanted.has(row[field]));
  }

  async noteErased(transaction: MemoryTransaction, caseIds: readonly string[]): Promise<void> {
    const added = caseIds.filter((caseId) => !this.#erased.has(caseId));
    for (const caseId of added) this.#erased.add(caseId);
    transaction.undo(() => added.forEach((caseId) => this.#erased.delete(caseId)));
  }

  async holdCases(_writer: MemoryTransaction, caseIds: readonly string[]): Promise<void> {
    if (caseIds.some((caseId) => this.#erased.has(caseId))) throw ofErasedCase();
  }

  holdStanding(transaction: MemoryTransaction, caseIds: readonly string[]): Promise<readonly string[]> {
    return this.erasedAmong(transaction, caseIds);
  }

  async erasedAmong(_transaction: MemoryTransaction, caseIds: readonly string[]): Promise<readonly string[]> {
    return caseIds.filter((caseId) => this.#erased.has(caseId));
  }

  async removeDue(
    transaction: MemoryTransaction,
    table: 'offer_key' | 'channel',
    now: Instant,
  ): Promise<readonly string[]> {
    return this.#removeWhere(transaction, table, ({ destroyAfter }) => {
      return typeof destroyAfter === 'string' && destroyAfter < now;
    });
  }

  async keepUntil(
    transaction: MemoryTransaction,
    table: 'offer_key' | 'channel',
    rowId: string,
    at: Instant,
  ): Promise<void> {
    const row = this.#tables[table].get(rowId);
    const { destroyAfter } = row ?? {};
    const isLater = typeof destroyAfter === 'string' && destroyAfter > at;
    if (row !== undefined && !isLater) this.#put(transaction, table, { ...row, destroyAfter: at });
  }

  async wrappedBefore(
    _transaction: MemoryTransaction,
    table: KeyTable,
    { generation, after, limit }: { readonly generation: number; readonly after: string; readonly limit: number },
  ): Promise<readonly StoredSecret[]> {
    return this.#rows(table)
      .filter((row) => row.generation < generation && rowNameOf(table, row) > after)
      .map((row) => ({ rowId: rowNameOf(table, row), generation: row.generation, wrapped: row.wrapped }))
      .sort((one, other) => (one.rowId < other.rowId ? -1 : 1))
      .slice(0, limit);
  }

  async rewrap(
    transaction: MemoryTransaction,
    table: KeyTable,
    secrets: readonly (StoredSecret & { readonly before: number })[],
  ): Promise<void> {
    for (const { rowId, before, generation, wrapped } of secrets) {
      const row = this.#tables[table].get(rowId);
      if (row?.generation === before) this.#put(transaction, table, { ...row, generation, wrapped });
    }
  }

  async keks(): Promise<readonly KekRow[]> {
    return [...this.#keks.values()].sort((one, other) => one.generation - other.generation);
  }

  async addKek(transaction: MemoryTransaction, row: KekRow): Promise<void> {
    if (this.#keks.has(row.generation)) throw new RangeError('the generation is there already');
    this.#keks.set(row.generation, row);
    transaction.undo(() => this.#keks.delete(row.generation));
  }

  async alone<R>(work: (transaction: MemoryTransaction) => Promise<R>): Promise<R> {
    const turn = this.#turn.then(() => this.inTransaction(work));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async removeKek(generation: number): Promise<boolean> {
    if (KEY_TABLES.some((table) => this.#rows(table).some((row) => row.generation === generation))) return false;
    this.#keks.delete(generation);
    return true;
  }

  async inTransaction<R>(work: (transaction: MemoryTransaction) => Promise<R>): Promise<R> {
    const steps: (() => void)[] = [];
    try {
      return await work({ undo: (step) => steps.push(step), query: noSql });
    } catch (error) {
      for (const step of steps.reverse()) step();
      throw error;
    }
  }

  /** What is granted of an erased case. @throws what `isOfErasedCase` knows, of an own key */
  #isLeftOut(table: KeyTable, { caseId, grantedBy = null }: Readonly<Record<string, unknown>>): boolean {
    if ((table !== 'case_key' && table !== 'own_epoch') || !this.#erased.has(String(caseId))) return false;
    if (grantedBy !== null) return true;
    throw ofErasedCase();
  }

  /** With other keys, or as rows of their own, as epochs were kept before. */
  #isTaken({ caseId, epoch, ownKeyId }: Readonly<Record<string, unknown>>, known: Row | undefined): boolean {
    if (known !== undefined) return known['ownKeyId'] !== ownKeyId;
    return this.#rows('case_key').some((row) => {
      return (
        row['caseId'] === caseId && row['epoch'] === epoch && row['audience'] === 'own' && row['grantedBy'] === null
      );
    });
  }

  #rows(table: KeyTable): readonly Row[] {
    return [...this.#tables[table].values()];
  }

  #put(transaction: MemoryTransaction, table: KeyTable, row: Row): void {
    const rows = this.#tables[table];
    const name = rowNameOf(table, row);
    const before = rows.get(name);
    rows.set(name, row);
    transaction.undo(() => (before === undefined ? rows.delete(name) : rows.set(name, before)));
  }

  #removeWhere(
    transaction: MemoryTransaction,
    table: KeyTable,
    isWanted: (row: Readonly<Record<string, unknown>>) => boolean,
  ): readonly string[] {
    const rows = this.#tables[table];
    const removed = [...rows].filter(([, row]) => isWanted(row));
    for (const [name, row] of removed) {
      rows.delete(name);
      transaction.undo(() => rows.set(name, row));
    }
    const [field] = ROW_NAME[table];
    return [...new Set(removed.map(([, row]) => String(row[field])))];
  }
}

function ofErasedCase(): Error {
  return Object.assign(new RangeError('the case was erased'), { constraint: NO_KEYS_OF_ERASED });
}

function noSql(): never {
  throw new RangeError('a transaction in memory speaks no SQL');
}
