import type { InlineProjection, Transaction } from './port.ts';

/**
 * Deletes the rows of a case from a read model: what `forget` of most projections is.
 *
 * @param table with a column `case_id`; never what somebody typed in
 */
export function forgetRowsOf(table: string): Required<Pick<InlineProjection, 'forget'>> {
  return {
    forget: async (transaction: Transaction, caseId: string) =>
      (await transaction.query(`DELETE FROM ${table} WHERE case_id = $1`, [caseId])).rowCount ?? 0,
  };
}
