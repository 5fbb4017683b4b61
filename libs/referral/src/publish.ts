import type { KnownContractEvent } from '@acogida/contracts';
import type { Instant } from '@acogida/core';
import type { Referral, ReferralEvent, ReferralState, ReferralStep } from './referral.ts';
import { requestSaid } from './request-on-the-log.ts';
import type { TransferRequestEvent, TransferRequestState } from './transfer-request.ts';

/** The contract event that a referral event becomes; null for what stays private: drafts, receipt and notes. */
export function publishReferral(event: ReferralEvent, state: ReferralState): KnownContractEvent | null {
  if (state?.times.requestedAt == null) return null; // a draft is nobody else's, and so is its end
  if (event.type === 'ProxiedAnswerRecorded')
    return publishFulfilment(event.data.answer, state, state.request.receiver);
  return publishRequest(event, state) ?? publishFulfilment(event, state, null);
}

function frameOf({ request }: Referral, occurredAt: Instant) {
  return { class: 'referral', schemaVersion: 1, caseId: request.caseId, occurredAt } as const;
}

/** What the sender says. */
function publishRequest(event: ReferralEvent, state: Referral): KnownContractEvent | null {
  const { referralId, receiver } = state.request;
  switch (event.type) {
    case 'ReferralRequested': {
      const data = requestSaid(state.request);
      return { ...frameOf(state, state.request.requestedAt), schemaVersion: 2, type: event.type, data };
    }
    case 'ReferralCancelled': {
      const { reason, cancelledAt } = event.data;
      return { ...frameOf(state, cancelledAt), type: event.type, data: { referralId, reason } };
    }
    case 'ReferralExpired':
      return { ...frameOf(state, event.data.expiredAt), type: event.type, data: { referralId } };
    case 'ReferralMarkedInError': {
      const { reason, markedAt } = event.data;
      return { ...frameOf(state, markedAt), type: event.type, data: { referralId, reason } };
    }
    case 'ReferralEscalated': {
      const { missed, missedAt, answerBy, escalatedAt } = event.data;
      const data = { referralId, missed, missedAt, answerBy };
      return { ...frameOf(state, escalatedAt), type: event.type, data };
    }
    case 'ReferralInformationProvided': {
      const { hold, information, attachments, providedAt } = event.data;
      const data = { referralId, hold, information, attachments };
      return { ...frameOf(state, providedAt), type: event.type, data };
    }
    case 'ReferralLoopClosed': {
      const { outcome, nextReferralId, closedAt } = event.data;
      return { ...frameOf(state, closedAt), type: event.type, data: { referralId, outcome, nextReferralId } };
    }
    case 'CustodyReleased': {
      const { term, releasedAt } = event.data;
      return { ...frameOf(state, releasedAt), type: event.type, data: { referralId, term, to: receiver } };
    }
    default:
      return null;
  }
}

/** What the receiver says; `proxied` is the agency that the sender says it for. */
function publishFulfilment(event: ReferralStep, state: Referral, proxied: string | null): KnownContractEvent | null {
  const { referralId } = state.request;
  const second = { schemaVersion: 2 } as const;
  switch (event.type) {
    case 'ReferralAcknowledged':
      return {
        ...{ ...frameOf(state, event.data.acknowledgedAt), ...second },
        type: event.type,
        data: { referralId, proxied },
      };
    case 'ReferralPutOnHold': {
      const { hold, reason, information, expectedBy, heldAt } = event.data;
      const data = { referralId, hold, reason, information, expectedBy, proxied };
      return { ...frameOf(state, heldAt), type: event.type, data };
    }
    case 'ReferralResumed': {
      const { hold, resumedAt } = event.data;
      return { ...frameOf(state, resumedAt), type: event.type, data: { referralId, hold } };
    }
    case 'ReferralAccepted':
      return {
        ...{ ...frameOf(state, event.data.acceptedAt), ...second },
        type: event.type,
        data: { referralId, proxied },
      };
    case 'ReferralRejected': {
      const { reason, alternativeAgency, rejectedAt } = event.data;
      const data = { referralId, reason, alternativeAgency, proxied };
      return { ...frameOf(state, rejectedAt), ...second, type: event.type, data };
    }
    case 'ReferralServiceStarted':
      return { ...frameOf(state, event.data.startedAt), type: event.type, data: { referralId, proxied } };
    case 'ReferralCompleted': {
      const { result, completedAt } = event.data;
      return { ...frameOf(state, completedAt), ...second, type: event.type, data: { referralId, result, proxied } };
    }
    case 'ReferralFailed': {
      const { reason, failedAt } = event.data;
      return { ...frameOf(state, failedAt), type: event.type, data: { referralId, reason, proxied } };
    }
    default:
      return null;
  }
}

/** The contract event that an event of a request for transfer becomes; null for receipt and note. */
export function publishTransferRequest(
  event: TransferRequestEvent,
  state: TransferRequestState,
): KnownContractEvent | null {
  if (state === null) return null;
  const { transferRequestId, caseId, asker, custodian } = state.question;
  const frame = { class: 'referral', schemaVersion: 1, caseId } as const;
  switch (event.type) {
    case 'TransferRequested': {
      const data = { transferRequestId, asker, custodian };
      return { ...frame, type: event.type, occurredAt: event.data.askedAt, data };
    }
    case 'TransferRequestAnswered': {
      const { granted, referralId, reason, answeredAt } = event.data;
      const data = { transferRequestId, granted, referralId, reason };
      return { ...frame, type: event.type, occurredAt: answeredAt, data };
    }
    default:
      return null;
  }
}
