import type { Instant } from '@acogida/core';
import type { ConsentField } from '@acogida/reference';
import { consentStatusAt, type KnownConsent, namesRecipient } from './consent.ts';
import type { PersonProfile, RecipientProfile, SharingQuestion, SharingRefusal } from './sharing.ts';

/** Fields that no enforcement body is given, whatever was consented to (INV-17, domain.md §1.6). */
export const RESTRICTED_FIELDS: readonly ConsentField[] = ['NEEDS', 'HISTORY', 'NOTES'];

/** Fields that tell of an asylum procedure: return staff sees that a hold is active, no more (INV-17). */
const PROCEDURE_FIELDS: readonly ConsentField[] = ['HISTORY', 'NOTES'];

/** How long a second person's yes stands, in milliseconds. */
export const CONFIRMATION_VALID_MS = 24 * 60 * 60 * 1000;

/** Whether the States whose consulates count as of origin are known; if they are not, every consulate counts. */
function isOriginKnown({ nationalities, nationalityStatus, habitualResidence }: PersonProfile): boolean {
  switch (nationalityStatus) {
    case 'DOCUMENTED':
    case 'DECLARED':
      return nationalities.length > 0;
    case 'STATELESS':
      return habitualResidence !== null;
    case 'UNDETERMINED':
    case 'AT_RISK_OF_STATELESSNESS':
      return false;
  }
}

/**
 * Whether a recipient speaks for a country that the person left: authority or consulate of a nationality or of the habitual
 * residence. Authorities of the country where the person is are those that protect them: they are not meant, its consulates
 * cannot be there. With an origin that is not known every consulate is one of origin, and so is a public authority of which
 * nobody said of what State it is.
 */
export function isOfOrigin(recipient: RecipientProfile, person: PersonProfile): boolean {
  const { nature, authorityOf } = recipient;
  const isConsulate = nature === 'CONSULATE';
  if (authorityOf === null && (isConsulate || nature === 'PUBLIC_AUTHORITY')) return true;
  if (isConsulate && !isOriginKnown(person)) return true;
  if (authorityOf === null || (!isConsulate && authorityOf === person.presentIn)) return false;
  return person.nationalities.includes(authorityOf) || person.habitualResidence === authorityOf;
}

/**
 * The consents in force that expressly name this recipient for consular contact (INV-05). One that the recipient recorded
 * itself is its own word: it counts for nothing.
 */
function expressConsents(
  known: readonly KnownConsent[],
  recipient: RecipientProfile,
  at: Instant,
): readonly KnownConsent[] {
  return known.filter(
    (consent) =>
      consentStatusAt(consent, at) === 'GRANTED' &&
      consent.facts.basis === 'CONSENT' &&
      consent.recordedAt !== recipient.agencyId &&
      consent.facts.scope.purposes.includes('CONSULAR_CONTACT') &&
      namesRecipient(consent.facts.scope, recipient.agencyId),
  );
}

function isConfirmed(
  consent: KnownConsent,
  { askedBy }: SharingQuestion,
  { agencyId }: RecipientProfile,
  at: Instant,
): boolean {
  const now = Date.parse(at);
  return consent.confirmations.some(({ recipient, confirmedBy, confirmedAt }) => {
    const ageMs = now - Date.parse(confirmedAt);
    return recipient === agencyId && confirmedBy !== askedBy && ageMs >= 0 && ageMs < CONFIRMATION_VALID_MS;
  });
}

/** What the deny rules leave: the refusals, and the consents that may still be rested on. */
export interface DenyVerdict {
  readonly refusals: readonly SharingRefusal[];
  readonly eligible: readonly KnownConsent[];
}

/** INV-05: the country of origin is told nothing but by express consent; of an applicant, only after a second person's yes. */
function judgeOrigin(
  question: SharingQuestion,
  known: readonly KnownConsent[],
  recipient: RecipientProfile,
  person: PersonProfile,
  at: Instant,
): DenyVerdict {
  if (!isOfOrigin(recipient, person)) return { refusals: [], eligible: known };
  const express = question.purpose === 'CONSULAR_CONTACT' ? expressConsents(known, recipient, at) : [];
  if (express.length === 0) {
    return { refusals: [recipient.nature === 'CONSULATE' ? 'DENY.CONSULATE' : 'DENY.COUNTRY_OF_ORIGIN'], eligible: [] };
  }
  if (!person.isAsylumOpen) return { refusals: [], eligible: express };
  const seconded = express.filter((consent) => isConfirmed(consent, question, recipient, at));
  return { refusals: seconded.length === 0 ? ['DENY.SECOND_PERSON'] : [], eligible: seconded };
}

/** INV-17: what is restricted never reaches enforcement, and what tells of an asylum procedure never reaches return staff. */
function natureRefusals(
  { fields, isRestricted }: SharingQuestion,
  { nature }: RecipientProfile,
): readonly SharingRefusal[] {
  const holds = (closed: readonly ConsentField[]): boolean =>
    isRestricted || fields.some((field) => closed.includes(field));
  switch (nature) {
    case 'ENFORCEMENT':
      return holds(RESTRICTED_FIELDS) ? ['DENY.ENFORCEMENT'] : [];
    case 'RETURN':
      return holds(PROCEDURE_FIELDS) ? ['DENY.RETURN'] : [];
    case 'PUBLIC_AUTHORITY':
    case 'CONSULATE':
    case 'NGO':
    case 'INTERNATIONAL':
    case 'OVERSIGHT':
      return [];
  }
}

/** Every deny rule that a sharing breaks. They come before consent, before any other basis, and are never overridden. */
export function judgeDenyRules(
  question: SharingQuestion,
  known: readonly KnownConsent[],
  recipient: RecipientProfile,
  person: PersonProfile,
  at: Instant,
): DenyVerdict {
  const { refusals, eligible } = judgeOrigin(question, known, recipient, person, at);
  return { refusals: [...refusals, ...natureRefusals(question, recipient)], eligible };
}

/** Whether a refusal is a deny rule. */
export function isDenyRule(refusal: SharingRefusal): boolean {
  return refusal.startsWith('DENY.');
}
