import { StreamMovedError, type Transaction } from '@acogida/event-store';
import { type HoldLedger, type HoldLedgerCommandOf, openHolds } from '@acogida/safeguards';
import { type CommandsBeside, type NodeContext, openHoldsElsewhere } from '@acogida/service-kit';
import { childCaseProcedure } from '../child-case.procedure.ts';
import type { ChildCase } from '../domain/child-case-state.ts';
import { HOLDS_OF_CHILD } from '../domain/closing.ts';
import { childAuthorities } from './child-authorities.ts';

type HandOver = HoldLedgerCommandOf<'HandOverHold'>;

/** Another authority for children that has said that its H-10 stands. */
export type NextAuthority = HandOver['to'];

/** Who else holds the child for its best interests, as far as this node has heard; null where nobody does whom gates here ask. */
export async function heldElsewhere(
  node: Pick<NodeContext, 'agencyId' | 'jurisdiction' | 'members'>,
  lookup: Pick<Transaction, 'query'>,
  caseId: string,
): Promise<NextAuthority | null> {
  const mandated = await childAuthorities(node, lookup);
  const heard = await openHoldsElsewhere(node, lookup, caseId);
  const next = heard.find(({ authority, kind }) => kind === 'CHILD_NO_BID' && mandated.includes(authority));
  return next === undefined ? null : { authority: next.authority, kind: 'CHILD_NO_BID', mandated };
}

/** The authority for children that referred the child here: it is told which holds stand, so that it may hand its own over. */
export async function referringAuthority(
  node: Pick<NodeContext, 'agencyId' | 'jurisdiction' | 'members'>,
  lookup: Pick<Transaction, 'query'>,
  caseId: string,
): Promise<{ readonly referredBy?: string }> {
  const { rows } = await lookup.query<{ sender: string }>(
    `SELECT sender FROM referral WHERE case_id = $1 AND direction = 'received' AND service = 'CHILD_PROTECTION'
     ORDER BY requested_at DESC, referral_id`,
    [caseId],
  );
  if (rows.length === 0) return {};
  const authorities = await childAuthorities(node, lookup);
  const referrer = rows.find(({ sender }) => authorities.includes(sender));
  return referrer === undefined ? {} : { referredBy: referrer.sender };
}

/** Hands H-10 and H-11 over to whoever holds the child now, as H-02 to H-03: no moment is without a hold (INV-11). */
export function handingOver(
  ledger: HoldLedger,
  to: NextAuthority,
  acting: Pick<HandOver, 'by' | 'reading' | 'now' | 'officer'>,
): readonly HandOver[] {
  return openHolds(ledger)
    .filter(({ kind }) => HOLDS_OF_CHILD.some((one) => one === kind))
    .map(({ holdId }) => ({ type: 'HandOverHold', ...acting, holdId, to }));
}

/**
 * INV-11: goes with each hold that is handed over. Nothing is done to the case, which guards it: where the child is taken up again
 * meanwhile, nothing is handed over.
 */
export function whileTransferred(id: string): () => Promise<readonly CommandsBeside[]> {
  const commands = ({ closing }: ChildCase): readonly never[] => {
    if (closing?.reason !== 'TRANSFERRED') throw new StreamMovedError(`${childCaseProcedure.name}-${id}`, null);
    return [];
  };
  return () => Promise.resolve([{ procedure: childCaseProcedure, id, commands }]);
}
