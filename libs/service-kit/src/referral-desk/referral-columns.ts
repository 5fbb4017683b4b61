import type {
  Referral,
  ReferralEvent,
  ReferralEventData,
  ReferralEventType,
  ReferralRequest,
  Side,
} from '@acogida/referral';

/** Columns of the table `referral` that events fill. A column that is left out keeps what it says. */
export type ReferralColumns = Readonly<Record<string, unknown>>;

/** A new value of the receiver's axis says all of a hold: there is none unless it is one. */
function fulfilled(status: Referral['fulfilment'], rest: ReferralColumns): ReferralColumns {
  return {
    fulfilment_status: status,
    ...{ hold_reason: null, hold_information: null, hold_expected_by: null, informed_at: null },
    ...{ information_attachments: null, ...rest },
  };
}

function requestColumns(request: ReferralRequest, side: Side, requestStatus: string): ReferralColumns {
  const { consent, facts } = request;
  return {
    direction: side === 'SENDER' ? 'sent' : 'received',
    request_status: requestStatus,
    fulfilment_status: 'NONE',
    case_id: request.caseId,
    sender: request.sender,
    receiver: request.receiver,
    service: request.service,
    urgency: request.urgency,
    reason: request.reason,
    consent_basis: consent.basis,
    consent_form: consent.form,
    consent_given_by: consent.givenBy,
    consent_language: consent.language,
    consent_granted_on: consent.grantedOn,
    sex: facts.sex,
    age_status: facts.ageStatus,
    age_from_years: facts.ageBand?.fromYears ?? null,
    age_to_years: facts.ageBand?.toYears ?? null,
    nationalities: facts.nationalities,
    nationality_status: facts.nationalityStatus,
    transfer: request.transfer,
    group_id: request.groupId,
    attachments: request.attachments,
    caused_by: request.causedBy ?? null,
    separation_reason: request.separationReason ?? null,
    requested_at: request.requestedAt,
    acknowledge_by: request.acknowledgeBy,
  };
}

/** Whether an event begins a referral, or sends a draft: then it says all there is to say. */
export function isOpening({ type }: ReferralEvent): boolean {
  return type === 'ReferralDrafted' || type === 'ReferralRequested' || type === 'ReferralReceived';
}

/** What an event says of the row of its referral, what is due next included. */
export function columnsOf(event: ReferralEvent): ReferralColumns {
  const { due } = event.data;
  const next = { next_due_kind: due?.kind ?? null, next_due_at: due?.dueAt ?? null, next_due_of: due?.of ?? null };
  const say = SAYS[event.type] as (data: never) => ReferralColumns;
  return { ...say(event.data as never), ...next };
}

type Says<D> = (data: D) => ReferralColumns;

const acknowledged: Says<ReferralEventData['ReferralAcknowledged']> = ({ acknowledgedAt }) =>
  fulfilled('ACKNOWLEDGED', { acknowledged_at: acknowledgedAt });
const held: Says<ReferralEventData['ReferralPutOnHold']> = ({ reason, information, expectedBy, heldAt }) => {
  const hold = { hold_reason: reason, hold_information: information, hold_expected_by: expectedBy };
  return fulfilled('ON_HOLD', { ...hold, held_at: heldAt });
};
const resumed: Says<ReferralEventData['ReferralResumed']> = () => fulfilled('ACKNOWLEDGED', {});
const accepted: Says<ReferralEventData['ReferralAccepted']> = ({ acceptedAt }) =>
  fulfilled('ACCEPTED', { accepted_at: acceptedAt });
const started: Says<ReferralEventData['ReferralServiceStarted']> = ({ startedAt }) =>
  fulfilled('IN_PROGRESS', { started_at: startedAt });
const rejected: Says<ReferralEventData['ReferralRejected']> = ({ reason, alternativeAgency, rejectedAt }) => {
  const rejection = { reject_reason: reason, alternative_agency: alternativeAgency };
  return fulfilled('REJECTED', { ...rejection, rejected_at: rejectedAt });
};
const completed: Says<ReferralEventData['ReferralCompleted']> = ({ result, completedAt }) =>
  fulfilled('COMPLETED', { result, completed_at: completedAt });
const failed: Says<ReferralEventData['ReferralFailed']> = ({ reason, failedAt }) =>
  fulfilled('FAILED', { failure_reason: reason, failed_at: failedAt });
const cancelled: Says<ReferralEventData['ReferralCancelled']> = ({ reason, cancelledAt }) => ({
  ...{ request_status: 'CANCELLED', cancel_reason: reason, ended_at: cancelledAt },
});
const expired: Says<ReferralEventData['ReferralExpired']> = ({ expiredAt }) => ({
  request_status: 'EXPIRED',
  ended_at: expiredAt,
});
const inError: Says<ReferralEventData['ReferralMarkedInError']> = ({ reason, markedAt }) => ({
  ...{ request_status: 'ENTERED_IN_ERROR', entry_error: reason, ended_at: markedAt },
});
const closed: Says<ReferralEventData['ReferralLoopClosed']> = ({ outcome, nextReferralId, closedAt }) => {
  const closure = { loop_outcome: outcome, next_referral_id: nextReferralId };
  return { request_status: 'LOOP_CLOSED', ...closure, ended_at: closedAt };
};
const escalated: Says<ReferralEventData['ReferralEscalated']> = ({ escalatedAt, answerBy }) => ({
  ...{ escalated_at: escalatedAt, answer_by: answerBy },
});
const informed: Says<ReferralEventData['ReferralInformationProvided']> = ({ providedAt, attachments }) => ({
  ...{ informed_at: providedAt, information_attachments: attachments },
});
const released: Says<ReferralEventData['CustodyReleased']> = ({ term }) => ({ custody_term: term });

const SAYS: { readonly [T in ReferralEventType]: Says<ReferralEventData[T]> } = {
  ReferralDrafted: (request) => requestColumns(request, 'SENDER', 'DRAFT'),
  ReferralRequested: (request) => requestColumns(request, 'SENDER', 'REQUESTED'),
  ReferralReceived: (request) => requestColumns(request, 'RECEIVER', 'REQUESTED'),
  ...{ ReferralAcknowledged: acknowledged, AcknowledgementNoted: acknowledged },
  ...{ ReferralPutOnHold: held, HoldNoted: held },
  ...{ ReferralResumed: resumed, ResumptionNoted: resumed },
  ...{ ReferralAccepted: accepted, AcceptanceNoted: accepted },
  ...{ ReferralServiceStarted: started, ServiceStartNoted: started },
  ...{ ReferralRejected: rejected, RejectionNoted: rejected },
  ...{ ReferralCompleted: completed, CompletionNoted: completed },
  ...{ ReferralFailed: failed, FailureNoted: failed },
  ...{ ReferralCancelled: cancelled, CancellationNoted: cancelled },
  ...{ ReferralExpired: expired, ExpiryNoted: expired },
  ...{ ReferralMarkedInError: inError, EntryErrorNoted: inError },
  ...{ ReferralLoopClosed: closed, LoopClosureNoted: closed },
  ...{ ReferralEscalated: escalated, EscalationNoted: escalated },
  ...{ ReferralInformationProvided: informed, InformationNoted: informed },
  ...{ CustodyReleased: released, CustodyReleaseNoted: released },
  ProxiedAnswerRecorded: ({ answer }) => (SAYS[answer.type] as (data: never) => ReferralColumns)(answer.data as never),
};
