import type { Transaction } from '@acogida/event-store';
import { type ConsentRegister, consentOf } from '@acogida/referral';
import type { ReturnApplication } from '../domain/return-case-events.ts';
import type { ReturnStage } from '../domain/return-case-state.ts';

const OF_CASE = `
  SELECT return_case_id AS id FROM return_case WHERE case_id = $1 AND stage NOT IN ('DEPARTED', 'DECLINED') ORDER BY 1`;

/** Ids of the return cases of a person that have not ended. */
export async function openReturnCases(
  lookup: Pick<Transaction, 'query'>,
  caseId: string | null,
): Promise<readonly string[]> {
  const { rows } = await lookup.query<{ id: string }>(OF_CASE, [caseId]);
  return rows.map(({ id }) => id);
}

const OTHERS_AT = `
  SELECT return_case_id AS id FROM return_case WHERE case_id = $1 AND return_case_id <> $2 AND stage = ANY($3) ORDER BY 1`;

/** Ids of the person's other return cases that have come to one of these stages. */
export async function otherReturnCases(
  lookup: Pick<Transaction, 'query'>,
  { caseId, returnCaseId }: Pick<ReturnApplication, 'caseId' | 'returnCaseId'>,
  stages: readonly ReturnStage[],
): Promise<readonly string[]> {
  const { rows } = await lookup.query<{ id: string }>(OTHERS_AT, [caseId, returnCaseId, stages]);
  return rows.map(({ id }) => id);
}

/**
 * Whether whoever withdraws this consent does not want to return: one that was for returning, or with null every one there is. One of which
 * nobody here knows yet what it was for may have been: the person is asked again, rather than taken away.
 */
export function isForReturning(register: ConsentRegister, consentId: string | null): boolean {
  const facts = consentId === null ? null : (consentOf(register, consentId)?.facts ?? null);
  return facts === null || facts.scope.purposes.includes('RETURN');
}
