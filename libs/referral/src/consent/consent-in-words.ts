import type { ReferralRequest } from '../referral.ts';
import type { ConsentRegister, KnownConsent } from './consent.ts';
import { latestExpiry } from './consent-rules.ts';

/** The first instant of a date that may be known by its year or month only: the earliest that it can have been. */
function startOf(partialDate: string): string {
  return `${partialDate}${'-01-01'.slice(partialDate.length - 'YYYY'.length)}T00:00:00.000Z`;
}

/**
 * The consent that a referral states in its own words, as `judgeSharing` takes it, for referrals that name no recorded one:
 * to this referral alone, for what it hands over alone, and as old as it is said to be, never younger than the referral. A
 * withdrawal of every consent of the case is one of it too, unless it was surely given later; one of an unknown day, or of a
 * day that had not come yet, was not.
 *
 * @param country whose validity counts, ISO 3166-1 alpha-2; null for a regional agency
 */
export function consentInWords(
  request: Pick<
    ReferralRequest,
    'referralId' | 'caseId' | 'sender' | 'receiver' | 'service' | 'consent' | 'attachments' | 'requestedAt'
  >,
  country: string | null,
  { withdrawnAll }: Pick<ConsentRegister, 'withdrawnAll'>,
): KnownConsent {
  const { referralId, caseId, sender, receiver, service, consent, attachments, requestedAt } = request;
  const { basis, form, givenBy, childAssent = 'NOT_APPLICABLE', language, interpretation = null, grantedOn } = consent;
  const saidAt = grantedOn === null ? null : startOf(grantedOn);
  const isDayKnown = saidAt !== null && saidAt <= requestedAt;
  const grantedAt = isDayKnown ? saidAt : requestedAt;
  const isWithdrawn = withdrawnAll !== null && (!isDayKnown || grantedAt <= withdrawnAll.withdrawnAt);
  return {
    ...{ consentId: referralId, status: isWithdrawn ? 'WITHDRAWN' : 'GRANTED', recordedAt: sender, grantedAt },
    ...{ withdrawal: isWithdrawn ? withdrawnAll : null, confirmations: [] },
    facts: {
      ...{ consentId: referralId, caseId, basis, form, givenBy, childAssent, language, interpretation },
      ...{ expiresAt: latestExpiry(country, grantedAt) },
      scope: {
        ...{ purposes: ['REFERRAL'], recipients: [receiver], services: [service], history: 'CURRENT' },
        fields: attachments.length > 0 ? ['DOCUMENTS', 'FACTS'] : ['FACTS'],
      },
    },
  };
}
