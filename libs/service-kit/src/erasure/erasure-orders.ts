import type { InlineProjection, RecordedEvent, Transaction } from '@acogida/event-store';
import type { ErasureEvent } from './erasure-events.ts';
import { erasureProcedure } from './erasure-procedure.ts';

const STREAM_PREFIX = `${erasureProcedure.name}-`;

function rowOf({ stream, type, data }: RecordedEvent): readonly object[] {
  if (!stream.startsWith(STREAM_PREFIX)) return [];
  const event = { type, data } as unknown as ErasureEvent;
  if (event.type !== 'ErasureOrdered' && event.type !== 'OrderNoted') return [];
  const { erasureId, caseId, orderedBy, orderedAt } = event.data;
  const order = { erasure_id: erasureId, case_id: caseId, ordered_by: orderedBy, ordered_at: orderedAt };
  return [{ ...order, is_own: event.type === 'ErasureOrdered' }];
}

/** Keeps the table `erasure_order`. */
export const erasureOrderProjection: InlineProjection = {
  name: 'erasure-orders',
  async apply(events, transaction) {
    const rows = events.flatMap(rowOf);
    if (rows.length === 0) return;
    await transaction.query(
      `INSERT INTO erasure_order SELECT * FROM jsonb_populate_recordset(NULL::erasure_order, $1::jsonb)
       ON CONFLICT DO NOTHING`,
      [JSON.stringify(rows)],
    );
  },
  async reset(transaction) {
    await transaction.query('TRUNCATE erasure_order');
  },
};

/** The case of an order that this agency gave; null where it gave none of this id. */
export async function caseOfOwnOrder(transaction: Transaction, erasureId: string): Promise<string | null> {
  const { rows } = await transaction.query<{ caseId: string }>(
    'SELECT case_id::text AS "caseId" FROM erasure_order WHERE erasure_id = $1 AND is_own',
    [erasureId],
  );
  return rows[0]?.caseId ?? null;
}

/** Cases with orders before an instant, the latest first: at most `limit`, each once. */
export async function orderedCases(
  transaction: Transaction,
  { before, limit }: { readonly before: string | null; readonly limit: number },
): Promise<readonly { readonly caseId: string; readonly orderedAt: string }[]> {
  const { rows } = await transaction.query<{ caseId: string; orderedAt: string }>(
    `SELECT case_id::text AS "caseId", min(ordered_at) AS "orderedAt" FROM erasure_order
     GROUP BY case_id HAVING $1::text IS NULL OR min(ordered_at) < $1 ORDER BY 2 DESC, 1 DESC LIMIT $2`,
    [before, limit],
  );
  return rows;
}
