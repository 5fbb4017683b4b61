import type pg from 'pg';

/** A table and what tells its copies apart: column → SQL expression over the row `t` and the copy's number `k`. */
export interface MultipliedTable {
  readonly table: string;
  readonly distinct: Readonly<Record<string, string>>;
}

/** The copy's UUID in place of the row's: of version 4, as random as the original, the same in every table. */
export function otherUuid(column: string): string {
  return `overlay(overlay(md5(${column}::text || k) placing '4' from 13) placing '8' from 17)::uuid`;
}

interface ColumnRow {
  readonly name: string;
  readonly numbered: boolean;
}

/** The statement that adds copies 1 … `copies` of every row; numbered columns count on by themselves unless named. */
export function multiplyStatement(
  { table, distinct }: MultipliedTable,
  columns: readonly ColumnRow[],
  copies: number,
): string {
  const written = columns.filter(({ name, numbered }) => !numbered || name in distinct);
  const values = written.map(({ name }) => distinct[name] ?? `t."${name}"`);
  return `INSERT INTO ${table} (${written.map(({ name }) => `"${name}"`).join(', ')})
    SELECT ${values.join(', ')} FROM ${table} AS t CROSS JOIN generate_series(1, ${copies}) AS k`;
}

/**
 * Grows tables set-wise: whatever columns a release gives them, each copy of a row differs in what must be unique and is of
 * the same size in everything else.
 */
export async function multiplyRows(
  client: pg.ClientBase,
  tables: readonly MultipliedTable[],
  copies: number,
): Promise<void> {
  if (copies === 0) return;
  await client.query('SET synchronous_commit = off');
  for (const multiplied of tables) {
    const { rows } = await client.query<ColumnRow>(
      `SELECT attname AS name, attidentity <> '' OR COALESCE(pg_get_expr(adbin, adrelid) LIKE 'nextval(%', false) AS numbered
         FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`,
      [multiplied.table],
    );
    await client.query(multiplyStatement(multiplied, rows, copies));
  }
}
