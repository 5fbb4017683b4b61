import type { Decider } from '@acogida/core';
import type { ReferralCommand } from './commands.ts';
import { decide } from './decide.ts';
import { evolve } from './evolve.ts';
import { publishReferral, publishTransferRequest } from './publish.ts';
import type { ReferralEvent, ReferralState } from './referral.ts';
import { transferRequestDecider, type TransferRequestState } from './transfer-request.ts';
import { transferRequestUpcasters } from './transfer-request-upcasters.ts';
import { referralUpcasters } from './upcasters.ts';

/** The referral protocol, the same at sender and receiver. */
export const referralDecider: Decider<ReferralCommand, ReferralState, ReferralEvent> = {
  initialState: null,
  decide,
  evolve,
};

/** Current schema version of each event. */
export const referralVersions: Readonly<Record<ReferralEvent['type'], number>> = {
  ReferralDrafted: 1,
  ReferralRequested: 2,
  ReferralReceived: 2,
  ReferralAcknowledged: 2,
  AcknowledgementNoted: 2,
  ReferralPutOnHold: 1,
  HoldNoted: 1,
  ReferralResumed: 1,
  ResumptionNoted: 1,
  ReferralAccepted: 2,
  AcceptanceNoted: 2,
  ReferralRejected: 2,
  RejectionNoted: 2,
  ReferralServiceStarted: 1,
  ServiceStartNoted: 1,
  ReferralCompleted: 2,
  CompletionNoted: 2,
  ReferralFailed: 1,
  FailureNoted: 1,
  ReferralCancelled: 1,
  CancellationNoted: 1,
  ReferralExpired: 1,
  ExpiryNoted: 1,
  ReferralMarkedInError: 1,
  EntryErrorNoted: 1,
  ReferralEscalated: 1,
  EscalationNoted: 1,
  ReferralInformationProvided: 1,
  InformationNoted: 1,
  ReferralLoopClosed: 1,
  LoopClosureNoted: 1,
  CustodyReleased: 1,
  CustodyReleaseNoted: 1,
  ProxiedAnswerRecorded: 1,
};

/** The procedure as the edge runs it, on streams `referral-<referralId>`; fits `ProcedureDefinition` of @acogida/event-store. */
export const referralProcedure = {
  name: 'referral',
  decider: referralDecider,
  versions: referralVersions,
  upcasters: referralUpcasters,
  publish: publishReferral,
  caseOf: (state: ReferralState) => state?.request.caseId ?? null,
} as const;

/** Requests for transfer as the edge runs them, on streams `transfer-request-<transferRequestId>`. */
export const transferRequestProcedure = {
  name: 'transfer-request',
  decider: transferRequestDecider,
  versions: {
    TransferRequested: 2,
    TransferRequestReceived: 2,
    TransferRequestAnswered: 2,
    TransferAnswerNoted: 2,
    TransferRequestEscalated: 1,
    TransferRequestLapsed: 1,
    TransferRequestWithdrawn: 1,
    TransferWithdrawalNoted: 1,
  },
  upcasters: transferRequestUpcasters,
  publish: publishTransferRequest,
  caseOf: (state: TransferRequestState) => state?.question.caseId ?? null,
} as const;
