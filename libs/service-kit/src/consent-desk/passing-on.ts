import { passedOnTo } from '@acogida/referral';
import { type ReferralsFrom, referralsFrom } from '../circle-care/referrals-of-case.ts';

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
  from: ReferralsFrom,
  { caseId, ...withdrawal }: WithdrawalHeard,
): Promise<readonly string[]> {
  return passedOnTo(await referralsFrom(from, caseId), withdrawal);
}
