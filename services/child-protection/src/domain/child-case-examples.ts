import type {
  AppointGuardian,
  AppointLegalRepresentative,
  ArrangeUrgentCare,
  CloseCase,
  IdentifyChild,
  PlanTransition,
  RecordInterview,
  RegisterChild,
  ReportChild,
  ReviseSituation,
} from './child-case-commands.ts';
import type { ChildCaseEvent, ChildInterview, Representation } from './child-case-events.ts';

// Named example commands and events, shared by the specs of this service.

type Of<T extends ChildCaseEvent['type']> = Extract<ChildCaseEvent, { type: T }>;

/** When another agency speaks of the child, which is heard at once. */
export const REPORTED_AT = '2026-11-20T15:00:00.000Z';
/** When an officer meets the child. */
export const AT = '2026-11-21T15:00:00.000Z';
/** 72 hours after the report. */
export const DUE_AT = '2026-11-23T15:00:00.000Z';
/** 72 hours after the child was met, where nobody had reported it. */
export const DUE_FROM_MEETING = '2026-11-24T15:00:00.000Z';
/** When what follows is recorded. */
export const LATER = '2026-11-22T15:00:00.000Z';
/** 72 hours after that. */
export const DUE_FROM_LATER = '2026-11-25T15:00:00.000Z';
/** The child's case of the examples. */
export const CHILD_CASE_ID = '2c6f1d1b-0b0e-4c55-8a29-8a4f1c0d7e09';
/** The case of the examples. */
export const CASE_ID = '7d1c9a3e-53ac-4d0f-9f3a-1b9a4f6d2c10';
/** The guardian of the examples. */
export const GUARDIAN_ID = '5a0f8f53-3d2c-4f0c-9a63-7f3bb7bd5c09';

const subject = { childCaseId: CHILD_CASE_ID, caseId: CASE_ID, country: 'CR' };

/** Intake found a child alone. */
export const report: ReportChild = {
  ...{ type: 'ReportChild', at: REPORTED_AT, saidAt: REPORTED_AT, ...subject },
  ...{ basis: 'DOUBT', careStatus: 'UNACCOMPANIED', byChildAuthority: false },
};
/** What `report` causes. */
export const reported: Of<'ChildReported'> = {
  type: 'ChildReported',
  data: {
    ...{ ...subject, basis: 'DOUBT', careStatus: 'UNACCOMPANIED', situation: 'UNACCOMPANIED' },
    ...{ saidAt: REPORTED_AT, reportedAt: REPORTED_AT, guardianDueAt: DUE_AT },
  },
};
/** An officer meets a child alone. */
export const identify: IdentifyChild = {
  ...{ type: 'IdentifyChild', at: AT, ...subject, referralId: null },
  ...{ basis: 'AGE', situation: 'UNACCOMPANIED', urgency: 'URGENT', place: 'PASO_CANOAS' },
};
/** What `identify` causes. */
export const identified: Of<'ChildIdentified'> = {
  type: 'ChildIdentified',
  data: {
    ...{ ...subject, referralId: null, basis: 'AGE', situation: 'UNACCOMPANIED' },
    ...{ urgency: 'URGENT', place: 'PASO_CANOAS', identifiedAt: AT, guardianDueAt: DUE_FROM_MEETING },
  },
};
/** The same of a child with somebody. */
export const identifiedAccompanied: Of<'ChildIdentified'> = {
  type: 'ChildIdentified',
  data: { ...identified.data, situation: 'ACCOMPANIED_AT_RISK', guardianDueAt: null },
};
/** A supervisor verified a relative. */
export const findRelative: ReviseSituation = {
  ...{ type: 'ReviseSituation', at: LATER },
  ...{ situation: 'ACCOMPANIED_AT_RISK', basis: 'RELATIVE_VERIFIED', bySupervisor: true },
};
/** What `findRelative` causes. */
export const relativeFound: Of<'SituationChanged'> = {
  type: 'SituationChanged',
  data: {
    ...{ before: 'UNACCOMPANIED', situation: 'ACCOMPANIED_AT_RISK', basis: 'RELATIVE_VERIFIED' },
    ...{ changedAt: LATER, guardianDueAt: null },
  },
};
/** A supervisor found that the child has come of age. */
export const comeOfAge: ReviseSituation = { ...findRelative, situation: 'NOT_A_CHILD', basis: 'CAME_OF_AGE' };
/** What `comeOfAge` causes. */
export const cameOfAge: Of<'SituationChanged'> = {
  type: 'SituationChanged',
  data: { ...relativeFound.data, situation: 'NOT_A_CHILD', basis: 'CAME_OF_AGE' },
};
/** What `report` causes when it is heard after a supervisor found less. */
export const heardLate: Of<'ReportHeardLate'> = {
  type: 'ReportHeardLate',
  data: { careStatus: 'UNACCOMPANIED', saidAt: REPORTED_AT, heardAt: DUE_AT },
};
/** In one registry, and not yet in the other. */
export const register: RegisterChild = {
  ...{ type: 'RegisterChild', at: LATER },
  migratory: { reference: 'MIG-2026/17', missing: null },
  civil: { reference: null, missing: 'IN_PROGRESS' },
};
/** What `register` causes. */
export const registered: Of<'ChildRegistered'> = {
  type: 'ChildRegistered',
  data: { migratory: register.migratory, civil: register.civil, registeredAt: LATER },
};
/** A foster family, this evening. */
export const arrangeCare: ArrangeUrgentCare = {
  ...{ type: 'ArrangeUrgentCare', at: LATER },
  ...{ care: 'FOSTER', isDetention: false, isCarerVerified: false, views: 'URGENT' },
};
/** What `arrangeCare` causes. */
export const careArranged: Of<'InterimCareArranged'> = {
  type: 'InterimCareArranged',
  data: { care: 'FOSTER', views: 'URGENT', arrangedAt: LATER },
};

const appointment: Omit<AppointGuardian, 'type'> = {
  ...{ at: LATER, representativeId: GUARDIAN_ID, post: 'GUARDIANSHIP_BODY', conflicts: [] },
  ...{ isVerified: false, views: 'RECORDED' },
};
const representation: Representation = {
  ...{ representativeId: GUARDIAN_ID, post: 'GUARDIANSHIP_BODY', views: 'RECORDED', appointedAt: LATER },
};

/** Somebody independent. */
export const appointGuardian: AppointGuardian = { type: 'AppointGuardian', ...appointment };
/** What `appointGuardian` causes. */
export const guardianAppointed: Of<'GuardianAppointed'> = { type: 'GuardianAppointed', data: representation };
/** The guardian fell ill. */
export const guardianEnded: Of<'GuardianEnded'> = {
  type: 'GuardianEnded',
  data: {
    ...{ representativeId: GUARDIAN_ID, reason: 'UNAVAILABLE' },
    ...{ endedAt: LATER, guardianDueAt: DUE_FROM_LATER },
  },
};
/** Nobody was appointed in time. */
export const guardianOverdue: Of<'GuardianOverdue'> = {
  type: 'GuardianOverdue',
  data: { dueAt: DUE_FROM_MEETING, notedAt: DUE_FROM_MEETING },
};
/** A lawyer. */
export const appointLawyer: AppointLegalRepresentative = {
  ...{ type: 'AppointLegalRepresentative', ...appointment },
  post: 'LAWYER',
};
/** What `appointLawyer` causes. */
export const lawyerAppointed: Of<'LegalRepresentativeAppointed'> = {
  type: 'LegalRepresentativeAppointed',
  data: { ...representation, post: 'LAWYER' },
};
/** The lawyer went. */
export const lawyerEnded: Of<'LegalRepresentativeEnded'> = {
  type: 'LegalRepresentativeEnded',
  data: { representativeId: GUARDIAN_ID, reason: 'REPLACED', endedAt: LATER },
};

const interview: ChildInterview = {
  ...{ heldAt: LATER, language: 'hat', interpretation: 'IN_PERSON', isSubstantive: true, views: 'RECORDED' },
};
/** A conversation about what will be decided. */
export const interviewChild: RecordInterview = { type: 'RecordInterview', at: LATER, ...interview };
/** What `interviewChild` causes. */
export const interviewed: Of<'ChildInterviewed'> = { type: 'ChildInterviewed', data: interview };
/** The child will be of age. */
export const planTransition: PlanTransition = {
  ...{ type: 'PlanTransition', at: LATER, reviewOn: '2027-03-01', views: 'RECORDED' },
};
/** What `planTransition` causes. */
export const transitionPlanned: Of<'TransitionPlanned'> = {
  type: 'TransitionPlanned',
  data: { reviewOn: '2027-03-01', views: 'RECORDED', plannedAt: LATER },
};
/** The child is with its family. */
export const closeCase: CloseCase = {
  ...{ type: 'CloseCase', at: LATER, reason: 'WITH_FAMILY', nextStep: 'FOLLOW_UP_VISITS' },
  ...{ views: 'RECORDED', isTakenOver: false },
};
/** What `closeCase` causes. */
export const closed: Of<'ChildCaseClosed'> = {
  type: 'ChildCaseClosed',
  data: { reason: 'WITH_FAMILY', nextStep: 'FOLLOW_UP_VISITS', views: 'RECORDED', closedAt: LATER },
};
