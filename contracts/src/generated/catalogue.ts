// Generated from contracts/schemas by contracts/generate.mjs. Do not edit.

import { type AgencyAdmittedV1Data, agencyAdmittedV1Schema } from './agency-admitted.v1.ts';
import { type AgencyKeyListedV1Data, agencyKeyListedV1Schema } from './agency-key-listed.v1.ts';
import { type AgencyKeyRevokedV1Data, agencyKeyRevokedV1Schema } from './agency-key-revoked.v1.ts';
import { type AgencyKeysRotatedV1Data, agencyKeysRotatedV1Schema } from './agency-keys-rotated.v1.ts';
import { agencyListedV1Schema } from './agency-listed.v1.ts';
import { type AgencyListedV2Data, agencyListedV2Schema } from './agency-listed.v2.ts';
import { type AgreementListedV1Data, agreementListedV1Schema } from './agreement-listed.v1.ts';
import { type ApplicationLodgedV1Data, applicationLodgedV1Schema } from './application-lodged.v1.ts';
import { type ApplicationRegisteredV1Data, applicationRegisteredV1Schema } from './application-registered.v1.ts';
import { type AsylumIntentExpressedV1Data, asylumIntentExpressedV1Schema } from './asylum-intent-expressed.v1.ts';
import { type CaseErasedV1Data, caseErasedV1Schema } from './case-erased.v1.ts';
import { type CaseOpenedV1Data, caseOpenedV1Schema } from './case-opened.v1.ts';
import { type CasesLinkedV1Data, casesLinkedV1Schema } from './cases-linked.v1.ts';
import { type CasesUnlinkedV1Data, casesUnlinkedV1Schema } from './cases-unlinked.v1.ts';
import { type ChildCaseClosedV1Data, childCaseClosedV1Schema } from './child-case-closed.v1.ts';
import { type ChildIdentifiedV1Data, childIdentifiedV1Schema } from './child-identified.v1.ts';
import {
  type ClearanceAuthoritiesListedV1Data,
  clearanceAuthoritiesListedV1Schema,
} from './clearance-authorities-listed.v1.ts';
import { type ConsentExpiredV1Data, consentExpiredV1Schema } from './consent-expired.v1.ts';
import { type ConsentGrantedV1Data, consentGrantedV1Schema } from './consent-granted.v1.ts';
import { type ConsentWithdrawnV1Data, consentWithdrawnV1Schema } from './consent-withdrawn.v1.ts';
import { type CustodyReleasedV1Data, custodyReleasedV1Schema } from './custody-released.v1.ts';
import { type ErasureOrderedV1Data, erasureOrderedV1Schema } from './erasure-ordered.v1.ts';
import { type ErasurePostponedV1Data, erasurePostponedV1Schema } from './erasure-postponed.v1.ts';
import { focalPointDesignatedV1Schema } from './focal-point-designated.v1.ts';
import { type FocalPointDesignatedV2Data, focalPointDesignatedV2Schema } from './focal-point-designated.v2.ts';
import { type GuardianAppointedV1Data, guardianAppointedV1Schema } from './guardian-appointed.v1.ts';
import { type GuardianEndedV1Data, guardianEndedV1Schema } from './guardian-ended.v1.ts';
import { type GuardianOverdueV1Data, guardianOverdueV1Schema } from './guardian-overdue.v1.ts';
import { type HaltAcknowledgedV1Data, haltAcknowledgedV1Schema } from './halt-acknowledged.v1.ts';
import { type HaltOrderedV1Data, haltOrderedV1Schema } from './halt-ordered.v1.ts';
import { type HoldLiftedV1Data, holdLiftedV1Schema } from './hold-lifted.v1.ts';
import { type HoldPlacedV1Data, holdPlacedV1Schema } from './hold-placed.v1.ts';
import { type ImmediateSafetySecuredV1Data, immediateSafetySecuredV1Schema } from './immediate-safety-secured.v1.ts';
import { type IncarnationStartedV1Data, incarnationStartedV1Schema } from './incarnation-started.v1.ts';
import { type KeysGrantedV1Data, keysGrantedV1Schema } from './keys-granted.v1.ts';
import { type MemberAnnouncedV1Data, memberAnnouncedV1Schema } from './member-announced.v1.ts';
import { type MemberRemovedV1Data, memberRemovedV1Schema } from './member-removed.v1.ts';
import { type NodeAddressAnnouncedV1Data, nodeAddressAnnouncedV1Schema } from './node-address-announced.v1.ts';
import { type OfferKeyPublishedV1Data, offerKeyPublishedV1Schema } from './offer-key-published.v1.ts';
import { type OfferKeyRetiredV1Data, offerKeyRetiredV1Schema } from './offer-key-retired.v1.ts';
import { type PersonRegisteredV1Data, personRegisteredV1Schema } from './person-registered.v1.ts';
import { referralAcceptedV1Schema } from './referral-accepted.v1.ts';
import { type ReferralAcceptedV2Data, referralAcceptedV2Schema } from './referral-accepted.v2.ts';
import { referralAcknowledgedV1Schema } from './referral-acknowledged.v1.ts';
import { type ReferralAcknowledgedV2Data, referralAcknowledgedV2Schema } from './referral-acknowledged.v2.ts';
import { type ReferralCancelledV1Data, referralCancelledV1Schema } from './referral-cancelled.v1.ts';
import { referralCompletedV1Schema } from './referral-completed.v1.ts';
import { type ReferralCompletedV2Data, referralCompletedV2Schema } from './referral-completed.v2.ts';
import { type ReferralEscalatedV1Data, referralEscalatedV1Schema } from './referral-escalated.v1.ts';
import { type ReferralExpiredV1Data, referralExpiredV1Schema } from './referral-expired.v1.ts';
import { type ReferralFailedV1Data, referralFailedV1Schema } from './referral-failed.v1.ts';
import {
  type ReferralInformationProvidedV1Data,
  referralInformationProvidedV1Schema,
} from './referral-information-provided.v1.ts';
import { type ReferralLoopClosedV1Data, referralLoopClosedV1Schema } from './referral-loop-closed.v1.ts';
import { type ReferralMarkedInErrorV1Data, referralMarkedInErrorV1Schema } from './referral-marked-in-error.v1.ts';
import { type ReferralPutOnHoldV1Data, referralPutOnHoldV1Schema } from './referral-put-on-hold.v1.ts';
import { referralRejectedV1Schema } from './referral-rejected.v1.ts';
import { type ReferralRejectedV2Data, referralRejectedV2Schema } from './referral-rejected.v2.ts';
import { referralRequestedV1Schema } from './referral-requested.v1.ts';
import { type ReferralRequestedV2Data, referralRequestedV2Schema } from './referral-requested.v2.ts';
import { type ReferralResumedV1Data, referralResumedV1Schema } from './referral-resumed.v1.ts';
import { type ReferralServiceStartedV1Data, referralServiceStartedV1Schema } from './referral-service-started.v1.ts';
import {
  type ReturnApplicationSubmittedV1Data,
  returnApplicationSubmittedV1Schema,
} from './return-application-submitted.v1.ts';
import { type ReturnConsentWithdrawnV1Data, returnConsentWithdrawnV1Schema } from './return-consent-withdrawn.v1.ts';
import {
  type ReturnDepartureConfirmedV1Data,
  returnDepartureConfirmedV1Schema,
} from './return-departure-confirmed.v1.ts';
import {
  type ReturnDepartureTakenBackV1Data,
  returnDepartureTakenBackV1Schema,
} from './return-departure-taken-back.v1.ts';
import {
  type RightsInformationProvidedV1Data,
  rightsInformationProvidedV1Schema,
} from './rights-information-provided.v1.ts';
import { type ScreeningConductedV1Data, screeningConductedV1Schema } from './screening-conducted.v1.ts';
import { serviceListedV1Schema } from './service-listed.v1.ts';
import { type ServiceListedV2Data, serviceListedV2Schema } from './service-listed.v2.ts';
import { type SuccessionOrderedV1Data, successionOrderedV1Schema } from './succession-ordered.v1.ts';
import {
  type TraffickingIndicatorFlaggedV1Data,
  traffickingIndicatorFlaggedV1Schema,
} from './trafficking-indicator-flagged.v1.ts';
import {
  type TraffickingOutcomeRecordedV1Data,
  traffickingOutcomeRecordedV1Schema,
} from './trafficking-outcome-recorded.v1.ts';
import { transferRequestAnsweredV1Schema } from './transfer-request-answered.v1.ts';
import { type TransferRequestAnsweredV2Data, transferRequestAnsweredV2Schema } from './transfer-request-answered.v2.ts';
import {
  type TransferRequestWithdrawnV1Data,
  transferRequestWithdrawnV1Schema,
} from './transfer-request-withdrawn.v1.ts';
import { transferRequestedV1Schema } from './transfer-requested.v1.ts';
import { type TransferRequestedV2Data, transferRequestedV2Schema } from './transfer-requested.v2.ts';
import { type UrgentNeedsScreenedV1Data, urgentNeedsScreenedV1Schema } from './urgent-needs-screened.v1.ts';
import { type VoluntaryConsentSignedV1Data, voluntaryConsentSignedV1Schema } from './voluntary-consent-signed.v1.ts';
import { type WithdrawalAcknowledgedV1Data, withdrawalAcknowledgedV1Schema } from './withdrawal-acknowledged.v1.ts';

/** Every contract event: its class, the version written today, and the schema of every version ever written. */
export const contractCatalogue = {
  AgencyAdmitted: { class: 'directory', currentVersion: 1, schemas: { 1: agencyAdmittedV1Schema } },
  AgencyKeyListed: { class: 'directory', currentVersion: 1, schemas: { 1: agencyKeyListedV1Schema } },
  AgencyKeyRevoked: { class: 'directory', currentVersion: 1, schemas: { 1: agencyKeyRevokedV1Schema } },
  AgencyKeysRotated: { class: 'directory', currentVersion: 1, schemas: { 1: agencyKeysRotatedV1Schema } },
  AgencyListed: {
    class: 'directory',
    currentVersion: 2,
    schemas: { 1: agencyListedV1Schema, 2: agencyListedV2Schema },
  },
  AgreementListed: { class: 'directory', currentVersion: 1, schemas: { 1: agreementListedV1Schema } },
  ApplicationLodged: { class: 'procedure', currentVersion: 1, schemas: { 1: applicationLodgedV1Schema } },
  ApplicationRegistered: { class: 'procedure', currentVersion: 1, schemas: { 1: applicationRegisteredV1Schema } },
  AsylumIntentExpressed: { class: 'case', currentVersion: 1, schemas: { 1: asylumIntentExpressedV1Schema } },
  CaseErased: { class: 'erasure', currentVersion: 1, schemas: { 1: caseErasedV1Schema } },
  CaseOpened: { class: 'case', currentVersion: 1, schemas: { 1: caseOpenedV1Schema } },
  CasesLinked: { class: 'hold', currentVersion: 1, schemas: { 1: casesLinkedV1Schema } },
  CasesUnlinked: { class: 'hold', currentVersion: 1, schemas: { 1: casesUnlinkedV1Schema } },
  ChildCaseClosed: { class: 'procedure', currentVersion: 1, schemas: { 1: childCaseClosedV1Schema } },
  ChildIdentified: { class: 'case', currentVersion: 1, schemas: { 1: childIdentifiedV1Schema } },
  ClearanceAuthoritiesListed: {
    class: 'directory',
    currentVersion: 1,
    schemas: { 1: clearanceAuthoritiesListedV1Schema },
  },
  ConsentExpired: { class: 'consent', currentVersion: 1, schemas: { 1: consentExpiredV1Schema } },
  ConsentGranted: { class: 'consent', currentVersion: 1, schemas: { 1: consentGrantedV1Schema } },
  ConsentWithdrawn: { class: 'consent', currentVersion: 1, schemas: { 1: consentWithdrawnV1Schema } },
  CustodyReleased: { class: 'referral', currentVersion: 1, schemas: { 1: custodyReleasedV1Schema } },
  ErasureOrdered: { class: 'erasure', currentVersion: 1, schemas: { 1: erasureOrderedV1Schema } },
  ErasurePostponed: { class: 'erasure', currentVersion: 1, schemas: { 1: erasurePostponedV1Schema } },
  FocalPointDesignated: {
    class: 'directory',
    currentVersion: 2,
    schemas: { 1: focalPointDesignatedV1Schema, 2: focalPointDesignatedV2Schema },
  },
  GuardianAppointed: { class: 'procedure', currentVersion: 1, schemas: { 1: guardianAppointedV1Schema } },
  GuardianEnded: { class: 'procedure', currentVersion: 1, schemas: { 1: guardianEndedV1Schema } },
  GuardianOverdue: { class: 'procedure', currentVersion: 1, schemas: { 1: guardianOverdueV1Schema } },
  HaltAcknowledged: { class: 'clearance', currentVersion: 1, schemas: { 1: haltAcknowledgedV1Schema } },
  HaltOrdered: { class: 'clearance', currentVersion: 1, schemas: { 1: haltOrderedV1Schema } },
  HoldLifted: { class: 'hold', currentVersion: 1, schemas: { 1: holdLiftedV1Schema } },
  HoldPlaced: { class: 'hold', currentVersion: 1, schemas: { 1: holdPlacedV1Schema } },
  ImmediateSafetySecured: { class: 'procedure', currentVersion: 1, schemas: { 1: immediateSafetySecuredV1Schema } },
  IncarnationStarted: { class: 'directory', currentVersion: 1, schemas: { 1: incarnationStartedV1Schema } },
  KeysGranted: { class: 'key', currentVersion: 1, schemas: { 1: keysGrantedV1Schema } },
  MemberAnnounced: { class: 'key', currentVersion: 1, schemas: { 1: memberAnnouncedV1Schema } },
  MemberRemoved: { class: 'key', currentVersion: 1, schemas: { 1: memberRemovedV1Schema } },
  NodeAddressAnnounced: { class: 'directory', currentVersion: 1, schemas: { 1: nodeAddressAnnouncedV1Schema } },
  OfferKeyPublished: { class: 'directory', currentVersion: 1, schemas: { 1: offerKeyPublishedV1Schema } },
  OfferKeyRetired: { class: 'directory', currentVersion: 1, schemas: { 1: offerKeyRetiredV1Schema } },
  PersonRegistered: { class: 'case', currentVersion: 1, schemas: { 1: personRegisteredV1Schema } },
  ReferralAccepted: {
    class: 'referral',
    currentVersion: 2,
    schemas: { 1: referralAcceptedV1Schema, 2: referralAcceptedV2Schema },
  },
  ReferralAcknowledged: {
    class: 'referral',
    currentVersion: 2,
    schemas: { 1: referralAcknowledgedV1Schema, 2: referralAcknowledgedV2Schema },
  },
  ReferralCancelled: { class: 'referral', currentVersion: 1, schemas: { 1: referralCancelledV1Schema } },
  ReferralCompleted: {
    class: 'referral',
    currentVersion: 2,
    schemas: { 1: referralCompletedV1Schema, 2: referralCompletedV2Schema },
  },
  ReferralEscalated: { class: 'referral', currentVersion: 1, schemas: { 1: referralEscalatedV1Schema } },
  ReferralExpired: { class: 'referral', currentVersion: 1, schemas: { 1: referralExpiredV1Schema } },
  ReferralFailed: { class: 'referral', currentVersion: 1, schemas: { 1: referralFailedV1Schema } },
  ReferralInformationProvided: {
    class: 'referral',
    currentVersion: 1,
    schemas: { 1: referralInformationProvidedV1Schema },
  },
  ReferralLoopClosed: { class: 'referral', currentVersion: 1, schemas: { 1: referralLoopClosedV1Schema } },
  ReferralMarkedInError: { class: 'referral', currentVersion: 1, schemas: { 1: referralMarkedInErrorV1Schema } },
  ReferralPutOnHold: { class: 'referral', currentVersion: 1, schemas: { 1: referralPutOnHoldV1Schema } },
  ReferralRejected: {
    class: 'referral',
    currentVersion: 2,
    schemas: { 1: referralRejectedV1Schema, 2: referralRejectedV2Schema },
  },
  ReferralRequested: {
    class: 'referral',
    currentVersion: 2,
    schemas: { 1: referralRequestedV1Schema, 2: referralRequestedV2Schema },
  },
  ReferralResumed: { class: 'referral', currentVersion: 1, schemas: { 1: referralResumedV1Schema } },
  ReferralServiceStarted: { class: 'referral', currentVersion: 1, schemas: { 1: referralServiceStartedV1Schema } },
  ReturnApplicationSubmitted: {
    class: 'procedure',
    currentVersion: 1,
    schemas: { 1: returnApplicationSubmittedV1Schema },
  },
  ReturnConsentWithdrawn: { class: 'procedure', currentVersion: 1, schemas: { 1: returnConsentWithdrawnV1Schema } },
  ReturnDepartureConfirmed: { class: 'procedure', currentVersion: 1, schemas: { 1: returnDepartureConfirmedV1Schema } },
  ReturnDepartureTakenBack: { class: 'procedure', currentVersion: 1, schemas: { 1: returnDepartureTakenBackV1Schema } },
  RightsInformationProvided: { class: 'case', currentVersion: 1, schemas: { 1: rightsInformationProvidedV1Schema } },
  ScreeningConducted: { class: 'procedure', currentVersion: 1, schemas: { 1: screeningConductedV1Schema } },
  ServiceListed: {
    class: 'directory',
    currentVersion: 2,
    schemas: { 1: serviceListedV1Schema, 2: serviceListedV2Schema },
  },
  SuccessionOrdered: { class: 'directory', currentVersion: 1, schemas: { 1: successionOrderedV1Schema } },
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
  TransferRequestAnswered: {
    class: 'referral',
    currentVersion: 2,
    schemas: { 1: transferRequestAnsweredV1Schema, 2: transferRequestAnsweredV2Schema },
  },
  TransferRequestWithdrawn: { class: 'referral', currentVersion: 1, schemas: { 1: transferRequestWithdrawnV1Schema } },
  TransferRequested: {
    class: 'referral',
    currentVersion: 2,
    schemas: { 1: transferRequestedV1Schema, 2: transferRequestedV2Schema },
  },
  UrgentNeedsScreened: { class: 'case', currentVersion: 1, schemas: { 1: urgentNeedsScreenedV1Schema } },
  VoluntaryConsentSigned: { class: 'procedure', currentVersion: 1, schemas: { 1: voluntaryConsentSignedV1Schema } },
  WithdrawalAcknowledged: { class: 'consent', currentVersion: 1, schemas: { 1: withdrawalAcknowledgedV1Schema } },
} as const;

/** Data of the current version of every contract event. */
export type ContractDataByType = {
  readonly AgencyAdmitted: AgencyAdmittedV1Data;
  readonly AgencyKeyListed: AgencyKeyListedV1Data;
  readonly AgencyKeyRevoked: AgencyKeyRevokedV1Data;
  readonly AgencyKeysRotated: AgencyKeysRotatedV1Data;
  readonly AgencyListed: AgencyListedV2Data;
  readonly AgreementListed: AgreementListedV1Data;
  readonly ApplicationLodged: ApplicationLodgedV1Data;
  readonly ApplicationRegistered: ApplicationRegisteredV1Data;
  readonly AsylumIntentExpressed: AsylumIntentExpressedV1Data;
  readonly CaseErased: CaseErasedV1Data;
  readonly CaseOpened: CaseOpenedV1Data;
  readonly CasesLinked: CasesLinkedV1Data;
  readonly CasesUnlinked: CasesUnlinkedV1Data;
  readonly ChildCaseClosed: ChildCaseClosedV1Data;
  readonly ChildIdentified: ChildIdentifiedV1Data;
  readonly ClearanceAuthoritiesListed: ClearanceAuthoritiesListedV1Data;
  readonly ConsentExpired: ConsentExpiredV1Data;
  readonly ConsentGranted: ConsentGrantedV1Data;
  readonly ConsentWithdrawn: ConsentWithdrawnV1Data;
  readonly CustodyReleased: CustodyReleasedV1Data;
  readonly ErasureOrdered: ErasureOrderedV1Data;
  readonly ErasurePostponed: ErasurePostponedV1Data;
  readonly FocalPointDesignated: FocalPointDesignatedV2Data;
  readonly GuardianAppointed: GuardianAppointedV1Data;
  readonly GuardianEnded: GuardianEndedV1Data;
  readonly GuardianOverdue: GuardianOverdueV1Data;
  readonly HaltAcknowledged: HaltAcknowledgedV1Data;
  readonly HaltOrdered: HaltOrderedV1Data;
  readonly HoldLifted: HoldLiftedV1Data;
  readonly HoldPlaced: HoldPlacedV1Data;
  readonly ImmediateSafetySecured: ImmediateSafetySecuredV1Data;
  readonly IncarnationStarted: IncarnationStartedV1Data;
  readonly KeysGranted: KeysGrantedV1Data;
  readonly MemberAnnounced: MemberAnnouncedV1Data;
  readonly MemberRemoved: MemberRemovedV1Data;
  readonly NodeAddressAnnounced: NodeAddressAnnouncedV1Data;
  readonly OfferKeyPublished: OfferKeyPublishedV1Data;
  readonly OfferKeyRetired: OfferKeyRetiredV1Data;
  readonly PersonRegistered: PersonRegisteredV1Data;
  readonly ReferralAccepted: ReferralAcceptedV2Data;
  readonly ReferralAcknowledged: ReferralAcknowledgedV2Data;
  readonly ReferralCancelled: ReferralCancelledV1Data;
  readonly ReferralCompleted: ReferralCompletedV2Data;
  readonly ReferralEscalated: ReferralEscalatedV1Data;
  readonly ReferralExpired: ReferralExpiredV1Data;
  readonly ReferralFailed: ReferralFailedV1Data;
  readonly ReferralInformationProvided: ReferralInformationProvidedV1Data;
  readonly ReferralLoopClosed: ReferralLoopClosedV1Data;
  readonly ReferralMarkedInError: ReferralMarkedInErrorV1Data;
  readonly ReferralPutOnHold: ReferralPutOnHoldV1Data;
  readonly ReferralRejected: ReferralRejectedV2Data;
  readonly ReferralRequested: ReferralRequestedV2Data;
  readonly ReferralResumed: ReferralResumedV1Data;
  readonly ReferralServiceStarted: ReferralServiceStartedV1Data;
  readonly ReturnApplicationSubmitted: ReturnApplicationSubmittedV1Data;
  readonly ReturnConsentWithdrawn: ReturnConsentWithdrawnV1Data;
  readonly ReturnDepartureConfirmed: ReturnDepartureConfirmedV1Data;
  readonly ReturnDepartureTakenBack: ReturnDepartureTakenBackV1Data;
  readonly RightsInformationProvided: RightsInformationProvidedV1Data;
  readonly ScreeningConducted: ScreeningConductedV1Data;
  readonly ServiceListed: ServiceListedV2Data;
  readonly SuccessionOrdered: SuccessionOrderedV1Data;
  readonly TraffickingIndicatorFlagged: TraffickingIndicatorFlaggedV1Data;
  readonly TraffickingOutcomeRecorded: TraffickingOutcomeRecordedV1Data;
  readonly TransferRequestAnswered: TransferRequestAnsweredV2Data;
  readonly TransferRequestWithdrawn: TransferRequestWithdrawnV1Data;
  readonly TransferRequested: TransferRequestedV2Data;
  readonly UrgentNeedsScreened: UrgentNeedsScreenedV1Data;
  readonly VoluntaryConsentSigned: VoluntaryConsentSignedV1Data;
  readonly WithdrawalAcknowledged: WithdrawalAcknowledgedV1Data;
};
