import { describe, expect, it } from '@jest/globals';
import { type DomainError, fold } from '@acogida/core';
import type { HoldLiftReason, RemovalHold } from '@acogida/reference';
import {
  cameOfAge,
  closed,
  guardianAppointed,
  guardianEnded,
  identified,
  relativeFound,
  reported,
} from './child-case-examples.ts';
import type { ChildCaseEvent } from './child-case-events.ts';
import { childCaseDecider } from './child-case.ts';
import { assertMayLift, type LiftingByHand } from './lifting.ts';

/** What is said of a lifting by a supervisor; null where nothing is against it. */
function refused(history: readonly ChildCaseEvent[], lifting: Partial<LiftingByHand>): string | null {
  try {
    const usual = { kind: 'CHILD_NO_BID', reason: 'PLACED_IN_ERROR', step: 'ProposeLift' } as const;
    assertMayLift({ ...usual, roles: ['supervisor'], ...lifting }, fold(childCaseDecider, history));
    return null;
  } catch (error) {
    return (error as DomainError).code;
  }
}

const guarded = [identified, guardianAppointed];
const STEPS = ['LiftHold', 'ProposeLift', 'ConfirmLift'] as const;
const KINDS: readonly (RemovalHold | null)[] = ['CHILD_NO_BID', 'CHILD_NO_GUARDIAN', null];

describe('a hold of a child', () => {
  it.each(STEPS)('INV-11 was placed in error of no child that is alone: %s', (step) => {
    for (const kind of KINDS) {
      for (const alone of [[reported], [identified], guarded, [identified, closed]])
        expect(refused(alone, { kind, step })).toBe('CHILD.STILL_ALONE');
      expect(refused([identified, relativeFound], { kind, step })).toBeNull();
      expect(refused([], { kind, step })).toBeNull(); // nobody spoke of a child
    }
  });

  it.each(STEPS)('INV-11 is lifted for its best interests once it was met, and has a guardian: %s', (step) => {
    const favourable = { reason: 'FAVOURABLE_BEST_INTERESTS', step } as const;
    expect(refused(guarded, favourable)).toBeNull();
    expect(refused([identified], favourable)).toBe('CHILD.NO_GUARDIAN');
    expect(refused([...guarded, guardianEnded], favourable)).toBe('CHILD.NO_GUARDIAN');
    expect(refused([...guarded, closed], favourable)).toBe('CHILD.CLOSED');
    for (const history of [[], [reported], [reported, guardianAppointed]])
      expect(refused(history, favourable)).toBe('CHILD.NOT_IDENTIFIED');
  });

  it('INV-19 that no step lifts goes by hand once a guardian is appointed', () => {
    const appointed = { kind: 'CHILD_NO_GUARDIAN', reason: 'GUARDIAN_APPOINTED', step: 'LiftHold' } as const;
    expect(refused(guarded, { ...appointed, roles: ['caseworker'] })).toBeNull();
    expect(refused([identified], appointed)).toBe('CHILD.NO_GUARDIAN');
  });

  it.each(STEPS)('INV-19 goes with coming of age once that is established: %s', (step) => {
    const ofAge = { reason: 'OF_AGE', step } as const;
    expect(refused([identified, cameOfAge], ofAge)).toBeNull();
    const grown = { ...cameOfAge, data: { ...cameOfAge.data, basis: 'AGE_ESTABLISHED' } } as const;
    for (const history of [[], [identified], [identified, relativeFound], [identified, grown]])
      expect(refused(history, ofAge)).toBe('CHILD.NOT_OF_AGE');
  });

  it.each(STEPS)('INV-11 that may be H-10 of a child alone asks for as much, whatever the reason says: %s', (step) => {
    for (const reason of ['AGE_DECIDED', 'INFORMED_WAIVER', 'ORDER_ENDED'] as const) {
      const unknown = { kind: null, reason, step } as const;
      expect(refused([identified], unknown)).toBe('CHILD.NO_GUARDIAN');
      expect(refused([reported], unknown)).toBe('CHILD.NOT_IDENTIFIED');
      expect(refused([...guarded, closed], unknown)).toBe('CHILD.CLOSED');
      for (const history of [guarded, [identified, relativeFound], []]) expect(refused(history, unknown)).toBeNull();
    }
  });

  it('INV-11 is proposed to be lifted by a supervisor, and confirmed by any other officer', () => {
    const roles = ['caseworker'];
    const reasons: readonly HoldLiftReason[] = ['PLACED_IN_ERROR', 'FAVOURABLE_BEST_INTERESTS', 'OF_AGE'];
    for (const reason of reasons) expect(refused(guarded, { reason, roles })).toBe('CHILD.SUPERVISOR_DECIDES');
    expect(refused([identified, relativeFound], { roles, step: 'ConfirmLift' })).toBeNull();
  });

  it('leaves holds of other kinds to their rules', () => {
    expect(refused([identified], { kind: 'COURT_OR_INTERIM_MEASURE', roles: ['legal-counsel'] })).toBeNull();
  });
});
