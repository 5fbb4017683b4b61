import type { KnownContractEvent } from '@acogida/contracts';
import type { PublishedContract } from '@acogida/event-store';
import type { CaseIntakeEvent } from '../domain/case-intake-events.ts';
import type { CaseIntake } from '../domain/case-intake-state.ts';

type CaseEvent = Extract<KnownContractEvent, { class: 'case' }>;
type CaseFact = { [T in CaseEvent['type']]: Pick<Extract<CaseEvent, { type: T }>, 'type' | 'data'> }[CaseEvent['type']];

/** What other agencies learn; null stays private. Each field is named, so that a new private one cannot slip out. */
function factFor(event: CaseIntakeEvent): CaseFact | null {
  switch (event.type) {
    case 'FirstContactRecorded': {
      const { place, channel, contactedOn, entryMode } = event.data;
      return { type: 'CaseOpened', data: { place, channel, contactedOn, entryMode } };
    }
    case 'RightsInformationProvided': {
      const { language, interpretation, packageVersion } = event.data;
      // never empty: some topics are mandatory
      const topics = event.data.topics;
      return { type: 'RightsInformationProvided', data: { language, interpretation, topics, packageVersion } };
    }
    case 'PersonRegistered': {
      const { sex, ageStatus, ageBand, dobPrecision, nationalities, nationalityStatus, languages } = event.data;
      return {
        type: 'PersonRegistered',
        data: { sex, ageStatus, ageBand, dobPrecision, nationalities, nationalityStatus, languages },
      };
    }
    case 'UrgentNeedsScreened': {
      // never empty: the whole checklist is answered
      const needs = event.data.needs;
      return { type: 'UrgentNeedsScreened', data: { needs, lifeSaving: event.data.lifeSaving } };
    }
    case 'AsylumIntentExpressed': {
      const { expressedOn, manner } = event.data;
      return { type: 'AsylumIntentExpressed', data: { expressedOn, manner } };
    }
    case 'ChildIdentified': {
      const { basis, careStatus } = event.data;
      return { type: 'ChildIdentified', data: { basis, careStatus } };
    }
    case 'TraffickingIndicatorFlagged': {
      const { source, indicators } = event.data;
      return { type: 'TraffickingIndicatorFlagged', data: { source, indicators } };
    }
    default:
      return null;
  }
}

/**
 * INV-17: that somebody asks for asylum, or may have been trafficked, is for whom it is named; needs are not for those who
 * control, return or represent. All else is for the circle.
 */
function audienceOf(type: CaseEvent['type']): 'coded' | 'care' | 'restricted' {
  switch (type) {
    case 'AsylumIntentExpressed':
    case 'TraffickingIndicatorFlagged':
      return 'restricted';
    case 'UrgentNeedsScreened':
      return 'care';
    default:
      return 'coded';
  }
}

/** The contract event that an intake event becomes. Interpreters, assistance and complaints stay at the agency. */
export function publishCaseIntake(event: CaseIntakeEvent, state: CaseIntake): PublishedContract | null {
  const fact = factFor(event);
  const caseId = state.firstContact?.caseId ?? null;
  if (fact === null) return null;
  return { class: 'case', schemaVersion: 1, caseId, ...fact, audience: audienceOf(fact.type) };
}
