import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import { URGENT_NEEDS } from '@acogida/reference';
import { adultRegistered, contacted, informed, needsScreened } from './case-intake-examples.ts';
import type { CaseIntakeEvent } from './case-intake-events.ts';
import { caseIntakeDecider } from './case-intake.ts';
import { holdsLiftedByScreening, holdsPlacedBy } from './holds-of-intake.ts';

const intent: CaseIntakeEvent = { type: 'AsylumIntentExpressed', data: { expressedOn: null, manner: 'CONDUCT' } };
const CHILD: CaseIntakeEvent = { type: 'ChildIdentified', data: { basis: 'DOUBT', careStatus: 'UNACCOMPANIED' } };
const SIGN: CaseIntakeEvent = { type: 'TraffickingIndicatorFlagged', data: { source: 'OBSERVED', indicators: [] } };
const stateOf = (...history: readonly CaseIntakeEvent[]) => fold(caseIntakeDecider, history);

describe('holds of intake', () => {
  it('INV-01 begin with the registration: H-01', () => {
    expect(holdsPlacedBy([adultRegistered])).toEqual([
      { change: 'PLACE', kind: 'NEEDS_NOT_ASSESSED', insteadOf: null },
    ]);
  });

  it('INV-06 begin with any sign of fear: H-02', () => {
    expect(holdsPlacedBy([intent])).toEqual([{ change: 'PLACE', kind: 'ASYLUM_INTENT', insteadOf: null }]);
  });

  it.each<readonly [string, CaseIntakeEvent]>([
    ['INV-08 a child', CHILD],
    ['INV-09 a sign of trafficking', SIGN],
  ])('begin with %s, whatever was assessed before: H-01', (_, event) => {
    const placed = [{ change: 'PLACE', kind: 'NEEDS_NOT_ASSESSED', insteadOf: null }];
    expect(holdsPlacedBy([event])).toEqual(placed);
    expect(holdsPlacedBy([adultRegistered, event])).toEqual(placed);
  });

  it('do not follow from anything else, nor from what changed nothing', () => {
    expect(holdsPlacedBy([contacted, informed, needsScreened])).toEqual([]);
    expect(holdsPlacedBy([])).toEqual([]);
  });

  it('INV-01 H-01 is lifted by a checklist that was answered, and not while an answer is unknown or missing', () => {
    const lift = { change: 'LIFT', kind: 'NEEDS_NOT_ASSESSED', reason: 'NEEDS_ASSESSED', reviewedBy: null };
    expect(holdsLiftedByScreening(stateOf(contacted, informed, adultRegistered, needsScreened))).toEqual([lift]);
    expect(holdsLiftedByScreening(stateOf(contacted, informed, adultRegistered))).toEqual([]);
    const needs = URGENT_NEEDS.map((need) => ({ need, answer: need === 'SAFETY' ? 'UNKNOWN' : 'YES' }) as const);
    const vague: CaseIntakeEvent = { type: 'UrgentNeedsScreened', data: { needs, lifeSaving: true } };
    expect(holdsLiftedByScreening(stateOf(contacted, informed, adultRegistered, vague))).toEqual([]);
  });

  it.each<readonly [string, CaseIntakeEvent]>([
    ['INV-08 a child', CHILD],
    ['INV-09 a sign of trafficking', SIGN],
  ])('H-01 is lifted by no checklist of %s', (_, event) => {
    expect(holdsLiftedByScreening(stateOf(contacted, informed, adultRegistered, event, needsScreened))).toEqual([]);
  });
});
