import type { KnownContractEvent } from '@acogida/contracts';
import type { AgencyEvent, AgencyState } from '../domain/agency.ts';
import type { AgreementEvent, AgreementState } from '../domain/agreement.ts';
import type { ClearanceEvent, ClearanceState } from '../domain/clearance-authorities.ts';
import type { ServiceEvent, ServiceState } from '../domain/directory-service.ts';
import type { TrustEvent } from '../domain/trust-statements.ts';

const FRAME = { class: 'directory', caseId: null } as const;

/** Every change of an agency's entry is published as the whole entry from now on. */
export function publishAgency(event: AgencyEvent, state: AgencyState): KnownContractEvent | null {
  if (state === null) return null;
  const { entry, status, successor } = state;
  const { agencyId } = entry;
  switch (event.type) {
    case 'AgencyListed':
    case 'AgencySuspended':
    case 'AgencyReinstated':
    case 'AgencyClosed':
    case 'SuccessorNamed':
      return { ...FRAME, type: 'AgencyListed', schemaVersion: 2, data: { ...entry, status, successor } };
    case 'FocalPointDesignated':
      return { ...FRAME, type: 'FocalPointDesignated', schemaVersion: 2, data: { agencyId, ...event.data } };
    case 'AgencyKeyListed':
      return { ...FRAME, type: 'AgencyKeyListed', schemaVersion: 1, data: { agencyId, ...event.data } };
    default:
      return null;
  }
}

/** Every change of a service's entry or capacity is published as the whole entry from now on. */
export function publishDirectoryService(event: ServiceEvent, state: ServiceState): KnownContractEvent | null {
  switch (event.type) {
    case 'ServiceListed':
    case 'CapacityUpdated':
      return (
        state && {
          ...FRAME,
          type: 'ServiceListed',
          schemaVersion: 2,
          data: { ...state.entry, capacity: state.capacity },
        }
      );
    default:
      return null;
  }
}

/** Every change of an agreement is published as its terms from now on. */
export function publishAgreement(event: AgreementEvent, state: AgreementState): KnownContractEvent | null {
  switch (event.type) {
    case 'AgreementListed':
    case 'AgreementSuspended':
    case 'AgreementResumed':
      return (
        state && {
          ...FRAME,
          type: 'AgreementListed',
          schemaVersion: 1,
          data: { ...state.terms, suspended: state.suspended },
        }
      );
    default:
      return null;
  }
}

/** Every change of a jurisdiction's authorities is published as all of them from now on. */
export function publishClearanceAuthorities(event: ClearanceEvent, state: ClearanceState): KnownContractEvent | null {
  switch (event.type) {
    case 'ClearanceAuthorityDesignated':
    case 'ClearanceAuthorityWithdrawn':
      return state && { ...FRAME, type: 'ClearanceAuthoritiesListed', schemaVersion: 1, data: state };
    default:
      return null;
  }
}

/** What the roots signed is published as they signed it. */
export function publishTrustStatement(event: TrustEvent): KnownContractEvent {
  switch (event.type) {
    case 'AgencyAdmitted':
      return { ...FRAME, type: 'AgencyAdmitted', schemaVersion: 1, data: event.data };
    case 'AgencyKeyRevoked':
      return { ...FRAME, type: 'AgencyKeyRevoked', schemaVersion: 1, data: event.data };
    case 'SuccessionOrdered':
      return { ...FRAME, type: 'SuccessionOrdered', schemaVersion: 1, data: event.data };
  }
}
