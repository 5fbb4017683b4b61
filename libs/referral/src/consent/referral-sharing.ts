import type { Instant } from '@acogida/core';
import type { AttachmentKind, ConsentField, ReferralReason, ReferralService } from '@acogida/reference';
import type { ReferralRequest } from '../referral.ts';
import {
  type ConsentRegister,
  type ConsentScope,
  consentOf,
  consentStatusAt,
  type KnownConsent,
  knownConsents,
} from './consent.ts';
import { consentInWords } from './consent-in-words.ts';
import { isOfOrigin } from './deny-rules.ts';
import { judgeSharing } from './judge-sharing.ts';
import type { PersonProfile, RecipientProfile, SharingQuestion, SharingRefusal, SharingVerdict } from './sharing.ts';

/** What of a referral says what is shared with whom, and what allows it. */
export type SharedReferral = Pick<
  ReferralRequest,
  'referralId' | 'caseId' | 'sender' | 'receiver' | 'service' | 'reason' | 'consent' | 'attachments' | 'requestedAt'
>;

/** Services and reasons that tell of themselves that somebody seeks asylum or may have been trafficked (INV-17). */
const TELLING_SERVICES: readonly ReferralService[] = ['ASYLUM', 'TRAFFICKING_SCREENING'];
const TELLING_REASONS: readonly ReferralReason[] = ['ASYLUM_INTENT', 'TRAFFICKING_SUSPECTED'];

/** Whether a referral tells of an asylum or trafficking procedure, whatever is attached to it (INV-17). */
export function isTelling({ service, reason }: Pick<SharedReferral, 'service' | 'reason'>): boolean {
  return TELLING_SERVICES.includes(service) || TELLING_REASONS.includes(reason);
}

/** Whether a consent names a service that tells of it. */
export function isTellingConsent({ services }: Pick<ConsentScope, 'services'>): boolean {
  return services.some((service) => TELLING_SERVICES.includes(service));
}

/** Documents that hold needs, health or history, whatever is in them this time (domain.md §1.6). */
const RESTRICTED_ATTACHMENTS: readonly AttachmentKind[] = ['PROFILE_SHEET', 'ASSESSMENT', 'MEDICAL_REPORT'];

/**
 * Whether a referral holds what is kept from a recipient (INV-17): what tells of a procedure, and for enforcement documents too.
 * Return staff may be handed a report on the fitness to travel.
 */
function isRestrictedFor(
  referral: Pick<SharedReferral, 'service' | 'reason' | 'attachments'>,
  { nature }: RecipientProfile,
): boolean {
  if (isTelling(referral)) return true;
  return nature === 'ENFORCEMENT' && referral.attachments.some(({ kind }) => RESTRICTED_ATTACHMENTS.includes(kind));
}

/** What a referral hands over: its coded facts, and the documents it points to. */
export function fieldsOfReferral({ attachments }: Pick<SharedReferral, 'attachments'>): readonly ConsentField[] {
  return attachments.length > 0 ? ['DOCUMENTS', 'FACTS'] : ['FACTS'];
}

/**
 * What sending a referral to a recipient means. To whoever speaks for the country of origin it is a contact with it, whatever
 * it asks for (INV-05).
 *
 * @param askedBy token subject of whoever sends it
 */
export function questionOfReferral(
  referral: Pick<SharedReferral, 'service' | 'reason' | 'consent' | 'attachments'>,
  recipient: RecipientProfile,
  person: PersonProfile,
  askedBy: string,
): SharingQuestion {
  const isContact = isOfOrigin(recipient, person);
  return {
    purpose: isContact ? 'CONSULAR_CONTACT' : 'REFERRAL',
    service: isContact ? null : referral.service,
    fields: fieldsOfReferral(referral),
    ...{ history: 'CURRENT', isRestricted: isRestrictedFor(referral, recipient) },
    ...{ basis: referral.consent.basis, askedBy },
  };
}

/** The consents that a referral may rest on: the recorded one that it names, else what it states in its own words. */
function consentsFor(
  referral: SharedReferral,
  register: ConsentRegister,
  country: string | null,
): readonly KnownConsent[] {
  const { consentId } = referral.consent;
  if (consentId === undefined) return [consentInWords(referral, country, register)];
  return knownConsents(register).filter((known) => known.consentId === consentId);
}

/**
 * Whether a referral may be sent: deny rules first, also where a life is at stake (INV-05, INV-17), then the consent that it
 * names or states, for all that it hands over (domain.md §1.3).
 *
 * @param register the consents of the case as this node knows them
 * @param country of the agency that sends, whose validity of consents counts; null for a regional agency
 * @param askedBy token subject of whoever sends it
 */
export function judgeReferral(
  referral: SharedReferral,
  {
    register,
    recipient,
    person,
    country,
    askedBy,
    at,
  }: {
    readonly register: ConsentRegister;
    readonly recipient: RecipientProfile;
    readonly person: PersonProfile;
    readonly country: string | null;
    readonly askedBy: string;
    readonly at: Instant;
  },
): SharingVerdict {
  const question = questionOfReferral(referral, recipient, person, askedBy);
  const verdict = judgeSharing(question, consentsFor(referral, register, country), recipient, person, at);
  if (!verdict.allowed || verdict.fields.length === question.fields.length) return verdict;
  return { ...verdict, allowed: false, fields: [], consentId: null, refusals: ['CONSENT.OTHER_FIELDS'] };
}

/** Why the consent of a referral that was sent does not stand any more; null when it does. */
export type FallenConsent = Extract<SharingRefusal, 'CONSENT.EXPIRED' | 'CONSENT.WITHDRAWN'>;

function fallenAs(status: string): FallenConsent | null {
  if (status === 'WITHDRAWN') return 'CONSENT.WITHDRAWN';
  return status === 'EXPIRED' ? 'CONSENT.EXPIRED' : null;
}

/**
 * Whether what allowed a referral was withdrawn or has come to its end since, as far as this node knows. One that rests on
 * another basis, or was shared past a missing consent, does not fall with a consent. A recorded consent that was not heard of
 * here stands by the words of the referral.
 *
 * @param country of the agency that sent it
 */
export function fallenConsentOf(
  referral: SharedReferral,
  register: ConsentRegister,
  country: string | null,
  at: Instant,
): FallenConsent | null {
  const { consentId, basis, overriddenFor } = referral.consent;
  if (overriddenFor !== undefined) return null;
  const record = consentId === undefined ? undefined : consentOf(register, consentId);
  if (record !== undefined && (record.facts !== null || record.withdrawal !== null))
    return fallenAs(consentStatusAt(record, at));
  if (basis !== 'CONSENT') return null;
  return fallenAs(consentStatusAt(consentInWords(referral, country, register), at));
}
