import type { Instant } from '@acogida/core';
import type {
  CareStatus,
  ChildBasis,
  ChildCare,
  ChildCaseEnd,
  ChildNextStep,
  ChildSituation,
  ChildsViews,
  Interpretation,
  RegistryGap,
  RepresentationEnd,
  RepresentativePost,
  SituationBasis,
  Urgency,
} from '@acogida/reference';

/** Of whom the case is. */
export interface ChildCaseSubject {
  readonly childCaseId: string;
  readonly caseId: string;
  /** ISO 3166-1 alpha-2 of the country whose parameters count; null for a regional agency. */
  readonly country: string | null;
}

/** What another agency said of a child that nobody here has met. */
export interface ChildReport extends ChildCaseSubject {
  readonly basis: ChildBasis;
  readonly careStatus: CareStatus;
  readonly situation: ChildSituation;
  /** When the other agency said it. */
  readonly saidAt: Instant;
  readonly reportedAt: Instant;
  /** Until when a guardian is to be appointed; null for a child that is not alone. */
  readonly guardianDueAt: Instant | null;
}

/** A word of another agency, as it is known again when it comes once more. */
export interface HeardReport {
  readonly careStatus: CareStatus;
  readonly saidAt: Instant;
}

/** What an officer of this agency found. */
export interface ChildIdentification extends ChildCaseSubject {
  /** The accepted referral that led here; null when there was none. */
  readonly referralId: string | null;
  /** Doubt on age means child (INV-08). */
  readonly basis: ChildBasis;
  readonly situation: ChildSituation;
  readonly urgency: Urgency;
  /** Code of the place where the child is; null where that is not known. */
  readonly place: string | null;
  readonly identifiedAt: Instant;
  /** Until when a guardian is to be appointed; null for a child that is not alone. */
  readonly guardianDueAt: Instant | null;
}

/** An entry in a registry, or why there is none. */
export type RegistryEntry =
  { readonly reference: string; readonly missing: null } | { readonly reference: null; readonly missing: RegistryGap };

/** Somebody who speaks for the child. Who it is, stands in the register of whoever appoints. */
export interface Representation {
  /** Id in that register; never a name. */
  readonly representativeId: string;
  readonly post: RepresentativePost;
  readonly views: ChildsViews;
  readonly appointedAt: Instant;
}

/** A conversation with the child. */
export interface ChildInterview {
  readonly heldAt: Instant;
  /** ISO 639-3 (INV-18). */
  readonly language: string;
  readonly interpretation: Interpretation;
  /** About what will be decided of the child. */
  readonly isSubstantive: boolean;
  readonly views: ChildsViews;
}

interface Event<T extends string, D extends object> {
  readonly type: T;
  readonly data: D;
}

/** Everything that can have happened in one child's case so far (domain.md §2.5). */
export type ChildCaseEvent =
  /** Another agency said so: the child is held at once, and an officer has to meet it. */
  | Event<'ChildReported', ChildReport>
  | Event<'ChildIdentified', ChildIdentification>
  | Event<
      'SituationChanged',
      {
        readonly before: ChildSituation;
        readonly situation: ChildSituation;
        readonly basis: SituationBasis;
        readonly changedAt: Instant;
        /** Null for a child that is not alone, or has its guardian. */
        readonly guardianDueAt: Instant | null;
        /** What another agency said; left out of what was found here. */
        readonly heard?: HeardReport;
      }
    >
  /**
   * Another agency had said more before a supervisor found less, or the case ended, and it was heard after that. The situation stays as
   * it was found; what is proposed to be lifted since is decided again.
   */
  | Event<'ReportHeardLate', HeardReport & { readonly heardAt: Instant }>
  | Event<
      'ChildRegistered',
      { readonly migratory: RegistryEntry; readonly civil: RegistryEntry; readonly registeredAt: Instant }
    >
  | Event<
      'InterimCareArranged',
      { readonly care: ChildCare; readonly views: ChildsViews; readonly arrangedAt: Instant }
    >
  | Event<'GuardianAppointed', Representation>
  | Event<
      'GuardianEnded',
      {
        readonly representativeId: string;
        readonly reason: RepresentationEnd;
        readonly endedAt: Instant;
        /** Until when the next one is to be appointed; null for a child that is not alone. */
        readonly guardianDueAt: Instant | null;
      }
    >
  /** The time for appointing a guardian is over; it is to be appointed all the same. */
  | Event<'GuardianOverdue', { readonly dueAt: Instant; readonly notedAt: Instant }>
  | Event<'LegalRepresentativeAppointed', Representation>
  | Event<
      'LegalRepresentativeEnded',
      { readonly representativeId: string; readonly reason: RepresentationEnd; readonly endedAt: Instant }
    >
  | Event<'ChildInterviewed', ChildInterview>
  /** For when the child comes of age: nothing ends by that alone. */
  | Event<'TransitionPlanned', { readonly reviewOn: string; readonly views: ChildsViews; readonly plannedAt: Instant }>
  | Event<
      'ChildCaseClosed',
      {
        readonly reason: ChildCaseEnd;
        readonly nextStep: ChildNextStep;
        readonly views: ChildsViews;
        readonly closedAt: Instant;
      }
    >;

/** Current schema version per event type. */
export const CHILD_CASE_VERSIONS: Readonly<Record<ChildCaseEvent['type'], number>> = {
  ChildReported: 1,
  ChildIdentified: 1,
  SituationChanged: 1,
  ReportHeardLate: 1,
  ChildRegistered: 1,
  InterimCareArranged: 1,
  GuardianAppointed: 1,
  GuardianEnded: 1,
  GuardianOverdue: 1,
  LegalRepresentativeAppointed: 1,
  LegalRepresentativeEnded: 1,
  ChildInterviewed: 1,
  TransitionPlanned: 1,
  ChildCaseClosed: 1,
};
