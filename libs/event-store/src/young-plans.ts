import type { PoolClient, QueryConfig } from 'pg';

const DISCARD_PLANS: QueryConfig = { name: 'es-discard-plans', text: 'DISCARD PLANS' };

/** First after so many transactions of a connection, then each time that they have become so many times more. */
const GROWTH = 4;

const transactions = new WeakMap<PoolClient, { begun: number; next: number }>();

/**
 * What a transaction has to run first. PostgreSQL makes the plan of a prepared statement once, for tables as large as they are just
 * then: one that was made when a node was new reads all streams for each batch, until autovacuum has counted them a minute later. So
 * a connection makes its plans anew while its tables may have grown a lot: seldom, and less and less often.
 */
export function renewingPlans(client: PoolClient): readonly QueryConfig[] {
  const count = transactions.get(client) ?? { begun: 0, next: GROWTH };
  transactions.set(client, count);
  count.begun += 1;
  if (count.begun < count.next) return [];
  count.next = count.begun * GROWTH;
  return [DISCARD_PLANS];
}
