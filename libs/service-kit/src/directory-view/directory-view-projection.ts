import type {
  AgencyListedV2Data,
  AgreementListedV1Data,
  ClearanceAuthoritiesListedV1Data,
  FocalPointDesignatedV2Data,
  ServiceListedV2Data,
} from '@acogida/contracts';
import type { JsonObject } from '@acogida/core';
import type { ContractProjection, ReceivedEvent } from '@acogida/event-log';

/** What kinds of entries are kept. */
export type KnownEntryKind = 'AGENCY' | 'SERVICE' | 'AGREEMENT' | 'FOCAL_POINT' | 'CLEARANCE';

interface Row {
  readonly source: string;
  readonly kind: KnownEntryKind;
  readonly entry_id: string;
  readonly number: number;
  readonly entry: JsonObject;
}

/** Which entry an event of the directory says anew; null for all other events. */
function entryOf({ type, data }: ReceivedEvent['payload']): Pick<Row, 'kind' | 'entry_id'> | null {
  switch (type) {
    case 'AgencyListed':
      return { kind: 'AGENCY', entry_id: (data as unknown as AgencyListedV2Data).agencyId };
    case 'ServiceListed':
      return { kind: 'SERVICE', entry_id: (data as unknown as ServiceListedV2Data).serviceId };
    case 'AgreementListed':
      return { kind: 'AGREEMENT', entry_id: (data as unknown as AgreementListedV1Data).agreementId };
    case 'FocalPointDesignated': {
      const { agencyId, role, originRegion } = data as unknown as FocalPointDesignatedV2Data;
      return { kind: 'FOCAL_POINT', entry_id: `${agencyId}/${role}/${originRegion ?? ''}` };
    }
    case 'ClearanceAuthoritiesListed': {
      const { jurisdiction } = data as unknown as ClearanceAuthoritiesListedV1Data;
      return { kind: 'CLEARANCE', entry_id: jurisdiction };
    }
    default:
      return null;
  }
}

/** The last word of a batch on each entry. */
function rowsOf(events: readonly ReceivedEvent[]): readonly Row[] {
  const rows = new Map<string, Row>();
  for (const { source, number, payload } of events) {
    const named = entryOf(payload);
    if (named === null) continue;
    const key = JSON.stringify([source, named.kind, named.entry_id]);
    const before = rows.get(key);
    if (before === undefined || before.number < number)
      rows.set(key, { source, number, entry: payload.data, ...named });
  }
  return [...rows.values()];
}

const UPSERT = {
  name: 'known-entry-upsert',
  text: `
  INSERT INTO known_entry (source, kind, entry_id, number, entry)
  SELECT source, kind, entry_id, number, entry FROM jsonb_populate_recordset(NULL::known_entry, $1::jsonb)
  ON CONFLICT (kind, entry_id, source) DO UPDATE SET number = excluded.number, entry = excluded.entry
    WHERE known_entry.number < excluded.number`,
};

/**
 * What agencies say of the directory, at every node: each entry as it was published last. Kept with who said it; only the
 * directory's word is read (`LocalDirectory`).
 */
export const directoryViewProjection: ContractProjection = {
  name: 'directory-view',
  async apply({ opened }, transaction) {
    const rows = rowsOf(opened);
    if (rows.length > 0) await transaction.query({ ...UPSERT, values: [JSON.stringify(rows)] });
  },
  async reset(transaction) {
    await transaction.query('TRUNCATE known_entry');
  },
};
