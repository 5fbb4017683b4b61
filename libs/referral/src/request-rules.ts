import { DomainError } from '@acogida/core';
import { isAgencyId, isCountry, isLanguage, isPartialDate, isTreatedAsChild } from '@acogida/reference';
import { requireGiver } from './consent/consent-rules.ts';
import type { Attachment, ReferralConsent, ReferralFacts } from './referral.ts';

/** Adulthood begins at this age, in completed years (domain.md §2.5). */
const ADULT_FROM_YEARS = 18;

function refuse(code: string, message: string): never {
  throw new DomainError(code, 'invalid', message);
}

/** Who is asked. @throws DomainError REFERRAL.TO_SELF, REFERRAL.RECEIVER_MALFORMED */
export function requireOtherAgency(sender: string, receiver: string): void {
  if (!isAgencyId(receiver)) refuse('REFERRAL.RECEIVER_MALFORMED', 'the receiver is not an agency identifier');
  if (receiver === sender) refuse('REFERRAL.TO_SELF', 'an agency does not refer to itself');
}

/**
 * What allows the sharing (domain.md §1.3). A consent says who gave it and, where its form is on record, in which language
 * (INV-18); the best interests of a child speak for a child only, doubt on age included (INV-08). One that is only stated is
 * given as a recorded one is: for a child by its guardian, with its assent.
 *
 * @param takenOver the case comes from an earlier register: only then may the form of a consent not be on record
 * @throws DomainError REFERRAL.CONSENT_…, REFERRAL.NOT_A_CHILD, and what `requireGiver` refuses
 */
export function requireConsent(consent: ReferralConsent, facts: ReferralFacts, takenOver: boolean): void {
  const { basis, form, givenBy, language, grantedOn, consentId } = consent;
  if (language !== null && !isLanguage(language))
    refuse('REFERRAL.CONSENT_LANGUAGE_MALFORMED', 'not an ISO 639-3 code');
  if (grantedOn !== null && !isPartialDate(grantedOn)) refuse('REFERRAL.CONSENT_DATE_MALFORMED', 'not a partial date');
  if (basis === 'BEST_INTERESTS_OF_CHILD' && !isTreatedAsChild(facts.ageStatus)) {
    refuse('REFERRAL.NOT_A_CHILD', 'the best interests of a child are a basis for a child only');
  }
  if (basis !== 'CONSENT') return;
  if (givenBy === 'NOT_APPLICABLE') refuse('REFERRAL.CONSENT_GIVER_MISSING', 'a consent says who gave it');
  const isTakenOver = takenOver || consentId !== undefined; // what a recorded one may lack was judged when it was recorded
  if (form === 'NOT_RECORDED' && !isTakenOver)
    refuse('REFERRAL.CONSENT_FORM_MISSING', 'say in which form it was given');
  if (form !== 'NOT_RECORDED' && language === null) {
    refuse('REFERRAL.CONSENT_LANGUAGE_MISSING', 'a recorded consent says in which language it was given');
  }
  if (consentId === undefined) {
    const { childAssent = 'NOT_APPLICABLE' } = consent;
    requireGiver({ givenBy, childAssent }, facts.ageStatus, takenOver && form === 'NOT_RECORDED');
  }
}

/**
 * Coded facts. Nobody is passed on as an adult whose age band reaches below 18: doubt on age is a child (INV-08).
 *
 * @throws DomainError REFERRAL.NATIONALITY_UNKNOWN, REFERRAL.AGE_BAND_INVERTED, REFERRAL.AGE_IN_DOUBT
 */
export function requireFacts(facts: ReferralFacts): void {
  if (!facts.nationalities.every(isCountry)) refuse('REFERRAL.NATIONALITY_UNKNOWN', 'not an ISO 3166-1 code');
  const from = facts.ageBand?.fromYears ?? null;
  const to = facts.ageBand?.toYears ?? null;
  if (from !== null && to !== null && from > to)
    refuse('REFERRAL.AGE_BAND_INVERTED', 'an age band goes from low to high');
  if (facts.ageStatus === 'ADULT' && facts.ageBand !== null && (from === null || from < ADULT_FROM_YEARS))
    refuse('REFERRAL.AGE_IN_DOUBT', 'an adult is surely 18 or older; doubt is DISPUTED');
}

/** Documents that are pointed to, each once. @throws DomainError REFERRAL.ATTACHED_TWICE */
export function requireAttachments(attachments: readonly Attachment[]): void {
  const ids = new Set(attachments.map(({ attachmentId }) => attachmentId.toLowerCase()));
  if (ids.size !== attachments.length) refuse('REFERRAL.ATTACHED_TWICE', 'a document is attached once');
}
