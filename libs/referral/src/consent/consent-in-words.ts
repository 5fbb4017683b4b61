import type { ReferralRequest } from '../referral.ts';
import type { KnownConsent } from './consent.ts';
import { latestExpiry } from './consent-rules.ts';

/** The first instant of a date that may be known by its year or month only: the earliest that it can have been. */
function startOf(partialDate: string): string {
  return `${partialDate}${'-01-01'.slice(partialDate.length - 'YYYY'.length)}T00:00:00.000Z`;
}

/**
 * The consent that a referral states in its own words, as `judgeSharing` takes it, for referrals that name no recorded one:
 * to this referral alone, for its coded facts alone, and as old as it is said to be.
 *
 * @param country whose validity counts, ISO 3166-1 alpha-2; null for a regional agency
 */
export function consentInWords(
  request: Pick<
    ReferralRequest,
    'referralId' | 'caseId' | 'sender' | 'receiver' | 'service' | 'consent' | 'requestedAt'
  >,
  country: string | null,
): KnownConsent {
  const { referralId, caseId, sender, receiver, service, consent, requestedAt } = request;
  const { basis, form, givenBy, language, grantedOn } = consent;
  const grantedAt = grantedOn === null ? requestedAt : startOf(grantedOn);
  return {
    ...{ consentId: referralId, status: 'GRANTED', recordedAt: sender, withdrawal: null, confirmations: [], grantedAt },
    facts: {
      ...{ consentId: referralId, caseId, basis, form, givenBy, language, interpretation: null },
      ...{ childAssent: 'NOT_APPLICABLE', expiresAt: latestExpiry(country, grantedAt) },
      scope: {
        ...{ purposes: ['REFERRAL'], fields: ['FACTS'], recipients: [receiver], services: [service] },
        history: 'CURRENT',
      },
    },
  };
}
