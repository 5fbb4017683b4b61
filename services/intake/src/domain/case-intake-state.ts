import type {
  AsylumIntentExpressedV1Data,
  ChildIdentifiedV1Data,
  PersonRegisteredV1Data,
  TraffickingIndicatorFlaggedV1Data,
} from '@acogida/contracts';
import type {
  CaseIntakeEvent,
  ComplaintFacts,
  EmergencyAssistance,
  FirstContact,
  InterpreterFacts,
  RightsInformationFacts,
  UrgentNeeds,
} from './case-intake-events.ts';
import type { ComplaintOutcome } from './intake-codes.ts';

/** How far the intake has come. What may happen in any state never moves it. */
export const INTAKE_STAGES = ['NOT_OPEN', 'CONTACTED', 'INFORMED', 'REGISTERED', 'NEEDS_SCREENED'] as const;

/** One of `INTAKE_STAGES`. */
export type IntakeStage = (typeof INTAKE_STAGES)[number];

/** A complaint; `outcome` null while it is open. */
export interface Complaint extends ComplaintFacts {
  readonly outcome: ComplaintOutcome | null;
}

/** The intake of one case. */
export interface CaseIntake {
  readonly stage: IntakeStage;
  readonly firstContact: FirstContact | null;
  /** Interpreters assigned and not refused since. */
  readonly interpreters: readonly InterpreterFacts[];
  readonly refusedInterpreters: readonly string[];
  /** Languages for which an interpreter was sought in vain and none was assigned since. */
  readonly interpreterGaps: readonly Pick<InterpreterFacts, 'language' | 'mode'>[];
  readonly rightsInformation: readonly RightsInformationFacts[];
  /** As registered; `ageStatus` becomes DISPUTED when the person is flagged as a child afterwards. */
  readonly person: PersonRegisteredV1Data | null;
  readonly urgentNeeds: UrgentNeeds | null;
  readonly assistance: readonly EmergencyAssistance[];
  readonly asylumIntents: readonly AsylumIntentExpressedV1Data[];
  readonly child: ChildIdentifiedV1Data | null;
  readonly traffickingFlags: readonly TraffickingIndicatorFlaggedV1Data[];
  readonly complaints: readonly Complaint[];
}

/** Before first contact. */
export const CASE_INTAKE_NOT_OPEN: CaseIntake = {
  stage: 'NOT_OPEN',
  firstContact: null,
  interpreters: [],
  refusedInterpreters: [],
  interpreterGaps: [],
  rightsInformation: [],
  person: null,
  urgentNeeds: null,
  assistance: [],
  asylumIntents: [],
  child: null,
  traffickingFlags: [],
  complaints: [],
};

function reached(state: CaseIntake, stage: IntakeStage): IntakeStage {
  return INTAKE_STAGES.indexOf(stage) > INTAKE_STAGES.indexOf(state.stage) ? stage : state.stage;
}

function withInterpreter(state: CaseIntake, assigned: InterpreterFacts): CaseIntake {
  const { language, mode } = assigned;
  return {
    ...state,
    interpreters: [
      ...state.interpreters.filter((other) => other.language !== language || other.mode !== mode),
      assigned,
    ],
    interpreterGaps: state.interpreterGaps.filter((gap) => gap.language !== language || gap.mode !== mode),
  };
}

function withRefusal(state: CaseIntake, interpreterId: string): CaseIntake {
  return {
    ...state,
    interpreters: state.interpreters.filter((other) => other.interpreterId !== interpreterId),
    refusedInterpreters: [...state.refusedInterpreters, interpreterId],
  };
}

function withChild(state: CaseIntake, child: ChildIdentifiedV1Data): CaseIntake {
  const { person } = state;
  // INV-08: a registration as an adult does not outlive the doubt.
  if (person?.ageStatus !== 'ADULT') return { ...state, child };
  return { ...state, child, person: { ...person, ageStatus: 'DISPUTED' } };
}

/** Folds one event into the intake. */
export function evolveCaseIntake(state: CaseIntake, event: CaseIntakeEvent): CaseIntake {
  switch (event.type) {
    case 'FirstContactRecorded':
      return { ...state, stage: reached(state, 'CONTACTED'), firstContact: event.data };
    case 'InterpreterAssigned':
      return withInterpreter(state, event.data);
    case 'InterpreterRefused':
      return withRefusal(state, event.data.interpreterId);
    case 'InterpreterUnavailable':
      return { ...state, interpreterGaps: [...state.interpreterGaps, event.data] };
    case 'RightsInformationProvided':
      return {
        ...state,
        stage: reached(state, 'INFORMED'),
        rightsInformation: [...state.rightsInformation, event.data],
      };
    case 'PersonRegistered':
      return { ...state, stage: reached(state, 'REGISTERED'), person: event.data };
    case 'UrgentNeedsScreened':
      return { ...state, stage: reached(state, 'NEEDS_SCREENED'), urgentNeeds: event.data };
    case 'EmergencyAssistanceProvided':
      return { ...state, assistance: [...state.assistance, event.data] };
    case 'AsylumIntentExpressed':
      return { ...state, asylumIntents: [...state.asylumIntents, event.data] };
    case 'ChildIdentified':
      return withChild(state, event.data);
    case 'TraffickingIndicatorFlagged':
      return { ...state, traffickingFlags: [...state.traffickingFlags, event.data] };
    case 'ComplaintFiled':
      return { ...state, complaints: [...state.complaints, { ...event.data, outcome: null }] };
    case 'ComplaintResolved':
      return {
        ...state,
        complaints: state.complaints.map((complaint) =>
          complaint.complaintId === event.data.complaintId ? { ...complaint, outcome: event.data.outcome } : complaint,
        ),
      };
  }
}
