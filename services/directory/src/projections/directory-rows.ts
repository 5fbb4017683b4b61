import type { RecordedEvent } from '@acogida/event-store';
import {
  agencyProcedure,
  agreementProcedure,
  clearanceAuthoritiesProcedure,
  directoryServiceProcedure,
} from '../directory.procedures.ts';
import type { AgencyEvent } from '../domain/agency.ts';
import type { AgreementEvent } from '../domain/agreement.ts';
import type { ClearanceEvent } from '../domain/clearance-authorities.ts';
import type { ServiceEvent } from '../domain/directory-service.ts';
import type { ServiceCapacity } from '../domain/service-entry.ts';

/** Rows by table, each merged from all events of the batch that say something of it: the latest word wins. */
export type Rows = Map<string, Record<string, unknown>>;

/** What a batch of events says of each table. */
export interface DirectoryRows {
  readonly agencies: Rows;
  readonly focalPoints: Rows;
  readonly keys: Rows;
  readonly services: Rows;
  readonly agreements: Rows;
  readonly authorities: Rows;
}

function merge(rows: Rows, key: string, row: Record<string, unknown>): void {
  rows.set(key, { ...rows.get(key), ...row });
}

function noteAgencyEvent(batch: DirectoryRows, agency_id: string, version: number, event: AgencyEvent): void {
  const agency = (row: Record<string, unknown>): void =>
    merge(batch.agencies, agency_id, { agency_id, version, ...row });
  switch (event.type) {
    case 'AgencyListed': {
      const { name, kind, jurisdiction, nature, authorityOf: authority_of, participation, languages } = event.data;
      const entry = { name, kind, jurisdiction, nature, authority_of, participation, languages };
      agency({ ...entry, ...(version === 1 && { status: 'ACTIVE' }) });
      break;
    }
    case 'AgencySuspended':
      agency({ status: 'SUSPENDED' });
      break;
    case 'AgencyReinstated':
      agency({ status: 'ACTIVE' });
      break;
    case 'AgencyClosed':
      agency({ status: 'CLOSED' });
      break;
    case 'SuccessorNamed':
      agency({ successor: event.data.successor ?? '' }); // '' is none: null says nothing of it
      break;
    case 'FocalPointDesignated': {
      const { role, contact, languages, originRegion } = event.data;
      const origin_region = originRegion ?? '';
      agency({});
      merge(batch.focalPoints, `${agency_id} ${role} ${origin_region}`, {
        ...{ agency_id, role, origin_region, contact, languages },
      });
      break;
    }
    case 'AgencyKeyListed': {
      const { keyId: key_id, use, publicKey: public_key, fromNumber: from_number } = event.data;
      agency({});
      merge(batch.keys, `${agency_id} ${key_id}`, { agency_id, key_id, use, public_key, from_number });
      break;
    }
    default:
      agency({});
  }
}

const capacityRow = ({ status, ...counted }: ServiceCapacity): Record<string, unknown> => ({
  capacity: status,
  ...counted,
});

function noteServiceEvent(batch: DirectoryRows, service_id: string, version: number, event: ServiceEvent): void {
  switch (event.type) {
    case 'ServiceListed': {
      const { serviceId: _, agencyId: agency_id, capacity, ...entry } = event.data;
      const areas = [...new Set(entry.service_areas.map(({ country }) => country))];
      merge(batch.services, service_id, { service_id, version, agency_id, areas, ...entry, ...capacityRow(capacity) });
      break;
    }
    case 'CapacityUpdated':
      merge(batch.services, service_id, { service_id, version, ...capacityRow(event.data) });
      break;
    default:
      merge(batch.services, service_id, { service_id, version });
  }
}

function noteAgreementEvent(batch: DirectoryRows, agreement_id: string, version: number, event: AgreementEvent): void {
  const agreement = (row: Record<string, unknown>): void =>
    merge(batch.agreements, agreement_id, { agreement_id, version, ...row });
  switch (event.type) {
    case 'AgreementListed': {
      const { kind, name, parties, purposes, validFrom, validThrough, procedureVersion } = event.data;
      agreement({
        ...{ kind, name, parties, purposes, valid_from: validFrom, valid_through: validThrough },
        ...{ procedure_version: procedureVersion, ...(version === 1 && { suspended: false }) },
      });
      break;
    }
    case 'AgreementSuspended':
      agreement({ suspended: true });
      break;
    case 'AgreementResumed':
      agreement({ suspended: false });
      break;
    default:
      agreement({});
  }
}

function noteClearanceEvent(batch: DirectoryRows, jurisdiction: string, version: number, event: ClearanceEvent): void {
  const { agencyId: agency_id } = event.data;
  const key = `${jurisdiction} ${agency_id}`;
  switch (event.type) {
    case 'ClearanceAuthorityDesignated':
      merge(batch.authorities, key, { jurisdiction, agency_id, version, holds: event.data.holds });
      break;
    case 'ClearanceAuthorityWithdrawn':
      merge(batch.authorities, key, { jurisdiction, agency_id, version, holds: null });
      break;
    default:
  }
}

const PREFIXES = [
  [`${directoryServiceProcedure.name}-`, noteServiceEvent],
  [`${agencyProcedure.name}-`, noteAgencyEvent],
  [`${agreementProcedure.name}-`, noteAgreementEvent],
  [`${clearanceAuthoritiesProcedure.name}-`, noteClearanceEvent],
] as const;

/** The rows that a batch of the directory's events says, by table. */
export function directoryRowsOf(events: readonly RecordedEvent[]): DirectoryRows {
  const batch: DirectoryRows = {
    ...{ agencies: new Map(), focalPoints: new Map(), keys: new Map() },
    ...{ services: new Map(), agreements: new Map(), authorities: new Map() },
  };
  for (const { stream, version, type, data } of events) {
    const [prefix, note] = PREFIXES.find(([start]) => stream.startsWith(start)) ?? [];
    if (prefix === undefined || note === undefined) continue;
    note(batch, stream.slice(prefix.length), version, { type, data } as never); // the stream's procedure wrote it
  }
  return batch;
}
