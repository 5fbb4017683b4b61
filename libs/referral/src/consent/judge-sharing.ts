import type { Instant } from '@acogida/core';
import { CONSENT_FIELDS, type ConsentField, type ConsentPurpose } from '@acogida/reference';
import { ANY_LISTED_FOR_SERVICE, consentStatusAt, type KnownConsent, namesRecipient } from './consent.ts';
import { judgeDenyRules } from './deny-rules.ts';
import type { PersonProfile, RecipientProfile, SharingQuestion, SharingRefusal, SharingVerdict } from './sharing.ts';

/** What vital interest or the best interests of a child stand in for: protection, nothing that serves anybody else. */
export const PROTECTIVE_PURPOSES: readonly ConsentPurpose[] = ['ASSISTANCE', 'REFERRAL', 'MEDICAL'];

/** From what lacks most to what lacks least: of several consents, the nearest one says what is missing. */
const FARTHEST_FIRST: readonly SharingRefusal[] = [
  ...(['CONSENT.NONE', 'CONSENT.OTHER_PURPOSE', 'CONSENT.OTHER_SERVICE', 'CONSENT.OTHER_RECIPIENT'] as const),
  ...(['CONSENT.OTHER_FIELDS', 'CONSENT.EXPIRED', 'CONSENT.WITHDRAWN'] as const),
];

/** The fields asked for that a consent covers. History from before is a field of its own, and only with `FROM_OPENING`. */
function coveredFields({ fields, history }: SharingQuestion, { facts }: KnownConsent): readonly ConsentField[] {
  const { scope } = facts;
  if (history === 'FROM_OPENING' && scope.history === 'CURRENT') return [];
  return CONSENT_FIELDS.filter((field) => fields.includes(field) && scope.fields.includes(field));
}

/** Why one consent does not allow it; null when it does. */
function refusalOf(
  question: SharingQuestion,
  consent: KnownConsent,
  { agencyId }: RecipientProfile,
  at: Instant,
): SharingRefusal | null {
  const { scope, basis } = consent.facts;
  const isFit = basis === 'CONSENT' || PROTECTIVE_PURPOSES.includes(question.purpose); // whatever another agency recorded
  if (!isFit || !scope.purposes.includes(question.purpose)) return 'CONSENT.OTHER_PURPOSE';
  const { service } = question;
  const isAnyService = scope.services.length === 0 && scope.recipients !== ANY_LISTED_FOR_SERVICE;
  if (service !== null && !isAnyService && !scope.services.includes(service)) return 'CONSENT.OTHER_SERVICE';
  const isOpenToAll = scope.recipients === ANY_LISTED_FOR_SERVICE && service !== null;
  if (!isOpenToAll && !namesRecipient(scope, agencyId)) return 'CONSENT.OTHER_RECIPIENT';
  if (coveredFields(question, consent).length === 0) return 'CONSENT.OTHER_FIELDS';
  const status = consentStatusAt(consent, at);
  if (status === 'GRANTED') return null;
  return status === 'EXPIRED' ? 'CONSENT.EXPIRED' : 'CONSENT.WITHDRAWN';
}

/** When the latest fact of these consents was recorded. */
function latestFactOf(known: readonly KnownConsent[]): Instant | null {
  const instants = known.flatMap(({ grantedAt, withdrawal }) => [grantedAt, withdrawal?.withdrawnAt ?? grantedAt]);
  return instants.sort().at(-1) ?? null;
}

function isNearer(one: SharingRefusal, other: SharingRefusal): boolean {
  return FARTHEST_FIRST.indexOf(one) > FARTHEST_FIRST.indexOf(other);
}

/** Of the consents that allow it, the one that covers most of what was asked; of equal ones, the latest. */
function judgeByConsent(
  question: SharingQuestion,
  known: readonly KnownConsent[],
  recipient: RecipientProfile,
  at: Instant,
): Pick<SharingVerdict, 'fields' | 'consentId'> | SharingRefusal {
  let best: KnownConsent | null = null;
  let nearest: SharingRefusal = 'CONSENT.NONE';
  for (const consent of known) {
    const refusal = refusalOf(question, consent, recipient, at);
    if (refusal !== null) {
      if (isNearer(refusal, nearest)) nearest = refusal;
      continue;
    }
    const gain = coveredFields(question, consent).length - (best === null ? 0 : coveredFields(question, best).length);
    if (best === null || gain > 0 || (gain === 0 && consent.grantedAt > best.grantedAt)) best = consent;
  }
  return best === null ? nearest : { fields: coveredFields(question, best), consentId: best.consentId };
}

/**
 * Whether something may be shared with a recipient at an instant, and which of the fields asked for: the deny rules first
 * (INV-05, INV-17), also where a life is at stake, then what the known consents allow (domain.md §1.3). Whoever shares
 * hands over `fields` and no more.
 *
 * @param known all consents of the case that this node knows: `knownConsents(register)`
 * @param at now
 */
export function judgeSharing(
  question: SharingQuestion,
  known: readonly KnownConsent[],
  recipient: RecipientProfile,
  person: PersonProfile,
  at: Instant,
): SharingVerdict {
  const asOf = latestFactOf(known);
  const refused = (refusals: readonly SharingRefusal[]): SharingVerdict => ({
    ...{ allowed: false, fields: [], consentId: null, refusals, asOf },
    needs: refusals.includes('DENY.SECOND_PERSON') ? ['SECOND_PERSON'] : [],
  });
  const allowed = (fields: readonly ConsentField[], consentId: string | null): SharingVerdict => ({
    ...{ allowed: true, fields, consentId, refusals: [], asOf, needs: [] },
  });

  const denied = judgeDenyRules(question, known, recipient, person, at);
  if (denied.refusals.length > 0) return refused(denied.refusals);
  if (question.basis !== 'CONSENT') {
    const isProtective = PROTECTIVE_PURPOSES.includes(question.purpose);
    const fields = CONSENT_FIELDS.filter((field) => question.fields.includes(field));
    return isProtective ? allowed(fields, null) : refused(['CONSENT.OTHER_PURPOSE']);
  }
  const judged = judgeByConsent(question, denied.eligible, recipient, at);
  return typeof judged === 'string' ? refused([judged]) : allowed(judged.fields, judged.consentId);
}
