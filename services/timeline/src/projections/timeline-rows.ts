import type { ContractClass } from '@acogida/contracts';
import type { JsonObject } from '@acogida/core';
import { clockOfEnvelope, type TimelineEntry } from '../domain/timeline-entry.ts';

/** A row of `timeline_event` as node-postgres reads `ENTRY_COLUMNS`. */
export interface EntryRow {
  readonly source: string;
  readonly number: string;
  readonly event_id: string;
  readonly case_id: string | null;
  readonly class: ContractClass;
  readonly type: string | null;
  readonly schema_version: number | null;
  readonly data: string | null;
  readonly occurred_at: Date | null;
  readonly recorded_at: Date;
  readonly received_at: Date;
  readonly clock: string | null;
  readonly clock_ahead: boolean;
  readonly causation_source: string | null;
  readonly causation_id: string | null;
  readonly stream: string | null;
  readonly version: number | null;
}

/** Columns of `EntryRow`. */
export const ENTRY_COLUMNS = `source, number, event_id, case_id, class, type, schema_version, data, occurred_at, recorded_at,
  received_at, clock, clock_ahead, causation_source, causation_id, stream, version`;

/** An entry with what this node knows of its receipt. */
export interface ReceivedEntry extends TimelineEntry {
  readonly receivedAt: string;
  readonly clockAhead: boolean;
  readonly causationSource: string | null;
}

/** Reads a row. */
export function entryOf(row: EntryRow): ReceivedEntry {
  const recordedAt = row.recorded_at.toISOString();
  return {
    id: row.event_id,
    source: row.source,
    number: Number(row.number),
    class: row.class,
    type: row.type,
    schemaVersion: row.schema_version,
    data: row.data === null ? null : (JSON.parse(row.data) as JsonObject),
    occurredAt: row.occurred_at?.toISOString() ?? null,
    recordedAt,
    receivedAt: row.received_at.toISOString(),
    clock: row.clock ?? clockOfEnvelope(recordedAt),
    clockAhead: row.clock_ahead,
    causationSource: row.causation_source,
    causationId: row.causation_id,
    stream: row.stream,
    version: row.version,
  };
}
