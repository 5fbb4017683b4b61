import type { KnownContractEvent } from '@acogida/contracts';
import type { AgencyEvent, AgencyState } from '../domain/agency.ts';
import type { ServiceEvent, ServiceState } from '../domain/directory-service.ts';

const FRAME = { class: 'directory', schemaVersion: 1, caseId: null } as const;

/** Every change of an agency's entry is published as the whole entry from now on. */
export function publishAgency(event: AgencyEvent, state: AgencyState): KnownContractEvent | null {
  if (state === null) return null;
  const { entry, status } = state;
  const { agencyId } = entry;
  switch (event.type) {
    case 'AgencyListed':
    case 'AgencySuspended':
    case 'AgencyReinstated':
    case 'AgencyClosed':
      return { ...FRAME, type: 'AgencyListed', data: { ...entry, status } };
    case 'FocalPointDesignated':
      return { ...FRAME, type: 'FocalPointDesignated', data: { agencyId, ...event.data } };
    case 'AgencyKeyListed':
      return { ...FRAME, type: 'AgencyKeyListed', data: { agencyId, ...event.data } };
    default:
      return null;
  }
}

/** Every change of a service's entry is published as the whole entry from now on. */
export function publishDirectoryService(event: ServiceEvent, state: ServiceState): KnownContractEvent | null {
  switch (event.type) {
    case 'ServiceListed':
    case 'CapacityUpdated':
      return state && { ...FRAME, type: 'ServiceListed', data: { ...state.entry, capacity: state.capacity } };
    default:
      return null;
  }
}
