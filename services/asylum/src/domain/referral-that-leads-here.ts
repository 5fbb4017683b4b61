import { DomainError } from '@acogida/core';
import type { ReferralState } from '@acogida/referral';

/**
 * An application names a referral only when this agency received and accepted it, for the same person and for asylum. Without
 * one it is a direct filing, which nothing bars.
 *
 * @throws DomainError ASYLUM.REFERRAL_UNKNOWN, ASYLUM.REFERRAL_OF_OTHER_CASE, ASYLUM.REFERRAL_NOT_ACCEPTED
 */
export function assertReferralLeadsHere(referral: ReferralState, caseId: string): void {
  if (referral === null || referral.side !== 'RECEIVER') {
    throw new DomainError('ASYLUM.REFERRAL_UNKNOWN', 'not-found', 'no such referral was received here');
  }
  if (referral.request.caseId !== caseId || referral.request.service !== 'ASYLUM') {
    throw new DomainError('ASYLUM.REFERRAL_OF_OTHER_CASE', 'invalid', 'the referral is not for asylum in this case');
  }
  if (referral.status !== 'ACCEPTED' && referral.status !== 'COMPLETED') {
    throw new DomainError('ASYLUM.REFERRAL_NOT_ACCEPTED', 'conflict', 'accept the referral first');
  }
}
