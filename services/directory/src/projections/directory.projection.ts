import type { InlineProjection, ReadModelWriter } from '@acogida/event-store';
import { directoryRowsOf, type Rows } from './directory-rows.ts';

// MERGE writes rows that are new and rows that only change in part with one statement per table and batch: an INSERT … ON
// CONFLICT would refuse the latter for their missing NOT NULL columns before it looked for the conflict. A row that has a name
// has its whole entry, nulls included.
const AGENCIES = `
  MERGE INTO directory_agency AS row USING jsonb_populate_recordset(NULL::directory_agency, $1::jsonb) AS said
  ON row.agency_id = said.agency_id
  WHEN MATCHED THEN UPDATE SET version = said.version, name = COALESCE(said.name, row.name),
    nature = COALESCE(said.nature, row.nature), participation = COALESCE(said.participation, row.participation),
    languages = COALESCE(said.languages, row.languages), status = COALESCE(said.status, row.status),
    authority_of = CASE WHEN said.name IS NULL THEN row.authority_of ELSE said.authority_of END,
    successor = CASE WHEN said.successor IS NULL THEN row.successor ELSE NULLIF(said.successor, '') END
  WHEN NOT MATCHED THEN
    INSERT (agency_id, version, name, kind, jurisdiction, status, nature, authority_of, participation, successor, languages)
    VALUES (said.agency_id, said.version, said.name, said.kind, said.jurisdiction, said.status, said.nature,
      said.authority_of, said.participation, NULLIF(said.successor, ''), said.languages)`;

const SERVICES = `
  MERGE INTO directory_service AS row USING jsonb_populate_recordset(NULL::directory_service, $1::jsonb) AS said
  ON row.service_id = said.service_id
  WHEN MATCHED THEN UPDATE SET version = said.version, name = COALESCE(said.name, row.name),
    description = CASE WHEN said.name IS NULL THEN row.description ELSE said.description END,
    status = COALESCE(said.status, row.status), languages = COALESCE(said.languages, row.languages),
    areas = COALESCE(said.areas, row.areas), service_areas = COALESCE(said.service_areas, row.service_areas),
    eligibility = COALESCE(said.eligibility, row.eligibility), schedules = COALESCE(said.schedules, row.schedules),
    capacity = COALESCE(said.capacity, row.capacity),
    available = CASE WHEN said.capacity IS NULL THEN row.available ELSE said.available END,
    maximum = CASE WHEN said.capacity IS NULL THEN row.maximum ELSE said.maximum END,
    unit = CASE WHEN said.capacity IS NULL THEN row.unit ELSE said.unit END,
    updated = CASE WHEN said.capacity IS NULL THEN row.updated ELSE said.updated END
  WHEN NOT MATCHED THEN
    INSERT (service_id, version, agency_id, type, name, description, status, languages, areas, service_areas, eligibility,
      schedules, capacity, available, maximum, unit, updated)
    VALUES (said.service_id, said.version, said.agency_id, said.type, said.name, said.description, said.status,
      said.languages, said.areas, said.service_areas, said.eligibility, said.schedules, said.capacity, said.available,
      said.maximum, said.unit, said.updated)`;

const FOCAL_POINTS = `
  INSERT INTO directory_focal_point (agency_id, role, origin_region, contact, languages)
  SELECT agency_id, role, origin_region, contact, languages
  FROM jsonb_populate_recordset(NULL::directory_focal_point, $1::jsonb)
  ON CONFLICT (agency_id, role, origin_region) DO UPDATE SET contact = excluded.contact, languages = excluded.languages`;

const KEYS = `
  INSERT INTO directory_key (agency_id, key_id, use, public_key, from_number)
  SELECT agency_id, key_id, use, public_key, from_number FROM jsonb_populate_recordset(NULL::directory_key, $1::jsonb)
  ON CONFLICT (agency_id, key_id) DO NOTHING`;

const AGREEMENTS = `
  MERGE INTO directory_agreement AS row USING jsonb_populate_recordset(NULL::directory_agreement, $1::jsonb) AS said
  ON row.agreement_id = said.agreement_id
  WHEN MATCHED THEN UPDATE SET version = said.version, name = COALESCE(said.name, row.name),
    parties = COALESCE(said.parties, row.parties), purposes = COALESCE(said.purposes, row.purposes),
    valid_from = COALESCE(said.valid_from, row.valid_from),
    valid_through = CASE WHEN said.name IS NULL THEN row.valid_through ELSE said.valid_through END,
    procedure_version = CASE WHEN said.name IS NULL THEN row.procedure_version ELSE said.procedure_version END,
    suspended = COALESCE(said.suspended, row.suspended)
  WHEN NOT MATCHED THEN
    INSERT (agreement_id, version, kind, name, parties, purposes, valid_from, valid_through, procedure_version, suspended)
    VALUES (said.agreement_id, said.version, said.kind, said.name, said.parties, said.purposes, said.valid_from,
      said.valid_through, said.procedure_version, said.suspended)`;

const AUTHORITIES = `
  MERGE INTO directory_clearance_authority AS row
  USING jsonb_populate_recordset(NULL::directory_clearance_authority, $1::jsonb) AS said
  ON row.jurisdiction = said.jurisdiction AND row.agency_id = said.agency_id
  WHEN MATCHED AND said.holds IS NULL THEN DELETE
  WHEN MATCHED THEN UPDATE SET version = said.version, holds = said.holds
  WHEN NOT MATCHED AND said.holds IS NOT NULL THEN INSERT (jurisdiction, agency_id, version, holds)
    VALUES (said.jurisdiction, said.agency_id, said.version, said.holds)`;

async function write(transaction: ReadModelWriter, statement: string, rows: Rows): Promise<void> {
  if (rows.size > 0) await transaction.query(statement, [JSON.stringify([...rows.values()])]);
}

/** Keeps the directory's tables in the append transaction, one statement per table and batch. */
export const directoryProjection: InlineProjection = {
  name: 'directory',
  async apply(events, transaction) {
    const rows = directoryRowsOf(events);
    await write(transaction, AGENCIES, rows.agencies);
    await write(transaction, FOCAL_POINTS, rows.focalPoints);
    await write(transaction, KEYS, rows.keys);
    await write(transaction, SERVICES, rows.services);
    await write(transaction, AGREEMENTS, rows.agreements);
    await write(transaction, AUTHORITIES, rows.authorities);
  },
  async reset(transaction) {
    await transaction.query(
      'TRUNCATE directory_agency, directory_focal_point, directory_key, directory_service, directory_agreement, ' +
        'directory_clearance_authority',
    );
  },
};
