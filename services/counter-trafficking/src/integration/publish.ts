import type { ContractDataByType } from '@acogida/contracts';
import type { PublishedContract } from '@acogida/event-store';
import type { TraffickingOutcome } from '@acogida/reference';
import type { OpenedScreening, OutcomeRecord, ScreeningEvent, ScreeningState } from '../domain/screening-history.ts';

/** Types that this procedure publishes. */
type Published = 'ImmediateSafetySecured' | 'ScreeningConducted' | 'TraffickingOutcomeRecorded';

function procedureEvent<T extends Published>(
  { caseId }: OpenedScreening,
  type: T,
  data: ContractDataByType[T],
): PublishedContract {
  return { class: 'procedure', type, schemaVersion: 1, caseId, data, audience: 'restricted' };
}

function conducted(state: OpenedScreening): PublishedContract | null {
  const { interview, score, screeningId } = state;
  if (interview === null || score === null) return null;
  const { ageStatus, acts, means, purposes, isInternal, sector } = interview;
  const facts = { ageStatus, acts: [...acts], means: [...means], purposes: [...purposes], isInternal, sector };
  return procedureEvent(state, 'ScreeningConducted', { screeningId, ...facts, ...score });
}

function outcomeRecorded(
  state: OpenedScreening,
  outcome: TraffickingOutcome,
  record: OutcomeRecord,
): PublishedContract | null {
  if (state.score === null) return null;
  return procedureEvent(state, 'TraffickingOutcomeRecorded', {
    screeningId: state.screeningId,
    suggested: state.score.suggested,
    outcome,
    reason: record.reason,
    secondReviewed: record.secondReviewer !== null,
  });
}

/**
 * What the agencies learn of a screening that are named for it (INV-17): that safety was secured, the coded result once it is scored, the outcome.
 * Consent, single indicators, language and who decided stay here.
 */
export function publishScreening(event: ScreeningEvent, state: ScreeningState): PublishedContract | null {
  if (state === null) return null;
  switch (event.type) {
    case 'ImmediateSafetySecured':
      return procedureEvent(state, 'ImmediateSafetySecured', { screeningId: state.screeningId });
    case 'IndicatorsScored':
      return conducted(state);
    case 'VictimConfirmed':
      return outcomeRecorded(state, 'CONFIRMED', event.data);
    case 'VictimPresumed':
      return outcomeRecorded(state, 'PRESUMED', event.data);
    case 'ScreeningInconclusive':
      return outcomeRecorded(state, 'INCONCLUSIVE', event.data);
    case 'PersonFoundAtRisk':
      return outcomeRecorded(state, 'AT_RISK', event.data);
    case 'NotIdentified':
      return outcomeRecorded(state, 'NOT_IDENTIFIED', event.data);
    default:
      return null;
  }
}
