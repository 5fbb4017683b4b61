import { DomainError } from '@acogida/core';
import type { ReferralRequest } from '@acogida/referral';
import type { ReferralSending } from './referral-sending.ts';

/** What `ReferralSending` makes a request of. */
type RequestBody = Parameters<ReferralSending['prepare']>[0];

/** What is said anew where a request goes to another agency. */
export interface Restated {
  readonly receiver: string;
  /** Of `consentId` and `consent` one, or none: the same consent is to allow it. */
  readonly consentId?: string | undefined;
  readonly consent?: RequestBody['consent'] | undefined;
  readonly overrideReason?: RequestBody['overrideReason'] | undefined;
}

function sameConsent({ consent, receiver }: ReferralRequest, to: string): Pick<RequestBody, 'consentId' | 'consent'> {
  const { consentId, overriddenFor: _, ...words } = consent;
  if (consentId !== undefined) return { consentId };
  // Words were said of one receiver; a recorded consent says itself for whom it is.
  if (words.basis === 'CONSENT' && receiver !== to) {
    const message = 'the consent was stated for another receiver: name a recorded one, or state it anew';
    throw new DomainError('CONSENT.OTHER_RECIPIENT', 'conflict', message, { refusals: ['CONSENT.OTHER_RECIPIENT'] });
  }
  return { consent: words };
}

/**
 * A request as it would be asked of a receiver now, within the same consent unless another is said.
 *
 * @throws DomainError CONSENT.OTHER_RECIPIENT
 */
export function askedAnew(request: ReferralRequest, restated: Restated): RequestBody {
  const { caseId, service, urgency, reason, transfer, groupId, facts, attachments } = request;
  const { receiver, consentId, consent, overrideReason } = restated;
  const isRestated = consentId !== undefined || consent !== undefined;
  const allowing = isRestated
    ? { ...(consentId !== undefined && { consentId }), ...(consent !== undefined && { consent }) }
    : sameConsent(request, receiver);
  return {
    ...{ caseId, receiver, service, urgency, reason, transfer, groupId },
    facts: { ...facts, nationalities: [...facts.nationalities], ageBand: facts.ageBand && { ...facts.ageBand } },
    attachments: attachments.map((attachment) => ({ ...attachment })),
    ...allowing,
    ...(overrideReason !== undefined && { overrideReason }),
  };
}
