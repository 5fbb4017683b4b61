import { randomBytes } from 'node:crypto';
import { type Clock, DomainError, type Ids, type Instant } from '@acogida/core';
import type { NewEventRow, NewOutboxRow, ReplyRow, RequestRow, SealedReply, StreamHead } from './append-rows.ts';
import { canonicalText } from './canonical-text.ts';
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
import { chainNameOf, copiesOf, PublishedChains, publishedChainOf } from './published-chains.ts';
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
  /** Where `texts` brings none of its own. */
  readonly seal: SealForOutbox;
  /** Encrypts what the tables hold of cases. */
  readonly texts: Pick<AppendSealing, 'protect' | 'protectEvent' | 'seal'>;
  /** 32 hex digits. */
  readonly randomSalt: () => string;
  /** As `publishedChainOf` takes it; asked for each request. */
  readonly chainsSince: () => number | null;
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

/** What the events of one request are prepared with; its chains move with each of them. */
interface Writing {
  readonly request: AppendRequest;
  readonly recordedAt: Instant;
  readonly shared: SharedText;
  readonly chains: PublishedChains;
  readonly since: number | null;
  readonly preparation: Preparation;
}

interface PreparedEvent {
  readonly row: NewEventRow;
  readonly outbox: readonly NewOutboxRow[];
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
  const { stream, expectedVersion, idempotency } = request;
  const recordedAt = preparation.clock.now();
  const chains = new PublishedChains(head);
  const before = chains.columns;
  const shared = sharedText(stream, request.metadata);
  const writing: Writing = { request, recordedAt, shared, chains, since: preparation.chainsSince(), preparation };
  const knownHead = head?.private_head ?? GENESIS_HEAD;
  let privateHead = knownHead;
  const prepared = request.events.map((event, index) => {
    preparation.catalogue.assertCurrent(stream, event);
    const next = prepareEvent(event, { version: expectedVersion + index + 1, privateHead }, writing);
    privateHead = next.row.hash;
    return next;
  });
  const version = expectedVersion + prepared.length;
  const recorded = prepared.map((event) => event.recorded);
  const reply = idempotency === undefined ? null : replyRow(request, idempotency, recorded, preparation);
  return {
    row: {
      ...{ stream, expectedVersion, knownHead },
      ...{ knownPublishedVersion: before.publishedVersion, knownOtherChains: before.otherChains },
      ...{ version, privateHead, ...chains.columns, recordedAt, reply },
    },
    events: prepared.map((event) => event.row),
    outbox: prepared.flatMap((event) => event.outbox),
    recorded,
  };
}

/** @param place version of the event, and the private head that it follows */
function prepareEvent(
  event: NewEvent,
  place: { readonly version: number; readonly privateHead: string },
  writing: Writing,
): PreparedEvent {
  const { recordedAt, shared, preparation } = writing;
  const { stream } = shared;
  const { type, schemaVersion } = event;
  const { version } = place;
  const id = preparation.ids.uuid();
  // What callers see is what a later read gives, not the caller's object.
  const canonical = canonicalEvent({ id, version, type, schemaVersion, recordedAt, data: event.data }, shared);
  const { wholeText, closedText, value: recorded } = canonical;
  const salt = preparation.randomSalt();
  const { caseId } = writing.request;
  const clear = { id, stream, version, schemaVersion, recordedAt };
  const kept =
    caseId === null ? null : preparation.texts.protectEvent(caseId, { use: 'event', ...clear }, closedText());
  const text = kept === null ? wholeText() : '';
  // The chain is over what the table holds: it can be verified without any key, also after an erasure.
  const chained = { salt, text, sealed: kept?.bytes ?? null, sealedBy: kept?.sealedBy ?? null };
  const hash = privateHeadAfter(place.privateHead, chained);
  const row: NewEventRow = { ...clear, type: kept === null ? type : '', ...chained, hash };
  const copies = copiesOf(event.publish);
  return { row, recorded, outbox: copies.length === 0 ? [] : publishCopies(copies, row, writing) };
}

/** The copies that the seal lets go out: the first under the id of the event. */
function publishCopies(
  copies: readonly PublishedContract[],
  event: NewEventRow,
  writing: Writing,
): readonly NewOutboxRow[] {
  const rows: NewOutboxRow[] = [];
  let unused: string | undefined = event.id;
  for (const copy of copies) {
    const id: string = unused ?? writing.preparation.ids.uuid();
    const row = publishCopy(copy, id, event.hash, writing);
    unused = row === null ? id : undefined;
    if (row !== null) rows.push(row);
  }
  return rows;
}

/** Null, and no chain moved, where the seal keeps it back. */
function publishCopy(
  copy: PublishedContract,
  id: string,
  privateHead: string,
  { recordedAt, shared, chains, since, preparation }: Writing,
): NewOutboxRow | null {
  const { class: contractClass, caseId, audience = 'coded' } = copy;
  const chainName = chainNameOf(audience, since);
  const stream = publishedChainOf(shared.stream, audience, since);
  const last = chains.at(chainName);
  const publishedVersion = last.version + 1;
  const clock = preparation.hybridClock.next();
  const { before, after } = payloadTexts(
    {
      type: copy.type,
      schemaVersion: copy.schemaVersion,
      caseId,
      data: copy.data,
      occurredAt: copy.occurredAt ?? recordedAt,
      recordedAt,
      version: publishedVersion,
      privateHead,
      clock,
    },
    chainName === null ? shared : { ...shared, streamText: canonicalText(stream) },
  );
  const publishedHead = publishedHeadOf(last.head, before + after);
  const text = `${before},"publishedHead":"${publishedHead}"${after}`;
  refuseOversized(text);
  const seal = preparation.texts.seal ?? preparation.seal;
  const sealed = seal({ id, class: contractClass, type: copy.type, caseId, audience, text });
  if (sealed === null) return null;
  refuseOversized(sealed.data);
  chains.move(chainName, { version: publishedVersion, head: publishedHead });
  const { subject, keyId, data } = sealed;
  return {
    ...{ eventId: id, stream, publishedVersion, class: contractClass },
    ...{ subject, keyId, data, time: recordedAt, clock },
  };
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
