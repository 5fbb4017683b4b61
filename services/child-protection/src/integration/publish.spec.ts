import { describe, expect, it } from '@jest/globals';
import { contractDataFault, type ContractType } from '@acogida/contracts';
import { fold, type JsonObject } from '@acogida/core';
import {
  AT,
  careArranged,
  CASE_ID,
  CHILD_CASE_ID,
  closed,
  DUE_FROM_MEETING,
  guardianAppointed,
  guardianEnded,
  guardianOverdue,
  identified,
  identifiedAccompanied,
  interviewed,
  LATER,
  lawyerAppointed,
  lawyerEnded,
  registered,
  relativeFound,
  reported,
  transitionPlanned,
} from '../domain/child-case-examples.ts';
import type { ChildCaseEvent } from '../domain/child-case-events.ts';
import { childCaseDecider } from '../domain/child-case.ts';
import { publishChildCase } from './publish.ts';

const state = fold(childCaseDecider, [identified]);
const childCaseId = CHILD_CASE_ID;
const leftBehind = { ...identified, data: { ...identified.data, situation: 'LEFT_BEHIND' } } as const;
const lost = { ...relativeFound, data: { ...relativeFound.data, situation: 'SEPARATED' } } as const;

const facts: readonly { event: ChildCaseEvent; data: JsonObject }[] = [
  { event: identified, data: { basis: 'AGE', careStatus: 'UNACCOMPANIED' } },
  { event: identifiedAccompanied, data: { basis: 'AGE', careStatus: 'ACCOMPANIED' } },
  { event: leftBehind, data: { basis: 'AGE', careStatus: 'UNKNOWN' } },
  { event: relativeFound, data: { basis: 'AGE', careStatus: 'ACCOMPANIED' } },
  { event: lost, data: { basis: 'AGE', careStatus: 'SEPARATED' } },
];
const steps: readonly { event: ChildCaseEvent; type: ContractType; data: JsonObject }[] = [
  { event: guardianAppointed, type: 'GuardianAppointed', data: { childCaseId, appointedAt: LATER } },
  { event: guardianEnded, type: 'GuardianEnded', data: { childCaseId, endedAt: LATER } },
  { event: guardianOverdue, type: 'GuardianOverdue', data: { childCaseId, dueAt: DUE_FROM_MEETING } },
  {
    event: closed,
    type: 'ChildCaseClosed',
    data: { childCaseId, reason: 'WITH_FAMILY', nextStep: 'FOLLOW_UP_VISITS', closedAt: LATER },
  },
];

describe('publishChildCase', () => {
  it.each(facts)('says to the circle with whom a child is: $event.data.situation', ({ event, data }) => {
    const frame = { class: 'case', schemaVersion: 1, caseId: CASE_ID, audience: 'coded' };
    expect(publishChildCase(event, state)).toEqual({ ...frame, type: 'ChildIdentified', data });
    expect(contractDataFault('ChildIdentified', 1, data)).toBeUndefined();
  });

  it.each(steps)('INV-17 publishes $type to whom it is named, with exactly the fields of its contract', (one) => {
    const { event, type, data } = one;
    const frame = { class: 'procedure', schemaVersion: 1, caseId: CASE_ID, audience: 'restricted' };
    expect(publishChildCase(event, state)).toEqual({ ...frame, type, data });
    expect(contractDataFault(type, 1, data)).toBeUndefined();
  });

  it.each([reported, registered, careArranged, lawyerAppointed, lawyerEnded, interviewed, transitionPlanned])(
    'INV-17 keeps $type at the agency',
    (event) => {
      expect(publishChildCase(event, state)).toBeNull();
    },
  );

  it('says nothing again that another agency said, nor of whom is no child, nor of whom nobody spoke', () => {
    const heard = { ...lost, data: { ...lost.data, basis: 'REPORTED_ELSEWHERE', changedAt: AT } } as const;
    const grown = { ...lost, data: { ...lost.data, situation: 'NOT_A_CHILD' } } as const;
    for (const event of [heard, grown]) expect(publishChildCase(event, state)).toBeNull();
    expect(publishChildCase(identified, childCaseDecider.initialState)).toBeNull();
  });
});
