import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import type { CareStatus, ChildSituation } from '@acogida/reference';
import { decides } from '@acogida/testing';
import {
  appointGuardian,
  appointLawyer,
  arrangeCare,
  AT,
  cameOfAge,
  careArranged,
  closed,
  closeCase,
  comeOfAge,
  DUE_AT,
  DUE_FROM_LATER,
  DUE_FROM_MEETING,
  findRelative,
  guardianAppointed,
  guardianEnded,
  guardianOverdue,
  heardLate,
  identified,
  identifiedAccompanied,
  identify,
  interviewChild,
  interviewed,
  LATER,
  lawyerAppointed,
  lawyerEnded,
  planTransition,
  register,
  registered,
  relativeFound,
  report,
  reported,
  transitionPlanned,
} from './child-case-examples.ts';
import type { ChildCaseEvent } from './child-case-events.ts';
import { stageOf } from './child-case-state.ts';
import { childCaseDecider } from './child-case.ts';

const { given } = decides(childCaseDecider);
const endGuardianship = { type: 'EndGuardianship', at: LATER, reason: 'UNAVAILABLE' } as const;
const endRepresentation = { type: 'EndLegalRepresentation', at: LATER, reason: 'REPLACED' } as const;
const heard = { careStatus: 'UNACCOMPANIED', saidAt: report.saidAt } as const;
const noteOverdue = { type: 'NoteGuardianOverdue', at: DUE_FROM_MEETING } as const;
const stateAfter = (...history: ChildCaseEvent[]) => fold(childCaseDecider, history);
const changed = (data: Partial<(typeof relativeFound)['data']>) => {
  return { ...relativeFound, data: { ...relativeFound.data, ...data } };
};

describe('ReportChild', () => {
  it.each<readonly [CareStatus, ChildSituation, string | null]>([
    ['UNACCOMPANIED', 'UNACCOMPANIED', DUE_AT],
    ['SEPARATED', 'SEPARATED', DUE_AT],
    ['UNKNOWN', 'NOT_ESTABLISHED', DUE_AT],
    ['ACCOMPANIED', 'ACCOMPANIED_AT_RISK', null],
  ])('INV-08 takes another agency at its word: %s', (careStatus, situation, guardianDueAt) => {
    given()
      .when({ ...report, careStatus })
      .then({ ...reported, data: { ...reported.data, careStatus, situation, guardianDueAt } });
  });

  it('is heard once, and what says no more changes nothing', () => {
    given(reported).when(report).thenNothing();
    for (const careStatus of ['ACCOMPANIED', 'SEPARATED', 'UNKNOWN'] as const)
      given(reported)
        .when({ ...report, careStatus })
        .thenNothing();
  });

  it('INV-08 that says more counts, whoever met the child and whenever it is heard', () => {
    const data = { before: 'ACCOMPANIED_AT_RISK', situation: 'UNACCOMPANIED', basis: 'REPORTED_ELSEWHERE' } as const;
    given(identifiedAccompanied)
      .when({ ...report, at: LATER })
      .then(changed({ ...data, heard, guardianDueAt: DUE_FROM_LATER }));
    given(identifiedAccompanied, guardianAppointed)
      .when({ ...report, at: LATER })
      .then(changed({ ...data, heard, guardianDueAt: null }));
  });

  it('undoes nothing that a supervisor found after it was said, and leaves a trace where nobody knew it', () => {
    const late = { ...report, at: DUE_AT };
    given(identified, relativeFound).when(late).then(heardLate);
    given(identified, relativeFound)
      .when({ ...late, saidAt: LATER })
      .then({ ...heardLate, data: { ...heardLate.data, saidAt: LATER } });
    for (const history of [
      [identified, relativeFound, heardLate],
      [reported, relativeFound],
      [identifiedAccompanied, changed({ situation: 'UNACCOMPANIED', heard }), relativeFound],
    ])
      given(...history)
        .when(late)
        .thenNothing();
    given(identified, relativeFound)
      .when({ ...late, careStatus: 'ACCOMPANIED' })
      .thenNothing();
    expect(stateAfter(identified, relativeFound, heardLate)).toMatchObject({
      ...{ situation: 'ACCOMPANIED_AT_RISK', loweredAt: LATER, heardLate: [heardLate.data] },
    });
    const after = '2026-11-22T15:00:00.001Z';
    given(identified, relativeFound)
      .when({ ...report, at: DUE_AT, saidAt: after })
      .then(
        changed({
          ...{ before: 'ACCOMPANIED_AT_RISK', situation: 'UNACCOMPANIED', basis: 'REPORTED_ELSEWHERE' },
          ...{ changedAt: DUE_AT, guardianDueAt: '2026-11-26T15:00:00.000Z' },
          heard: { ...heard, saidAt: after },
        }),
      );
  });

  it('takes up a closed case by what was said since alone', () => {
    given(identified, relativeFound, closed)
      .when({ ...report, at: DUE_AT })
      .then(heardLate);
    given(identified, closed).when(report).thenNothing();
    const again = { ...report, at: DUE_AT, saidAt: DUE_AT };
    given(identified, relativeFound, closed)
      .when(again)
      .then({
        ...reported,
        data: { ...reported.data, saidAt: DUE_AT, reportedAt: DUE_AT, guardianDueAt: '2026-11-26T15:00:00.000Z' },
      });
  });

  it('takes up no case that another authority for children has taken over, by that one’s word', () => {
    const transferred = { ...closed, data: { ...closed.data, reason: 'TRANSFERRED' } } as const;
    const again = { ...report, at: DUE_AT, saidAt: DUE_AT, byChildAuthority: true };
    given(identified, transferred).when(again).thenNothing();
    const due = { reportedAt: DUE_AT, saidAt: DUE_AT, guardianDueAt: '2026-11-26T15:00:00.000Z' };
    const taken = { ...reported, data: { ...reported.data, ...due } };
    given(identified, transferred)
      .when({ ...again, byChildAuthority: false })
      .then(taken);
    given(identified, relativeFound, closed).when(again).then(taken);
  });
});

describe('IdentifyChild', () => {
  it('is recorded once, and refused with other facts', () => {
    given().when(identify).then(identified);
    given(identified).when(identify).thenNothing();
    given(identified)
      .when({ ...identify, urgency: 'ROUTINE' })
      .thenRefused('CHILD.ALREADY_IDENTIFIED');
  });

  it('counts the time for a guardian from the first word of the child', () => {
    given(reported)
      .when(identify)
      .then({ ...identified, data: { ...identified.data, guardianDueAt: DUE_AT } });
  });

  it('INV-08 finds no less than was reported', () => {
    given(reported)
      .when({ ...identify, situation: 'ACCOMPANIED_AT_RISK' })
      .thenRefused('CHILD.LESS_THAN_REPORTED');
    given()
      .when({ ...identify, situation: 'ACCOMPANIED_AT_RISK' })
      .then(identifiedAccompanied);
  });

  it('is recorded as well where a supervisor revised the situation of whom another agency reported', () => {
    const revised = [reported, relativeFound] as const;
    given(...revised)
      .when({ ...identify, situation: 'ACCOMPANIED_AT_RISK' })
      .then(identifiedAccompanied);
    const alone = { ...identified, data: { ...identified.data, guardianDueAt: DUE_FROM_MEETING } };
    given(...revised)
      .when(identify)
      .then(alone);
    given(...revised, identifiedAccompanied)
      .when({ ...identify, urgency: 'ROUTINE' })
      .thenRefused('CHILD.ALREADY_IDENTIFIED');
  });

  it('begins anew after the end: who spoke for the child then is to be appointed again', () => {
    const history = [identified, guardianAppointed, registered, relativeFound, closed] as const;
    given(...history)
      .when(identify)
      .then(identified);
    const state = stateAfter(...history, identified);
    expect(state).toMatchObject({ guardian: null, care: null, closing: null, loweredAt: null, isMet: true });
    expect([state.wasMetFirst, stateAfter(reported, identified).wasMetFirst]).toEqual([true, false]);
    expect([state.registries, stageOf(state)]).toEqual([
      { migratory: register.migratory, civil: register.civil },
      'REGISTERED',
    ]);
  });
});

describe('ReviseSituation', () => {
  it('INV-08 goes toward protection by any officer', () => {
    const lost = { ...findRelative, situation: 'SEPARATED', basis: 'CARER_LOST', bySupervisor: false } as const;
    given(identifiedAccompanied)
      .when(lost)
      .then(
        changed({
          ...{ before: 'ACCOMPANIED_AT_RISK', situation: 'SEPARATED', basis: 'CARER_LOST' },
          guardianDueAt: DUE_FROM_LATER,
        }),
      );
    given(identified)
      .when(lost)
      .then(changed({ situation: 'SEPARATED', basis: 'CARER_LOST', guardianDueAt: DUE_FROM_MEETING }));
  });

  it('INV-08 goes away from protection by a supervisor, on what was verified', () => {
    given(identified).when(findRelative).then(relativeFound);
    given(identified, relativeFound).when(findRelative).thenNothing();
    given(identified)
      .when({ ...findRelative, bySupervisor: false })
      .thenRefused('CHILD.SUPERVISOR_DECIDES');
    given(identified)
      .when({ ...findRelative, basis: 'NEW_FACTS' })
      .thenRefused('CHILD.NOT_VERIFIED');
    given(identified)
      .when({ ...findRelative, situation: 'NOT_A_CHILD' })
      .thenRefused('CHILD.NOT_VERIFIED');
    given(identified)
      .when({ ...findRelative, situation: 'NOT_A_CHILD', basis: 'AGE_ESTABLISHED' })
      .then(changed({ situation: 'NOT_A_CHILD', basis: 'AGE_ESTABLISHED' }));
  });

  it('INV-08 finds who has come of age by a supervisor, once a transition is planned', () => {
    given(identified, transitionPlanned).when(comeOfAge).then(cameOfAge);
    given(identified, transitionPlanned, cameOfAge).when(comeOfAge).thenNothing();
    given(identified).when(comeOfAge).thenRefused('CHILD.NO_TRANSITION_PLAN');
    given(identified, transitionPlanned)
      .when({ ...comeOfAge, bySupervisor: false })
      .thenRefused('CHILD.SUPERVISOR_DECIDES');
    given(identified, transitionPlanned)
      .when({ ...comeOfAge, situation: 'ACCOMPANIED_AT_RISK' })
      .thenRefused('CHILD.NOT_VERIFIED');
  });

  it('is an officer’s finding of a child that was reported as well', () => {
    expect(stageOf(stateAfter(reported, relativeFound))).toBe('IDENTIFIED');
    expect(stageOf(stateAfter(reported, changed({ basis: 'REPORTED_ELSEWHERE' })))).toBe('REPORTED');
  });
});

describe('RegisterChild', () => {
  it('is recorded once for the same entries, by an officer who met the child', () => {
    given(identified).when(register).then(registered);
    given(identified, registered).when(register).thenNothing();
    const both = { ...register, civil: { reference: 'CIV-9', missing: null } };
    given(identified, registered)
      .when(both)
      .then({ ...registered, data: { ...registered.data, civil: both.civil } });
    given(reported).when(register).thenRefused('CHILD.NOT_IDENTIFIED');
  });
});

describe('ArrangeUrgentCare', () => {
  it('is arranged at once, also before an officer met the child', () => {
    for (const known of [identified, reported]) given(known).when(arrangeCare).then(careArranged);
    given(identified, careArranged).when(arrangeCare).thenNothing();
  });

  it('INV-11 is no place of detention', () => {
    given(identified)
      .when({ ...arrangeCare, isDetention: true })
      .thenRefused('CHILD.NO_DETENTION');
  });

  it('is with relatives who were verified', () => {
    given(identified)
      .when({ ...arrangeCare, care: 'KINSHIP' })
      .thenRefused('CHILD.LINK_NOT_VERIFIED');
    given(identified)
      .when({ ...arrangeCare, care: 'KINSHIP', isCarerVerified: true })
      .then({ ...careArranged, data: { ...careArranged.data, care: 'KINSHIP' } });
  });
});

describe('who speaks for the child', () => {
  it('is appointed once, and somebody else when the appointment has ended', () => {
    const other = { representativeId: '5a0f8f53-3d2c-4f0c-9a63-7f3bb7bd5c10' };
    given(identified).when(appointGuardian).then(guardianAppointed);
    given(identified, guardianAppointed).when(appointGuardian).thenNothing();
    given(identified, guardianAppointed)
      .when({ ...appointGuardian, ...other })
      .thenRefused('CHILD.ALREADY_REPRESENTED');
    given(identified, guardianAppointed, guardianEnded)
      .when({ ...appointGuardian, ...other })
      .then({ ...guardianAppointed, data: { ...guardianAppointed.data, ...other } });
    given(identified, guardianAppointed).when(appointLawyer).then(lawyerAppointed);
    given(identified, lawyerAppointed).when(appointLawyer).thenNothing();
  });

  it('INV-11 INV-12 is a guardian for whom an officer has met, and somebody spoke with', () => {
    given(reported).when(appointGuardian).thenRefused('CHILD.NOT_IDENTIFIED');
    given(identified)
      .when({ ...appointGuardian, views: 'NOT_REACHED' })
      .thenRefused('CHILD.VIEWS_MISSING');
    given(reported).when(appointLawyer).then(lawyerAppointed);
    given(identified)
      .when({ ...appointLawyer, views: 'NOT_REACHED' })
      .then({ ...lawyerAppointed, data: { ...lawyerAppointed.data, views: 'NOT_REACHED' } });
  });

  it.each([appointGuardian, appointLawyer])('INV-11 is independent: $type', (appoint) => {
    given(identified)
      .when({ ...appoint, post: 'REMOVAL_AUTHORITY', isVerified: true })
      .thenRefused('CHILD.NOT_INDEPENDENT');
    given(identified)
      .when({ ...appoint, conflicts: ['RUNS_ITS_CARE'] })
      .thenRefused('CHILD.CONFLICT_OF_INTEREST');
    for (const post of ['RELATIVE', 'ACCOMPANYING_ADULT'] as const)
      given(identified)
        .when({ ...appoint, post })
        .thenRefused('CHILD.LINK_NOT_VERIFIED');
    given(identified)
      .when({ ...appoint, views: 'URGENT' })
      .thenRefused('CHILD.VIEWS_MISSING');
  });

  it('ends with the reason, once; a child alone is to have the next guardian in time', () => {
    given(identified, guardianAppointed).when(endGuardianship).then(guardianEnded);
    given(identified, guardianAppointed, guardianEnded).when(endGuardianship).thenNothing();
    given(identifiedAccompanied, guardianAppointed)
      .when(endGuardianship)
      .then({ ...guardianEnded, data: { ...guardianEnded.data, guardianDueAt: null } });
    given(identified, lawyerAppointed).when(endRepresentation).then(lawyerEnded);
    given(identified, lawyerAppointed, lawyerEnded).when(endRepresentation).thenNothing();
  });
});

describe('NoteGuardianOverdue', () => {
  it('is said once, when the time has come and nobody was appointed', () => {
    given(identified).when(noteOverdue).then(guardianOverdue);
    given(identified, guardianOverdue).when(noteOverdue).thenNothing();
    given(identified, guardianAppointed).when(noteOverdue).thenNothing();
    given(identifiedAccompanied).when(noteOverdue).thenNothing();
    given(identified)
      .when({ ...noteOverdue, at: LATER })
      .thenNothing();
  });

  it('is over with the appointment, and for a child that is not alone', () => {
    expect(stateAfter(identified, guardianOverdue).isGuardianOverdue).toBe(true);
    expect(stateAfter(identified, guardianOverdue, guardianAppointed).isGuardianOverdue).toBe(false);
    expect(stateAfter(identified, guardianOverdue, relativeFound).isGuardianOverdue).toBe(false);
  });
});

describe('RecordInterview', () => {
  it('INV-12 is not about substance before somebody speaks for a child alone', () => {
    given(identified).when(interviewChild).thenRefused('CHILD.NOT_REPRESENTED');
    for (const appointed of [guardianAppointed, lawyerAppointed])
      given(identified, appointed).when(interviewChild).then(interviewed);
    given(identified, guardianAppointed)
      .when({ ...interviewChild, heldAt: AT })
      .thenRefused('CHILD.NOT_REPRESENTED');
    given(identified, guardianAppointed, guardianEnded).when(interviewChild).thenRefused('CHILD.NOT_REPRESENTED');
    const other = { ...interviewed, data: { ...interviewed.data, isSubstantive: false } };
    given(identified)
      .when({ ...interviewChild, isSubstantive: false })
      .then(other);
    given(identifiedAccompanied).when(interviewChild).then(interviewed);
  });

  it('INV-12 INV-18 hears the child, in a language that it understands', () => {
    for (const views of ['URGENT', 'NOT_REACHED'] as const)
      given(identified, guardianAppointed)
        .when({ ...interviewChild, views })
        .thenRefused('CHILD.VIEWS_MISSING');
    given(identified, guardianAppointed)
      .when({ ...interviewChild, interpretation: 'WRITTEN_ONLY' })
      .thenRefused('CHILD.NOT_INTERPRETED');
  });

  it('is recorded once for a time, after it was held', () => {
    given(identifiedAccompanied, interviewed).when(interviewChild).thenNothing();
    given(identifiedAccompanied, interviewed)
      .when({ ...interviewChild, language: 'spa' })
      .thenRefused('CHILD.INTERVIEW_RECORDED');
    given(identifiedAccompanied)
      .when({ ...interviewChild, heldAt: DUE_AT })
      .thenRefused('CHILD.TIME_IN_FUTURE');
    given(reported).when(interviewChild).thenRefused('CHILD.NOT_IDENTIFIED');
  });
});

describe('CloseCase', () => {
  it('ends once, and nothing but identification follows', () => {
    given(identified, relativeFound).when(closeCase).then(closed);
    given(identified, relativeFound, closed).when(closeCase).thenNothing();
    given(identified, relativeFound, closed).when(noteOverdue).thenNothing();
    for (const command of [appointGuardian, register, arrangeCare, { ...closeCase, reason: 'DECEASED' } as const])
      given(identified, relativeFound, closed).when(command).thenRefused('CHILD.CLOSED');
  });

  it('INV-19 has a next step that fits, and hears the child', () => {
    given(identified, relativeFound)
      .when({ ...closeCase, nextStep: 'FAMILY_TOLD' })
      .thenRefused('CHILD.NEXT_STEP_MISSING');
    given(identified, relativeFound)
      .when({ ...closeCase, views: 'URGENT' })
      .thenRefused('CHILD.VIEWS_MISSING');
    given(reported).when(closeCase).thenRefused('CHILD.NOT_IDENTIFIED');
  });

  it('is refused where what it says is not so', () => {
    given(identified).when(closeCase).thenRefused('CHILD.NOT_ACCOMPANIED');
    given(identified)
      .when({ ...closeCase, reason: 'NOT_A_CHILD', nextStep: 'ADULT_SERVICES' })
      .thenRefused('CHILD.STILL_A_CHILD');
    const transferred = { ...closeCase, reason: 'TRANSFERRED', nextStep: 'RECEIVING_AUTHORITY' } as const;
    given(identified).when(transferred).thenRefused('CHILD.NOT_TAKEN_OVER');
    const { reason, nextStep } = transferred;
    given(identified)
      .when({ ...transferred, isTakenOver: true })
      .then({ ...closed, data: { ...closed.data, reason, nextStep } });
  });

  it('takes a transition plan of who comes of age', () => {
    const ofAge = { ...closeCase, reason: 'OF_AGE', nextStep: 'TRANSITION_PLAN' } as const;
    given(identified).when(ofAge).thenRefused('CHILD.NO_TRANSITION_PLAN');
    given(identified).when(planTransition).then(transitionPlanned);
    given(identified, transitionPlanned).when(planTransition).thenNothing();
    const { reason, nextStep } = ofAge;
    given(identified, transitionPlanned)
      .when(ofAge)
      .then({ ...closed, data: { ...closed.data, reason, nextStep } });
  });
});

describe('the stage', () => {
  it.each([
    ['UNKNOWN', []],
    ['REPORTED', [reported]],
    ['IDENTIFIED', [reported, identified]],
    ['REGISTERED', [identified, registered]],
    ['REPRESENTED', [identified, registered, guardianAppointed]],
    ['REPRESENTED', [identified, lawyerAppointed]],
    ['REGISTERED', [identified, registered, guardianAppointed, guardianEnded]],
    ['CLOSED', [identified, relativeFound, closed]],
  ] as const)('is %s', (stage, history) => {
    expect(stageOf(stateAfter(...history))).toBe(stage);
  });

  it('is none of whom nobody spoke', () => {
    for (const command of [register, arrangeCare, appointGuardian, appointLawyer, endGuardianship, endRepresentation])
      given().when(command).thenRefused('CHILD.UNKNOWN');
    for (const command of [noteOverdue, interviewChild, planTransition, closeCase, findRelative])
      given().when(command).thenRefused('CHILD.UNKNOWN');
  });
});
