import { type Decider, DomainError, type Instant } from '@acogida/core';
import type { SituationBasis } from '@acogida/reference';
import type {
  ArrangeUrgentCare,
  ChildCaseCommand,
  CloseCase,
  EndGuardianship,
  EndLegalRepresentation,
  IdentifyChild,
  PlanTransition,
  RecordInterview,
  RegisterChild,
  ReviseSituation,
} from './child-case-commands.ts';
import type { ChildCaseEvent, ChildCaseSubject, ChildIdentification, RegistryEntry } from './child-case-events.ts';
import { CHILD_UNKNOWN, type ChildCase, evolveChildCase } from './child-case-state.ts';
import { report } from './child-reports.ts';
import { assertMayClose } from './closing.ts';
import { guardianDue } from './guardian-due.ts';
import { lostCarers, withoutLostCarer } from './lost-carer.ts';
import { appointmentBy, assertHeard } from './representation.ts';
import { isAlone, isLess } from './situations.ts';

type Events = readonly ChildCaseEvent[];
type Known = ChildCase & { readonly subject: ChildCaseSubject };

function conflict(code: string, message: string): DomainError {
  return new DomainError(`CHILD.${code}`, 'conflict', message);
}

function assertNotAhead(told: Instant, at: Instant): void {
  if (told > at) throw new DomainError('CHILD.TIME_IN_FUTURE', 'invalid', 'nothing can be recorded before it happened');
}

/** An officer of this agency has seen to it that somebody knows the child. */
function assertMet({ isMet }: ChildCase): void {
  if (!isMet) throw conflict('NOT_IDENTIFIED', 'an officer meets the child first');
}

function isSameIdentification(known: ChildIdentification, { type: _, at: __, ...said }: IdentifyChild): boolean {
  return (Object.keys(said) as (keyof typeof said)[]).every((key) => known[key] === said[key]);
}

function identify(command: IdentifyChild, state: ChildCase): Events {
  const { type: _, at, ...found } = command;
  const { subject, closing, identification } = state;
  const isOpen = subject !== null && closing === null;
  if (isOpen && identification !== null) {
    if (isSameIdentification(identification, command)) return [];
    throw conflict('ALREADY_IDENTIFIED', 'the child was identified with other facts: its situation is revised');
  }
  if (isOpen && isLess(found.situation, state.situation))
    throw conflict('LESS_THAN_REPORTED', 'another agency said more: a supervisor revises the situation');
  const after = isOpen ? withoutLostCarer(state, { situation: found.situation, basis: null }) : state;
  const guardianDueAt = guardianDue(found.situation, after, found.country, at);
  const identified = { ...found, identifiedAt: at, guardianDueAt };
  return [{ type: 'ChildIdentified', data: identified }, ...lostCarers(state, after, at, guardianDueAt)];
}

/** What less protection has to rest on. */
const LESS_BY: Readonly<Record<'NOT_A_CHILD' | 'WITH_SOMEBODY', readonly SituationBasis[]>> = {
  NOT_A_CHILD: ['AGE_ESTABLISHED', 'CAME_OF_AGE'],
  WITH_SOMEBODY: ['RELATIVE_VERIFIED'],
};

/** @throws DomainError CHILD.SUPERVISOR_DECIDES, NOT_VERIFIED, NO_TRANSITION_PLAN */
function assertMayLower({ situation, basis, bySupervisor }: ReviseSituation, state: Known): void {
  if (!bySupervisor)
    throw new DomainError('CHILD.SUPERVISOR_DECIDES', 'forbidden', 'less protection is a supervisor’s to decide');
  const needed = LESS_BY[situation === 'NOT_A_CHILD' ? situation : 'WITH_SOMEBODY'];
  if (!needed.includes(basis))
    throw conflict('NOT_VERIFIED', 'less protection takes an age or a link that was verified');
  if (basis === 'CAME_OF_AGE' && state.transitionReviewOn === null)
    throw conflict('NO_TRANSITION_PLAN', 'coming of age takes a transition plan');
}

/** Toward protection at any time; away from it by a supervisor, on what was verified. */
function revise(command: ReviseSituation, state: Known): Events {
  const { situation, basis, at } = command;
  const before = state.situation;
  if (before === situation && basis !== 'CARER_LOST') return [];
  if (isLess(situation, before)) assertMayLower(command, state);
  const after = withoutLostCarer(state, { situation, basis });
  const guardianDueAt = guardianDue(situation, after, state.subject.country, at);
  if (before === situation) return lostCarers(state, after, at, guardianDueAt);
  const changed = { before, situation, basis, changedAt: at, guardianDueAt };
  return [{ type: 'SituationChanged', data: changed }, ...lostCarers(state, after, at, guardianDueAt)];
}

function isSameEntry(left: RegistryEntry | undefined, right: RegistryEntry): boolean {
  return left?.reference === right.reference && left.missing === right.missing;
}

function register({ migratory, civil, at }: RegisterChild, state: Known): Events {
  assertMet(state);
  const { registries } = state;
  if (isSameEntry(registries?.migratory, migratory) && isSameEntry(registries?.civil, civil)) return [];
  return [{ type: 'ChildRegistered', data: { migratory, civil, registeredAt: at } }];
}

function arrangeCare({ care, isDetention, isCarerVerified, views, at }: ArrangeUrgentCare, state: Known): Events {
  if (isDetention) throw conflict('NO_DETENTION', 'no child is put into a place of detention');
  if (care === 'KINSHIP' && !isCarerVerified)
    throw conflict('LINK_NOT_VERIFIED', 'the link to the child is verified first, not presumed');
  if (state.care === care) return [];
  return [{ type: 'InterimCareArranged', data: { care, views, arrangedAt: at } }];
}

function endGuardianship({ reason, at }: EndGuardianship, state: Known): Events {
  const { guardian, subject, situation } = state;
  if (guardian === null) return [];
  const guardianDueAt = guardianDue(situation, { ...state, guardian: null }, subject.country, at);
  const { representativeId } = guardian;
  return [{ type: 'GuardianEnded', data: { representativeId, reason, endedAt: at, guardianDueAt } }];
}

function endLegalRepresentation({ reason, at }: EndLegalRepresentation, { legalRepresentative }: Known): Events {
  if (legalRepresentative === null) return [];
  const { representativeId } = legalRepresentative;
  return [{ type: 'LegalRepresentativeEnded', data: { representativeId, reason, endedAt: at } }];
}

function noteOverdue({ guardianDueAt, isGuardianOverdue }: ChildCase, at: Instant): Events {
  if (guardianDueAt === null || isGuardianOverdue || at < guardianDueAt) return [];
  return [{ type: 'GuardianOverdue', data: { dueAt: guardianDueAt, notedAt: at } }];
}

function recordInterview({ type: _, at, ...held }: RecordInterview, state: Known): Events {
  const { guardian, legalRepresentative, situation, interviews } = state;
  assertMet(state);
  assertNotAhead(held.heldAt, at);
  const known = interviews.find(({ heldAt }) => heldAt === held.heldAt);
  if (known !== undefined) {
    if ((Object.keys(held) as (keyof typeof held)[]).every((key) => known[key] === held[key])) return [];
    throw conflict('INTERVIEW_RECORDED', 'the interview at that time was recorded with other facts');
  }
  if (held.interpretation === 'WRITTEN_ONLY') throw conflict('NOT_INTERPRETED', 'nobody interpreted for the child');
  assertHeard(held.views, 'NOT_REACHED', 'URGENT');
  const speaking = [guardian, legalRepresentative].filter((one) => one !== null);
  const wasRepresented = speaking.some(({ appointedAt }) => appointedAt <= held.heldAt);
  if (held.isSubstantive && isAlone(situation) && !wasRepresented)
    throw conflict('NOT_REPRESENTED', 'no child alone is interviewed without guardian or representative');
  return [{ type: 'ChildInterviewed', data: held }];
}

function planTransition({ reviewOn, views, at }: PlanTransition, state: Known): Events {
  assertMet(state);
  assertHeard(views, 'URGENT');
  if (state.transitionReviewOn === reviewOn) return [];
  return [{ type: 'TransitionPlanned', data: { reviewOn, views, plannedAt: at } }];
}

function close(command: CloseCase, state: Known): Events {
  const { reason, nextStep, views, at } = command;
  assertMet(state);
  assertMayClose(command, state);
  return [{ type: 'ChildCaseClosed', data: { reason, nextStep, views, closedAt: at } }];
}

function one<T extends ChildCaseEvent['type']>(
  type: T,
  data: Extract<ChildCaseEvent, { type: T }>['data'] | null,
): Events {
  return data === null ? [] : [{ type, data } as unknown as ChildCaseEvent];
}

/** What is asked of a case that ended: the same end again changes nothing, anything else waits until the child is identified anew. */
function decideClosed(command: ChildCaseCommand, closing: NonNullable<ChildCase['closing']>): Events {
  const isRepeated = command.type === 'CloseCase' && command.reason === closing.reason;
  if (isRepeated || command.type === 'NoteGuardianOverdue') return [];
  throw conflict('CLOSED', 'the case is closed: who comes again is identified anew');
}

function isKnown(state: ChildCase): state is Known {
  return state.subject !== null;
}

function decide(command: ChildCaseCommand, state: ChildCase): Events {
  if (command.type === 'ReportChild') return report(command, state);
  if (command.type === 'IdentifyChild') return identify(command, state);
  if (!isKnown(state)) throw new DomainError('CHILD.UNKNOWN', 'not-found', 'no such case of a child at this agency');
  if (state.closing !== null) return decideClosed(command, state.closing);
  switch (command.type) {
    case 'ReviseSituation':
      return revise(command, state);
    case 'RegisterChild':
      return register(command, state);
    case 'ArrangeUrgentCare':
      return arrangeCare(command, state);
    case 'AppointGuardian':
      assertMet(state);
      return one('GuardianAppointed', appointmentBy(command, state.guardian));
    case 'EndGuardianship':
      return endGuardianship(command, state);
    case 'NoteGuardianOverdue':
      return noteOverdue(state, command.at);
    case 'AppointLegalRepresentative':
      return one('LegalRepresentativeAppointed', appointmentBy(command, state.legalRepresentative));
    case 'EndLegalRepresentation':
      return endLegalRepresentation(command, state);
    case 'RecordInterview':
      return recordInterview(command, state);
    case 'PlanTransition':
      return planTransition(command, state);
    case 'CloseCase':
      return close(command, state);
  }
}

/**
 * One child's case (domain.md §2.5), from the first word of it to its closing. H-10 and H-11 follow it (`holdsOfChild`): a child alone
 * is held from then on, H-11 until it has a guardian; H-10 is lifted by two officers, never by a step.
 */
export const childCaseDecider: Decider<ChildCaseCommand, ChildCase, ChildCaseEvent> = {
  initialState: CHILD_UNKNOWN,
  decide,
  evolve: evolveChildCase,
};
