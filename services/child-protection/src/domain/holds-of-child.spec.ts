import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import type { HoldChange } from '@acogida/safeguards';
import {
  cameOfAge,
  careArranged,
  closed,
  guardianAppointed,
  guardianEnded,
  guardianOverdue,
  heardLate,
  identified,
  identifiedAccompanied,
  interviewed,
  lawyerAppointed,
  lawyerEnded,
  registered,
  relativeFound,
  reported,
  transitionPlanned,
} from './child-case-examples.ts';
import type { ChildCaseEvent } from './child-case-events.ts';
import { childCaseDecider } from './child-case.ts';
import { holdsOfChild } from './holds-of-child.ts';

const place = (kind: 'CHILD_NO_BID' | 'CHILD_NO_GUARDIAN') => ({ change: 'PLACE', kind, insteadOf: null });
const BOTH = [place('CHILD_NO_BID'), place('CHILD_NO_GUARDIAN')];
const lift = (kind: string, reason: string) => ({ change: 'LIFT', kind, reason, reviewedBy: null });
const alone = {
  ...relativeFound.data,
  before: 'ACCOMPANIED_AT_RISK',
  situation: 'SEPARATED',
  basis: 'CARER_LOST',
} as const;
const lost = { ...relativeFound, data: alone };

/** What the last event does. */
function changesBy(...history: readonly ChildCaseEvent[]): readonly HoldChange[] {
  return holdsOfChild(history.slice(-1), fold(childCaseDecider, history));
}

describe('the holds of a child', () => {
  it('INV-11 H-10 and H-11 stand from the first word of a child alone, whoever said it', () => {
    expect(changesBy(reported)).toEqual(BOTH);
    expect(changesBy(identified)).toEqual(BOTH);
    expect(changesBy(identifiedAccompanied, lost)).toEqual(BOTH);
    expect(changesBy(identifiedAccompanied)).toEqual([]);
  });

  it('INV-11 H-11 goes with a guardian, and comes again without; H-10 stays', () => {
    expect(changesBy(identified, guardianAppointed)).toEqual([lift('CHILD_NO_GUARDIAN', 'GUARDIAN_APPOINTED')]);
    expect(changesBy(identified, guardianAppointed, guardianEnded)).toEqual([place('CHILD_NO_GUARDIAN')]);
    expect(changesBy(identifiedAccompanied, guardianAppointed, guardianEnded)).toEqual([]);
    expect(changesBy(identifiedAccompanied, guardianAppointed, lost)).toEqual([place('CHILD_NO_BID')]);
  });

  it('INV-08 both are proposed to be lifted of whom is not alone, as placed in error: that takes two officers', () => {
    expect(changesBy(identified, relativeFound)).toEqual([
      lift('CHILD_NO_BID', 'PLACED_IN_ERROR'),
      lift('CHILD_NO_GUARDIAN', 'PLACED_IN_ERROR'),
    ]);
    const grown = { ...alone, situation: 'NOT_A_CHILD', basis: 'AGE_ESTABLISHED' } as const;
    expect(changesBy(identifiedAccompanied, { ...lost, data: grown })).toEqual([]);
  });

  it('INV-11 of who has come of age are proposed to be lifted as that', () => {
    expect(changesBy(identified, cameOfAge)).toEqual([
      lift('CHILD_NO_BID', 'OF_AGE'),
      lift('CHILD_NO_GUARDIAN', 'OF_AGE'),
    ]);
    const before = { ...cameOfAge, data: { ...cameOfAge.data, before: 'ACCOMPANIED_AT_RISK' } } as const;
    expect(changesBy(identifiedAccompanied, before)).toEqual([]);
  });

  it.each([
    heardLate,
    registered,
    careArranged,
    guardianOverdue,
    lawyerAppointed,
    lawyerEnded,
    interviewed,
    transitionPlanned,
    closed,
  ])('INV-11 do not follow from $type', (event) => {
    expect(changesBy(identified, event)).toEqual([]);
  });
});
