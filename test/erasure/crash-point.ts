import { eventually, type TestDatabase } from '@acogida/testing';
import type { PoolClient } from 'pg';

/** Advisory lock that whoever comes to a point waits for. */
const WAITING = 4_711;
const REACHED_WITHIN_MS = 30_000;

/**
 * Where the transactions of a node wait for their end: with the first event of this type on an erasure, the end of an old key, or a
 * row that is added to a read model.
 */
export type Crossing =
  { readonly event: string } | { readonly removed: 'keys.kek' } | { readonly added: 'public.consent' };

/**
 * A place where a node waits with everything written and nothing committed, so that it can be crashed there. A crash after the
 * commit before it leaves the same behind.
 */
export class CrashPoint {
  readonly #database: TestDatabase;
  readonly #holder: PoolClient;
  readonly #table: string;

  private constructor(database: TestDatabase, holder: PoolClient, table: string) {
    this.#database = database;
    this.#holder = holder;
    this.#table = table;
  }

  /** Has the node on a database wait there from now on. */
  static async arm(database: TestDatabase, crossing: Crossing): Promise<CrashPoint> {
    const holder = await database.pool.connect();
    holder.on('error', () => {}); // the crash ends it as well
    await holder.query('SELECT pg_advisory_lock($1)', [WAITING]);
    await holder.query(`
      CREATE OR REPLACE FUNCTION public.wait_to_be_crashed() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM pg_advisory_xact_lock(${WAITING});
        RETURN NULL;
      END $$`);
    const [table, happens] = occasionOf(crossing);
    await holder.query(
      `CREATE TRIGGER wait_to_be_crashed AFTER ${happens} EXECUTE FUNCTION public.wait_to_be_crashed()`,
    );
    return new CrashPoint(database, holder, table);
  }

  /** Lets whoever waits there go on. */
  async open(): Promise<void> {
    await this.#holder.query('SELECT pg_advisory_unlock($1)', [WAITING]);
  }

  /** Resolves when somebody waits there. */
  async reached(): Promise<void> {
    await eventually(async () => {
      const { rows } = await this.#database.pool.query(
        `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = $1
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
        [WAITING],
      );
      if (rows.length === 0) throw new Error('nobody came to the point');
    }, REACHED_WITHIN_MS);
  }

  /** Nobody waits from now on. */
  async disarm(): Promise<void> {
    this.#holder.release(true);
    await this.#database.pool.query(`DROP TRIGGER wait_to_be_crashed ON ${this.#table}`);
  }
}

/** The table, and what happens to it. */
function occasionOf(crossing: Crossing): readonly [table: string, happens: string] {
  if ('added' in crossing) return [crossing.added, `INSERT ON ${crossing.added} FOR EACH ROW`];
  if ('removed' in crossing) return [crossing.removed, `DELETE ON ${crossing.removed} FOR EACH ROW`];
  const isIt = `NEW.stream LIKE 'erasure-%' AND NEW.type = '${crossing.event}'`;
  return ['es.event', `INSERT ON es.event FOR EACH ROW WHEN (${isIt})`];
}
