import type pg from 'pg';

/** What moves by itself (jobs, heartbeats of the own log), and where refusals are kept and told. */
const LEFT_OUT = ['inbox.kept', 'inbox.source_cursor'];
const LEFT_OUT_SCHEMAS = ['graphile_worker', 'relay', 'pg_catalog', 'information_schema', 'pg_toast'];

/** Every row of every table of a node but those left out: `schema.table` → rows as text, sorted. */
export async function dumpOf(pool: pg.Pool): Promise<ReadonlyMap<string, readonly string[]>> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND NOT n.nspname = ANY ($1) ORDER BY 1`,
    [LEFT_OUT_SCHEMAS],
  );
  const dump = new Map<string, readonly string[]>();
  for (const { name } of tables.filter((table) => !LEFT_OUT.includes(table.name))) {
    const { rows } = await pool.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t ORDER BY 1`);
    dump.set(
      name,
      rows.map(({ row }) => row),
    );
  }
  return dump;
}
