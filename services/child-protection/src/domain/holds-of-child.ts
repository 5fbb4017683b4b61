import type { HoldLiftReason } from '@acogida/reference';
import type { HoldChange } from '@acogida/safeguards';
import type { ChildCaseEvent } from './child-case-events.ts';
import type { ChildCase } from './child-case-state.ts';
import { isAlone } from './situations.ts';

const PLACE_NO_BID: HoldChange = { change: 'PLACE', kind: 'CHILD_NO_BID', insteadOf: null };
const PLACE_NO_GUARDIAN: HoldChange = { change: 'PLACE', kind: 'CHILD_NO_GUARDIAN', insteadOf: null };
const GUARDED: HoldChange = {
  ...{ change: 'LIFT', kind: 'CHILD_NO_GUARDIAN' },
  ...{ reason: 'GUARDIAN_APPOINTED', reviewedBy: null },
};
/** Whoever turns out not to be a child alone was held for nothing: proposed by the supervisor, lifted by another officer. */
const NOT_ALONE = liftBoth('PLACED_IN_ERROR');
/** Whoever has come of age was held rightly until then: proposed and lifted in the same way. */
const OF_AGE = liftBoth('OF_AGE');

function liftBoth(reason: HoldLiftReason): readonly HoldChange[] {
  return (['CHILD_NO_BID', 'CHILD_NO_GUARDIAN'] as const).map((kind) => {
    return { change: 'LIFT', kind, reason, reviewedBy: null };
  });
}

/** Both, but for H-11 where a guardian stands. */
function heldAlone({ guardian }: ChildCase): readonly HoldChange[] {
  return guardian === null ? [PLACE_NO_BID, PLACE_NO_GUARDIAN] : [PLACE_NO_BID];
}

/**
 * What events of a child's case do to its holds (domain.md §1.5, §2.5).
 *
 * @param state after them
 */
export function holdsOfChild(events: readonly ChildCaseEvent[], state: ChildCase): readonly HoldChange[] {
  return events.flatMap((event): readonly HoldChange[] => {
    switch (event.type) {
      case 'ChildReported':
      case 'ChildIdentified':
        return isAlone(event.data.situation) ? heldAlone(state) : [];
      case 'SituationChanged':
        if (isAlone(event.data.situation)) return heldAlone(state);
        if (!isAlone(event.data.before)) return [];
        return event.data.basis === 'CAME_OF_AGE' ? OF_AGE : NOT_ALONE;
      case 'GuardianAppointed':
        return [GUARDED];
      case 'GuardianEnded':
        return isAlone(state.situation) ? [PLACE_NO_GUARDIAN] : [];
      case 'ReportHeardLate':
      case 'ChildRegistered':
      case 'InterimCareArranged':
      case 'GuardianOverdue':
      case 'LegalRepresentativeAppointed':
      case 'LegalRepresentativeEnded':
      case 'ChildInterviewed':
      case 'TransitionPlanned':
      case 'ChildCaseClosed':
        return [];
    }
  });
}
