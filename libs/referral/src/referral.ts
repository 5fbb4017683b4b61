import type { ReferralRejectedV1Data, ReferralRequestedV1Data } from '@acogida/contracts';
import type { Instant } from '@acogida/core';
import type { CompletionResult, ReferralReason, ReferralService, RejectReason, Urgency } from '@acogida/reference';

/** Coded facts that the receiver needs to decide. */
export type ReferralFacts = ReferralRequestedV1Data['facts'];
/** What allows the sharing (domain.md §1.3). */
export type ReferralConsent = ReferralRequestedV1Data['consent'];

/** What was asked for: the same at the sender and at the receiver. */
export type ReferralRequest = {
  readonly referralId: string;
  readonly caseId: string;
  readonly sender: string;
  readonly receiver: string;
  readonly service: ReferralService;
  readonly urgency: Urgency;
  readonly reason: ReferralReason;
  readonly requestedAt: Instant;
  readonly acknowledgeBy: Instant;
  readonly consent: ReferralConsent;
  readonly facts: ReferralFacts;
};

/** Why it was not taken on. */
export type Rejection = Pick<ReferralRejectedV1Data, 'reason' | 'alternativeAgency'> & {
  readonly reason: RejectReason;
};

/**
 * Events. The sender's stream starts with `ReferralRequested`, the receiver's with `ReferralReceived`; the receiver writes
 * `Referral…`, the sender notes what it heard of that as `…Noted`.
 */
export type ReferralEvent =
  | { readonly type: 'ReferralRequested'; readonly data: ReferralRequest }
  | { readonly type: 'ReferralReceived'; readonly data: ReferralRequest }
  | { readonly type: 'ReferralAcknowledged'; readonly data: { readonly acknowledgedAt: Instant } }
  | { readonly type: 'ReferralAccepted'; readonly data: { readonly acceptedAt: Instant } }
  | { readonly type: 'ReferralRejected'; readonly data: Rejection & { readonly rejectedAt: Instant } }
  | {
      readonly type: 'ReferralCompleted';
      readonly data: { readonly result: CompletionResult; readonly completedAt: Instant };
    }
  | { readonly type: 'AcknowledgementNoted'; readonly data: { readonly acknowledgedAt: Instant } }
  | { readonly type: 'AcceptanceNoted'; readonly data: { readonly acceptedAt: Instant } }
  | { readonly type: 'RejectionNoted'; readonly data: Rejection & { readonly rejectedAt: Instant } }
  | {
      readonly type: 'CompletionNoted';
      readonly data: { readonly result: CompletionResult; readonly completedAt: Instant };
    };

/** How far a referral got, as far as this side knows. */
export const REFERRAL_STATUSES = ['REQUESTED', 'ACKNOWLEDGED', 'ACCEPTED', 'REJECTED', 'COMPLETED'] as const;
/** One of `REFERRAL_STATUSES`. */
export type ReferralStatus = (typeof REFERRAL_STATUSES)[number];

/** Statuses in which a request waits for an answer: one such per case, receiver and service (architecture.md §6). */
export const PENDING_STATUSES = ['REQUESTED', 'ACKNOWLEDGED'] as const satisfies readonly ReferralStatus[];

/** The sender's task: waiting, given back by a rejection (INV-19), or done. */
export type SenderTask = 'WAITING' | 'REOPENED' | 'DONE';

/** A referral as one side knows it. */
export interface Referral {
  readonly side: 'SENDER' | 'RECEIVER';
  readonly request: ReferralRequest;
  readonly status: ReferralStatus;
  readonly senderTask: SenderTask;
  readonly rejection: Rejection | null;
  readonly result: CompletionResult | null;
}

/** Null before the first event. */
export type ReferralState = Referral | null;

function opened(side: Referral['side'], request: ReferralRequest): Referral {
  return { side, request, status: 'REQUESTED', senderTask: 'WAITING', rejection: null, result: null };
}

/** Folds an event into the referral. Events before the first of their stream cannot be and change nothing. */
export function evolve(state: ReferralState, event: ReferralEvent): ReferralState {
  switch (event.type) {
    case 'ReferralRequested':
      return opened('SENDER', event.data);
    case 'ReferralReceived':
      return opened('RECEIVER', event.data);
    case 'ReferralAcknowledged':
    case 'AcknowledgementNoted':
      return state && { ...state, status: 'ACKNOWLEDGED' };
    case 'ReferralAccepted':
    case 'AcceptanceNoted':
      return state && { ...state, status: 'ACCEPTED' };
    case 'ReferralRejected':
    case 'RejectionNoted': {
      const { reason, alternativeAgency } = event.data;
      return (
        state && { ...state, status: 'REJECTED', senderTask: 'REOPENED', rejection: { reason, alternativeAgency } }
      );
    }
    case 'ReferralCompleted':
    case 'CompletionNoted':
      return state && { ...state, status: 'COMPLETED', senderTask: 'DONE', result: event.data.result };
  }
}
