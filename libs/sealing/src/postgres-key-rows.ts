import type { Instant } from '@acogida/core';
import { KEY_AUDIENCES } from './audience.ts';
import {
  type KekRow,
  type KeyRows,
  type KeyTable,
  type KeyTables,
  type KeyTransaction,
  type KeyWriter,
  KEY_TABLES,
  type NewRows,
  type OwnEpochRow,
  ROW_NAME,
  rowNameOf,
  type StoredSecret,
} from './key-rows.ts';
import { erasedCasesAmong } from './erased-case.migration.ts';
import { type ArrayElement, arrayText } from './array-text.ts';
import { columnOf, columnsOf } from './key-columns.ts';
import { holdCases, noteErasedCases } from './hold-cases.ts';
import { holdStanding } from './hold-standing.migration.ts';
import { epochTaken } from './own-epochs.migration.ts';
import { isOwnWord } from './own-word.ts';

/** Runs work in a transaction of its own and commits when it resolves. */
export type RunInTransaction = <R>(work: (transaction: KeyTransaction) => Promise<R>) => Promise<R>;

const FOREIGN_KEY_VIOLATION = '23503';

/** What an agency says of its own key counts more than what another handed on. */
const ON_CONFLICT: Readonly<Record<Exclude<KeyTable, 'own_epoch'>, string>> = {
  case_key: `ON CONFLICT (key_id, source) DO UPDATE SET
      subject = excluded.subject, case_id = excluded.case_id, audience = excluded.audience,
      epoch = excluded.epoch, granted_by = excluded.granted_by, received_at = excluded.received_at,
      generation = excluded.generation, wrapped = excluded.wrapped
    WHERE excluded.granted_by = excluded.source AND known.granted_by <> known.source`,
  member_key: 'ON CONFLICT DO NOTHING',
  offer_key: 'ON CONFLICT DO NOTHING',
  channel: 'ON CONFLICT DO NOTHING',
  agency_key: 'ON CONFLICT DO NOTHING',
};

function insertStatement(table: KeyTable): string {
  const columns = columnsOf(table);
  const names = columns.map(([, column]) => column).join(', ');
  const arrays = columns.map(([, , type], index) => `$${index + 1}::${type}[]`).join(', ');
  if (table === 'own_epoch') return `SELECT keys.begin_epochs(${arrays}, $${columns.length + 1}::uuid[])`;
  return `INSERT INTO keys.${table} AS known (${names}) SELECT * FROM unnest(${arrays}) ${ON_CONFLICT[table]}`;
}

function selectStatement(table: KeyTable): string {
  const names = columnsOf(table).map(([field, column]) => `${column} AS "${field}"`);
  return `SELECT ${names.join(', ')} FROM keys.${table}`;
}

const INSERT = Object.fromEntries(KEY_TABLES.map((table) => [table, insertStatement(table)])) as Record<
  KeyTable,
  string
>;
const SELECT = Object.fromEntries(KEY_TABLES.map((table) => [table, selectStatement(table)])) as Record<
  KeyTable,
  string
>;
const BY_ANY_KEY = KEY_AUDIENCES.map((audience) => `${audience}_key_id = ANY ($1::text[])`).join(' OR ');
/** Columns that name a row, in the order of the primary key. */
const NAME = Object.fromEntries(
  KEY_TABLES.map((table) => [table, ROW_NAME[table].map((field) => columnOf(table, field)[0])]),
) as unknown as Readonly<Record<KeyTable, readonly string[]>>;

/** The name of a row as one text (`rowNameOf`). */
function nameText(table: KeyTable): string {
  return NAME[table].join(" || '/' || ");
}

/** The parts of such a text, to be compared with the columns one by one, so that the primary key is used. */
function namePartsOf(table: KeyTable, text: string): string {
  const types = ROW_NAME[table].map((field) => columnOf(table, field)[1]);
  if (types.length === 1) return text;
  return types.map((type, index) => `split_part(${text}, '/', ${index + 1})::${type}`).join(', ');
}

/** Comes before every name, in the table's own types. */
function beforeAll(table: KeyTable): string {
  return table === 'own_epoch' ? '00000000-0000-0000-0000-000000000000/0' : '';
}

/** Wrapped secrets in the schema `keys` of the node's database (`sealingMigrations`). */
export class PostgresKeyRows implements KeyRows {
  readonly inTransaction: RunInTransaction;
  readonly noteErased = noteErasedCases;
  readonly holdCases = holdCases;
  readonly holdStanding = holdStanding;
  readonly erasedAmong = erasedCasesAmong;

  /** @param inTransaction of the node's pool */
  constructor(inTransaction: RunInTransaction) {
    this.inTransaction = inTransaction;
  }

  async insert(writer: KeyWriter, rows: NewRows, held: readonly string[] = []): Promise<void> {
    const beginsEpochs = (rows.own_epoch ?? []).length > 0;
    if (!beginsEpochs && held.length > 0) await holdCases(writer, held);
    for (const table of KEY_TABLES) {
      const added = inOrder(table, rows[table] ?? []);
      if (added.length === 0) continue;
      const values = columnsOf(table).map(([field]) => arrayText(added.map((row) => row[field] as ArrayElement)));
      if (table === 'own_epoch') values.push(arrayText(held));
      await writer.query({ name: `keys-insert-${table}`, text: INSERT[table], values });
    }
  }

  async find<T extends KeyTable>(
    transaction: KeyTransaction,
    table: T,
    field: keyof KeyTables[T] & string,
    values: readonly string[],
  ): Promise<readonly KeyTables[T][]> {
    const [column, type] = columnOf(table, field);
    const { rows } = await transaction.query<KeyTables[T]>({
      name: `keys-find-${table}-${field}`,
      text: `${SELECT[table]} WHERE ${column} = ANY ($1::${type}[])`,
      values: [values],
    });
    return rows;
  }

  async epochsOf(transaction: KeyTransaction, keyIds: readonly string[]): Promise<readonly OwnEpochRow[]> {
    const { rows } = await transaction.query<OwnEpochRow>({
      name: 'keys-epochs-of',
      text: `${SELECT.own_epoch} WHERE ${BY_ANY_KEY}`,
      values: [keyIds],
    });
    return rows;
  }

  async all<T extends KeyTable>(transaction: KeyTransaction, table: T): Promise<readonly KeyTables[T][]> {
    return (await transaction.query<KeyTables[T]>(SELECT[table])).rows;
  }

  async remove<T extends KeyTable>(
    transaction: KeyTransaction,
    table: T,
    field: keyof KeyTables[T] & string,
    values: readonly string[],
  ): Promise<readonly string[]> {
    const [column, type] = columnOf(table, field);
    return namesOf(
      await transaction.query<{ id: string }>(
        `DELETE FROM keys.${table} WHERE ${column} = ANY ($1::${type}[]) RETURNING ${NAME[table][0]} AS id`,
        [values],
      ),
    );
  }

  async removeDue(
    transaction: KeyTransaction,
    table: 'offer_key' | 'channel',
    now: Instant,
  ): Promise<readonly string[]> {
    return namesOf(
      await transaction.query<{ id: string }>(
        `DELETE FROM keys.${table} WHERE destroy_after < $1 RETURNING ${NAME[table][0]} AS id`,
        [now],
      ),
    );
  }

  async keepUntil(
    transaction: KeyTransaction,
    table: 'offer_key' | 'channel',
    rowId: string,
    at: Instant,
  ): Promise<void> {
    await transaction.query(
      `UPDATE keys.${table} SET destroy_after = greatest(destroy_after, $2) WHERE ${NAME[table][0]} = $1`,
      [rowId, at],
    );
  }

  async wrappedBefore(
    transaction: KeyTransaction,
    table: KeyTable,
    page: { readonly generation: number; readonly after: string; readonly limit: number },
  ): Promise<readonly StoredSecret[]> {
    const name = NAME[table].join(', ');
    const { rows } = await transaction.query<StoredSecret>(
      `SELECT ${nameText(table)} AS "rowId", generation, wrapped FROM keys.${table}
       WHERE generation < $1 AND (${name}) > (${namePartsOf(table, '$2::text')})
       ORDER BY ${name} LIMIT $3 FOR UPDATE SKIP LOCKED`,
      [page.generation, page.after === '' ? beforeAll(table) : page.after, page.limit],
    );
    return rows;
  }

  async rewrap(
    transaction: KeyTransaction,
    table: KeyTable,
    secrets: readonly (StoredSecret & { readonly before: number })[],
  ): Promise<void> {
    await transaction.query(
      `UPDATE keys.${table} AS known SET generation = again.generation, wrapped = again.wrapped
       FROM unnest($1::text[], $2::integer[], $3::integer[], $4::bytea[]) AS again (id, before, generation, wrapped)
       WHERE (${NAME[table].map((column) => `known.${column}`).join(', ')}) = (${namePartsOf(table, 'again.id')})
         AND known.generation = again.before`,
      [
        secrets.map(({ rowId }) => rowId),
        secrets.map(({ before }) => before),
        secrets.map(({ generation }) => generation),
        secrets.map(({ wrapped }) => wrapped),
      ],
    );
  }

  async keks(transaction: KeyTransaction): Promise<readonly KekRow[]> {
    const { rows } = await transaction.query<KekRow>(
      `SELECT generation, kms_version AS "kmsVersion", wrapped, created_at AS "createdAt" FROM keys.kek ORDER BY generation`,
    );
    return rows;
  }

  async addKek(transaction: KeyTransaction, { generation, kmsVersion, wrapped, createdAt }: KekRow): Promise<void> {
    await transaction.query(
      'INSERT INTO keys.kek (generation, kms_version, wrapped, created_at) VALUES ($1, $2, $3, $4)',
      [generation, kmsVersion, wrapped, createdAt],
    );
  }

  alone<R>(work: (transaction: KeyTransaction) => Promise<R>): Promise<R> {
    return this.inTransaction(async (transaction) => {
      // Stops others that come this way, and nobody who writes keys: a reference to a generation takes ROW SHARE.
      await transaction.query('LOCK TABLE keys.kek IN SHARE ROW EXCLUSIVE MODE');
      return work(transaction);
    });
  }

  async removeKek(generation: number): Promise<boolean> {
    try {
      await this.inTransaction((transaction) =>
        transaction.query('DELETE FROM keys.kek WHERE generation = $1', [generation]),
      );
      return true;
    } catch (error) {
      if ((error as { readonly code?: unknown }).code === FOREIGN_KEY_VIOLATION) return false;
      throw error;
    }
  }
}

type AnyRow = Readonly<Record<string, unknown>>;

/**
 * By name, so that two transactions that write the same keys wait for each other in one order; and each name once, since a
 * statement takes none twice.
 */
function inOrder(table: KeyTable, rows: readonly object[]): readonly AnyRow[] {
  const once = new Map<string, AnyRow>();
  for (const row of rows as readonly AnyRow[]) {
    const name = rowNameOf(table, row);
    const known = once.get(name);
    if (table === 'own_epoch' && known !== undefined && known['ownKeyId'] !== row['ownKeyId']) throw epochTaken();
    if (known === undefined || isOwnWord(row, known)) once.set(name, row);
  }
  return [...once].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
}

function namesOf({ rows }: { readonly rows: readonly { readonly id: string }[] }): readonly string[] {
  return [...new Set(rows.map(({ id }) => id))];
}
