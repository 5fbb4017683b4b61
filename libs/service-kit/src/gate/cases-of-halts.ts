import type { InlineProjection, RecordedEvent, Transaction } from '@acogida/event-store';
import { type GateEvent, gateProcedure, type HoldLedgerEvent, holdLedgerProcedure } from '@acogida/safeguards';

type Asked = Extract<GateEvent, { readonly type: 'ClearanceAsked' }>['data'];
type Placed = Extract<HoldLedgerEvent, { readonly type: 'HoldPlaced' }>['data'];

/** What an id is of. */
type CaseOf = readonly [id: string, caseId: string];

const ASKED = {
  name: 'cases-of-halts-asked',
  text: 'INSERT INTO asked_clearance SELECT * FROM unnest($1::uuid[], $2::uuid[]) ON CONFLICT (clearance_id) DO NOTHING',
};
const PLACED = {
  name: 'cases-of-halts-placed',
  text: 'INSERT INTO own_hold SELECT * FROM unnest($1::uuid[], $2::uuid[]) ON CONFLICT (hold_id) DO NOTHING',
};

function dataOf<T>(events: readonly RecordedEvent[], procedure: string, type: string): readonly T[] {
  const found = events.filter((event) => event.type === type && event.stream.startsWith(`${procedure}-`));
  return found.map(({ data }) => data as unknown as T);
}

async function write(
  transaction: Parameters<InlineProjection['apply']>[1],
  statement: typeof ASKED,
  rows: readonly CaseOf[],
): Promise<void> {
  if (rows.length === 0) return;
  await transaction.query({ ...statement, values: [rows.map(([id]) => id), rows.map(([, caseId]) => caseId)] });
}

/**
 * Keeps the tables `asked_clearance` and `own_hold` in the append transaction, set-wise. Somebody may be found to have left long
 * after: rows go with their case.
 */
export const casesOfHaltsProjection: InlineProjection = {
  name: 'cases-of-halts',
  async apply(events, transaction) {
    const asked = dataOf<Asked>(events, gateProcedure.name, 'ClearanceAsked').flatMap(({ caseId, asked: all }) =>
      all.map(({ clearanceId }): CaseOf => [clearanceId, caseId]),
    );
    const placed = dataOf<Placed>(events, holdLedgerProcedure.name, 'HoldPlaced').map(({ holdId, caseId }): CaseOf => [
      holdId,
      caseId,
    ]);
    await write(transaction, ASKED, asked);
    await write(transaction, PLACED, placed);
  },
  async reset(transaction) {
    await transaction.query('TRUNCATE asked_clearance, own_hold');
  },
  async forget(transaction, caseId) {
    const asked = await transaction.query('DELETE FROM asked_clearance WHERE case_id = $1', [caseId]);
    const placed = await transaction.query('DELETE FROM own_hold WHERE case_id = $1', [caseId]);
    return (asked.rowCount ?? 0) + (placed.rowCount ?? 0);
  },
};

/** Cases of the own gate for which any of these clearances were asked. */
export async function casesAskedFor(
  transaction: Pick<Transaction, 'query'>,
  clearanceIds: readonly string[],
): Promise<readonly string[]> {
  if (clearanceIds.length === 0) return [];
  const { rows } = await transaction.query<{ caseId: string }>({
    name: 'cases-of-halts-asked-for',
    text: 'SELECT DISTINCT case_id::text AS "caseId" FROM asked_clearance WHERE clearance_id = ANY($1::uuid[])',
    values: [clearanceIds],
  });
  return rows.map(({ caseId }) => caseId);
}

/** The case that a hold of this agency is of; null where there is no such hold. */
export async function caseOfOwnHold(transaction: Pick<Transaction, 'query'>, holdId: string): Promise<string | null> {
  const { rows } = await transaction.query<{ caseId: string }>({
    name: 'cases-of-halts-own-hold',
    text: 'SELECT case_id::text AS "caseId" FROM own_hold WHERE hold_id = $1',
    values: [holdId],
  });
  return rows[0]?.caseId ?? null;
}
