// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

import { type AgencyKeyListedV1Data, agencyKeyListedV1Schema } from './agency-key-listed.v1.ts';
import { type AgencyListedV1Data, agencyListedV1Schema } from './agency-listed.v1.ts';
import { type ApplicationLodgedV1Data, applicationLodgedV1Schema } from './application-lodged.v1.ts';
import { type ApplicationRegisteredV1Data, applicationRegisteredV1Schema } from './application-registered.v1.ts';
import { type AsylumIntentExpressedV1Data, asylumIntentExpressedV1Schema } from './asylum-intent-expressed.v1.ts';
import { type CaseOpenedV1Data, caseOpenedV1Schema } from './case-opened.v1.ts';
import { type ChildIdentifiedV1Data, childIdentifiedV1Schema } from './child-identified.v1.ts';
import { type FocalPointDesignatedV1Data, focalPointDesignatedV1Schema } from './focal-point-designated.v1.ts';
import { type ImmediateSafetySecuredV1Data, immediateSafetySecuredV1Schema } from './immediate-safety-secured.v1.ts';
import { type IncarnationStartedV1Data, incarnationStartedV1Schema } from './incarnation-started.v1.ts';
import { type PersonRegisteredV1Data, personRegisteredV1Schema } from './person-registered.v1.ts';
import { type ReferralAcceptedV1Data, referralAcceptedV1Schema } from './referral-accepted.v1.ts';
import { type ReferralAcknowledgedV1Data, referralAcknowledgedV1Schema } from './referral-acknowledged.v1.ts';
import { type ReferralCompletedV1Data, referralCompletedV1Schema } from './referral-completed.v1.ts';
import { type ReferralRejectedV1Data, referralRejectedV1Schema } from './referral-rejected.v1.ts';
import { type ReferralRequestedV1Data, referralRequestedV1Schema } from './referral-requested.v1.ts';
import {
  type RightsInformationProvidedV1Data,
  rightsInformationProvidedV1Schema,
} from './rights-information-provided.v1.ts';
import { type ScreeningConductedV1Data, screeningConductedV1Schema } from './screening-conducted.v1.ts';
import { type ServiceListedV1Data, serviceListedV1Schema } from './service-listed.v1.ts';
import {
  type TraffickingIndicatorFlaggedV1Data,
  traffickingIndicatorFlaggedV1Schema,
} from './trafficking-indicator-flagged.v1.ts';
import {
  type TraffickingOutcomeRecordedV1Data,
  traffickingOutcomeRecordedV1Schema,
} from './trafficking-outcome-recorded.v1.ts';
import { type UrgentNeedsScreenedV1Data, urgentNeedsScreenedV1Schema } from './urgent-needs-screened.v1.ts';

/** Every contract event: its class, the version written today, and the schema of every version ever written. */
export const contractCatalogue = {
  AgencyKeyListed: { class: 'directory', currentVersion: 1, schemas: { 1: agencyKeyListedV1Schema } },
  AgencyListed: { class: 'directory', currentVersion: 1, schemas: { 1: agencyListedV1Schema } },
  ApplicationLodged: { class: 'procedure', currentVersion: 1, schemas: { 1: applicationLodgedV1Schema } },
  ApplicationRegistered: { class: 'procedure', currentVersion: 1, schemas: { 1: applicationRegisteredV1Schema } },
  AsylumIntentExpressed: { class: 'case', currentVersion: 1, schemas: { 1: asylumIntentExpressedV1Schema } },
  CaseOpened: { class: 'case', currentVersion: 1, schemas: { 1: caseOpenedV1Schema } },
  ChildIdentified: { class: 'case', currentVersion: 1, schemas: { 1: childIdentifiedV1Schema } },
  FocalPointDesignated: { class: 'directory', currentVersion: 1, schemas: { 1: focalPointDesignatedV1Schema } },
  ImmediateSafetySecured: { class: 'procedure', currentVersion: 1, schemas: { 1: immediateSafetySecuredV1Schema } },
  IncarnationStarted: { class: 'directory', currentVersion: 1, schemas: { 1: incarnationStartedV1Schema } },
  PersonRegistered: { class: 'case', currentVersion: 1, schemas: { 1: personRegisteredV1Schema } },
  ReferralAccepted: { class: 'referral', currentVersion: 1, schemas: { 1: referralAcceptedV1Schema } },
  ReferralAcknowledged: { class: 'referral', currentVersion: 1, schemas: { 1: referralAcknowledgedV1Schema } },
  ReferralCompleted: { class: 'referral', currentVersion: 1, schemas: { 1: referralCompletedV1Schema } },
  ReferralRejected: { class: 'referral', currentVersion: 1, schemas: { 1: referralRejectedV1Schema } },
  ReferralRequested: { class: 'referral', currentVersion: 1, schemas: { 1: referralRequestedV1Schema } },
  RightsInformationProvided: { class: 'case', currentVersion: 1, schemas: { 1: rightsInformationProvidedV1Schema } },
  ScreeningConducted: { class: 'procedure', currentVersion: 1, schemas: { 1: screeningConductedV1Schema } },
  ServiceListed: { class: 'directory', currentVersion: 1, schemas: { 1: serviceListedV1Schema } },
  TraffickingIndicatorFlagged: {
    class: 'case',
    currentVersion: 1,
    schemas: { 1: traffickingIndicatorFlaggedV1Schema },
  },
  TraffickingOutcomeRecorded: {
    class: 'procedure',
    currentVersion: 1,
    schemas: { 1: traffickingOutcomeRecordedV1Schema },
  },
  UrgentNeedsScreened: { class: 'case', currentVersion: 1, schemas: { 1: urgentNeedsScreenedV1Schema } },
} as const;

/** Data of the current version of every contract event. */
export type ContractDataByType = {
  readonly AgencyKeyListed: AgencyKeyListedV1Data;
  readonly AgencyListed: AgencyListedV1Data;
  readonly ApplicationLodged: ApplicationLodgedV1Data;
  readonly ApplicationRegistered: ApplicationRegisteredV1Data;
  readonly AsylumIntentExpressed: AsylumIntentExpressedV1Data;
  readonly CaseOpened: CaseOpenedV1Data;
  readonly ChildIdentified: ChildIdentifiedV1Data;
  readonly FocalPointDesignated: FocalPointDesignatedV1Data;
  readonly ImmediateSafetySecured: ImmediateSafetySecuredV1Data;
  readonly IncarnationStarted: IncarnationStartedV1Data;
  readonly PersonRegistered: PersonRegisteredV1Data;
  readonly ReferralAccepted: ReferralAcceptedV1Data;
  readonly ReferralAcknowledged: ReferralAcknowledgedV1Data;
  readonly ReferralCompleted: ReferralCompletedV1Data;
  readonly ReferralRejected: ReferralRejectedV1Data;
  readonly ReferralRequested: ReferralRequestedV1Data;
  readonly RightsInformationProvided: RightsInformationProvidedV1Data;
  readonly ScreeningConducted: ScreeningConductedV1Data;
  readonly ServiceListed: ServiceListedV1Data;
  readonly TraffickingIndicatorFlagged: TraffickingIndicatorFlaggedV1Data;
  readonly TraffickingOutcomeRecorded: TraffickingOutcomeRecordedV1Data;
  readonly UrgentNeedsScreened: UrgentNeedsScreenedV1Data;
};
