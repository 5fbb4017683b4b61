import type { Transaction } from '@acogida/event-store';
import pg from 'pg';

/** One value of a row. */
export type CopiedValue = string | number | boolean | null;

interface CopyConnection {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** `COPY … FROM STDIN` of rows that are all there already. */
class CopyQuery extends pg.Query {
  readonly #rows: Buffer;

  constructor(text: string, rows: Buffer) {
    super(text);
    this.#rows = rows;
  }

  /** Called by node-postgres when the server is ready for the rows. */
  handleCopyInResponse(connection: CopyConnection): void {
    connection.sendCopyFromChunk(this.#rows);
    connection.endCopyFrom();
  }
}

/** A value as `COPY` reads it in its text format. */
export function copyText(value: CopiedValue): string {
  if (value === null) return '\\N';
  if (typeof value !== 'string') return String(value);
  return NEEDS_ESCAPE.test(value) ? value.replaceAll(/[\\\n\r\t]/g, (character) => ESCAPES[character] ?? '') : value;
}

const NEEDS_ESCAPE = /[\\\n\r\t]/;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

interface Index {
  readonly name: string;
  /** As `CREATE INDEX` takes it. */
  readonly definition: string;
  /** As `ADD CONSTRAINT` takes it; null when it stands for none. */
  readonly key: string | null;
}

const INDEXES = `
  SELECT c.relname AS name, pg_get_indexdef(i.indexrelid) AS definition, pg_get_constraintdef(k.oid) AS key
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid
   WHERE i.indrelid = $1::regclass ORDER BY i.indisprimary DESC, c.relname`;

/**
 * A table that is filled beside one of the same shape and then takes its place (architecture.md §8): rows are copied in
 * without indexes, which are made once at the end. Readers see the old table until the transaction commits; a snapshot taken
 * before the commit sees neither afterwards. For tables without foreign keys, views or triggers.
 */
export class TableBeside {
  /** Name of the table that is being filled. */
  readonly name: string;
  readonly #table: string;
  readonly #transaction: Transaction;
  /** Those of the present table. */
  readonly #indexes: readonly Index[];

  private constructor(transaction: Transaction, table: string, indexes: readonly Index[]) {
    this.#transaction = transaction;
    this.#table = table;
    this.#indexes = indexes;
    this.name = `${table}_beside`;
  }

  /** @param table an unqualified name, as it stands in SQL */
  static async create(transaction: Transaction, table: string): Promise<TableBeside> {
    const { rows } = await transaction.query<Index>(INDEXES, [table]);
    const beside = new TableBeside(transaction, table, rows);
    await transaction.query(`CREATE TABLE ${beside.name} (LIKE ${table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)`);
    return beside;
  }

  /** Writes rows, each a line of tab-separated `copyText`, for these columns. They are sent before the call returns. */
  async copy(columns: readonly string[], lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    const rows = Buffer.from(`${lines.join('\n')}\n`, 'utf8');
    await copyRows(this.#transaction, `COPY ${this.name} (${columns.join(', ')}) FROM STDIN`, rows);
  }

  /** Gives the filled table the keys and indexes of the present one. They are asked for before the call returns. */
  async index(): Promise<void> {
    const statements = this.#indexes.map(({ name, definition, key }) => {
      const beside = besideName(name);
      if (key !== null) return `ALTER TABLE ${this.name} ADD CONSTRAINT ${beside} ${key}`;
      return definition
        .replace(` INDEX ${name} ON `, ` INDEX ${beside} ON `)
        .replace(`.${this.#table} `, `.${this.name} `);
    });
    await this.#transaction.query([...statements, `ANALYZE ${this.name}`].join('; '));
  }

  /** Drops the present table and gives its name, and those of its indexes, to the filled one. */
  async takePlace(): Promise<void> {
    const renamed = this.#indexes.map(({ name }) => `ALTER INDEX ${besideName(name)} RENAME TO ${name}`);
    await this.#transaction.query(
      [`DROP TABLE ${this.#table}`, `ALTER TABLE ${this.name} RENAME TO ${this.#table}`, ...renamed].join('; '),
    );
  }
}

function besideName(index: string): string {
  return `${index}_beside`;
}

function copyRows(transaction: Transaction, sql: string, rows: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const query = new CopyQuery(sql, rows);
    query.on('end', () => resolve());
    query.on('error', reject);
    transaction.query(query);
  });
}
