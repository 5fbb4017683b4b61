import type { ReferralFacts } from '@acogida/referral';

/**
 * Injection token of the service's `CaseFacts`, its register. A service that provides it fills in the facts of a request that
 * names none; without it, and of a case that it does not have, they are what the referrals told by which the case came
 * (`FactsOnRecord`).
 */
export const CASE_FACTS = Symbol('acogida.case-facts');

/** What a service knows of a case for a referral. */
export interface CaseFacts {
  /** Null when the case is not known here. */
  factsOf(caseId: string): Promise<ReferralFacts | null>;
}

/** Nothing is known of the person: doubt on age means child (INV-08). */
export const NOTHING_KNOWN: ReferralFacts = {
  sex: 'UNKNOWN',
  ageStatus: 'DISPUTED',
  ageBand: null,
  nationalities: [],
  nationalityStatus: 'UNDETERMINED',
};
