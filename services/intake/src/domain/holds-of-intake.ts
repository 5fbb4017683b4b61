import type { HoldChange } from '@acogida/safeguards';
import type { CaseIntakeEvent } from './case-intake-events.ts';
import type { CaseIntake } from './case-intake-state.ts';

/** H-02, which any sign of fear places (INV-06). */
const PLACE_ASYLUM_INTENT: HoldChange = { change: 'PLACE', kind: 'ASYLUM_INTENT', insteadOf: null };
/** H-01, which stands from the registration on until needs are assessed (INV-01). */
const PLACE_NEEDS_NOT_ASSESSED: HoldChange = { change: 'PLACE', kind: 'NEEDS_NOT_ASSESSED', insteadOf: null };
const LIFT_NEEDS_NOT_ASSESSED: HoldChange = {
  ...{ change: 'LIFT', kind: 'NEEDS_NOT_ASSESSED', reason: 'NEEDS_ASSESSED', reviewedBy: null },
};

/** What places a hold; where one of its kind stands, nothing is added. */
const PLACED_BY: Readonly<Partial<Record<CaseIntakeEvent['type'], HoldChange>>> = {
  PersonRegistered: PLACE_NEEDS_NOT_ASSESSED,
  ChildIdentified: PLACE_NEEDS_NOT_ASSESSED,
  TraffickingIndicatorFlagged: PLACE_NEEDS_NOT_ASSESSED,
  AsylumIntentExpressed: PLACE_ASYLUM_INTENT,
};

/**
 * The holds that intake places by what happened (domain.md §1.5). What is found of a child or of trafficking places H-01 anew: whatever
 * was assessed before did not know of it, and nobody else places a hold until another agency takes the case up (INV-08, INV-09).
 */
export function holdsPlacedBy(events: readonly CaseIntakeEvent[]): readonly HoldChange[] {
  return [...new Set(events.flatMap(({ type }) => PLACED_BY[type] ?? []))];
}

/**
 * Screening lifts H-01 once the whole checklist is answered YES or NO: of what nobody knows, nothing was assessed (INV-01). An officer
 * who finds the same as was recorded before lifts it too: a border officer's screening does not. What a child needs, or somebody who
 * shows signs of trafficking, no checklist assesses: there an officer lifts it by hand (INV-08, INV-09).
 */
export function holdsLiftedByScreening({ urgentNeeds, child, traffickingFlags }: CaseIntake): readonly HoldChange[] {
  const isAssessed = urgentNeeds?.needs.every(({ answer }) => answer !== 'UNKNOWN') === true;
  const takesMore = child !== null || traffickingFlags.length > 0;
  return isAssessed && !takesMore ? [LIFT_NEEDS_NOT_ASSESSED] : [];
}
