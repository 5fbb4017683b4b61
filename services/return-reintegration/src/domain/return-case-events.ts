import type { Instant } from '@acogida/core';
import type {
  CareStatus,
  ConsentAssent,
  ConsentForm,
  ConsentGiver,
  CounselledOption,
  Interpretation,
  ReturnDeclineReason,
  ToldTo,
  WithdrawalReason,
} from '@acogida/reference';

/** What is recorded when somebody applies to return. */
export interface ReturnApplication {
  readonly returnCaseId: string;
  readonly caseId: string;
  /** The accepted referral that led here; null when the person came directly. */
  readonly referralId: string | null;
  /** ISO 3166-1 alpha-2 of the country whose parameters count; null for a regional agency. */
  readonly country: string | null;
  /** ISO 3166-1 alpha-2 of the country that the person wants to return to. */
  readonly destination: string;
  /** With whom the child is; null for an adult. Doubt on age means child (INV-08). */
  readonly careStatus: CareStatus | null;
  readonly submittedAt: Instant;
}

/** One session of counselling. */
export interface CounsellingSession {
  readonly heldAt: Instant;
  /** ISO 639-3 (INV-18). */
  readonly language: string;
  readonly interpretation: Interpretation;
  /** What was spoken of, in the order of the code list. */
  readonly options: readonly CounselledOption[];
  /** Whether the person was detained then. */
  readonly isDetained: boolean;
}

/** How a consent was given. */
export interface ConsentGiven {
  readonly signedAt: Instant;
  /** ISO 639-3 (INV-18). */
  readonly language: string;
  readonly interpretation: Interpretation;
  readonly form: ConsentForm;
  readonly givenBy: ConsentGiver;
  /** Of a child whose guardian consents. */
  readonly assent: ConsentAssent;
  readonly isDetained: boolean;
  /** Whether somebody independent of those who detain and return was there. */
  readonly hasIndependentWitness: boolean;
}

/** A signed consent. */
export interface ReturnConsent extends ConsentGiven {
  /** 1, 2, 3 …: a consent that ended is never taken up again. */
  readonly version: number;
  /** Before this moment it counts for nothing: counted from its recording, so that no date shortens it. */
  readonly coolingUntil: Instant;
  /** From this moment on it is not current any more (domain.md §3). */
  readonly validUntil: Instant;
}

interface Event<T extends string, D extends object> {
  readonly type: T;
  readonly data: D;
}

/** Everything that can have happened in one return case so far (domain.md §2.6). */
export type ReturnCaseEvent =
  | Event<'ReturnApplicationSubmitted', ReturnApplication>
  | Event<'ReturnCounsellingProvided', CounsellingSession>
  | Event<'VoluntaryConsentSigned', ReturnConsent>
  /** Lifts nothing by itself: an officer confirms. */
  | Event<'CoolingOffEnded', { readonly version: number; readonly endedAt: Instant }>
  | Event<'VoluntarinessConfirmed', { readonly version: number; readonly confirmedAt: Instant }>
  | Event<
      'ReturnConsentWithdrawn',
      {
        /** Null when nothing had been signed. */
        readonly version: number | null;
        readonly toldTo: ToldTo;
        readonly reason: WithdrawalReason;
        readonly withdrawnAt: Instant;
      }
    >
  | Event<'ReturnConsentExpired', { readonly version: number; readonly expiredAt: Instant }>
  /** Known now as a child, or as one who is alone: what was signed before does not count. */
  | Event<'ChildNoted', { readonly careStatus: CareStatus }>
  | Event<'ReturnApproved', { readonly version: number; readonly approvedAt: Instant }>
  | Event<'ReturnDeclined', { readonly reason: ReturnDeclineReason; readonly declinedAt: Instant }>
  | Event<
      'DepartureConfirmed',
      { readonly departureId: string; readonly version: number; readonly departedAt: Instant }
    >
  /** The door stayed shut: the warrant had ended when the departure was written. */
  | Event<'DepartureTakenBack', { readonly departureId: string; readonly takenBackAt: Instant }>;

/** Current schema version per event type. */
export const RETURN_CASE_VERSIONS: Readonly<Record<ReturnCaseEvent['type'], number>> = {
  ReturnApplicationSubmitted: 1,
  ReturnCounsellingProvided: 1,
  VoluntaryConsentSigned: 1,
  CoolingOffEnded: 1,
  VoluntarinessConfirmed: 1,
  ReturnConsentWithdrawn: 1,
  ReturnConsentExpired: 1,
  ChildNoted: 1,
  ReturnApproved: 1,
  ReturnDeclined: 1,
  DepartureConfirmed: 1,
  DepartureTakenBack: 1,
};
