import { randomBytes } from 'node:crypto';
import { type Clock, DomainError, type Ids, type Instant } from '@acogida/core';
import type { NewEventRow, NewOutboxRow, ReplyRow, RequestRow, SealedReply, StreamHead } from './append-rows.ts';
import { canonicalEvent, payloadTexts, type SharedText, sharedText } from './event-text.ts';
import { GENESIS_HEAD, privateHeadAfter, publishedHeadOf } from './hash-chains.ts';
import type { HybridClockSource } from './hybrid-clock-source.ts';
import type {
  AppendRequest,
  IdempotentReply,
  NewEvent,
  PublishedContract,
  SealForOutbox,
  UnplacedEvent,
} from './port.ts';
import { copiesOf } from './published-chains.ts';
import type { ProcedureCatalogue } from './procedure-catalogue.ts';
import type { AppendSealing } from './store-sealing.ts';

/** What the log takes, less what its envelope needs beside the data. */
export const MAX_SEALED_BYTES = 256 * 1024 - 2048;

/** What turning a request into rows needs. */
export interface Preparation {
  readonly catalogue: ProcedureCatalogue;
  readonly clock: Clock;
  readonly hybridClock: HybridClockSource;
  readonly ids: Ids;
  readonly seal: SealForOutbox;
  /** Encrypts what the tables hold of cases. */
  readonly texts: Pick<AppendSealing, 'protect'>;
  /** 32 hex digits. */
  readonly randomSalt: () => string;
}

/** A request as rows, ready to be written if it wins its head. */
export interface PreparedAppend {
  readonly row: RequestRow;
  readonly events: readonly NewEventRow[];
  readonly outbox: readonly NewOutboxRow[];
  /** The events as they will be read, but for the position that they get on insertion. */
  readonly recorded: readonly UnplacedEvent[];
}

const SALT_BYTES = 16;
const SALTS_PER_DRAW = 256;

/** A source of 128 random bits as hex. Draws many at a time: asking the system costs more than what it gives. */
export function saltSource(): () => string {
  let drawn = '';
  let used = 0;
  return () => {
    if (used === drawn.length) {
      drawn = randomBytes(SALT_BYTES * SALTS_PER_DRAW).toString('hex');
      used = 0;
    }
    used += SALT_BYTES * 2;
    return drawn.slice(used - SALT_BYTES * 2, used);
  };
}

interface Chains {
  readonly privateHead: string;
  readonly publishedVersion: number;
  readonly publishedHead: string;
}

interface PreparedEvent extends Chains {
  readonly row: NewEventRow;
  readonly outbox: NewOutboxRow | null;
  readonly recorded: UnplacedEvent;
}

/**
 * Computes all rows of one append on top of its stream's head.
 *
 * @throws DomainError `EVENT_STORE.EVENT_TOO_LARGE`, `EVENT_STORE.EVENT_NOT_CANONICAL`; UnknownStreamError,
 *   UnknownEventVersionError; whatever the seal or the reply throws
 */
export function prepareAppend(
  request: AppendRequest,
  head: StreamHead | undefined,
  preparation: Preparation,
): PreparedAppend {
  const recordedAt = preparation.clock.now();
  const known: Chains = {
    privateHead: head?.private_head ?? GENESIS_HEAD,
    publishedVersion: head?.published_version ?? 0,
    publishedHead: head?.published_head ?? GENESIS_HEAD,
  };
  const shared = sharedText(request.stream, request.metadata);
  let chains = known;
  const prepared = request.events.map((event, index) => {
    preparation.catalogue.assertCurrent(request.stream, event);
    const version = request.expectedVersion + index + 1;
    const next = prepareEvent(event, { version, recordedAt, chains, caseId: request.caseId }, shared, preparation);
    chains = next;
    return next;
  });
  const version = request.expectedVersion + prepared.length;
  const recorded = prepared.map((event) => event.recorded);
  const reply =
    request.idempotency === undefined ? null : replyRow(request, request.idempotency, recorded, preparation);
  return {
    row: {
      stream: request.stream,
      expectedVersion: request.expectedVersion,
      knownHead: known.privateHead,
      knownPublishedVersion: known.publishedVersion,
      version,
      ...chainsOf(chains),
      recordedAt,
      reply,
    },
    events: prepared.map((event) => event.row),
    outbox: prepared.flatMap((event) => event.outbox ?? []),
    recorded,
  };
}

function chainsOf({ privateHead, publishedVersion, publishedHead }: Chains): Chains {
  return { privateHead, publishedVersion, publishedHead };
}

interface Place {
  readonly caseId: string | null;
  readonly version: number;
  readonly recordedAt: Instant;
  readonly chains: Chains;
}

function prepareEvent(event: NewEvent, place: Place, shared: SharedText, preparation: Preparation): PreparedEvent {
  const { stream } = shared;
  const { type, schemaVersion } = event;
  const { version, recordedAt, chains, caseId } = place;
  const id = preparation.ids.uuid();
  // What callers see is what a later read gives, not the caller's object.
  const canonical = canonicalEvent({ id, version, type, schemaVersion, recordedAt, data: event.data }, shared);
  const { text, value: recorded } = canonical;
  const salt = preparation.randomSalt();
  const kept = preparation.texts.protect(caseId, { use: 'event', id, stream, version }, text);
  // The chain is over what the table holds: it can be verified without any key, also after an erasure.
  const hash = privateHeadAfter(chains.privateHead, salt, kept.text);
  const keptType = kept.sealedBy === null ? type : '';
  const row = { stream, version, id, type: keptType, schemaVersion, recordedAt, ...kept, salt, hash };
  const unpublished = { row, outbox: null, recorded, ...chainsOf(chains), privateHead: hash };
  const [copy] = copiesOf(event.publish);
  if (copy === undefined) return unpublished;
  const contract = { ...place, contract: copy, privateHead: hash };
  const published = publishEvent(recorded, contract, shared, preparation);
  return published === null ? unpublished : { row, recorded, privateHead: hash, ...published };
}

function publishEvent(
  event: UnplacedEvent,
  { contract, privateHead, chains }: Place & { readonly contract: PublishedContract; readonly privateHead: string },
  shared: SharedText,
  preparation: Preparation,
): { readonly outbox: NewOutboxRow; readonly publishedVersion: number; readonly publishedHead: string } | null {
  const publishedVersion = chains.publishedVersion + 1;
  const clock = preparation.hybridClock.next();
  const { before, after } = payloadTexts(
    {
      type: contract.type,
      schemaVersion: contract.schemaVersion,
      caseId: contract.caseId,
      data: contract.data,
      occurredAt: contract.occurredAt ?? event.recordedAt,
      recordedAt: event.recordedAt,
      version: publishedVersion,
      privateHead,
      clock,
    },
    shared,
  );
  const publishedHead = publishedHeadOf(chains.publishedHead, before + after);
  const text = `${before},"publishedHead":"${publishedHead}"${after}`;
  refuseOversized(text);
  const { class: contractClass, caseId, audience = 'coded' } = contract;
  const sealed = preparation.seal({ id: event.id, class: contractClass, caseId, audience, text });
  if (sealed === null) return null;
  refuseOversized(sealed.data);
  const outbox = {
    eventId: event.id,
    stream: event.stream,
    publishedVersion,
    class: contract.class,
    subject: sealed.subject,
    keyId: sealed.keyId,
    data: sealed.data,
    time: event.recordedAt,
    clock,
  };
  return { outbox, publishedVersion, publishedHead };
}

/** A UTF-16 unit becomes at most six bytes, as in `\u0000`. */
const MAX_BYTES_PER_UNIT = 6;

/** Measured as the string it becomes inside the JSON envelope, where quotes and controls grow. */
function refuseOversized(data: string): void {
  if (data.length * MAX_BYTES_PER_UNIT + 2 <= MAX_SEALED_BYTES) return;
  const sizeBytes = Buffer.byteLength(JSON.stringify(data));
  if (sizeBytes <= MAX_SEALED_BYTES) return;
  throw new DomainError('EVENT_STORE.EVENT_TOO_LARGE', 'invalid', 'the event is larger than the shared log takes', {
    sizeBytes,
    maxBytes: MAX_SEALED_BYTES,
  });
}

function replyRow(
  { caseId, expectedVersion }: AppendRequest,
  { key, fingerprint, reply }: IdempotentReply,
  events: readonly UnplacedEvent[],
  { texts }: Preparation,
): ReplyRow {
  const { status, headers, body } = reply({ version: expectedVersion + events.length, events });
  const sealed: SealedReply = { fingerprint, headers, body };
  const kept = caseId === null ? null : texts.protect(caseId, { use: 'reply', key }, JSON.stringify(sealed));
  if (kept !== null && kept.sealedBy !== null) {
    return { key, fingerprint: '', status, headers: '{}', body: kept.text, sealed_by: kept.sealedBy };
  }
  const text = body === null ? null : JSON.stringify(body);
  return { key, fingerprint, status, headers: JSON.stringify(headers), body: text, sealed_by: null };
}
