import { DomainError } from '@acogida/core';
import type { HoldLiftReason, RemovalHold } from '@acogida/reference';
import type { ChildCase } from './child-case-state.ts';
import { HOLDS_OF_CHILD } from './closing.ts';
import { isAlone } from './situations.ts';

/** What an officer wants to do to a hold at the hold desk. */
export interface LiftingByHand {
  /** Null where it is not known here: of one that was taken over. */
  readonly kind: RemovalHold | null;
  readonly reason: HoldLiftReason;
  readonly step: 'LiftHold' | 'ProposeLift' | 'ConfirmLift';
  /** Of the officer. */
  readonly roles: readonly string[];
}

function refusal(code: string, message: string): DomainError {
  return new DomainError(`CHILD.${code}`, 'conflict', message);
}

/** @throws DomainError CHILD.CLOSED, NOT_IDENTIFIED, NO_GUARDIAN */
function assertGuarded({ closing, isMet, guardian }: ChildCase): void {
  if (closing !== null) throw refusal('CLOSED', 'the case is closed: the child is identified anew first');
  if (!isMet) throw refusal('NOT_IDENTIFIED', 'an officer meets the child first');
  if (guardian === null) throw refusal('NO_GUARDIAN', 'the child has a guardian first');
}

/**
 * INV-11: whether officers may lift a hold of the child by hand for that reason, or have a say in it, as far as its case tells; steps
 * propose and lift by themselves. Where two of them decide, the one who proposes is a supervisor. A hold of which nobody knows here which
 * it is may be one of these.
 *
 * @param state the case here; unknown where nobody spoke of a child
 * @throws DomainError CHILD.SUPERVISOR_DECIDES, STILL_ALONE, NOT_OF_AGE, CLOSED, NOT_IDENTIFIED, NO_GUARDIAN
 */
export function assertMayLift({ kind, reason, step, roles }: LiftingByHand, state: ChildCase): void {
  if (kind !== null && !HOLDS_OF_CHILD.some((one) => one === kind)) return;
  if (step === 'ProposeLift' && !roles.includes('supervisor'))
    throw new DomainError('CHILD.SUPERVISOR_DECIDES', 'forbidden', 'less protection is a supervisor’s to decide');
  const { subject, situation, situationBasis } = state;
  if (reason === 'FAVOURABLE_BEST_INTERESTS' || reason === 'GUARDIAN_APPOINTED') assertGuarded(state);
  if (reason === 'PLACED_IN_ERROR' && subject !== null && isAlone(situation))
    throw refusal('STILL_ALONE', 'a child alone is held rightly: its situation is revised first');
  if (kind === null && subject !== null && isAlone(situation)) assertGuarded(state); // it may be H-10
  if (reason === 'OF_AGE' && (situation !== 'NOT_A_CHILD' || situationBasis !== 'CAME_OF_AGE'))
    throw refusal('NOT_OF_AGE', 'that the child has come of age is established first');
}
