import { DomainError, type Instant, isInstant } from '@acogida/core';
import {
  addDays,
  type AgeStatus,
  calendarDateIn,
  CONSENT_FIELDS,
  CONSENT_PURPOSES,
  type ConsentPurpose,
  countryParameters,
  isAgencyId,
  isLanguage,
  isTreatedAsChild,
  REFERRAL_SERVICES,
} from '@acogida/reference';
import { ANY_LISTED_FOR_SERVICE, type ConsentFacts, type ConsentScope, type Holdings } from './consent.ts';
import { PROTECTIVE_PURPOSES } from './judge-sharing.ts';

/** Purposes for which a consent names each recipient: nobody consents to whoever may come. */
export const NAMED_ONLY_PURPOSES: readonly ConsentPurpose[] = [
  ...(['CONSULAR_CONTACT', 'LAW_ENFORCEMENT_COOPERATION', 'DATA_SHARING_REGIONAL'] as const),
  ...(['RETURN', 'MEDIA', 'RESEARCH'] as const),
];

const CALENDAR_DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

function refuse(code: string, message: string): never {
  throw new DomainError(`CONSENT.${code}`, 'invalid', message);
}

function hasRepetition(list: readonly string[]): boolean {
  return new Set(list).size !== list.length;
}

/**
 * What a consent may cover (domain.md §1.3).
 *
 * @throws DomainError CONSENT.PURPOSE_MISSING, FIELD_MISSING, RECIPIENT_MISSING, RECIPIENT_MALFORMED, RECIPIENT_NOT_NAMED,
 * SERVICE_MISSING, SERVICE_WITHOUT_REFERRAL, REPEATED
 */
export function requireScope({ purposes, fields, recipients, services }: ConsentScope): void {
  if (purposes.length === 0) refuse('PURPOSE_MISSING', 'a consent says what it is for');
  if (fields.length === 0) refuse('FIELD_MISSING', 'a consent says what may be shared');
  if (services.length > 0 && !purposes.includes('REFERRAL'))
    refuse('SERVICE_WITHOUT_REFERRAL', 'services are named for a referral');
  if ([purposes, fields, services].some(hasRepetition)) refuse('REPEATED', 'a code is named once');
  if (recipients === ANY_LISTED_FOR_SERVICE) {
    if (services.length === 0) refuse('SERVICE_MISSING', 'name the services, or the recipients');
    if (purposes.some((purpose) => NAMED_ONLY_PURPOSES.includes(purpose)))
      refuse('RECIPIENT_NOT_NAMED', 'this purpose needs a consent that names its recipients');
    return;
  }
  if (recipients.length === 0) refuse('RECIPIENT_MISSING', 'a consent says who may be told');
  if (!recipients.every(isAgencyId)) refuse('RECIPIENT_MALFORMED', 'a recipient is not an agency identifier');
  if (hasRepetition(recipients)) refuse('REPEATED', 'a recipient is named once');
}

/** The scope with its codes in the order of the code lists and its recipients in that of the alphabet: equal ones look equal. */
export function inOrder({ purposes, fields, recipients, services, history }: ConsentScope): ConsentScope {
  return {
    purposes: CONSENT_PURPOSES.filter((purpose) => purposes.includes(purpose)),
    fields: CONSENT_FIELDS.filter((field) => fields.includes(field)),
    recipients: recipients === ANY_LISTED_FOR_SERVICE ? recipients : [...recipients].sort(),
    services: REFERRAL_SERVICES.filter((service) => services.includes(service)),
    history,
  };
}

function isSubset(part: readonly string[], whole: readonly string[]): boolean {
  return part.every((one) => whole.includes(one));
}

/** A person may give less than was asked; what was not explained to them cannot be recorded. @throws DomainError CONSENT.MORE_THAN_ASKED */
export function requireWithin(given: ConsentScope, asked: ConsentScope): void {
  const { recipients } = asked;
  const within =
    isSubset(given.purposes, asked.purposes) &&
    isSubset(given.fields, asked.fields) &&
    isSubset(given.services, asked.services) &&
    (recipients === ANY_LISTED_FOR_SERVICE ||
      (given.recipients !== ANY_LISTED_FOR_SERVICE && isSubset(given.recipients, recipients))) &&
    (asked.history === 'FROM_OPENING' || given.history === 'CURRENT');
  if (!within) refuse('MORE_THAN_ASKED', 'the person was asked for less than this');
}

/** Language and interpretation of what was said (INV-18). @throws DomainError CONSENT.LANGUAGE_MISSING, LANGUAGE_MALFORMED */
export function requireLanguage({ language, interpretation }: Pick<ConsentFacts, 'language' | 'interpretation'>): void {
  if (language === null || interpretation === null)
    refuse('LANGUAGE_MISSING', 'record the language and how it was interpreted');
  if (!isLanguage(language)) refuse('LANGUAGE_MALFORMED', 'not an ISO 639-3 code');
}

/**
 * A child's guardian consents and the child agrees (domain.md §1.3); doubt on age is a child (INV-08). An earlier register may
 * say neither: then what it says is taken over.
 *
 * @param isUnsaid the earlier register does not tell how it was given
 * @throws DomainError CONSENT.GIVER_MISSING, GUARDIAN_MISSING, ASSENT_MISSING, CHILD_DOES_NOT_ASSENT, ASSENT_OF_ADULT
 */
export function requireGiver(
  { givenBy, childAssent }: Pick<ConsentFacts, 'givenBy' | 'childAssent'>,
  ageStatus: AgeStatus,
  isUnsaid: boolean,
): void {
  if (givenBy === 'NOT_APPLICABLE') refuse('GIVER_MISSING', 'a consent says who gave it');
  if (isUnsaid && childAssent === 'NOT_APPLICABLE') return;
  if (!isTreatedAsChild(ageStatus)) {
    if (childAssent !== 'NOT_APPLICABLE') refuse('ASSENT_OF_ADULT', 'an adult does not assent, but consents');
    return;
  }
  if (givenBy !== 'GUARDIAN')
    refuse('GUARDIAN_MISSING', 'a guardian consents for a child, or its best interests stand');
  if (childAssent === 'NO') refuse('CHILD_DOES_NOT_ASSENT', 'the child does not agree');
  if (childAssent === 'NOT_APPLICABLE') refuse('ASSENT_MISSING', 'say whether the child agrees');
}

/** Vital interest and the best interests of a child allow protection only, and nobody is said to have consented. */
function requireOtherBasis({ basis, givenBy, scope }: ConsentFacts, ageStatus: AgeStatus): void {
  if (givenBy !== 'NOT_APPLICABLE') refuse('GIVER_OF_OTHER_BASIS', 'only a consent has somebody who gave it');
  if (basis === 'BEST_INTERESTS_OF_CHILD' && !isTreatedAsChild(ageStatus))
    refuse('NOT_A_CHILD', 'the best interests of a child are a basis for a child only');
  if (!isSubset(scope.purposes, PROTECTIVE_PURPOSES))
    refuse('BASIS_UNFIT', 'without consent only protection is allowed');
}

/**
 * How a consent was given (domain.md §1.3, INV-18).
 *
 * @param takenOver the case comes from an earlier register: only then may form and language not be on record
 * @throws DomainError CONSENT.… for a giver, form, language, assent or basis that does not fit
 */
export function requireGiving(facts: ConsentFacts, ageStatus: AgeStatus, takenOver: boolean): void {
  if (facts.basis !== 'CONSENT') return requireOtherBasis(facts, ageStatus);
  requireGiver(facts, ageStatus, takenOver && facts.form === 'NOT_RECORDED');
  if (facts.form === 'NOT_RECORDED') {
    if (!takenOver) refuse('FORM_MISSING', 'say in which form it was given');
    if (facts.language !== null && !isLanguage(facts.language)) refuse('LANGUAGE_MALFORMED', 'not an ISO 639-3 code');
    return undefined;
  }
  return requireLanguage(facts);
}

/**
 * The last instant of the longest validity in a country (domain.md §3): the end of its last day.
 *
 * @param country ISO 3166-1 alpha-2; null for a regional agency
 */
export function latestExpiry(country: string | null, now: Instant): Instant {
  const place = country ?? '';
  const from = calendarDateIn(place, now);
  return `${addDays({ from, ...countryParameters(place, from).consentValidFor, country: place })}T23:59:59.999Z`;
}

/**
 * When it ends: as said, or as late as the country allows.
 *
 * @throws DomainError CONSENT.EXPIRY_MALFORMED, EXPIRY_PAST, EXPIRY_TOO_LATE
 */
export function expiryFor(asked: Instant | null, country: string | null, now: Instant): Instant {
  const latest = latestExpiry(country, now);
  if (asked === null) return latest;
  if (!isInstant(asked)) refuse('EXPIRY_MALFORMED', 'it ends on a day of the calendar');
  if (asked <= now) refuse('EXPIRY_PAST', 'a consent ends after it is given');
  if (asked > latest) refuse('EXPIRY_TOO_LATE', 'a consent is asked anew before it gets as old as that');
  return asked;
}

/** What an agency says it kept and destroyed. @throws DomainError CONSENT.HOLDINGS_CONTRADICT, RETENTION_UNTIL_MALFORMED */
export function requireHoldings({ destroyed, retained }: Holdings): void {
  const kept = retained.map(({ category }) => category);
  if (hasRepetition([...destroyed, ...kept])) refuse('HOLDINGS_CONTRADICT', 'each category is named once');
  if (retained.some(({ until }) => until !== null && !CALENDAR_DATE.test(until)))
    refuse('RETENTION_UNTIL_MALFORMED', 'until is a calendar date');
}
