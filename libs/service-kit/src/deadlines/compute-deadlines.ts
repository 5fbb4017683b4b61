import { inTransaction, StreamCorruptedError, StreamErasedError, type Transaction } from '@acogida/event-store';
import type { Pool } from 'pg';
import type { ProcedureHandler } from '../procedure-handler.ts';
import type { AnyDeadlineRule, DeadlineStore, StreamDeadlines } from './port.ts';
import { openDeadlines, type RuleCatalogue } from './rule-catalogue.ts';

/** Streams of one transaction: commands on them wait until it ends. */
const PAGE_SIZE = 50;

/** What computing deadlines needs. */
export interface DeadlineComputation {
  readonly pool: Pool;
  readonly store: DeadlineStore;
  readonly catalogue: RuleCatalogue;
  readonly handler: Pick<ProcedureHandler, 'load'>;
  /** Told of a stream that is left out because its chain does not hold: every command on it is refused as well. */
  readonly onCorrupted?: (error: StreamCorruptedError) => void;
  /** Ends it between two pages; it then begins anew the next time. */
  readonly signal?: AbortSignal;
}

/**
 * Computes what stands open on the streams that are there already, for each rule that is new or whose revision is: streams
 * that move meanwhile say it by themselves. Does nothing the second time.
 *
 * @throws what the database throws
 */
export async function computeDeadlines(computation: DeadlineComputation): Promise<void> {
  const { pool, catalogue, signal } = computation;
  const { rows } = await pool.query<{ procedure: string; revision: number }>('SELECT * FROM deadline.computed');
  const computed = new Map(rows.map(({ procedure, revision }) => [procedure, revision]));
  for (const rule of catalogue.rules) {
    if (computed.get(rule.procedure.name) === rule.revision) continue;
    let after: string | undefined = `${rule.procedure.name}-`;
    while (after !== undefined) {
      if (signal?.aborted === true) return;
      after = await computePage(computation, rule, after);
    }
    await pool.query(
      `INSERT INTO deadline.computed VALUES ($1, $2)
       ON CONFLICT (procedure) DO UPDATE SET revision = EXCLUDED.revision`,
      [rule.procedure.name, rule.revision],
    );
  }
}

/** Locks the heads of a page of streams and computes those; gives back its last stream, undefined after the last page. */
async function computePage(
  computation: DeadlineComputation,
  rule: AnyDeadlineRule,
  after: string,
): Promise<string | undefined> {
  const { pool, store } = computation;
  return inTransaction(pool, async (transaction) => {
    const { rows } = await transaction.query<{ name: string }>(
      `SELECT name FROM es.stream WHERE name > $1 AND name < $2 ORDER BY name LIMIT ${PAGE_SIZE} FOR SHARE`,
      [after, `${rule.procedure.name}.`], // the first name after all that begin with `<procedure>-`
    );
    const streams: StreamDeadlines[] = [];
    for (const { name } of rows) streams.push(...(await computeStream(computation, rule, name, transaction)));
    await store.replace(streams, transaction);
    return rows.length < PAGE_SIZE ? undefined : rows.at(-1)?.name;
  });
}

/** None for a stream of a procedure with a longer name, and for one that cannot be read, or was erased: the others must not wait for it. */
async function computeStream(
  { catalogue, handler, onCorrupted }: DeadlineComputation,
  rule: AnyDeadlineRule,
  stream: string,
  transaction: Transaction,
): Promise<readonly StreamDeadlines[]> {
  const owner = catalogue.ownerOf(stream);
  if (owner?.rule !== rule) return [];
  try {
    const loaded: { readonly state: unknown } = await handler.load(rule.procedure, owner.id, transaction);
    return [{ stream, open: openDeadlines(rule, loaded.state) }];
  } catch (error) {
    if (error instanceof StreamErasedError) return [];
    if (!(error instanceof StreamCorruptedError)) throw error;
    onCorrupted?.(error);
    return [];
  }
}
