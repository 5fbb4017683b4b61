import { randomBytes } from 'node:crypto';
import { type Clock, DomainError, type Ids, type Instant } from '@acogida/core';
import type { ContractEvent, ContractPayload } from '@acogida/contracts';
import type { NewEventRow, NewOutboxRow, ReplyRow, RequestRow, StreamHead } from './append-statements.ts';
import { canonicalText } from './canonical-text.ts';
import type { EventText } from './event-text.ts';
import { GENESIS_HEAD, privateHeadAfter, publishedHeadAfter } from './hash-chains.ts';
import type { HybridClockSource } from './hybrid-clock-source.ts';
import type { AppendRequest, AppendResult, IdempotentReply, NewEvent, RecordedEvent, SealForOutbox } from './port.ts';
import type { ProcedureCatalogue } from './procedure-catalogue.ts';

/** What the log takes, less what its envelope needs beside the data. */
export const MAX_SEALED_BYTES = 256 * 1024 - 2048;

/** What turning a request into rows needs. */
export interface Preparation {
  readonly catalogue: ProcedureCatalogue;
  readonly clock: Clock;
  readonly hybridClock: HybridClockSource;
  readonly ids: Ids;
  readonly seal: SealForOutbox;
  /** 32 hex digits. */
  readonly randomSalt: () => string;
}

/** A request as rows, ready to be written if it wins its head. */
export interface PreparedAppend {
  readonly row: RequestRow;
  readonly events: readonly NewEventRow[];
  readonly outbox: readonly NewOutboxRow[];
  readonly result: AppendResult;
}

/** 128 random bits as hex. */
export function randomSalt(): string {
  return randomBytes(16).toString('hex');
}

interface Chains {
  readonly privateHead: string;
  readonly publishedVersion: number;
  readonly publishedHead: string;
}

interface PreparedEvent extends Chains {
  readonly row: NewEventRow;
  readonly outbox: NewOutboxRow | null;
  readonly recorded: RecordedEvent;
}

/**
 * Computes all rows of one append on top of its stream's head.
 *
 * @param positions one per event
 * @throws DomainError `EVENT_STORE.EVENT_TOO_LARGE`, `EVENT_STORE.EVENT_NOT_CANONICAL`; UnknownStreamError,
 *   UnknownEventVersionError; whatever the seal or the reply throws
 */
export function prepareAppend(
  request: AppendRequest,
  head: StreamHead | undefined,
  positions: readonly string[],
  preparation: Preparation,
): PreparedAppend {
  const recordedAt = preparation.clock.now();
  let chains: Chains = {
    privateHead: head?.private_head ?? GENESIS_HEAD,
    publishedVersion: head?.published_version ?? 0,
    publishedHead: head?.published_head ?? GENESIS_HEAD,
  };
  const prepared = request.events.map((event, index) => {
    preparation.catalogue.assertCurrent(request.stream, event);
    const version = request.expectedVersion + index + 1;
    const next = prepareEvent(
      request,
      event,
      { version, position: positions[index] ?? '', recordedAt, chains },
      preparation,
    );
    chains = next;
    return next;
  });
  const version = request.expectedVersion + prepared.length;
  const result = { version, events: prepared.map((event) => event.recorded) };
  const reply = request.idempotency === undefined ? null : replyRow(request.idempotency, result);
  return {
    row: {
      stream: request.stream,
      expectedVersion: request.expectedVersion,
      version,
      ...chainsOf(chains),
      recordedAt,
      reply,
    },
    events: prepared.map((event) => event.row),
    outbox: prepared.flatMap((event) => event.outbox ?? []),
    result,
  };
}

function chainsOf({ privateHead, publishedVersion, publishedHead }: Chains): Chains {
  return { privateHead, publishedVersion, publishedHead };
}

interface Place {
  readonly version: number;
  readonly position: string;
  readonly recordedAt: Instant;
  readonly chains: Chains;
}

function prepareEvent(request: AppendRequest, event: NewEvent, place: Place, preparation: Preparation): PreparedEvent {
  const { stream, metadata } = request;
  const { type, schemaVersion } = event;
  const { version, position, recordedAt, chains } = place;
  const id = preparation.ids.uuid();
  const text = canonicalText({
    id,
    stream,
    version,
    type,
    schemaVersion,
    recordedAt,
    data: event.data,
    metadata: { actor: metadata.actor, causation: metadata.causation, correlationId: metadata.correlationId },
  } satisfies EventText);
  const salt = preparation.randomSalt();
  const hash = privateHeadAfter(chains.privateHead, salt, text);
  const row = { position, stream, version, id, type, schemaVersion, recordedAt, text, salt, hash };
  // What callers see is what a later read gives: taken from the text, not from the caller's object.
  const recorded: RecordedEvent = { position, ...(JSON.parse(text) as EventText) };
  if (event.publish === null) return { row, outbox: null, recorded, ...chainsOf(chains), privateHead: hash };
  return { row, recorded, privateHead: hash, ...publishEvent(recorded, event.publish, hash, chains, preparation) };
}

function publishEvent(
  event: RecordedEvent,
  contract: ContractEvent,
  privateHead: string,
  chains: Chains,
  preparation: Preparation,
): { readonly outbox: NewOutboxRow; readonly publishedVersion: number; readonly publishedHead: string } {
  const publishedVersion = chains.publishedVersion + 1;
  const chained: Omit<ContractPayload, 'publishedHead'> = {
    type: contract.type,
    schemaVersion: contract.schemaVersion,
    caseId: contract.caseId,
    data: contract.data,
    occurredAt: contract.occurredAt ?? event.recordedAt,
    recordedAt: event.recordedAt,
    stream: event.stream,
    version: publishedVersion,
    privateHead,
    correlationId: event.metadata.correlationId,
    causation: event.metadata.causation,
    clock: preparation.hybridClock.next(),
  };
  const publishedHead = publishedHeadAfter(chains.publishedHead, chained);
  const text = canonicalText({ ...chained, publishedHead });
  refuseOversized(text);
  const sealed = preparation.seal({ id: event.id, class: contract.class, caseId: contract.caseId, text });
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
    clock: chained.clock,
  };
  return { outbox, publishedVersion, publishedHead };
}

/** Measured as the string it becomes inside the JSON envelope, where quotes and controls grow. */
function refuseOversized(data: string): void {
  const sizeBytes = Buffer.byteLength(JSON.stringify(data));
  if (sizeBytes <= MAX_SEALED_BYTES) return;
  throw new DomainError('EVENT_STORE.EVENT_TOO_LARGE', 'invalid', 'the event is larger than the shared log takes', {
    sizeBytes,
    maxBytes: MAX_SEALED_BYTES,
  });
}

function replyRow(idempotency: IdempotentReply, result: AppendResult): ReplyRow {
  const reply = idempotency.reply(result);
  return {
    key: idempotency.key,
    fingerprint: idempotency.fingerprint,
    status: reply.status,
    headers: JSON.stringify(reply.headers),
    body: reply.body === null ? null : JSON.stringify(reply.body),
  };
}
