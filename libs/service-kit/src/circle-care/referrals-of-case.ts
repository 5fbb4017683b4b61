import type { Transaction } from '@acogida/event-store';
import { type Referral, referralProcedure } from '@acogida/referral';
import type { KeyTurn } from '../case-keys/key-turn.ts';
import type { NodeContext } from '../node-definition.ts';

/** Where referrals are looked up, and in which transaction they are read: as they are committed, when it is left out. */
export interface ReferralsFrom {
  readonly node: Pick<NodeContext, 'handler'>;
  readonly lookup: Pick<Transaction, 'query'>;
  readonly transaction?: Transaction | undefined;
}

/** The referrals of a case that this node knows; first those that were there first. */
export async function referralsFrom(
  { node, lookup, transaction }: ReferralsFrom,
  caseId: string,
): Promise<readonly Referral[]> {
  const { rows } = await lookup.query<{ id: string }>({
    name: 'referrals-of-case',
    text: 'SELECT referral_id AS id FROM referral WHERE case_id = $1 ORDER BY requested_at, referral_id',
    values: [caseId],
  });
  const referrals: Referral[] = [];
  for (const { id } of rows) {
    const { state } = await node.handler.load(referralProcedure, id, transaction);
    if (state !== null) referrals.push(state);
  }
  return referrals;
}

/** The same, as they stand in the transaction of the turn. */
export function referralsOfCase(
  { node, transaction }: Pick<KeyTurn, 'node' | 'transaction'>,
  caseId: string,
): Promise<readonly Referral[]> {
  return referralsFrom({ node, lookup: transaction, transaction }, caseId);
}
