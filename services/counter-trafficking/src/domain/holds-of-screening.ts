import type { HoldChange } from '@acogida/safeguards';
import { type OutcomeRecord, type ScreeningEvent } from './screening-history.ts';

const SUSPECTED: HoldChange = { change: 'PLACE', kind: 'TRAFFICKING_SCREENING', insteadOf: null };
/** Whoever is identified, INCONCLUSIVE included, is held for the time to recover and decide, before anybody grants it. */
const IDENTIFIED: HoldChange = { change: 'PLACE', kind: 'REFLECTION_PERIOD', insteadOf: 'TRAFFICKING_SCREENING' };
const AT_RISK: HoldChange = { change: 'PLACE', kind: 'TRAFFICKING_RISK', insteadOf: 'TRAFFICKING_SCREENING' };

/** Two officers lift H-07; whoever reviewed the outcome beforehand is one of them (INV-23). */
function notIdentified({ secondReviewer }: OutcomeRecord): HoldChange {
  const lift = { change: 'LIFT', kind: 'TRAFFICKING_SCREENING', reason: 'OUTCOME_RECORDED' } as const;
  return { ...lift, reviewedBy: secondReviewer };
}

/**
 * What a screening does to its holds (domain.md §1.5, §2.4): it is opened on a first indicator or suspicion, which places H-07; the
 * outcome makes H-08 or H-09 of it, or lifts it. What an earlier outcome placed stays until an officer lifts it.
 */
export function holdChangesBy(events: readonly ScreeningEvent[]): readonly HoldChange[] {
  return events.flatMap((event): readonly HoldChange[] => {
    switch (event.type) {
      case 'ScreeningOpened':
        return [SUSPECTED];
      case 'VictimConfirmed':
      case 'VictimPresumed':
      case 'ScreeningInconclusive':
        return [IDENTIFIED];
      case 'PersonFoundAtRisk':
        return [AT_RISK];
      case 'NotIdentified':
        return [notIdentified(event.data)];
      case 'ImmediateSafetySecured':
      case 'ScreeningConsentGiven':
      case 'ScreeningConsentRefused':
      case 'ScreeningConducted':
      case 'IndicatorsScored':
      case 'OutcomeReviewed':
        return [];
    }
  });
}
