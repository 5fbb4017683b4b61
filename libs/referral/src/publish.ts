import type { KnownContractEvent } from '@acogida/contracts';
import type { Instant } from '@acogida/core';
import { isTelling } from './consent/referral-sharing.ts';
import type { Referral, ReferralEvent, ReferralRequest, ReferralState, ReferralStep } from './referral.ts';
import { requestSaid } from './request-on-the-log.ts';
import type { TransferRequestEvent, TransferRequestState } from './transfer-request.ts';

/** For the circle of the case at the agency that says it, or for the other party alone, by its offer key. */
export type ReferralWord = KnownContractEvent & {
  readonly audience: 'coded' | 'care' | { readonly to: string; readonly under: 'offer-key' };
};

/**
 * Said twice: whoever reads the case along at this agency is not whom it is said to, who may be in no circle yet. One that is in
 * the circle hears it twice, and reacts once.
 */
function saidTo(to: string, word: KnownContractEvent | null, audience: 'coded' | 'care'): readonly ReferralWord[] {
  return word === null
    ? []
    : [
        { ...word, audience },
        { ...word, audience: { to, under: 'offer-key' } },
      ];
}

/**
 * INV-17: what is said of a referral that tells of asylum or trafficking is not for those of the circle who control, return or
 * represent. Who has the case is for all of it: an agency that missed a term could not take the case at a later one.
 */
function circleFor(type: ReferralEvent['type'], request: ReferralRequest): 'coded' | 'care' {
  return isTelling(request) && type !== 'CustodyReleased' ? 'care' : 'coded';
}

/**
 * The contract events that a referral event becomes, for the circle and for the other party; none of what stays private: drafts,
 * receipt and notes. What is said for an agency without a node is for the circle alone.
 */
export function publishReferral(event: ReferralEvent, state: ReferralState): readonly ReferralWord[] {
  if (state?.times.requestedAt == null) return []; // a draft is nobody else's, and so is its end
  const { sender, receiver } = state.request;
  const circle = circleFor(event.type, state.request);
  if (event.type === 'ProxiedAnswerRecorded') {
    const word = publishFulfilment(event.data.answer, state, receiver);
    return word === null ? [] : [{ ...word, audience: circle }];
  }
  const request = saidTo(receiver, publishRequest(event, state), circle);
  return request.length > 0 ? request : saidTo(sender, publishFulfilment(event, state, null), circle);
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

/**
 * The contract events that an event of a request for transfer becomes, as of a referral; none for what stays private: receipt,
 * notes, and what a clock found. Who has the case instead is not for those of the circle who control, return or represent.
 */
export function publishTransferRequest(
  event: TransferRequestEvent,
  state: TransferRequestState,
): readonly ReferralWord[] {
  if (state === null) return [];
  const { transferRequestId, caseId, asker, custodian } = state.question;
  const frame = { class: 'referral', schemaVersion: 1, caseId } as const;
  switch (event.type) {
    case 'TransferRequested': {
      const { urgency, askedAt, answerBy } = event.data;
      const data = { transferRequestId, asker, custodian, urgency, answerBy };
      const word = { ...frame, schemaVersion: 2, type: event.type, occurredAt: askedAt, data } as const;
      return saidTo(custodian, word, 'coded');
    }
    case 'TransferRequestAnswered': {
      const { granted, referralId, reason, heldBy, answeredAt } = event.data;
      const data = { transferRequestId, granted, referralId, reason, heldBy };
      const word = { ...frame, schemaVersion: 2, type: event.type, occurredAt: answeredAt, data } as const;
      return saidTo(asker, word, heldBy === null ? 'coded' : 'care');
    }
    case 'TransferRequestWithdrawn': {
      const word = { ...frame, type: event.type, occurredAt: event.data.withdrawnAt, data: { transferRequestId } };
      return saidTo(custodian, word, 'coded');
    }
    default:
      return [];
  }
}
