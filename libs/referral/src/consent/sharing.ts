import type { Instant } from '@acogida/core';
import type {
  AgencyNature,
  ConsentBasis,
  ConsentField,
  ConsentHistory,
  ConsentPurpose,
  NationalityStatus,
  ReferralService,
} from '@acogida/reference';

/** What is about to be shared, for what, and by whom. */
export interface SharingQuestion {
  readonly purpose: ConsentPurpose;
  readonly fields: readonly ConsentField[];
  /** The service asked for; null where the purpose is not `REFERRAL`. */
  readonly service: ReferralService | null;
  readonly history: ConsentHistory;
  /** Holds content of an asylum or trafficking procedure, or of a survivor (INV-17), whatever its fields are called. */
  readonly isRestricted: boolean;
  /** `CONSENT` is looked up among the known consents; another basis stands in for it, for protection only. */
  readonly basis: ConsentBasis;
  /** Token subject of whoever wants to share: never the second person (INV-05). */
  readonly askedBy: string;
}

/** Who would get it, from the directory. */
export interface RecipientProfile {
  readonly agencyId: string;
  readonly nature: AgencyNature;
  /** State whose authority or consulate it is, ISO 3166-1 alpha-2; null for others. */
  readonly authorityOf: string | null;
}

/** What the deny rules need to know of the person. Where something is not known, say so: doubt denies. */
export interface PersonProfile {
  /** ISO 3166-1 alpha-2. */
  readonly nationalities: readonly string[];
  readonly nationalityStatus: NationalityStatus;
  /** Country of habitual residence, ISO 3166-1 alpha-2. */
  readonly habitualResidence: string | null;
  /** Country where the person is: its protection authorities are not those of the country that was left. */
  readonly presentIn: string | null;
  /** An intent to seek asylum was expressed, or a claim is open (H-02, H-03, H-04). */
  readonly isAsylumOpen: boolean;
}

/** Why something must not be shared. A `DENY.…` is never overridden. */
export type SharingRefusal =
  | 'CONSENT.NONE'
  | 'CONSENT.EXPIRED'
  | 'CONSENT.WITHDRAWN'
  | 'CONSENT.OTHER_RECIPIENT'
  | 'CONSENT.OTHER_PURPOSE'
  | 'CONSENT.OTHER_SERVICE'
  | 'CONSENT.OTHER_FIELDS'
  | 'DENY.COUNTRY_OF_ORIGIN'
  | 'DENY.CONSULATE'
  | 'DENY.ENFORCEMENT'
  | 'DENY.RETURN'
  | 'DENY.SECOND_PERSON';

/** The judgement on a sharing. */
export interface SharingVerdict {
  readonly allowed: boolean;
  /** What may be shared of what was asked, in the order of the code list; nothing where it is not allowed. */
  readonly fields: readonly ConsentField[];
  /** The consent it rests on; null where it is not allowed, or rests on another basis. */
  readonly consentId: string | null;
  /** Empty exactly when it is allowed: deny rules before consent. */
  readonly refusals: readonly SharingRefusal[];
  /** When the latest fact was recorded that the verdict rests on; null when nothing is known. Its age is shown. */
  readonly asOf: Instant | null;
  /** What is missing that people of this agency can still add. */
  readonly needs: readonly 'SECOND_PERSON'[];
}
