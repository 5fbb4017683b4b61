import type { Instant } from '@acogida/core';
import type { ReferralCommand } from '../commands.ts';
import type { Referral } from '../referral.ts';
import { mergeOf } from '../refusals.ts';

/**
 * What this agency does with a referral whose consent does not stand any more: the sender takes it back, the receiver returns
 * it, or ends what it began. Null where nothing is open on its side, and for a sender that has given the case away.
 *
 * @param by this agency
 */
export function endingWithoutConsent(referral: Referral, by: string, now: Instant): ReferralCommand | null {
  const { next } = mergeOf(referral);
  switch (referral.side) {
    case 'SENDER':
      if (referral.custodyTerm !== null || !next.SENDER.includes('CANCEL')) return null;
      return { type: 'CancelReferral', by, now, reason: 'CONSENT_WITHDRAWN' };
    case 'RECEIVER':
      if (next.RECEIVER.includes('REJECT'))
        return { type: 'RejectReferral', by, now, reason: 'NO_CONSENT', alternativeAgency: null };
      if (next.RECEIVER.includes('FAIL')) return { type: 'FailReferral', by, now, reason: 'CONSENT_WITHDRAWN' };
      return null;
  }
}
