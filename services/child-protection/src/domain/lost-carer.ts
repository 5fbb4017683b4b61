import type { Instant } from '@acogida/core';
import type { ChildSituation, SituationBasis } from '@acogida/reference';
import type { ChildCaseEvent } from './child-case-events.ts';
import type { ChildCase } from './child-case-state.ts';
import { LINKED_POSTS } from './representation.ts';
import { isAlone } from './situations.ts';

/** As a child is seen from now on. */
export interface SeenOtherwise {
  readonly situation: ChildSituation;
  /** Null where an officer meets it. */
  readonly basis: SituationBasis | null;
}

/** A child of whom a relative is found later is separated, and alone as before: nobody is gone by that. */
function mayBeGone(before: ChildSituation, { situation, basis }: SeenOtherwise): boolean {
  if (!isAlone(situation)) return false;
  return !isAlone(before) || situation === 'UNACCOMPANIED' || basis === 'CARER_LOST';
}

/**
 * The case without those who speak for the child because they are with it, where whoever was with it may be gone: H-11 stands again, and
 * the child is interviewed with nobody else's word, until an officer appoints somebody of whom it is known that they are there.
 */
export function withoutLostCarer(state: ChildCase, seen: SeenOtherwise): ChildCase {
  if (!mayBeGone(state.situation, seen)) return state;
  const { guardian, legalRepresentative } = state;
  return {
    ...state,
    guardian: guardian !== null && LINKED_POSTS.includes(guardian.post) ? null : guardian,
    legalRepresentative:
      legalRepresentative !== null && LINKED_POSTS.includes(legalRepresentative.post) ? null : legalRepresentative,
  };
}

/** What is said of those who are left out of the case by `withoutLostCarer`. */
export function lostCarers(
  before: ChildCase,
  after: ChildCase,
  endedAt: Instant,
  guardianDueAt: Instant | null,
): readonly ChildCaseEvent[] {
  const events: ChildCaseEvent[] = [];
  const reason = 'UNAVAILABLE';
  if (before.guardian !== null && after.guardian === null) {
    const { representativeId } = before.guardian;
    events.push({ type: 'GuardianEnded', data: { representativeId, reason, endedAt, guardianDueAt } });
  }
  if (before.legalRepresentative !== null && after.legalRepresentative === null) {
    const { representativeId } = before.legalRepresentative;
    events.push({ type: 'LegalRepresentativeEnded', data: { representativeId, reason, endedAt } });
  }
  return events;
}
