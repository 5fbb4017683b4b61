import type { Pool } from 'pg';
import type { EventStore, InlineProjection } from './port.ts';
import { inTransaction } from './transaction-scope.ts';

/**
 * Empties inline read models and replays the node's whole history into them, in one transaction. Appends wait meanwhile:
 * the heads are locked against change first, so the replay ends exactly where the next append goes on. Readers keep seeing
 * the old rows until the commit. What was erased is left out: a read model says nothing of it any more. Takes two connections
 * of the pool, and a third while keys are looked for.
 */
export async function rebuildInlineProjections(
  store: Pick<EventStore, 'readAll'>,
  projections: readonly InlineProjection[],
  pool: Pool,
): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query('LOCK TABLE es.stream IN SHARE MODE');
    // Tables grow from nothing within the transaction: a plan that was right for the first page is not for the last.
    await client.query('SET LOCAL plan_cache_mode = force_custom_plan');
    for (const projection of projections) await projection.reset(client);
    for await (const page of store.readAll()) {
      const events = page.filter(({ erased }) => erased !== true);
      for (const projection of projections) await projection.apply(events, client);
    }
  });
}
