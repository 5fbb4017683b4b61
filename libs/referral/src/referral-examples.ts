import type { ReferralCommand } from './decide.ts';
import type { ReferralEvent, ReferralRequest } from './referral.ts';

/** Named examples for specs. */
export const REQUEST: ReferralRequest = {
  referralId: '4e1f2b1c-1a58-4f3a-9c3e-0d6c2f6a7b10',
  caseId: '9b2f4f0e-5a3c-4f0e-8c51-6a4d1f0c2b11',
  sender: 'cr-border-intake',
  receiver: 'cr-conatt',
  service: 'TRAFFICKING_SCREENING',
  urgency: 'URGENT',
  reason: 'TRAFFICKING_SUSPECTED',
  requestedAt: '2026-11-22T09:00:00.000Z',
  acknowledgeBy: '2026-11-23T09:00:00.000Z',
  consent: { basis: 'CONSENT', form: 'ORAL_WITNESSED', givenBy: 'SELF', language: 'hat', grantedOn: '2026-11-22' },
  facts: {
    sex: 'FEMALE',
    ageStatus: 'ADULT',
    ageBand: { fromYears: 30, toYears: 38 },
    nationalities: ['HT'],
    nationalityStatus: 'DECLARED',
  },
};

/** The command that asks for `REQUEST`. */
export const ASK: Extract<ReferralCommand, { readonly type: 'RequestReferral' }> = {
  type: 'RequestReferral',
  by: REQUEST.sender,
  now: REQUEST.requestedAt,
  referralId: REQUEST.referralId,
  caseId: REQUEST.caseId,
  receiver: REQUEST.receiver,
  service: REQUEST.service,
  urgency: REQUEST.urgency,
  reason: REQUEST.reason,
  consent: REQUEST.consent,
  facts: REQUEST.facts,
  takenOver: false,
};

/** When the receiver answers. */
export const ANSWERED_AT = '2026-11-22T10:00:00.000Z';

/** One event of each type. */
export const REQUESTED: ReferralEvent = { type: 'ReferralRequested', data: REQUEST };
export const RECEIVED: ReferralEvent = { type: 'ReferralReceived', data: REQUEST };
export const ACKNOWLEDGED: ReferralEvent = { type: 'ReferralAcknowledged', data: { acknowledgedAt: ANSWERED_AT } };
export const ACCEPTED: ReferralEvent = { type: 'ReferralAccepted', data: { acceptedAt: ANSWERED_AT } };
export const REJECTED: ReferralEvent = {
  type: 'ReferralRejected',
  data: { reason: 'NO_CAPACITY', alternativeAgency: 'cr-refugee-unit', rejectedAt: ANSWERED_AT },
};
export const COMPLETED: ReferralEvent = {
  type: 'ReferralCompleted',
  data: { result: 'SERVICE_PROVIDED', completedAt: ANSWERED_AT },
};
export const ACKNOWLEDGEMENT_NOTED: ReferralEvent = {
  type: 'AcknowledgementNoted',
  data: { acknowledgedAt: ANSWERED_AT },
};
export const ACCEPTANCE_NOTED: ReferralEvent = { type: 'AcceptanceNoted', data: { acceptedAt: ANSWERED_AT } };
export const REJECTION_NOTED: ReferralEvent = {
  type: 'RejectionNoted',
  data: { reason: 'NO_CAPACITY', alternativeAgency: 'cr-refugee-unit', rejectedAt: ANSWERED_AT },
};
export const COMPLETION_NOTED: ReferralEvent = {
  type: 'CompletionNoted',
  data: { result: 'SERVICE_PROVIDED', completedAt: ANSWERED_AT },
};
