import type { Transaction } from '@acogida/event-store';
import { passedOnTo, type Referral, referralProcedure } from '@acogida/referral';
import type { NodeContext } from '../node-definition.ts';
import type { ReferralLookup } from './referrals-without-consent.ts';

/** A withdrawal that this agency hears of, or that is lodged with it. */
export interface WithdrawalHeard {
  readonly caseId: string;
  /** Null: every consent of the case. */
  readonly consentId: string | null;
  /** Who said it; null where it is lodged here. */
  readonly from: string | null;
}

/** Whom this agency passes a withdrawal on to, by its referrals as they stand (`passedOnTo`). */
export async function passingOn(
  { handler }: Pick<NodeContext, 'handler'>,
  lookup: ReferralLookup,
  { caseId, ...withdrawal }: WithdrawalHeard,
  transaction?: Transaction,
): Promise<readonly string[]> {
  const { rows } = await lookup.query('SELECT referral_id FROM referral WHERE case_id = $1 ORDER BY 1', [caseId]);
  const referrals: Referral[] = [];
  for (const { referral_id: id } of rows) {
    const { state } = await handler.load(referralProcedure, id, transaction);
    if (state !== null) referrals.push(state);
  }
  return passedOnTo(referrals, withdrawal);
}
