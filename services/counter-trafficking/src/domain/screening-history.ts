import type {
  AgeStatus,
  ConsentForm,
  ConsentGiver,
  Interpretation,
  OutcomeReason,
  TraffickingOutcome,
} from '@acogida/reference';
import type { ScreeningEvidence, ScreeningScore } from './indicator-scoring.ts';
import type { ChildAssent, SafetySetting, UrgentNeedsAnswer } from './screening-codes.ts';

// ---- events: private to this node; what is published stands in integration/publish.ts ----

/** The free and informed choice of the person, and how it was recorded (domain.md §1.3, INV-18). */
export interface ConsentRecord {
  readonly form: ConsentForm;
  readonly givenBy: ConsentGiver;
  readonly childAssent: ChildAssent;
  /** ISO 639-3; null only on a record taken over from an earlier register. */
  readonly language: string | null;
  readonly interpretation: Interpretation | null;
}

/** The interview as recorded: evidence, circumstances, and the language it was held in (INV-18). */
export interface InterviewRecord extends ScreeningEvidence {
  /** Within one country; a border crossing is not required (domain.md §2.4). Null when unknown. */
  readonly isInternal: boolean | null;
  /** ISIC Rev. 4 section letter; null when unknown. */
  readonly sector: string | null;
  readonly language: string | null;
  readonly interpretation: Interpretation | null;
}

/** Who decided and why. Subjects stay private to the node. */
export interface OutcomeRecord {
  readonly reason: OutcomeReason;
  readonly officer: string;
  readonly secondReviewer: string | null;
}

/** What each event says. */
export interface ScreeningEventData {
  ScreeningOpened: {
    readonly screeningId: string;
    readonly caseId: string;
    readonly referralId: string | null;
    /** Age status as the sender of the referral knew it; null on own identification. */
    readonly referredAs: AgeStatus | null;
  };
  ImmediateSafetySecured: { readonly setting: SafetySetting; readonly urgentNeeds: UrgentNeedsAnswer };
  ScreeningConsentGiven: ConsentRecord;
  ScreeningConsentRefused: ConsentRecord;
  ScreeningConducted: InterviewRecord;
  IndicatorsScored: ScreeningScore;
  OutcomeReviewed: { readonly outcome: TraffickingOutcome; readonly reviewer: string };
  VictimConfirmed: OutcomeRecord;
  VictimPresumed: OutcomeRecord;
  ScreeningInconclusive: OutcomeRecord;
  PersonFoundAtRisk: OutcomeRecord;
  NotIdentified: OutcomeRecord;
}

/** What happened in a trafficking screening (domain.md §2.4). */
export type ScreeningEvent = {
  [T in keyof ScreeningEventData]: { readonly type: T; readonly data: ScreeningEventData[T] };
}[keyof ScreeningEventData];

// ---- state ----

/** Where a screening stands. INCONCLUSIVE is treated as PRESUMED: IDENTIFIED (domain.md §2.4). */
export type ScreeningStage =
  | 'FLAGGED'
  | 'SAFE'
  | 'CONSENTED'
  | 'CONSENT_REFUSED'
  | 'SCREENED'
  | 'IDENTIFIED'
  | 'AT_RISK'
  | 'CLOSED_NOT_IDENTIFIED';

/** A screening that was opened. */
export interface OpenedScreening {
  readonly screeningId: string;
  readonly caseId: string;
  readonly referralId: string | null;
  readonly referredAs: AgeStatus | null;
  readonly stage: ScreeningStage;
  readonly safety: ScreeningEventData['ImmediateSafetySecured'] | null;
  readonly consent: (ConsentRecord & { readonly decision: 'GIVEN' | 'REFUSED' }) | null;
  readonly interview: InterviewRecord | null;
  readonly score: ScreeningScore | null;
  /** The last second review that no outcome has used yet. */
  readonly review: ScreeningEventData['OutcomeReviewed'] | null;
  readonly outcome: (OutcomeRecord & { readonly outcome: TraffickingOutcome }) | null;
}

/** Null before it is opened. */
export type ScreeningState = OpenedScreening | null;

/** The event that records an outcome. */
export const OUTCOME_EVENTS = {
  CONFIRMED: 'VictimConfirmed',
  PRESUMED: 'VictimPresumed',
  INCONCLUSIVE: 'ScreeningInconclusive',
  AT_RISK: 'PersonFoundAtRisk',
  NOT_IDENTIFIED: 'NotIdentified',
} as const satisfies Record<TraffickingOutcome, ScreeningEvent['type']>;

function decided(
  state: OpenedScreening,
  stage: ScreeningStage,
  outcome: TraffickingOutcome,
  record: OutcomeRecord,
): OpenedScreening {
  return { ...state, stage, outcome: { ...record, outcome }, review: null };
}

function evolveOpened(
  state: OpenedScreening,
  event: Exclude<ScreeningEvent, { type: 'ScreeningOpened' }>,
): OpenedScreening {
  switch (event.type) {
    case 'ImmediateSafetySecured':
      return { ...state, safety: event.data, stage: state.stage === 'FLAGGED' ? 'SAFE' : state.stage };
    case 'ScreeningConsentGiven':
      return { ...state, consent: { ...event.data, decision: 'GIVEN' }, stage: 'CONSENTED' };
    case 'ScreeningConsentRefused':
      return { ...state, consent: { ...event.data, decision: 'REFUSED' }, stage: 'CONSENT_REFUSED' };
    case 'ScreeningConducted':
      return { ...state, interview: event.data, stage: 'SCREENED' };
    case 'IndicatorsScored':
      return { ...state, score: event.data };
    case 'OutcomeReviewed':
      return { ...state, review: event.data };
    case 'VictimConfirmed':
      return decided(state, 'IDENTIFIED', 'CONFIRMED', event.data);
    case 'VictimPresumed':
      return decided(state, 'IDENTIFIED', 'PRESUMED', event.data);
    case 'ScreeningInconclusive':
      return decided(state, 'IDENTIFIED', 'INCONCLUSIVE', event.data);
    case 'PersonFoundAtRisk':
      return decided(state, 'AT_RISK', 'AT_RISK', event.data);
    case 'NotIdentified':
      return decided(state, 'CLOSED_NOT_IDENTIFIED', 'NOT_IDENTIFIED', event.data);
  }
}

/** Folds an event into the state. */
export function evolve(state: ScreeningState, event: ScreeningEvent): ScreeningState {
  if (event.type === 'ScreeningOpened') {
    const nothingYet = { safety: null, consent: null, interview: null, score: null, review: null, outcome: null };
    return { ...event.data, ...nothingYet, stage: 'FLAGGED' };
  }
  return state === null ? null : evolveOpened(state, event);
}
