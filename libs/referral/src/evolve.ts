import { hasEnded, MERGE_TABLE, type RequestStatus } from './merge-table.ts';
import type {
  Referral,
  ReferralEventData,
  ReferralEventType,
  ReferralRequest,
  ReferralState,
  ReferralStep,
  ReferralTimes,
  Side,
} from './referral.ts';

const NO_TIMES: ReferralTimes = {
  requestedAt: null,
  acknowledgedAt: null,
  heldAt: null,
  informedAt: null,
  resumedAt: null,
  acceptedAt: null,
  startedAt: null,
  answeredAt: null,
  endedAt: null,
};

/** What changes, times apart from the rest. */
type Change = Partial<Omit<Referral, 'times' | 'status' | 'senderTask'>> & { readonly times: Partial<ReferralTimes> };

function changed(referral: Referral, { times, ...rest }: Change): Referral {
  const both = { ...referral, ...rest };
  const { requestStatus, fulfilment } = both;
  const { status, senderTask } = MERGE_TABLE[requestStatus][fulfilment];
  const said = { ...referral.times, ...times };
  const endedAt = hasEnded(requestStatus, fulfilment) ? said.endedAt : null;
  return { ...both, status, senderTask, times: { ...said, endedAt } };
}

const REQUEST_KEYS = [
  ...([
    'referralId',
    'caseId',
    'sender',
    'receiver',
    'service',
    'urgency',
    'reason',
    'requestedAt',
    'acknowledgeBy',
  ] as const),
  ...(['consent', 'facts', 'transfer', 'groupId', 'attachments', 'deadlines'] as const),
  ...(['custodyTerm', 'causedBy', 'separationReason'] as const),
] satisfies readonly (keyof ReferralRequest)[];

/** The request without what the event says besides. */
function requestOf(data: ReferralRequest): ReferralRequest {
  const said = REQUEST_KEYS.filter((key) => data[key] !== undefined);
  return Object.fromEntries(said.map((key) => [key, data[key]])) as unknown as ReferralRequest;
}

function opened(side: Side, data: ReferralRequest, requestStatus: RequestStatus): Referral {
  const request = requestOf(data);
  const { status, senderTask } = MERGE_TABLE[requestStatus].NONE;
  return {
    ...{ side, request, requestStatus, fulfilment: 'NONE', status, senderTask },
    times: { ...NO_TIMES, requestedAt: requestStatus === 'DRAFT' ? null : request.requestedAt },
    ...{ holds: 0, hold: null, information: null, escalation: null },
    ...{ rejection: null, result: null, failure: null },
    ...{ cancellation: null, entryError: null, closure: null, custodyTerm: null },
  };
}

const DECIDED = { hold: null, information: null } as const;

type LaterType = Exclude<
  ReferralEventType,
  'ReferralDrafted' | 'ReferralRequested' | 'ReferralReceived' | 'ProxiedAnswerRecorded'
>;
type Changes<D> = (data: D) => Change;

const acknowledged: Changes<ReferralEventData['ReferralAcknowledged']> = ({ acknowledgedAt }) => ({
  fulfilment: 'ACKNOWLEDGED',
  times: { acknowledgedAt },
});
const held: Changes<ReferralEventData['ReferralPutOnHold']> = ({ hold, reason, information, expectedBy, heldAt }) => ({
  ...{ fulfilment: 'ON_HOLD', holds: hold, hold: { hold, reason, information, expectedBy }, information: null },
  times: { heldAt, informedAt: null },
});
const resumed: Changes<ReferralEventData['ReferralResumed']> = ({ hold, resumedAt }) => ({
  ...{ ...DECIDED, fulfilment: 'ACKNOWLEDGED', holds: hold, times: { resumedAt } },
});
const accepted: Changes<ReferralEventData['ReferralAccepted']> = ({ acceptedAt }) => ({
  ...{ ...DECIDED, fulfilment: 'ACCEPTED', times: { acceptedAt } },
});
const started: Changes<ReferralEventData['ReferralServiceStarted']> = ({ startedAt }) => ({
  ...{ ...DECIDED, fulfilment: 'IN_PROGRESS', times: { startedAt } },
});
const rejected: Changes<ReferralEventData['ReferralRejected']> = ({ reason, alternativeAgency, rejectedAt }) => ({
  ...{ ...DECIDED, fulfilment: 'REJECTED', rejection: { reason, alternativeAgency } },
  times: { answeredAt: rejectedAt },
});
const completed: Changes<ReferralEventData['ReferralCompleted']> = ({ result, completedAt }) => ({
  ...{ ...DECIDED, fulfilment: 'COMPLETED', result, times: { answeredAt: completedAt } },
});
const failed: Changes<ReferralEventData['ReferralFailed']> = ({ reason, failedAt }) => ({
  ...{ ...DECIDED, fulfilment: 'FAILED', failure: reason, times: { answeredAt: failedAt } },
});
const cancelled: Changes<ReferralEventData['ReferralCancelled']> = ({ reason, cancelledAt }) => ({
  ...{ requestStatus: 'CANCELLED', cancellation: reason, times: { endedAt: cancelledAt } },
});
const expired: Changes<ReferralEventData['ReferralExpired']> = ({ expiredAt }) => ({
  requestStatus: 'EXPIRED',
  times: { endedAt: expiredAt },
});
const inError: Changes<ReferralEventData['ReferralMarkedInError']> = ({ reason, markedAt }) => ({
  ...{ requestStatus: 'ENTERED_IN_ERROR', entryError: reason, times: { endedAt: markedAt } },
});
const closed: Changes<ReferralEventData['ReferralLoopClosed']> = ({ outcome, nextReferralId, closedAt }) => ({
  ...{ requestStatus: 'LOOP_CLOSED', closure: { outcome, nextReferralId }, times: { endedAt: closedAt } },
});
const escalated: Changes<ReferralEventData['ReferralEscalated']> = ({ missed, missedAt, answerBy }) => ({
  escalation: { missed, missedAt, answerBy },
  times: {},
});
const informed: Changes<ReferralEventData['ReferralInformationProvided']> = ({
  hold,
  information,
  attachments,
  providedAt,
}) => ({
  information: { hold, information, attachments },
  times: { informedAt: providedAt },
});
const released: Changes<ReferralEventData['CustodyReleased']> = ({ term }) => ({ custodyTerm: term, times: {} });

/** What each event changes: the same at the side that acts and at the side that notes it. */
const CHANGES: { readonly [T in LaterType]: Changes<ReferralEventData[T]> } = {
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
};

/** Folds an event into the referral. Events before the first of their stream cannot be and change nothing. */
export function evolve(state: ReferralState, event: ReferralStep): ReferralState {
  if (event.type === 'ReferralDrafted') return opened('SENDER', event.data, 'DRAFT');
  if (event.type === 'ReferralRequested') return opened('SENDER', event.data, 'REQUESTED');
  if (event.type === 'ReferralReceived') return opened('RECEIVER', event.data, 'REQUESTED');
  if (event.type === 'ProxiedAnswerRecorded') return evolve(state, event.data.answer);
  const change = CHANGES[event.type] as Changes<never>;
  return state && changed(state, change(event.data as never));
}
