import type { ProcedureDefinition } from '@acogida/event-store';
import { type AgencyCommand, agencyDecider, type AgencyEvent, type AgencyState } from './domain/agency.ts';
import {
  directoryServiceDecider,
  type ServiceCommand,
  type ServiceEvent,
  type ServiceState,
} from './domain/directory-service.ts';
import { publishAgency, publishDirectoryService } from './integration/publish.ts';

/** Entries of agencies, streams `agency-<agencyId>`. */
export const agencyProcedure: ProcedureDefinition<AgencyCommand, AgencyState, AgencyEvent> = {
  name: 'agency',
  decider: agencyDecider,
  versions: {
    AgencyListed: 1,
    AgencySuspended: 1,
    AgencyReinstated: 1,
    AgencyClosed: 1,
    FocalPointDesignated: 1,
    AgencyKeyListed: 1,
  },
  upcasters: [],
  publish: publishAgency,
};

/** Entries of services, streams `directory-service-<serviceId>`. */
export const directoryServiceProcedure: ProcedureDefinition<ServiceCommand, ServiceState, ServiceEvent> = {
  name: 'directory-service',
  decider: directoryServiceDecider,
  versions: { ServiceListed: 1, CapacityUpdated: 1 },
  upcasters: [],
  publish: publishDirectoryService,
};
