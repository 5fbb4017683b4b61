import { bytesArray, intArray, textArray, uuidArray } from './array-parameter.ts';
import { StreamErasedError } from './errors.ts';
import type { StoredReply } from './port.ts';
import type { Reveal } from './store-sealing.ts';

/** Where a stream stands: the row every append to it must win. */
export interface StreamHead {
  readonly name: string;
  readonly version: number;
  readonly private_head: string;
  readonly published_version: number;
  readonly published_head: string;
  /** JSON text of the chains beside that of `coded` (`PublishedChains`). */
  readonly other_chains: string;
}

/** A kept reply, its JSON still text. Of an encrypted one all but key and status is inside `body` (`SealedReply`). */
export interface ReplyRow {
  readonly key: string;
  readonly fingerprint: string;
  readonly status: number;
  readonly headers: string;
  readonly body: string | null;
  readonly sealed_by: string | null;
}

/** What is inside an encrypted reply: a fingerprint beside it would confirm guesses at what was asked. */
export interface SealedReply {
  readonly fingerprint: string;
  readonly headers: StoredReply['headers'];
  readonly body: StoredReply['body'];
}

/** The row of one request: its new head, or none (`version` = `expectedVersion`) when only a reply is to be kept. */
export interface RequestRow {
  readonly stream: string;
  readonly expectedVersion: number;
  /** The private head that the new events were chained to. */
  readonly knownHead: string;
  /** The published version that the new ones were counted from. */
  readonly knownPublishedVersion: number;
  /** The other chains that they were counted from. */
  readonly knownOtherChains: string;
  readonly version: number;
  readonly privateHead: string;
  readonly publishedVersion: number;
  readonly publishedHead: string;
  readonly otherChains: string;
  readonly recordedAt: string;
  readonly reply: ReplyRow | null;
}

/** A row for `es.event`; its position is given on insertion. */
export interface NewEventRow {
  readonly stream: string;
  readonly version: number;
  readonly id: string;
  /** Empty when the text is encrypted. */
  readonly type: string;
  readonly schemaVersion: number;
  readonly recordedAt: string;
  /** Empty where `sealed` stands in its place. */
  readonly text: string;
  readonly sealed: Buffer | null;
  readonly sealedBy: string | null;
  readonly salt: string;
  readonly hash: string;
}

/** A row for `es.outbox`. */
export interface NewOutboxRow {
  readonly eventId: string;
  /** The published chain: the name of the stream, with the audience where it is another than `coded` (`publishedChainOf`). */
  readonly stream: string;
  readonly publishedVersion: number;
  readonly class: string;
  readonly subject: string;
  readonly keyId: string | null;
  readonly data: string;
  readonly time: string;
  readonly clock: string;
}

/** A kept reply as the port has it. @throws StreamErasedError its key was destroyed */
export function keptReplyOf(
  row: ReplyRow,
  reveal: Reveal,
): { readonly fingerprint: string; readonly reply: StoredReply } {
  const { key, status, sealed_by: sealedBy, body } = row;
  if (sealedBy === null || body === null) {
    const headers = JSON.parse(row.headers) as StoredReply['headers'];
    const said = body === null ? null : (JSON.parse(body) as StoredReply['body']);
    return { fingerprint: row.fingerprint, reply: { status, headers, body: said } };
  }
  const text = reveal(sealedBy, { use: 'reply', key }, body);
  if (text === null) throw new StreamErasedError();
  const { fingerprint, ...kept } = JSON.parse(text) as SealedReply;
  return { fingerprint, reply: { status, ...kept } };
}

/** Eleven parameters: stream, version, id, type, schema_version, recorded_at, text, salt, hash, sealed_by, sealed. */
export function eventParameters(events: readonly NewEventRow[]): readonly Buffer[] {
  return [
    textArray(events.map((row) => row.stream)),
    intArray(events.map((row) => row.version)),
    uuidArray(events.map((row) => row.id)),
    textArray(events.map((row) => row.type)),
    intArray(events.map((row) => row.schemaVersion)),
    textArray(events.map((row) => row.recordedAt)),
    textArray(events.map((row) => row.text)),
    textArray(events.map((row) => row.salt)),
    textArray(events.map((row) => row.hash)),
    textArray(events.map((row) => row.sealedBy)),
    bytesArray(events.map((row) => row.sealed)),
  ];
}

/** Nine parameters: event_id, stream, published_version, class, subject, key_id, data, time, clock. */
export function outboxParameters(outbox: readonly NewOutboxRow[]): readonly Buffer[] {
  return [
    uuidArray(outbox.map((row) => row.eventId)),
    textArray(outbox.map((row) => row.stream)),
    intArray(outbox.map((row) => row.publishedVersion)),
    textArray(outbox.map((row) => row.class)),
    textArray(outbox.map((row) => row.subject)),
    textArray(outbox.map((row) => row.keyId)),
    textArray(outbox.map((row) => row.data)),
    textArray(outbox.map((row) => row.time)),
    textArray(outbox.map((row) => row.clock)),
  ];
}

/** Six parameters: stream, version, private_head, published_version, published_head, other_chains of the new heads. */
export function headParameters(requests: readonly RequestRow[]): readonly Buffer[] {
  return [
    textArray(requests.map((row) => row.stream)),
    intArray(requests.map((row) => row.version)),
    textArray(requests.map((row) => row.privateHead)),
    intArray(requests.map((row) => row.publishedVersion)),
    textArray(requests.map((row) => row.publishedHead)),
    textArray(requests.map((row) => row.otherChains)),
  ];
}

/** Seven parameters: key, fingerprint, status, headers, body, recorded_at, sealed_by; nulls where a request keeps no reply. */
export function replyParameters(requests: readonly RequestRow[]): readonly Buffer[] {
  return [
    textArray(requests.map((row) => row.reply?.key ?? null)),
    textArray(requests.map((row) => row.reply?.fingerprint ?? null)),
    intArray(requests.map((row) => row.reply?.status ?? null)),
    textArray(requests.map((row) => row.reply?.headers ?? null)),
    textArray(requests.map((row) => row.reply?.body ?? null)),
    textArray(requests.map((row) => row.recordedAt)),
    textArray(requests.map((row) => row.reply?.sealed_by ?? null)),
  ];
}
