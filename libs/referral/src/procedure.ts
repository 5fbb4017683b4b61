import type { Decider, Upcaster } from '@acogida/core';
import { decide, type ReferralCommand } from './decide.ts';
import { publishReferral } from './publish.ts';
import { evolve, type ReferralEvent, type ReferralState } from './referral.ts';

/** The referral protocol, the same at sender and receiver. */
export const referralDecider: Decider<ReferralCommand, ReferralState, ReferralEvent> = {
  initialState: null,
  decide,
  evolve,
};

/** Current schema version of each event. */
export const referralVersions: Readonly<Record<ReferralEvent['type'], number>> = {
  ReferralRequested: 1,
  ReferralReceived: 1,
  ReferralAcknowledged: 1,
  ReferralAccepted: 1,
  ReferralRejected: 1,
  ReferralCompleted: 1,
  AcknowledgementNoted: 1,
  AcceptanceNoted: 1,
  RejectionNoted: 1,
  CompletionNoted: 1,
};

/** Readers of old versions. */
export const referralUpcasters: readonly Upcaster[] = [];

/** The procedure as the edge runs it, on streams `referral-<referralId>`; fits `ProcedureDefinition` of @acogida/event-store. */
export const referralProcedure = {
  name: 'referral',
  decider: referralDecider,
  versions: referralVersions,
  upcasters: referralUpcasters,
  publish: publishReferral,
} as const;
