import type { Transaction } from '@acogida/event-store';
import { custodyProcedure, TAKEN_ON, type TransferAnswer, type TransferQuestion } from '@acogida/referral';
import { mayReadRestricted } from '../case-keys/audiences.ts';
import { LocalDirectory } from '../directory-view/local-directory.ts';
import type { NodeContext } from '../node-definition.ts';
import { standingOf } from './known-cases.ts';

/**
 * A transfer that this agency accepted and whose release it has not heard: the case may be its own at any moment. An acceptance
 * that crossed the expiry goes on.
 */
const IS_COMING = `
  SELECT EXISTS (SELECT FROM referral WHERE case_id = $1 AND direction = 'received' AND transfer AND custody_term IS NULL
                    AND request_status IN ('REQUESTED', 'EXPIRED') AND fulfilment_status = ANY ($2)) AS "isSo"`;
/** Whether this agency and another have a referral of the case between them that is served. */
const IS_SERVED = `
  SELECT EXISTS (SELECT FROM referral WHERE case_id = $1 AND CASE direction WHEN 'sent' THEN receiver ELSE sender END = $3
                    AND request_status IN ('REQUESTED', 'EXPIRED') AND fulfilment_status = ANY ($2)) AS "isSo"`;

type Lookup = Pick<Transaction, 'query'>;

async function isSo(lookup: Lookup, text: string, values: readonly unknown[]): Promise<boolean> {
  const { rows } = await lookup.query<{ readonly isSo: boolean }>(text, [...values]);
  return rows[0]?.isSo === true;
}

const isComing = (lookup: Lookup, caseId: string): Promise<boolean> => isSo(lookup, IS_COMING, [caseId, TAKEN_ON]);

/**
 * Whether an agency is told who has the case, which may tell of asylum or trafficking (INV-17): one that serves it with this agency, and never the authority of another State,
 * as the person may come from there (INV-05), nor one of which the directory has said nothing. Who has it itself is told so.
 */
async function mayBeTold(
  node: NodeContext,
  { asker, caseId }: Pick<TransferQuestion, 'asker' | 'caseId'>,
  holder: string,
  transaction: Transaction,
): Promise<boolean> {
  if (holder === asker) return true;
  const listed = await new LocalDirectory(node, transaction).agency(asker);
  if (listed === null || !mayReadRestricted(listed.nature)) return false;
  const { authorityOf, nature } = listed;
  const isAuthority = nature === 'PUBLIC_AUTHORITY' || authorityOf !== null;
  if (isAuthority && (authorityOf === null || authorityOf !== node.jurisdiction)) return false;
  return isSo(transaction, IS_SERVED, [caseId, TAKEN_ON, asker]);
}

/**
 * What is answered to a request for transfer without asking anybody, because this agency does not have the case; null where it
 * has it, or may have it, and its people decide: until a restore is attested it may have any. A case that went to the asker itself
 * was granted by that transfer.
 */
export async function answerByCustody(
  node: NodeContext,
  { caseId, asker }: Pick<TransferQuestion, 'caseId' | 'asker'>,
  transaction: Transaction,
): Promise<TransferAnswer | null> {
  if (node.awaitsAttestation?.() === true) return null;
  const declined = { granted: false, referralId: null, reason: 'NOT_THE_CUSTODIAN' } as const;
  const { state: custody } = await node.handler.load(custodyProcedure, caseId, transaction);
  if (custody === null) {
    if ((await standingOf(node, transaction, caseId)) === 'OPENED_HERE') return null;
    return (await isComing(transaction, caseId)) ? null : { ...declined, heldBy: null };
  }
  const { holder, from, referralId } = custody;
  if (holder === node.agencyId) return null;
  if (holder === asker && from === node.agencyId && referralId !== null) {
    return { granted: true, referralId, reason: null, heldBy: null };
  }
  if (holder !== asker && (await isComing(transaction, caseId))) return null;
  return { ...declined, heldBy: (await mayBeTold(node, { asker, caseId }, holder, transaction)) ? holder : null };
}
