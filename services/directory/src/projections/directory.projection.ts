import type { InlineProjection, RecordedEvent, Transaction } from '@acogida/event-store';
import { agencyProcedure, directoryServiceProcedure } from '../directory.procedures.ts';
import type { AgencyEvent } from '../domain/agency.ts';
import type { ServiceEvent } from '../domain/directory-service.ts';

const AGENCY_PREFIX = `${agencyProcedure.name}-`;
const SERVICE_PREFIX = `${directoryServiceProcedure.name}-`;

/** Rows by table, each merged from all events of the batch that say something of it: the latest word wins. */
type Rows = Map<string, Record<string, unknown>>;

function merge(rows: Rows, key: string, row: Record<string, unknown>): void {
  rows.set(key, { ...rows.get(key), ...row });
}

interface Batch {
  readonly agencies: Rows;
  readonly focalPoints: Rows;
  readonly keys: Rows;
  readonly services: Rows;
}

function noteAgencyEvent(batch: Batch, agency_id: string, version: number, event: AgencyEvent): void {
  const agency = (row: Record<string, unknown>): void =>
    merge(batch.agencies, agency_id, { agency_id, version, ...row });
  switch (event.type) {
    case 'AgencyListed': {
      const { name, kind, jurisdiction } = event.data;
      agency({ name, kind, jurisdiction, ...(version === 1 && { status: 'ACTIVE' }) });
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
    case 'FocalPointDesignated':
      agency({});
      merge(batch.focalPoints, `${agency_id} ${event.data.role}`, { agency_id, ...event.data });
      break;
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

function noteServiceEvent(batch: Batch, service_id: string, version: number, event: ServiceEvent): void {
  switch (event.type) {
    case 'ServiceListed': {
      const { agencyId: agency_id, type, name, languages, areas, capacity } = event.data;
      merge(batch.services, service_id, { service_id, version, agency_id, type, name, languages, areas, capacity });
      break;
    }
    case 'CapacityUpdated':
      merge(batch.services, service_id, { service_id, version, capacity: event.data.capacity });
      break;
    default:
      merge(batch.services, service_id, { service_id, version });
  }
}

function batchOf(events: readonly RecordedEvent[]): Batch {
  const batch: Batch = { agencies: new Map(), focalPoints: new Map(), keys: new Map(), services: new Map() };
  for (const { stream, version, type, data } of events) {
    const event = { type, data } as unknown;
    if (stream.startsWith(SERVICE_PREFIX)) {
      noteServiceEvent(batch, stream.slice(SERVICE_PREFIX.length), version, event as ServiceEvent);
    } else if (stream.startsWith(AGENCY_PREFIX)) {
      noteAgencyEvent(batch, stream.slice(AGENCY_PREFIX.length), version, event as AgencyEvent);
    }
  }
  return batch;
}

// MERGE writes rows that are new and rows that only change in part with one statement per table and batch: an INSERT … ON
// CONFLICT would refuse the latter for their missing NOT NULL columns before it looked for the conflict.
const AGENCIES = `
  MERGE INTO directory_agency AS row USING jsonb_populate_recordset(NULL::directory_agency, $1::jsonb) AS said
  ON row.agency_id = said.agency_id
  WHEN MATCHED THEN UPDATE SET version = said.version, name = COALESCE(said.name, row.name),
    status = COALESCE(said.status, row.status)
  WHEN NOT MATCHED THEN INSERT (agency_id, version, name, kind, jurisdiction, status)
    VALUES (said.agency_id, said.version, said.name, said.kind, said.jurisdiction, said.status)`;

const SERVICES = `
  MERGE INTO directory_service AS row USING jsonb_populate_recordset(NULL::directory_service, $1::jsonb) AS said
  ON row.service_id = said.service_id
  WHEN MATCHED THEN UPDATE SET version = said.version, name = COALESCE(said.name, row.name),
    languages = COALESCE(said.languages, row.languages), areas = COALESCE(said.areas, row.areas),
    capacity = COALESCE(said.capacity, row.capacity)
  WHEN NOT MATCHED THEN INSERT (service_id, version, agency_id, type, name, languages, areas, capacity)
    VALUES (said.service_id, said.version, said.agency_id, said.type, said.name, said.languages, said.areas, said.capacity)`;

const FOCAL_POINTS = `
  INSERT INTO directory_focal_point (agency_id, role, contact)
  SELECT agency_id, role, contact FROM jsonb_populate_recordset(NULL::directory_focal_point, $1::jsonb)
  ON CONFLICT (agency_id, role) DO UPDATE SET contact = excluded.contact`;

const KEYS = `
  INSERT INTO directory_key (agency_id, key_id, use, public_key, from_number)
  SELECT agency_id, key_id, use, public_key, from_number FROM jsonb_populate_recordset(NULL::directory_key, $1::jsonb)
  ON CONFLICT (agency_id, key_id) DO NOTHING`;

async function write(transaction: Transaction, statement: string, rows: Rows): Promise<void> {
  if (rows.size > 0) await transaction.query(statement, [JSON.stringify([...rows.values()])]);
}

/** Keeps the directory's tables in the append transaction, one statement per table and batch. */
export const directoryProjection: InlineProjection = {
  name: 'directory',
  async apply(events, transaction) {
    const batch = batchOf(events);
    await write(transaction, AGENCIES, batch.agencies);
    await write(transaction, FOCAL_POINTS, batch.focalPoints);
    await write(transaction, KEYS, batch.keys);
    await write(transaction, SERVICES, batch.services);
  },
  async reset(transaction) {
    await transaction.query('TRUNCATE directory_agency, directory_focal_point, directory_key, directory_service');
  },
};
