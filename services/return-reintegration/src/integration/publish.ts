import type { ContractDataByType } from '@acogida/contracts';
import type { PublishedContract } from '@acogida/event-store';
import type { ReturnApplication, ReturnCaseEvent } from '../domain/return-case-events.ts';
import type { ReturnCase } from '../domain/return-case-state.ts';

/** Types that this procedure publishes. */
type Published =
  | 'ReturnApplicationSubmitted'
  | 'VoluntaryConsentSigned'
  | 'ReturnConsentWithdrawn'
  | 'ReturnDepartureConfirmed'
  | 'ReturnDepartureTakenBack';

function said<T extends Published>(
  { caseId }: ReturnApplication,
  type: T,
  data: ContractDataByType[T],
): PublishedContract {
  return { class: 'procedure', type, schemaVersion: 1, caseId, data, audience: 'restricted' };
}

/**
 * What the agencies learn that are named for it, enforcement never among them (INV-17): that somebody applied, consented, does not want
 * it any more, and left or is still here. Where to, counselling, form and language, whom the person told and why stay at the agency.
 */
export function publishReturnCase(event: ReturnCaseEvent, { application }: ReturnCase): PublishedContract | null {
  if (application === null) return null;
  const { returnCaseId } = application;
  switch (event.type) {
    case 'ReturnApplicationSubmitted': {
      const { submittedAt } = event.data;
      return said(application, event.type, { returnCaseId, submittedAt });
    }
    case 'VoluntaryConsentSigned': {
      const { version, signedAt, coolingUntil, validUntil } = event.data;
      return said(application, event.type, { returnCaseId, version, signedAt, coolingUntil, validUntil });
    }
    case 'ReturnConsentWithdrawn': {
      const { version, withdrawnAt } = event.data;
      return said(application, event.type, { returnCaseId, version, withdrawnAt });
    }
    case 'DepartureConfirmed': {
      const { version, departedAt } = event.data;
      return said(application, 'ReturnDepartureConfirmed', { returnCaseId, version, departedAt });
    }
    case 'DepartureTakenBack':
      return said(application, 'ReturnDepartureTakenBack', { returnCaseId, takenBackAt: event.data.takenBackAt });
    default:
      return null;
  }
}
