import type { Instant, JsonObject } from '@acogida/core';
import type { ContractPayload } from '@acogida/contracts';
import { type CanonicalObject, canonicalObject, canonicalText } from './canonical-text.ts';
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

/** What all events of one request have in common, each with its canonical text, written once. */
export interface SharedText {
  readonly stream: string;
  readonly streamText: string;
  readonly metadata: EventMetadata;
  readonly metadataText: string;
  readonly causationText: string;
  readonly correlationText: string;
}

/** @throws DomainError `EVENT_STORE.EVENT_NOT_CANONICAL` */
export function sharedText(stream: string, { actor, causation, correlationId }: EventMetadata): SharedText {
  const { value, text } = canonicalObject({ actor, causation, correlationId });
  return {
    stream,
    streamText: canonicalText(stream),
    metadata: value as unknown as EventMetadata,
    metadataText: text,
    causationText: canonicalText(causation),
    correlationText: canonicalText(correlationId),
  };
}

/**
 * The canonical text of an event (`wholeText`), what of it stands in no column in clear when it is encrypted (`closedText`), and the
 * event as a reader of either gets it. Written member by member in the order of
 * RFC 8785: only the data needs sorting, and the rest of a request's events is the same.
 *
 * @throws DomainError `EVENT_STORE.EVENT_NOT_CANONICAL`
 */
export function canonicalEvent(
  event: Omit<EventText, 'stream' | 'metadata'>,
  { stream, streamText, metadata, metadataText }: SharedText,
): { readonly value: EventText; readonly wholeText: () => string; readonly closedText: () => string } {
  const { id, version, type, schemaVersion, recordedAt } = event;
  const data: CanonicalObject = canonicalObject(event.data);
  const typeText = canonicalText(type);
  return {
    value: { data: data.value, id, metadata, recordedAt, schemaVersion, stream, type, version },
    wholeText: () =>
      `{"data":${data.text},"id":${canonicalText(id)},"metadata":${metadataText},"recordedAt":"${recordedAt}",` +
      `"schemaVersion":${schemaVersion},"stream":${streamText},"type":${typeText},"version":${version}}`,
    closedText: () => `{"data":${data.text},"metadata":${metadataText},"type":${typeText}}`,
  };
}

/**
 * The canonical text of a payload in the same way, in two parts: the member `publishedHead`, which is over both, has its place
 * between them.
 *
 * @throws DomainError `EVENT_STORE.EVENT_NOT_CANONICAL`
 */
export function payloadTexts(
  payload: Omit<ContractPayload, 'publishedHead' | 'stream' | 'causation' | 'correlationId'>,
  { streamText, causationText, correlationText }: SharedText,
): { readonly before: string; readonly after: string } {
  const { caseId, clock, data, occurredAt, privateHead, recordedAt, schemaVersion, type, version } = payload;
  return {
    before:
      `{"caseId":${canonicalText(caseId)},"causation":${causationText},"clock":"${clock}","correlationId":${correlationText},` +
      `"data":${canonicalText(data)},"occurredAt":${canonicalText(occurredAt)},"privateHead":"${privateHead}"`,
    after:
      `,"recordedAt":"${recordedAt}","schemaVersion":${canonicalText(schemaVersion)},"stream":${streamText},` +
      `"type":${canonicalText(type)},"version":${version}}`,
  };
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
  /** Empty where `sealed` stands in its place. */
  readonly text: string;
  /** What an event with a key says (`closedText`), encrypted; null: it is `text` that is kept. */
  readonly sealed: Buffer | null;
  readonly salt: string;
  readonly hash: string;
  readonly sealed_by: string | null;
}

/** The columns of `EventRow`, for select lists. */
export const EVENT_COLUMNS =
  'e.position::text AS position, e.stream, e.version, e.id::text AS id, e.type, e.schema_version, e.recorded_at, e.text, e.sealed, e.salt, e.hash, e.sealed_by';

/** Reads the text of a row; undefined when a column beside it says something else. An empty `type` says nothing. */
export function readEventText(text: string, row: Omit<EventText, 'data' | 'metadata'>): EventText | undefined {
  const event = JSON.parse(text) as EventText;
  const agrees =
    event.stream === row.stream &&
    event.version === row.version &&
    event.id === row.id &&
    (row.type === '' || event.type === row.type) &&
    event.schemaVersion === row.schemaVersion &&
    event.recordedAt === row.recordedAt;
  return agrees ? event : undefined;
}

/** The event of a `closedText` that was opened: what it was bound to are the columns beside it. */
export function readClosedText(text: string, row: Omit<EventText, 'data' | 'metadata' | 'type'>): EventText {
  const { id, stream, version, schemaVersion, recordedAt } = row;
  const { data, metadata, type } = JSON.parse(text) as Pick<EventText, 'data' | 'metadata' | 'type'>;
  return { data, id, metadata, recordedAt, schemaVersion, stream, type, version };
}
