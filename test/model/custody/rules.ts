import { consentDecider, custodyDecider, referralDecider } from '@acogida/referral';

/** What nodes do beside what the deciders decide. */
export type NodeRule =
  /** What was decided on an older version is not written. */
  | 'CHECKS_VERSION'
  /** A release is recorded in the custody of the case as well, in the same transaction. */
  | 'RECORDS_RELEASE'
  /** A release between others is kept while it is not known whose the case was. */
  | 'KEEPS_OVERHEARD'
  /** A succession that was ordered counts for a case that is heard of later, too. */
  | 'REMEMBERS_SUCCESSION'
  /** A withdrawal ends the referrals that rest on the consent. */
  | 'ENDS_WITHOUT_CONSENT'
  /** A request that comes after the withdrawal of its consent is returned. */
  | 'RETURNS_LATE_REQUEST'
  /** Whoever is named in a consent answers its withdrawal. */
  | 'ANSWERS_WITHDRAWAL';

/** What decides: the real deciders and the rules of nodes, or the same with one guard taken away. */
export interface Rules {
  readonly decideReferral: typeof referralDecider.decide;
  readonly decideCustody: typeof custodyDecider.decide;
  readonly decideConsent: typeof consentDecider.decide;
  readonly broken: NodeRule | null;
}

/** Everything as it is. */
export const REAL_RULES: Rules = {
  decideReferral: referralDecider.decide.bind(referralDecider),
  decideCustody: custodyDecider.decide.bind(custodyDecider),
  decideConsent: consentDecider.decide.bind(consentDecider),
  broken: null,
};
