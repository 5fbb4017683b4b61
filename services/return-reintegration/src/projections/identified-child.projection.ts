import type { ChildIdentifiedV1Data, ContractType } from '@acogida/contracts';
import type { ContractProjection, ReceivedEvent } from '@acogida/event-log';
import { forgetRowsOf, type Transaction } from '@acogida/event-store';
import type { CareStatus } from '@acogida/reference';
import { gravestOf } from '../domain/children.ts';

interface Row {
  readonly case_id: string;
  readonly care_status: CareStatus;
}

function rowOf({ payload: { type, caseId, data } }: ReceivedEvent): readonly Row[] {
  if (type !== 'ChildIdentified' || caseId === null) return [];
  const { careStatus } = data as unknown as ChildIdentifiedV1Data;
  return [{ case_id: caseId, care_status: careStatus }];
}

const INSERT = `
  INSERT INTO identified_child (case_id, care_status)
  SELECT DISTINCT case_id, care_status FROM jsonb_populate_recordset(NULL::identified_child, $1::jsonb)
  ON CONFLICT DO NOTHING`;

/** Children that other agencies identified, in the table `identified_child`: all that was said of one, in whatever order it came. */
export const identifiedChildProjection: ContractProjection = {
  name: 'identified-children',
  types: new Set(['ChildIdentified'] satisfies ContractType[]),
  async apply({ opened }, transaction) {
    const rows = opened.flatMap(rowOf);
    if (rows.length > 0) await transaction.query(INSERT, [JSON.stringify(rows)]);
  },
  async reset(transaction) {
    await transaction.query('TRUNCATE identified_child');
  },
  ...forgetRowsOf('identified_child'),
};

/** With whom a child of the case is, as others said; the gravest of it (INV-08). Null where nobody spoke of a child. */
export async function identifiedChild(lookup: Pick<Transaction, 'query'>, caseId: string): Promise<CareStatus | null> {
  const { rows } = await lookup.query<Row>('SELECT care_status FROM identified_child WHERE case_id = $1', [caseId]);
  return gravestOf(rows.map(({ care_status }) => care_status));
}
