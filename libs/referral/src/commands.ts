import type { Instant } from '@acogida/core';
import type { CancelReason, CompletionResult, EntryError, FailureReason } from '@acogida/reference';
import type { FulfilmentStep, RequestStep } from './merge-table.ts';
import type { Escalation, HoldTerms, InformationAnswer, LoopClosure, ReferralRequest, Rejection } from './referral.ts';

type Step<T extends string> = { readonly type: T; readonly by: string; readonly now: Instant };
type Heard<T extends string> = { readonly type: T; readonly by: string; readonly at: Instant };
type Asked = Omit<ReferralRequest, 'sender' | 'requestedAt' | 'acknowledgeBy'> & {
  /** The case is taken over from an earlier register: what was not recorded then is allowed to be missing. */
  readonly takenOver: boolean;
};

/** What the sender does. */
export type RequestCommand =
  | (Step<'CancelReferral'> & { readonly reason: CancelReason })
  | (Step<'MarkReferralInError'> & { readonly reason: EntryError })
  | (Step<'ProvideInformation'> & Omit<InformationAnswer, 'hold'>)
  | (Step<'CloseLoop'> & LoopClosure)
  | (Step<'ReleaseCustody'> & {
      /** One more than the term under which the sender holds the case: `custody.ts` knows it. */
      readonly term: number;
    })
  /** By deadline: the supervisor of whose turn it is is told of a step that was missed. Nothing when it was not. */
  | Step<'EscalateReferral'>
  /** By deadline: the supervisor did not answer either. Nothing when it did. */
  | Step<'ExpireReferral'>;

/** What the receiver does. */
export type FulfilmentCommand =
  | Step<'AcknowledgeReferral'>
  | (Step<'PutReferralOnHold'> & Omit<HoldTerms, 'hold'>)
  | Step<'ResumeReferral'>
  | Step<'AcceptReferral'>
  | (Step<'RejectReferral'> & Rejection)
  | Step<'StartService'>
  | (Step<'CompleteReferral'> & { readonly result: CompletionResult })
  | (Step<'FailReferral'> & { readonly reason: FailureReason })
  /** Ends what was begun for a request that was taken back: fails it, `CANCELLED_BY_SENDER`. */
  | Step<'CompensateCancellation'>;

/** A step of a receiver that it can take by a link. Who takes it is the receiver of the referral, and now is when. */
export type ProxiedAnswer = WithoutActor<
  Exclude<FulfilmentCommand, { readonly type: 'ResumeReferral' | 'CompensateCancellation' }>
>;
type WithoutActor<C> = C extends Step<string> ? Omit<C, 'by' | 'now'> : never;

/** What the sender takes down for a receiver that has no node. `by` is the sender, who signs for it. */
export type ProxyCommand = Step<'RecordProxiedAnswer'> & { readonly linkId: string; readonly answer: ProxiedAnswer };

/** What the sender hears of the receiver. */
export type AnswerHeard =
  | Heard<'NoteAcknowledgement'>
  | (Heard<'NoteHold'> & HoldTerms)
  | (Heard<'NoteResumption'> & { readonly hold: number })
  | Heard<'NoteAcceptance'>
  | (Heard<'NoteRejection'> & Rejection)
  | Heard<'NoteServiceStart'>
  | (Heard<'NoteCompletion'> & { readonly result: CompletionResult })
  | (Heard<'NoteFailure'> & { readonly reason: FailureReason });

/** What the receiver hears of the sender. */
export type RequestHeard =
  | (Heard<'NoteCancellation'> & { readonly reason: CancelReason })
  | Heard<'NoteExpiry'>
  | (Heard<'NoteEntryError'> & { readonly reason: EntryError })
  | (Heard<'NoteEscalation'> & Escalation)
  | (Heard<'NoteInformation'> & InformationAnswer)
  | (Heard<'NoteLoopClosure'> & LoopClosure)
  | (Heard<'NoteCustodyRelease'> & { readonly term: number; readonly to: string });

/** How a referral begins at either side. */
export type OpeningCommand =
  | (Step<'DraftReferral'> & Asked)
  | (Step<'RequestReferral'> & Asked)
  | {
      readonly type: 'ReceiveReferral';
      readonly by: string;
      /** Agency that published the request: it must be the sender. */
      readonly publishedBy: string;
      readonly request: ReferralRequest;
    };

/**
 * Commands. `by` is the agency that acts: this node's agency for its own steps; for `Note…` the agency that published what
 * was heard. `at` is when that agency did it.
 */
export type ReferralCommand =
  OpeningCommand | RequestCommand | FulfilmentCommand | ProxyCommand | AnswerHeard | RequestHeard;

/** One command by its name. */
export type CommandOf<T extends ReferralCommand['type']> = Extract<ReferralCommand, { readonly type: T }>;

/** The step of the receiver that a command is or tells of. */
export const FULFILMENT_STEP_OF: Readonly<Record<(FulfilmentCommand | AnswerHeard)['type'], FulfilmentStep>> = {
  AcknowledgeReferral: 'ACKNOWLEDGE',
  PutReferralOnHold: 'HOLD',
  ResumeReferral: 'RESUME',
  AcceptReferral: 'ACCEPT',
  RejectReferral: 'REJECT',
  StartService: 'START',
  CompleteReferral: 'COMPLETE',
  FailReferral: 'FAIL',
  CompensateCancellation: 'FAIL',
  NoteAcknowledgement: 'ACKNOWLEDGE',
  NoteHold: 'HOLD',
  NoteResumption: 'RESUME',
  NoteAcceptance: 'ACCEPT',
  NoteRejection: 'REJECT',
  NoteServiceStart: 'START',
  NoteCompletion: 'COMPLETE',
  NoteFailure: 'FAIL',
};

/** The step of the sender that a command is or tells of. */
export const REQUEST_STEP_OF: Readonly<Record<(RequestCommand | RequestHeard)['type'], RequestStep>> = {
  CancelReferral: 'CANCEL',
  MarkReferralInError: 'MARK_IN_ERROR',
  ProvideInformation: 'INFORM',
  CloseLoop: 'CLOSE_LOOP',
  ReleaseCustody: 'RELEASE_CUSTODY',
  EscalateReferral: 'ESCALATE',
  ExpireReferral: 'EXPIRE',
  NoteCancellation: 'CANCEL',
  NoteExpiry: 'EXPIRE',
  NoteEntryError: 'MARK_IN_ERROR',
  NoteEscalation: 'ESCALATE',
  NoteInformation: 'INFORM',
  NoteLoopClosure: 'CLOSE_LOOP',
  NoteCustodyRelease: 'RELEASE_CUSTODY',
};
