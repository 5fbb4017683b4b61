import type { ReferralEscalatedV1Data, ReferralRejectedV2Data, ReferralRequestedV2Data } from '@acogida/contracts';
import type { Instant } from '@acogida/core';
import type {
  CancelReason,
  CompletionResult,
  DeadlinePolicy,
  EntryError,
  FailureReason,
  FamilySeparationReason,
  HoldReason,
  InformationTopic,
  LoopOutcome,
  ReferralReason,
  ReferralService,
  RejectReason,
  Urgency,
} from '@acogida/reference';
import type { FulfilmentStatus, ReferralStatus, RequestStatus, SenderTask } from './merge-table.ts';

/** Coded facts that the receiver needs to decide. */
export type ReferralFacts = ReferralRequestedV2Data['facts'];
/** What allows the sharing (domain.md §1.3). */
export type ReferralConsent = ReferralRequestedV2Data['consent'];
/** A document that is pointed to: it stays where it is, and its SHA-256 says whether it is the same later. */
export type Attachment = ReferralRequestedV2Data['attachments'][number];

/** What was asked for: the same at the sender and at the receiver. */
export type ReferralRequest = {
  readonly referralId: string;
  readonly caseId: string;
  readonly sender: string;
  readonly receiver: string;
  readonly service: ReferralService;
  readonly urgency: Urgency;
  readonly reason: ReferralReason;
  /** When it was sent; of a draft, when it was drafted. */
  readonly requestedAt: Instant;
  readonly acknowledgeBy: Instant;
  readonly consent: ReferralConsent;
  readonly facts: ReferralFacts;
  /** Custody is to move with the acceptance, not only knowledge (architecture.md §6). */
  readonly transfer: boolean;
  /** What several services asked for in one go have in common, else null. */
  readonly groupId: string | null;
  /** Term under which the sender had custody of the case when it asked. Absent where it had not. */
  readonly custodyTerm?: number;
  /** The referral that it goes on with: rejected, failed or not answered. Absent where it is the first. */
  readonly causedBy?: string;
  /** Why it separates a family all the same (INV-24). Absent where it does not. */
  readonly separationReason?: FamilySeparationReason;
  readonly attachments: readonly Attachment[];
  readonly deadlines: DeadlinePolicy;
};

/** Why it was not taken on. */
export type Rejection = Pick<ReferralRejectedV2Data, 'reason' | 'alternativeAgency'> & {
  readonly reason: RejectReason;
};

/** Why nothing is decided yet. A referral is put on hold a first, second … time: `hold` counts. */
export interface HoldTerms {
  readonly hold: number;
  readonly reason: HoldReason;
  /** What is to be told; empty on the waiting list. */
  readonly information: readonly InformationTopic[];
  /** When a place is expected, null when nobody can say. */
  readonly expectedBy: Instant | null;
}

/** What the sender told of what was asked for in a hold. */
export interface InformationAnswer {
  readonly hold: number;
  readonly information: readonly InformationTopic[];
  readonly attachments: readonly Attachment[];
}

/** How the sender ended it: for a task that came back, the next step or the person's refusal (INV-19). */
export interface LoopClosure {
  readonly outcome: LoopOutcome;
  /** The referral that goes on with it, only when it was referred elsewhere. */
  readonly nextReferralId: string | null;
}

/** What is due, whose turn it then is (`DEADLINE_OWNERS`), and who acts when it is missed: the sender. */
export type DeadlineKind =
  | 'SEND'
  | 'ACKNOWLEDGE'
  | 'DECIDE'
  | 'RESUME'
  | 'PROVIDE_INFORMATION'
  | 'START'
  | 'REPORT'
  | 'COMPENSATE'
  | 'CLOSE_LOOP'
  | 'ANSWER_ESCALATION';

/** A step that the supervisor of whose turn it is can be asked for. */
export type MissedStep = ReferralEscalatedV1Data['missed'];

/** One of the two agencies of a referral. */
export type Side = 'SENDER' | 'RECEIVER';

/** An open deadline. */
export interface Deadline {
  readonly kind: DeadlineKind;
  readonly dueAt: Instant;
  /** Who has to act until then. */
  readonly of: Side;
}

/** A deadline of which an old event does not say when it is. */
export type UndatedDeadline = Omit<Deadline, 'dueAt'> & { readonly dueAt: null };

/** The supervisor of whose turn it is is told that a step was missed, and has until `answerBy`. */
export interface Escalation {
  readonly missed: MissedStep;
  readonly missedAt: Instant;
  readonly answerBy: Instant;
}

/** What each side says and the other notes, by event. */
interface Said {
  readonly acknowledged: { readonly acknowledgedAt: Instant };
  readonly held: HoldTerms & { readonly heldAt: Instant };
  readonly resumed: { readonly hold: number; readonly resumedAt: Instant };
  readonly accepted: { readonly acceptedAt: Instant };
  readonly rejected: Rejection & { readonly rejectedAt: Instant };
  readonly started: { readonly startedAt: Instant };
  readonly completed: { readonly result: CompletionResult; readonly completedAt: Instant };
  readonly failed: { readonly reason: FailureReason; readonly failedAt: Instant };
  readonly cancelled: { readonly reason: CancelReason; readonly cancelledAt: Instant };
  readonly expired: { readonly expiredAt: Instant };
  readonly inError: { readonly reason: EntryError; readonly markedAt: Instant };
  readonly escalated: Escalation & { readonly escalatedAt: Instant };
  readonly informed: InformationAnswer & { readonly providedAt: Instant };
  readonly closed: LoopClosure & { readonly closedAt: Instant };
  readonly released: { readonly term: number; readonly releasedAt: Instant };
}

/** Data of each event. Of every pair the first is written by the side that acts, the second by the one that hears of it. */
export interface ReferralEventData {
  readonly ReferralDrafted: ReferralRequest;
  readonly ReferralRequested: ReferralRequest;
  readonly ReferralReceived: ReferralRequest;
  readonly ReferralAcknowledged: Said['acknowledged'];
  readonly AcknowledgementNoted: Said['acknowledged'];
  readonly ReferralPutOnHold: Said['held'];
  readonly HoldNoted: Said['held'];
  readonly ReferralResumed: Said['resumed'];
  readonly ResumptionNoted: Said['resumed'];
  readonly ReferralAccepted: Said['accepted'];
  readonly AcceptanceNoted: Said['accepted'];
  readonly ReferralRejected: Said['rejected'];
  readonly RejectionNoted: Said['rejected'];
  readonly ReferralServiceStarted: Said['started'];
  readonly ServiceStartNoted: Said['started'];
  readonly ReferralCompleted: Said['completed'];
  readonly CompletionNoted: Said['completed'];
  readonly ReferralFailed: Said['failed'];
  readonly FailureNoted: Said['failed'];
  readonly ReferralCancelled: Said['cancelled'];
  readonly CancellationNoted: Said['cancelled'];
  readonly ReferralExpired: Said['expired'];
  readonly ExpiryNoted: Said['expired'];
  readonly ReferralMarkedInError: Said['inError'];
  readonly EntryErrorNoted: Said['inError'];
  readonly ReferralEscalated: Said['escalated'];
  readonly EscalationNoted: Said['escalated'];
  readonly ReferralInformationProvided: Said['informed'];
  readonly InformationNoted: Said['informed'];
  readonly ReferralLoopClosed: Said['closed'];
  readonly LoopClosureNoted: Said['closed'];
  readonly CustodyReleased: Said['released'];
  readonly CustodyReleaseNoted: Said['released'];
  /** What an agency without a node answered by a link, taken down and signed by the sender (architecture.md §6). */
  readonly ProxiedAnswerRecorded: { readonly linkId: string; readonly answer: ProxiedStep };
}

/** Steps of a receiver that its sender takes down for it. */
type ProxiedType =
  | 'ReferralAcknowledged'
  | 'ReferralPutOnHold'
  | 'ReferralAccepted'
  | 'ReferralRejected'
  | 'ReferralServiceStarted'
  | 'ReferralCompleted'
  | 'ReferralFailed';

/** Such a step, as the receiver itself would have recorded it. */
export type ProxiedStep = {
  readonly [T in ProxiedType]: { readonly type: T; readonly data: ReferralEventData[T] };
}[ProxiedType];

/** Name of an event. */
export type ReferralEventType = keyof ReferralEventData;

/** What happened, before it is known what is due next. */
export type ReferralStep = {
  readonly [T in ReferralEventType]: { readonly type: T; readonly data: ReferralEventData[T] };
}[ReferralEventType];

/**
 * Events, each with what is due after it: read models keep due times without knowing the referral's past. `due` is null when
 * nothing is due any more; its `dueAt` is null in events of before version 2, whose times follow from the request's urgency.
 */
export type ReferralEvent = {
  readonly [T in ReferralEventType]: {
    readonly type: T;
    readonly data: ReferralEventData[T] & { readonly due: Deadline | UndatedDeadline | null };
  };
}[ReferralEventType];

/** When what happened, as told by the side that did it; null when it did not, or is not known here. */
export interface ReferralTimes {
  /** Null as long as it is a draft. */
  readonly requestedAt: Instant | null;
  readonly acknowledgedAt: Instant | null;
  readonly heldAt: Instant | null;
  readonly informedAt: Instant | null;
  readonly resumedAt: Instant | null;
  readonly acceptedAt: Instant | null;
  readonly startedAt: Instant | null;
  /** Rejected, completed or failed. */
  readonly answeredAt: Instant | null;
  /** Cancelled, expired, marked as entered in error, or its loop closed: the last of them. */
  readonly endedAt: Instant | null;
}

/** A referral as one side knows it: what it did itself for certain, what the other did as far as it was heard. */
export interface Referral {
  readonly side: Side;
  readonly request: ReferralRequest;
  /** The sender's axis. */
  readonly requestStatus: RequestStatus;
  /** The receiver's axis. */
  readonly fulfilment: FulfilmentStatus;
  /** Both axes in one word, and the sender's task, by the merge table. */
  readonly status: ReferralStatus;
  readonly senderTask: SenderTask;
  readonly times: ReferralTimes;
  /** How often it was put on hold. */
  readonly holds: number;
  /** Why it is on hold, null when it is not. */
  readonly hold: HoldTerms | null;
  /** What the sender told of the present hold. */
  readonly information: InformationAnswer | null;
  readonly escalation: Escalation | null;
  readonly rejection: Rejection | null;
  readonly result: CompletionResult | null;
  readonly failure: FailureReason | null;
  readonly cancellation: CancelReason | null;
  readonly entryError: EntryError | null;
  readonly closure: LoopClosure | null;
  /** Term under which the sender gave custody away, null when it did not. */
  readonly custodyTerm: number | null;
}

/** Null before the first event. */
export type ReferralState = Referral | null;
