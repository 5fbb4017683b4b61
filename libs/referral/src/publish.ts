import type { KnownContractEvent } from '@acogida/contracts';
import type { ReferralEvent, ReferralState } from './referral.ts';

/** The contract event that a referral event becomes; null for what stays private: receipt and notes. */
export function publishReferral(event: ReferralEvent, state: ReferralState): KnownContractEvent | null {
  if (state === null) return null;
  const { referralId, caseId } = state.request;
  const frame = { class: 'referral', schemaVersion: 1, caseId } as const;
  switch (event.type) {
    case 'ReferralRequested': {
      const { caseId: _, requestedAt, ...data } = event.data;
      return { ...frame, type: event.type, occurredAt: requestedAt, data };
    }
    case 'ReferralAcknowledged':
      return { ...frame, type: event.type, occurredAt: event.data.acknowledgedAt, data: { referralId } };
    case 'ReferralAccepted':
      return { ...frame, type: event.type, occurredAt: event.data.acceptedAt, data: { referralId } };
    case 'ReferralRejected': {
      const { reason, alternativeAgency, rejectedAt } = event.data;
      return { ...frame, type: event.type, occurredAt: rejectedAt, data: { referralId, reason, alternativeAgency } };
    }
    case 'ReferralCompleted': {
      const { result, completedAt } = event.data;
      return { ...frame, type: event.type, occurredAt: completedAt, data: { referralId, result } };
    }
    default:
      return null;
  }
}
