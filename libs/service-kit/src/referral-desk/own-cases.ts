import type { Instant } from '@acogida/core';
import type { AnyProcedure, Transaction } from '@acogida/event-store';
import type { ProcedureHandler } from '../procedure-handler.ts';

/** The first that a service's own procedure recorded of a case. */
export interface OwnRecord {
  /** Position in the node's store: a whole number, as text. */
  readonly position: string;
  readonly recordedAt: Instant;
  /** Whether people of this agency began it; not so where it was noted because another agency said something of the person. */
  readonly isOwnAct: boolean;
}

/** What a service's own procedures have of a case, whose id is in lower case; null where they have nothing of it. */
export type OwnCases = (
  lookup: Pick<Transaction, 'query'>,
  caseId: string,
  node: { readonly agencyId: string; readonly handler: Pick<ProcedureHandler, 'load'> },
) => Promise<OwnRecord | null>;

/** Where a service keeps of which case its procedures are. */
export interface OwnCasesTable {
  /** Read model with the case in `case_id`, filled in the append transaction. */
  readonly table: string;
  /** Its column with the id of the procedure's stream. */
  readonly idColumn: string;
  readonly procedure: Pick<AnyProcedure, 'name'>;
}

const NAME = /^[a-z][a-z0-9_]*$/;

/**
 * The cases of a service by the read model of its procedure, which only people of the agency begin.
 *
 * @throws RangeError table or column is no name of ours
 */
export function casesIn({ table, idColumn, procedure }: OwnCasesTable): OwnCases {
  if (!NAME.test(table) || !NAME.test(idColumn)) throw new RangeError('not the name of a table or column');
  const text = `
    SELECT opened.position, opened.recorded_at AS "recordedAt"
      FROM ${table} AS own JOIN es.event AS opened ON opened.stream = $2::text || own.${idColumn} AND opened.version = 1
     WHERE own.case_id = $1
     ORDER BY opened.position
     LIMIT 1`;
  return async (lookup, caseId) => {
    const { rows } = await lookup.query<Omit<OwnRecord, 'isOwnAct'>>(text, [caseId, `${procedure.name}-`]);
    return rows[0] === undefined ? null : { ...rows[0], isOwnAct: true };
  };
}
