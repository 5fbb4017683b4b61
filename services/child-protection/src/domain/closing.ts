import { DomainError } from '@acogida/core';
import type { ChildCaseEnd, ChildNextStep, RemovalHold } from '@acogida/reference';
import { type HoldLedger, openHolds } from '@acogida/safeguards';
import type { CloseCase } from './child-case-commands.ts';
import type { ChildCase } from './child-case-state.ts';
import { isAlone } from './situations.ts';
import { assertHeard } from './representation.ts';

/** What may follow each end (INV-19). */
const FOLLOWS: Readonly<Record<ChildCaseEnd, readonly ChildNextStep[]>> = {
  TRANSFERRED: ['RECEIVING_AUTHORITY'],
  WITH_FAMILY: ['FOLLOW_UP_VISITS'],
  SOLUTION_FOUND: ['FOLLOW_UP_VISITS', 'OTHER_PROCEDURES'],
  NOT_A_CHILD: ['ADULT_SERVICES', 'OTHER_PROCEDURES'],
  OF_AGE: ['TRANSITION_PLAN'],
  DECEASED: ['FAMILY_TOLD'],
};

/** Holds that a child's case answers for. */
export const HOLDS_OF_CHILD = ['CHILD_NO_BID', 'CHILD_NO_GUARDIAN'] as const satisfies readonly RemovalHold[];

function refusal(code: string, message: string): DomainError {
  return new DomainError(`CHILD.${code}`, 'conflict', message);
}

/**
 * Whether a case may end so, as far as the case itself tells.
 *
 * @throws DomainError CHILD.NEXT_STEP_MISSING, NOT_TAKEN_OVER, NOT_ACCOMPANIED, STILL_A_CHILD, NO_TRANSITION_PLAN, VIEWS_MISSING
 */
export function assertMayClose({ reason, nextStep, isTakenOver, views }: CloseCase, state: ChildCase): void {
  if (!FOLLOWS[reason].includes(nextStep))
    throw refusal('NEXT_STEP_MISSING', 'no case ends without a next step that fits its end');
  if (reason !== 'DECEASED') assertHeard(views, 'URGENT');
  if (reason === 'TRANSFERRED' && !isTakenOver)
    throw refusal('NOT_TAKEN_OVER', 'another agency accepts the referral for child protection first');
  if (reason === 'WITH_FAMILY' && isAlone(state.situation))
    throw refusal('NOT_ACCOMPANIED', 'the link to a relative is verified first');
  if (reason === 'NOT_A_CHILD' && state.situation !== 'NOT_A_CHILD')
    throw refusal('STILL_A_CHILD', 'that it is no child is established first');
  if (reason === 'OF_AGE' && state.transitionReviewOn === null)
    throw refusal('NO_TRANSITION_PLAN', 'coming of age takes a transition plan');
}

/**
 * While a hold of the case is open somebody has to look after it: only a case that goes on elsewhere, or of a child that died, ends.
 *
 * @throws DomainError CHILD.STILL_HELD
 */
export function assertNothingHeld(reason: ChildCaseEnd, ledger: HoldLedger): void {
  if (reason === 'TRANSFERRED' || reason === 'DECEASED') return;
  const isHeld = openHolds(ledger).some(({ kind }) => HOLDS_OF_CHILD.some((one) => one === kind));
  if (isHeld) throw refusal('STILL_HELD', 'its holds are lifted first');
}
