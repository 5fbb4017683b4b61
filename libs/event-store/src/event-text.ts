import type { Instant, JsonObject } from '@acogida/core';
import type { EventMetadata } from './port.ts';

/** What the canonical text of a stored event says. The private chain hashes this text, so it covers all of it. */
export interface EventText {
  readonly id: string;
  readonly stream: string;
  readonly version: number;
  readonly type: string;
  readonly schemaVersion: number;
  readonly recordedAt: Instant;
  readonly data: JsonObject;
  readonly metadata: EventMetadata;
}

/** A row of `es.event` as read. `bigint` columns come as text. */
export interface EventRow {
  readonly position: string;
  readonly stream: string;
  readonly version: number;
  readonly id: string;
  readonly type: string;
  readonly schema_version: number;
  readonly recorded_at: string;
  readonly text: string;
  readonly salt: string;
  readonly hash: string;
}

/** The columns of `EventRow`, for select lists. */
export const EVENT_COLUMNS =
  'e.position::text AS position, e.stream, e.version, e.id::text AS id, e.type, e.schema_version, e.recorded_at, e.text, e.salt, e.hash';

/** Reads the text of a row; undefined when a column beside it says something else. */
export function readEventText(row: EventRow): EventText | undefined {
  const event = JSON.parse(row.text) as EventText;
  const agrees =
    event.stream === row.stream &&
    event.version === row.version &&
    event.id === row.id &&
    event.type === row.type &&
    event.schemaVersion === row.schema_version &&
    event.recordedAt === row.recorded_at;
  return agrees ? event : undefined;
}
