import { withAgencyDetails, withFocalPointDetails, withServiceDetails } from '@acogida/contracts';
import type { ProcedureDefinition } from '@acogida/event-store';
import { type AgencyCommand, agencyDecider, type AgencyEvent, type AgencyState } from './domain/agency.ts';
import {
  type AgreementCommand,
  agreementDecider,
  type AgreementEvent,
  type AgreementState,
} from './domain/agreement.ts';
import {
  clearanceAuthoritiesDecider,
  type ClearanceCommand,
  type ClearanceEvent,
  type ClearanceState,
} from './domain/clearance-authorities.ts';
import {
  directoryServiceDecider,
  type ServiceCommand,
  type ServiceEvent,
  type ServiceState,
} from './domain/directory-service.ts';
import {
  type TrustCommand,
  type TrustEvent,
  type TrustStatements,
  trustStatementsDecider,
} from './domain/trust-statements.ts';
import {
  publishAgency,
  publishAgreement,
  publishClearanceAuthorities,
  publishDirectoryService,
  publishTrustStatement,
} from './integration/publish.ts';

/** Entries of agencies, streams `agency-<agencyId>`. */
export const agencyProcedure: ProcedureDefinition<AgencyCommand, AgencyState, AgencyEvent> = {
  name: 'agency',
  decider: agencyDecider,
  versions: {
    AgencyListed: 2,
    AgencySuspended: 1,
    AgencyReinstated: 1,
    AgencyClosed: 1,
    SuccessorNamed: 1,
    FocalPointDesignated: 2,
    AgencyKeyListed: 1,
  },
  upcasters: [
    { type: 'AgencyListed', fromVersion: 1, upcast: withAgencyDetails },
    { type: 'FocalPointDesignated', fromVersion: 1, upcast: withFocalPointDetails },
  ],
  publish: publishAgency,
  caseOf: () => null,
};

/** Entries of services, streams `directory-service-<serviceId>`. */
export const directoryServiceProcedure: ProcedureDefinition<ServiceCommand, ServiceState, ServiceEvent> = {
  name: 'directory-service',
  decider: directoryServiceDecider,
  versions: { ServiceListed: 2, CapacityUpdated: 2 },
  upcasters: [
    { type: 'ServiceListed', fromVersion: 1, upcast: withServiceDetails },
    {
      type: 'CapacityUpdated',
      fromVersion: 1,
      // version 1 had the code alone: places were not counted, and when it was so stands only in the event's own time
      upcast: ({ capacity }) => ({ status: capacity, available: null, maximum: null, unit: null, updated: null }),
    },
  ],
  publish: publishDirectoryService,
  caseOf: () => null,
};

/** Agreements between agencies, streams `agreement-<agreementId>`. */
export const agreementProcedure: ProcedureDefinition<AgreementCommand, AgreementState, AgreementEvent> = {
  name: 'agreement',
  decider: agreementDecider,
  versions: { AgreementListed: 1, AgreementSuspended: 1, AgreementResumed: 1 },
  upcasters: [],
  publish: publishAgreement,
  caseOf: () => null,
};

/** Who must clear a departure, streams `clearance-authorities-<jurisdiction>`. */
export const clearanceAuthoritiesProcedure: ProcedureDefinition<ClearanceCommand, ClearanceState, ClearanceEvent> = {
  name: 'clearance-authorities',
  decider: clearanceAuthoritiesDecider,
  versions: { ClearanceAuthorityDesignated: 1, ClearanceAuthorityWithdrawn: 1 },
  upcasters: [],
  publish: publishClearanceAuthorities,
  caseOf: () => null,
};

/** What the roots stated of agencies, streams `trust-<agencyId>`. */
export const trustStatementsProcedure: ProcedureDefinition<TrustCommand, TrustStatements, TrustEvent> = {
  name: 'trust',
  decider: trustStatementsDecider,
  versions: { AgencyAdmitted: 1, AgencyKeyRevoked: 1, SuccessionOrdered: 1 },
  upcasters: [],
  publish: publishTrustStatement,
  caseOf: () => null,
};
