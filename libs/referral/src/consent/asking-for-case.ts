import type { Instant } from '@acogida/core';
import type { KnownConsent } from './consent.ts';
import { isDenyRule, isOfOrigin } from './deny-rules.ts';
import { judgeSharing } from './judge-sharing.ts';
import type { PersonProfile, RecipientProfile, SharingQuestion, SharingVerdict } from './sharing.ts';

/**
 * What it means to ask another agency for a case: it hands over no facts and no documents, but tells that the person is known
 * to whoever asks. To whoever speaks for the country of origin that is a contact with it (INV-05).
 *
 * @param askedBy token subject of whoever asks
 */
export function questionOfAsking(recipient: RecipientProfile, person: PersonProfile, askedBy: string): SharingQuestion {
  return {
    purpose: isOfOrigin(recipient, person) ? 'CONSULAR_CONTACT' : 'REFERRAL',
    ...{ fields: ['FACTS'], service: null, history: 'CURRENT', isRestricted: false, basis: 'CONSENT', askedBy },
  };
}

/**
 * Whether an agency may be asked for a case: by the deny rules. Consent is not asked for, as whoever has the case has it already;
 * but of the country of origin, which needs an express one (INV-05).
 *
 * @param known all consents of the case that this node knows: `knownConsents(register)`
 */
export function judgeAsking(
  question: SharingQuestion,
  known: readonly KnownConsent[],
  recipient: RecipientProfile,
  person: PersonProfile,
  at: Instant,
): SharingVerdict {
  const verdict = judgeSharing(question, known, recipient, person, at);
  const needsConsent = isOfOrigin(recipient, person);
  if (verdict.allowed || needsConsent || verdict.refusals.some(isDenyRule)) return verdict;
  return { ...verdict, allowed: true, refusals: [] };
}
