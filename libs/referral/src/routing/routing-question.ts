import type { AgencyListedV2Data, AgreementListedV1Data, ServiceListedV2Data } from '@acogida/contracts';
import type { Instant } from '@acogida/core';
import type { AgeBand, AgeStatus, ConsentBasis, ProfileStage, ReferralService, Sex, Urgency } from '@acogida/reference';

/** What eligibility is judged on: coded facts, never identity. */
export interface RoutedPerson {
  readonly sex: Sex;
  readonly ageStatus: AgeStatus;
  /** Null when nothing but the age status is known. */
  readonly ageBand: AgeBand | null;
  /** ISO 3166-1 alpha-2; empty while undetermined, and for the stateless. */
  readonly nationalities: readonly string[];
  /** Null when it is not known. */
  readonly stage: ProfileStage | null;
  /** ISO 639-3; empty when not known. */
  readonly languages: readonly string[];
}

/** Who can take this referral? */
export interface RoutingQuestion {
  readonly service: ReferralService;
  readonly person: RoutedPerson;
  /** Members of the family who should stay together with the person (INV-24). */
  readonly family: readonly RoutedPerson[];
  /** Where the person is, ISO 3166-1 alpha-2. */
  readonly country: string;
  /** Part of the country, as service areas name it; null when it does not matter or is not known. */
  readonly area: string | null;
  readonly urgency: Urgency;
  /** What allows sharing (domain.md §1.3). */
  readonly basis: ConsentBasis;
  /** Agency that refers. */
  readonly from: string;
  readonly at: Instant;
  /** Agencies that were asked before and are not to be asked again. */
  readonly exclude: readonly string[];
}

/** An agency, a service and an agreement as the directory publishes them. */
export type KnownAgency = AgencyListedV2Data;
/** As `KnownAgency`. */
export type KnownService = ServiceListedV2Data;
/** As `KnownAgency`. */
export type KnownAgreement = AgreementListedV1Data;

/** What is known of the directory when the question is asked. */
export interface DirectoryView {
  readonly agencies: readonly KnownAgency[];
  readonly services: readonly KnownService[];
  readonly agreements: readonly KnownAgreement[];
}

/** Whether an agency may be told of the person at all. Refusals are codes; those of a deny rule begin with `DENY.` */
export interface RecipientVerdict {
  readonly allowed: boolean;
  readonly refusals: readonly string[];
}

/** Judges an agency by consent and deny rules. */
export type VerdictOf = (agencyId: string) => RecipientVerdict;

/** Why a service cannot take the referral, in the order in which they are told. */
export const CANNOT_REASONS = [
  /** It is another kind of service. */
  'OTHER_SERVICE',
  /** It is of the agency that refers. */
  'OWN_SERVICE',
  /** The agency or the service does not take part now. */
  'NOT_ACTIVE',
  /** It does not serve where the person is. */
  'OUT_OF_AREA',
  'AGE',
  'SEX',
  'NATIONALITY',
  'STAGE',
  /** An interpreter does not speak the person's language. */
  'LANGUAGE',
  /** It does not open before the referral must have been acknowledged. */
  'CLOSED_NOW',
  'FULL',
  /** No agreement in force lets the two refer to each other. */
  'NO_AGREEMENT',
  /** A deny rule: no consent changes it here. */
  'DENIED_RECIPIENT',
  'CONSENT',
  'TRIED_BEFORE',
] as const;
/** One of `CANNOT_REASONS`. */
export type CannotReason = (typeof CANNOT_REASONS)[number];

/** What whoever sends should know although the service can take the referral, in the order in which they are told. */
export const ROUTING_WARNINGS = [
  /** It would separate the family: to be sent with one of `FAMILY_SEPARATION_REASONS` only (INV-24). */
  'SEPARATES_FAMILY',
  'WAITLISTED',
  /** Nobody there is known to speak a language of the person. */
  'INTERPRETER_NEEDED',
  /** It is limited by what is not known of the person, so it has to be asked. */
  'AREA_TO_CONFIRM',
  'AGE_TO_CONFIRM',
  'SEX_TO_CONFIRM',
  'NATIONALITY_TO_CONFIRM',
  'STAGE_TO_CONFIRM',
  /** It goes without an agreement, because a life depends on it. */
  'WITHOUT_AGREEMENT',
] as const;
/** One of `ROUTING_WARNINGS`. */
export type RoutingWarning = (typeof ROUTING_WARNINGS)[number];

/** A service, and whether it can take the referral. */
export interface Candidate {
  readonly agencyId: string;
  readonly serviceId: string;
  readonly can: boolean;
  /** All that stand against it; empty exactly when it can. */
  readonly reasons: readonly CannotReason[];
  readonly warnings: readonly RoutingWarning[];
  /** 1 for the first to ask, then 2, 3 …; null when it cannot. */
  readonly rank: number | null;
  /** When its capacity was as it is known; null when that was never told. */
  readonly capacityUpdated: Instant | null;
}
