import type { Instant } from '@acogida/core';
import type {
  ChildBasis,
  ChildCare,
  ChildCaseEnd,
  ChildNextStep,
  ChildSituation,
  SituationBasis,
} from '@acogida/reference';
import type {
  ChildCaseEvent,
  ChildCaseSubject,
  ChildIdentification,
  ChildInterview,
  HeardReport,
  RegistryEntry,
  Representation,
} from './child-case-events.ts';
import { isLess } from './situations.ts';

/** How far the case has come. At REPORTED an officer has to meet the child. */
export const CHILD_STAGES = ['UNKNOWN', 'REPORTED', 'IDENTIFIED', 'REGISTERED', 'REPRESENTED', 'CLOSED'] as const;
/** One of `CHILD_STAGES`. */
export type ChildStage = (typeof CHILD_STAGES)[number];

/** One child's case. */
export interface ChildCase {
  /** Null before anything was said of the child. */
  readonly subject: ChildCaseSubject | null;
  readonly basis: ChildBasis | null;
  /** As it is known now. */
  readonly situation: ChildSituation;
  /** Why it is seen otherwise than at first; null where it is not. */
  readonly situationBasis: SituationBasis | null;
  /** What an officer found; null while nobody here has met the child. */
  readonly identification: ChildIdentification | null;
  readonly registries: { readonly migratory: RegistryEntry; readonly civil: RegistryEntry } | null;
  readonly care: ChildCare | null;
  readonly guardian: Representation | null;
  readonly legalRepresentative: Representation | null;
  /** Until when a guardian is to be appointed; null where none is awaited. */
  readonly guardianDueAt: Instant | null;
  readonly isGuardianOverdue: boolean;
  readonly interviews: readonly ChildInterview[];
  /** When the plan for coming of age is looked at again; null where there is none. */
  readonly transitionReviewOn: string | null;
  /** Whether an officer of this agency met the child, or decided on its situation. */
  readonly isMet: boolean;
  /** Whether an officer of this agency met the child before anybody reported it. */
  readonly wasMetFirst: boolean;
  /** When a supervisor found that less protection is called for: what others said before that was known. */
  readonly loweredAt: Instant | null;
  /** Words of other agencies that counted, or came too late to. */
  readonly heard: readonly HeardReport[];
  /** Those that came too late, with when they were heard. */
  readonly heardLate: readonly (HeardReport & { readonly heardAt: Instant })[];
  readonly closing: {
    readonly reason: ChildCaseEnd;
    readonly nextStep: ChildNextStep;
    readonly closedAt: Instant;
  } | null;
}

/** Before anything was said of the child. */
export const CHILD_UNKNOWN: ChildCase = {
  subject: null,
  basis: null,
  situation: 'NOT_ESTABLISHED',
  situationBasis: null,
  identification: null,
  registries: null,
  care: null,
  guardian: null,
  legalRepresentative: null,
  guardianDueAt: null,
  isGuardianOverdue: false,
  interviews: [],
  transitionReviewOn: null,
  isMet: false,
  wasMetFirst: false,
  loweredAt: null,
  heard: [],
  heardLate: [],
  closing: null,
};

/** How far it has come. */
export function stageOf(state: ChildCase): ChildStage {
  const { subject, closing, isMet, guardian, legalRepresentative, registries } = state;
  if (subject === null) return 'UNKNOWN';
  if (closing !== null) return 'CLOSED';
  if (!isMet) return 'REPORTED';
  if (guardian !== null || legalRepresentative !== null) return 'REPRESENTED';
  return registries === null ? 'IDENTIFIED' : 'REGISTERED';
}

function heardOf({ careStatus, saidAt }: HeardReport): HeardReport {
  return { careStatus, saidAt };
}

type Seen = Extract<ChildCaseEvent, { type: 'ChildReported' | 'ChildIdentified' }>;

/** The case of a child that was seen. After the end it begins anew: who spoke for the child then is to be appointed again. */
function seen(before: ChildCase, { type, data }: Seen): ChildCase {
  const { childCaseId, caseId, country, basis, situation, guardianDueAt } = data;
  const from = before.closing === null ? before : { ...CHILD_UNKNOWN, registries: before.registries };
  const wasMetFirst = before.subject === null ? type === 'ChildIdentified' : before.wasMetFirst;
  const subject = { childCaseId, caseId, country };
  const known = { subject, basis, situation, situationBasis: null, guardianDueAt, wasMetFirst };
  if (type === 'ChildReported') return { ...from, ...known, heard: [...from.heard, heardOf(data)] };
  return { ...from, ...known, identification: data, isMet: true };
}

/** Folds one event into the case. */
export function evolveChildCase(state: ChildCase, event: ChildCaseEvent): ChildCase {
  switch (event.type) {
    case 'ChildReported':
    case 'ChildIdentified':
      return seen(state, event);
    case 'SituationChanged': {
      const { before, situation, guardianDueAt, basis: situationBasis, changedAt, heard: word } = event.data;
      const isMet = state.isMet || situationBasis !== 'REPORTED_ELSEWHERE';
      const loweredAt = isLess(situation, before) ? changedAt : state.loweredAt;
      const isGuardianOverdue = guardianDueAt !== null && state.isGuardianOverdue;
      const heard = word === undefined ? state.heard : [...state.heard, word];
      return { ...state, situation, situationBasis, guardianDueAt, isGuardianOverdue, isMet, loweredAt, heard };
    }
    case 'ReportHeardLate': {
      const heard = [...state.heard, heardOf(event.data)];
      return { ...state, heard, heardLate: [...state.heardLate, event.data] };
    }
    case 'ChildRegistered': {
      const { migratory, civil } = event.data;
      return { ...state, registries: { migratory, civil } };
    }
    case 'InterimCareArranged':
      return { ...state, care: event.data.care };
    case 'GuardianAppointed':
      return { ...state, guardian: event.data, guardianDueAt: null, isGuardianOverdue: false };
    case 'GuardianEnded':
      return { ...state, guardian: null, guardianDueAt: event.data.guardianDueAt };
    case 'GuardianOverdue':
      return { ...state, isGuardianOverdue: true };
    case 'LegalRepresentativeAppointed':
      return { ...state, legalRepresentative: event.data };
    case 'LegalRepresentativeEnded':
      return { ...state, legalRepresentative: null };
    case 'ChildInterviewed':
      return { ...state, interviews: [...state.interviews, event.data] };
    case 'TransitionPlanned':
      return { ...state, transitionReviewOn: event.data.reviewOn };
    case 'ChildCaseClosed': {
      const { reason, nextStep, closedAt } = event.data;
      return { ...state, guardianDueAt: null, closing: { reason, nextStep, closedAt } };
    }
  }
}
