import { type Referral, referralProcedure } from '@acogida/referral';
import type { KeyTurn } from '../case-keys/key-turn.ts';

/** The referrals of a case that this node knows, as they stand in the transaction of the turn; first those that were there first. */
export async function referralsOfCase(
  { node, transaction }: Pick<KeyTurn, 'node' | 'transaction'>,
  caseId: string,
): Promise<readonly Referral[]> {
  const { rows } = await transaction.query<{ id: string }>({
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
