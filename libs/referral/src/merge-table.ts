import type { BusinessStatus, HoldReason } from '@acogida/reference';
import type { DeadlineKind, Side } from './referral.ts';

/** What the sender says of its request. Only the sender moves it. */
export const REQUEST_STATUSES = [
  'DRAFT',
  'REQUESTED',
  'CANCELLED',
  'EXPIRED',
  'ENTERED_IN_ERROR',
  'LOOP_CLOSED',
] as const;
/** One of `REQUEST_STATUSES`. */
export type RequestStatus = (typeof REQUEST_STATUSES)[number];

/** What the receiver makes of it. Only the receiver moves it. Who is on hold has not been taken on. */
export const FULFILMENT_STATUSES = [
  'NONE',
  'ACKNOWLEDGED',
  'ON_HOLD',
  'ACCEPTED',
  'IN_PROGRESS',
  'COMPLETED',
  'REJECTED',
  'FAILED',
] as const;
/** One of `FULFILMENT_STATUSES`. */
export type FulfilmentStatus = (typeof FULFILMENT_STATUSES)[number];

/** Both axes in one word. */
export const REFERRAL_STATUSES = [
  'DRAFT',
  'REQUESTED',
  'ACKNOWLEDGED',
  'ON_HOLD',
  'ACCEPTED',
  'IN_PROGRESS',
  'COMPLETED',
  'REJECTED',
  'FAILED',
  'CANCELLED',
  'EXPIRED',
  'ENTERED_IN_ERROR',
] as const;
/** One of `REFERRAL_STATUSES`. */
export type ReferralStatus = (typeof REFERRAL_STATUSES)[number];

/** Statuses in which a request waits for an answer: one such per case, receiver and service (architecture.md §6). */
export const PENDING_STATUSES = [
  'DRAFT',
  'REQUESTED',
  'ACKNOWLEDGED',
  'ON_HOLD',
] as const satisfies readonly ReferralStatus[];

/** Statuses in which the receiver has the person. */
export const TAKEN_ON = ['ACCEPTED', 'IN_PROGRESS'] as const satisfies readonly FulfilmentStatus[];

/** The sender's task: to be sent, waiting, given back (INV-19), or done. */
export type SenderTask = 'OPEN' | 'WAITING' | 'REOPENED' | 'DONE';

/** What the receiver does with a referral. */
export const FULFILMENT_STEPS = [
  'ACKNOWLEDGE',
  'HOLD',
  'RESUME',
  'ACCEPT',
  'REJECT',
  'START',
  'COMPLETE',
  'FAIL',
] as const;
/** One of `FULFILMENT_STEPS`. */
export type FulfilmentStep = (typeof FULFILMENT_STEPS)[number];

/** What the sender does with a referral, `ESCALATE` and `EXPIRE` by deadline. */
export const REQUEST_STEPS = [
  'SEND',
  'CANCEL',
  'MARK_IN_ERROR',
  'ESCALATE',
  'EXPIRE',
  'INFORM',
  'RELEASE_CUSTODY',
  'CLOSE_LOOP',
] as const;
/** One of `REQUEST_STEPS`. */
export type RequestStep = (typeof REQUEST_STEPS)[number];

/** Statuses of FHIR R4 `ServiceRequest` and `Task`. */
export interface FhirStatuses {
  readonly request: 'draft' | 'active' | 'revoked' | 'completed' | 'entered-in-error';
  readonly task:
    | 'draft'
    | 'requested'
    | 'received'
    | 'on-hold'
    | 'accepted'
    | 'in-progress'
    | 'completed'
    | 'rejected'
    | 'failed'
    | 'cancelled'
    | 'entered-in-error';
}

/** What a pair of statuses means. */
export interface Merge {
  readonly status: ReferralStatus;
  /** What is due next; null when nobody has to do anything any more. */
  readonly due: DeadlineKind | null;
  readonly senderTask: SenderTask;
  readonly business: BusinessStatus;
  readonly fhir: FhirStatuses;
  /** What may be done, by whom. What is not here is already covered or refused. */
  readonly next: { readonly SENDER: readonly RequestStep[]; readonly RECEIVER: readonly FulfilmentStep[] };
}

type Row = Readonly<Record<FulfilmentStatus, Merge>>;
type Fhir = `${FhirStatuses['request']}/${FhirStatuses['task']}`;

function merge(
  status: ReferralStatus,
  due: DeadlineKind | null,
  senderTask: SenderTask,
  business: BusinessStatus,
  fhir: Fhir,
  sender: readonly RequestStep[],
  receiver: readonly FulfilmentStep[],
): Merge {
  const [request, task] = fhir.split('/') as [FhirStatuses['request'], FhirStatuses['task']];
  return { status, due, senderTask, business, fhir: { request, task }, next: { SENDER: sender, RECEIVER: receiver } };
}

const NO_STEPS: readonly [] = [];
const WAITING = ['CANCEL', 'MARK_IN_ERROR', 'ESCALATE', 'EXPIRE'] as const;
const ON_HOLD = ['CANCEL', 'MARK_IN_ERROR', 'ESCALATE', 'EXPIRE', 'INFORM'] as const;
const TAKEN = ['CANCEL', 'MARK_IN_ERROR', 'ESCALATE', 'RELEASE_CUSTODY'] as const;
const END = ['COMPLETE', 'FAIL'] as const;

const DRAFTED = merge('DRAFT', 'SEND', 'OPEN', 'DRAFTED', 'draft/draft', ['SEND', 'CANCEL'], NO_STEPS);

/** Nobody answers what was not sent: only the first of these is ever reached. */
const DRAFT: Row = {
  NONE: DRAFTED,
  ACKNOWLEDGED: DRAFTED,
  ON_HOLD: DRAFTED,
  ACCEPTED: DRAFTED,
  IN_PROGRESS: DRAFTED,
  COMPLETED: DRAFTED,
  REJECTED: DRAFTED,
  FAILED: DRAFTED,
};

// prettier-ignore
const REQUESTED: Row = {
  NONE: merge('REQUESTED', 'ACKNOWLEDGE', 'WAITING', 'AWAITING_ACKNOWLEDGEMENT', 'active/requested', WAITING, ['ACKNOWLEDGE', 'REJECT']),
  ACKNOWLEDGED: merge('ACKNOWLEDGED', 'DECIDE', 'WAITING', 'UNDER_REVIEW', 'active/received', WAITING, ['HOLD', 'ACCEPT', 'REJECT']),
  ON_HOLD: merge('ON_HOLD', 'RESUME', 'WAITING', 'WAITLISTED', 'active/on-hold', ON_HOLD, ['HOLD', 'RESUME', 'ACCEPT', 'REJECT']),
  ACCEPTED: merge('ACCEPTED', 'START', 'WAITING', 'AWAITING_SERVICE', 'active/accepted', TAKEN, ['START', 'COMPLETE', 'FAIL']),
  IN_PROGRESS: merge('IN_PROGRESS', 'REPORT', 'WAITING', 'SERVICE_IN_PROGRESS', 'active/in-progress', TAKEN, END),
  COMPLETED: merge('COMPLETED', 'CLOSE_LOOP', 'DONE', 'SERVICE_COMPLETED', 'active/completed', ['CLOSE_LOOP'], NO_STEPS),
  REJECTED: merge('REJECTED', 'CLOSE_LOOP', 'REOPENED', 'DECLINED', 'active/rejected', ['CLOSE_LOOP'], NO_STEPS),
  FAILED: merge('FAILED', 'CLOSE_LOOP', 'REOPENED', 'NOT_PROVIDED', 'active/failed', ['CLOSE_LOOP'], NO_STEPS),
};

/** The request ended before the receiver had the person: settled. Later: the receiver ends what it began, or completes it. */
// prettier-ignore
const CANCELLED: Row = {
  NONE: merge('CANCELLED', null, 'DONE', 'CANCELLED', 'revoked/cancelled', NO_STEPS, NO_STEPS),
  ACKNOWLEDGED: merge('CANCELLED', null, 'DONE', 'CANCELLED', 'revoked/cancelled', NO_STEPS, NO_STEPS),
  ON_HOLD: merge('CANCELLED', null, 'DONE', 'CANCELLED', 'revoked/cancelled', NO_STEPS, NO_STEPS),
  ACCEPTED: merge('CANCELLED', 'COMPENSATE', 'DONE', 'CANCELLATION_TO_FOLLOW', 'revoked/accepted', ['ESCALATE'], END),
  IN_PROGRESS: merge('CANCELLED', 'COMPENSATE', 'DONE', 'CANCELLATION_TO_FOLLOW', 'revoked/in-progress', ['ESCALATE'], END),
  COMPLETED: merge('COMPLETED', null, 'DONE', 'COMPLETED_ALTHOUGH_CANCELLED', 'revoked/completed', NO_STEPS, NO_STEPS),
  REJECTED: merge('CANCELLED', null, 'DONE', 'CANCELLED', 'revoked/rejected', NO_STEPS, NO_STEPS),
  FAILED: merge('CANCELLED', null, 'DONE', 'CANCELLED', 'revoked/failed', NO_STEPS, NO_STEPS),
};

/**
 * Unanswered in time: the sender's task is back, and it says what comes next. An acceptance that was on its way is honoured:
 * it goes on as if it had come in time, and the sender may cancel it, `SUPERSEDED`, where it asked another meanwhile.
 */
// prettier-ignore
const EXPIRED: Row = {
  NONE: merge('EXPIRED', 'CLOSE_LOOP', 'REOPENED', 'EXPIRED', 'revoked/cancelled', ['MARK_IN_ERROR', 'CLOSE_LOOP'], NO_STEPS),
  ACKNOWLEDGED: merge('EXPIRED', 'CLOSE_LOOP', 'REOPENED', 'EXPIRED', 'revoked/cancelled', ['MARK_IN_ERROR', 'CLOSE_LOOP'], NO_STEPS),
  ON_HOLD: merge('EXPIRED', 'CLOSE_LOOP', 'REOPENED', 'EXPIRED', 'revoked/cancelled', ['MARK_IN_ERROR', 'CLOSE_LOOP'], NO_STEPS),
  ACCEPTED: REQUESTED.ACCEPTED,
  IN_PROGRESS: REQUESTED.IN_PROGRESS,
  COMPLETED: REQUESTED.COMPLETED,
  REJECTED: merge('REJECTED', 'CLOSE_LOOP', 'REOPENED', 'DECLINED', 'revoked/rejected', ['CLOSE_LOOP'], NO_STEPS),
  FAILED: REQUESTED.FAILED,
};

/** As if it was cancelled. */
// prettier-ignore
const ENTERED_IN_ERROR: Row = {
  NONE: merge('ENTERED_IN_ERROR', null, 'DONE', 'ENTERED_IN_ERROR', 'entered-in-error/entered-in-error', NO_STEPS, NO_STEPS),
  ACKNOWLEDGED: merge('ENTERED_IN_ERROR', null, 'DONE', 'ENTERED_IN_ERROR', 'entered-in-error/entered-in-error', NO_STEPS, NO_STEPS),
  ON_HOLD: merge('ENTERED_IN_ERROR', null, 'DONE', 'ENTERED_IN_ERROR', 'entered-in-error/entered-in-error', NO_STEPS, NO_STEPS),
  ACCEPTED: merge('ENTERED_IN_ERROR', 'COMPENSATE', 'DONE', 'CANCELLATION_TO_FOLLOW', 'entered-in-error/accepted', ['ESCALATE'], END),
  IN_PROGRESS: merge('ENTERED_IN_ERROR', 'COMPENSATE', 'DONE', 'CANCELLATION_TO_FOLLOW', 'entered-in-error/in-progress', ['ESCALATE'], END),
  COMPLETED: merge('COMPLETED', null, 'DONE', 'COMPLETED_ALTHOUGH_CANCELLED', 'entered-in-error/completed', NO_STEPS, NO_STEPS),
  REJECTED: merge('ENTERED_IN_ERROR', null, 'DONE', 'ENTERED_IN_ERROR', 'entered-in-error/rejected', NO_STEPS, NO_STEPS),
  FAILED: merge('ENTERED_IN_ERROR', null, 'DONE', 'ENTERED_IN_ERROR', 'entered-in-error/failed', NO_STEPS, NO_STEPS),
};

/** Closed after an answer, or after it expired. An acceptance that crosses that is too late: the person is looked after. */
// prettier-ignore
const LOOP_CLOSED: Row = {
  NONE: merge('EXPIRED', null, 'DONE', 'CLOSED', 'revoked/cancelled', NO_STEPS, NO_STEPS),
  ACKNOWLEDGED: merge('EXPIRED', null, 'DONE', 'CLOSED', 'revoked/cancelled', NO_STEPS, NO_STEPS),
  ON_HOLD: merge('EXPIRED', null, 'DONE', 'CLOSED', 'revoked/cancelled', NO_STEPS, NO_STEPS),
  ACCEPTED: merge('CANCELLED', 'COMPENSATE', 'DONE', 'CANCELLATION_TO_FOLLOW', 'revoked/accepted', ['ESCALATE'], END),
  IN_PROGRESS: merge('CANCELLED', 'COMPENSATE', 'DONE', 'CANCELLATION_TO_FOLLOW', 'revoked/in-progress', ['ESCALATE'], END),
  COMPLETED: merge('COMPLETED', null, 'DONE', 'CLOSED', 'completed/completed', NO_STEPS, NO_STEPS),
  REJECTED: merge('REJECTED', null, 'DONE', 'CLOSED', 'revoked/rejected', NO_STEPS, NO_STEPS),
  FAILED: merge('FAILED', null, 'DONE', 'CLOSED', 'revoked/failed', NO_STEPS, NO_STEPS),
};

/**
 * What every pair of the two axes means (architecture.md §6). Each side moves its own axis and hears of the other's, so both
 * reach the same pair once all was heard, whatever raced; a pair that is not settled has a deadline: nothing ends in silence.
 */
export const MERGE_TABLE: Readonly<Record<RequestStatus, Row>> = {
  DRAFT,
  REQUESTED,
  CANCELLED,
  EXPIRED,
  ENTERED_IN_ERROR,
  LOOP_CLOSED,
};

/** Whether the sender's word ended it: an expiry that an answer had crossed did not, it goes on as if it had come in time. */
export function hasEnded(request: RequestStatus, fulfilment: FulfilmentStatus): boolean {
  if (request === 'DRAFT' || request === 'REQUESTED') return false;
  return request !== 'EXPIRED' || EXPIRED[fulfilment] !== REQUESTED[fulfilment];
}

/** Who has to act until a deadline; who then has to answer an escalation is whoever missed it. */
export const DEADLINE_OWNERS: Readonly<Record<DeadlineKind, Side>> = {
  SEND: 'SENDER',
  ACKNOWLEDGE: 'RECEIVER',
  DECIDE: 'RECEIVER',
  RESUME: 'RECEIVER',
  PROVIDE_INFORMATION: 'SENDER',
  START: 'RECEIVER',
  REPORT: 'RECEIVER',
  COMPENSATE: 'RECEIVER',
  CLOSE_LOOP: 'SENDER',
  ANSWER_ESCALATION: 'RECEIVER',
};

/** What people read of where it stands: on hold, by the reason of the hold. */
export function businessStatusOf(
  request: RequestStatus,
  fulfilment: FulfilmentStatus,
  holdReason: HoldReason | null,
): BusinessStatus {
  const { business } = MERGE_TABLE[request][fulfilment];
  return business === 'WAITLISTED' && holdReason === 'INFORMATION_REQUESTED' ? 'INFORMATION_REQUESTED' : business;
}

/** The pairs whose status in one word is among these, for queries. */
export function pairsOf(statuses: readonly ReferralStatus[]): readonly (readonly [RequestStatus, FulfilmentStatus])[] {
  return REQUEST_STATUSES.flatMap((request) =>
    FULFILMENT_STATUSES.filter((fulfilment) => statuses.includes(MERGE_TABLE[request][fulfilment].status)).map(
      (fulfilment) => [request, fulfilment] as const,
    ),
  );
}
