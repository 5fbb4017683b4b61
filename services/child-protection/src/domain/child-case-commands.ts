import type { Instant } from '@acogida/core';
import type {
  CareStatus,
  ChildBasis,
  ChildCare,
  ChildCaseEnd,
  ChildNextStep,
  ChildSituation,
  ChildsViews,
  InterestConflict,
  RepresentationEnd,
  RepresentativePost,
  SituationBasis,
  Urgency,
} from '@acogida/reference';
import type { ChildCaseSubject, ChildInterview, RegistryEntry } from './child-case-events.ts';
import type { IdentifiedSituation } from './situations.ts';

interface Command<T extends string> {
  readonly type: T;
  /** When it is recorded; nothing that is told may lie after it. */
  readonly at: Instant;
}

/** Another agency identified a child. Nobody has to ask whether it may be held. */
export interface ReportChild extends Command<'ReportChild'>, ChildCaseSubject {
  readonly basis: ChildBasis;
  readonly careStatus: CareStatus;
  /** When the other agency said it. */
  readonly saidAt: Instant;
  /** Whether it is another authority for children, whom gates of this country ask about them. */
  readonly byChildAuthority: boolean;
}

/** An officer meets the child. */
export interface IdentifyChild extends Command<'IdentifyChild'>, ChildCaseSubject {
  readonly referralId: string | null;
  readonly basis: ChildBasis;
  readonly situation: IdentifiedSituation;
  readonly urgency: Urgency;
  readonly place: string | null;
}

/** The child is seen to be otherwise than before. */
export interface ReviseSituation extends Command<'ReviseSituation'> {
  readonly situation: Exclude<ChildSituation, 'NOT_ESTABLISHED'>;
  readonly basis: Exclude<SituationBasis, 'REPORTED_ELSEWHERE'>;
  /** Less protection is a supervisor's to decide. */
  readonly bySupervisor: boolean;
}

/** The child is in both registries, or it is said why not. */
export interface RegisterChild extends Command<'RegisterChild'> {
  readonly migratory: RegistryEntry;
  readonly civil: RegistryEntry;
}

/** Somewhere to live, at once. */
export interface ArrangeUrgentCare extends Command<'ArrangeUrgentCare'> {
  readonly care: ChildCare;
  /** Whether it is a place that the child may not leave. */
  readonly isDetention: boolean;
  /** Whether whoever cares was looked into; asked of relatives. */
  readonly isCarerVerified: boolean;
  readonly views: ChildsViews;
}

interface Appointing {
  readonly representativeId: string;
  readonly post: RepresentativePost;
  /** What was declared or found; an empty list says that there is none. */
  readonly conflicts: readonly InterestConflict[];
  /** Whether the link to the child was verified; asked of relatives and of adults who came with it. */
  readonly isVerified: boolean;
  readonly views: ChildsViews;
}

/** Somebody independent is appointed as guardian: H-11 is lifted. */
export interface AppointGuardian extends Command<'AppointGuardian'>, Appointing {}
/** Somebody represents the child in law. */
export interface AppointLegalRepresentative extends Command<'AppointLegalRepresentative'>, Appointing {}

/** The guardian is none any more: H-11 stands again. */
export interface EndGuardianship extends Command<'EndGuardianship'> {
  readonly reason: RepresentationEnd;
}
/** The representative is none any more. */
export interface EndLegalRepresentation extends Command<'EndLegalRepresentation'> {
  readonly reason: RepresentationEnd;
}
/** The time for appointing a guardian has come. */
export type NoteGuardianOverdue = Command<'NoteGuardianOverdue'>;

/** A conversation with the child was held. */
export interface RecordInterview extends Command<'RecordInterview'>, ChildInterview {}

/** What will be when the child is of age. */
export interface PlanTransition extends Command<'PlanTransition'> {
  /** Calendar date. */
  readonly reviewOn: string;
  readonly views: ChildsViews;
}

/** The case ends here. */
export interface CloseCase extends Command<'CloseCase'> {
  readonly reason: ChildCaseEnd;
  readonly nextStep: ChildNextStep;
  readonly views: ChildsViews;
  /** Whether another agency has accepted a referral of the child for child protection. */
  readonly isTakenOver: boolean;
}

/** Everything that can be asked of one child's case so far (domain.md §2.5). */
export type ChildCaseCommand =
  | ReportChild
  | IdentifyChild
  | ReviseSituation
  | RegisterChild
  | ArrangeUrgentCare
  | AppointGuardian
  | EndGuardianship
  | NoteGuardianOverdue
  | AppointLegalRepresentative
  | EndLegalRepresentation
  | RecordInterview
  | PlanTransition
  | CloseCase;
