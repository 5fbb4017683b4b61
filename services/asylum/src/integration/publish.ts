import type { ContractDataByType } from '@acogida/contracts';
import type { PublishedContract } from '@acogida/event-store';
import type { AsylumApplication, AsylumApplicationEvent, LodgedApplication } from '../domain/asylum-application.ts';

function procedureEvent<T extends 'ApplicationLodged' | 'ApplicationRegistered'>(
  { caseId }: LodgedApplication,
  type: T,
  data: ContractDataByType[T],
): PublishedContract {
  return { class: 'procedure', type, schemaVersion: 1, caseId, data, audience: 'restricted' };
}

/**
 * What the agencies learn that are named for it: that an application was lodged and registered, and its limits (INV-17). File number, entry,
 * referral, ratification and the cause of a late filing stay at the agency.
 */
export function publishAsylumApplication(
  event: AsylumApplicationEvent,
  { lodged }: AsylumApplication,
): PublishedContract | null {
  if (lodged === null) return null;
  const { applicationId } = lodged;
  switch (event.type) {
    case 'ApplicationLodged': {
      const { form, lodgedBy, ratifyBy, late } = event.data;
      return procedureEvent(lodged, 'ApplicationLodged', { applicationId, form, lodgedBy, ratifyBy, late });
    }
    case 'ApplicationRegistered': {
      const { registeredOn, decideBy } = event.data;
      return procedureEvent(lodged, 'ApplicationRegistered', { applicationId, registeredOn, decideBy });
    }
    default:
      return null;
  }
}
