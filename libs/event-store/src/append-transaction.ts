import type { Pool, QueryConfig, QueryResult } from 'pg';
import type { ReadModelWriter, Transaction } from './port.ts';
import { runTogether } from './statement-bundle.ts';
import { borrowClient } from './transaction-scope.ts';
import { renewingPlans } from './young-plans.ts';

const BEGIN: QueryConfig = { name: 'es-begin', text: 'BEGIN' };
const COMMIT: QueryConfig = { name: 'es-commit', text: 'COMMIT' };

function configOf(statement: string | QueryConfig, values?: unknown[]): QueryConfig {
  const config = typeof statement === 'string' ? { text: statement } : statement;
  return values === undefined ? config : { ...config, values };
}

/**
 * Runs `work` in a transaction of its own that takes two round trips where `work` asks for one answer: `BEGIN` goes out with
 * the first statement, and what is given to the read models with `COMMIT`. Commits when `work` resolves, rolls back when it
 * rejects or a statement of a read model fails.
 */
export async function inAppendTransaction<T>(
  pool: Pool,
  work: (transaction: Transaction, readModels: ReadModelWriter) => Promise<T>,
): Promise<T> {
  const { client, giveBack, rollBack } = await borrowClient(pool);
  const last: QueryConfig[] = [];
  let begin: readonly QueryConfig[] = [BEGIN];
  const together = (statements: readonly QueryConfig[]): Promise<readonly QueryResult[]> => {
    const sent = begin.length === 0 ? statements : [...begin, ...renewingPlans(client), ...statements];
    begin = [];
    return runTogether(client, sent);
  };
  const query = async (statement: string | QueryConfig, values?: unknown[]): Promise<QueryResult | undefined> =>
    (await together([configOf(statement, values)])).at(-1);
  const readModels: ReadModelWriter = {
    query: async (statement, values) => void last.push(configOf(statement, values)),
  };
  try {
    const result = await work({ query } as unknown as Transaction, readModels);
    if (begin.length > 0 && last.length === 0) return result;
    const committed = (await together([...last, COMMIT])).at(-1);
    // PostgreSQL answers the commit of an aborted transaction with a rollback and no error.
    if (committed?.command !== 'COMMIT') throw new Error('the transaction was aborted');
    return result;
  } catch (error) {
    if (begin.length === 0) await rollBack();
    throw error;
  } finally {
    giveBack();
  }
}
