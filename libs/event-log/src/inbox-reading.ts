import { hash } from 'node:crypto';
import { isHybridTime } from '@acogida/core';
import type { Causation, ContractPayload } from '@acogida/contracts';
import { firstChainOf } from '@acogida/event-store';
import { BrokenSealError, type OpenedVia } from '@acogida/sealing';
import { type Envelope, MAX_NUMBER } from './envelope.ts';
import type { InboxOptions, InboxSealing, KeptReason } from './inbox-port.ts';
import { openEnvelope, type OpenedText, type SealedReading } from './inbox-sealing.ts';
import type { VerifiedRecord } from './inbox-verification.ts';
import type { ReceivedEvent, UnopenedEvent } from './port.ts';

/** As long as a subject. */
const LANE_LENGTH = 32;

/** What an opened payload says of its place, whether or not its content is understood. */
export interface OpenedPlace {
  readonly payload: ContractPayload;
  readonly clockAhead: boolean;
}

/** What this node can make of a verified record. */
export type Reading = {
  /** What it stands in order with: events of its source under one subject, or words to this agency alone of one stream. */
  readonly lane: string;
} & (
  | { readonly kind: 'event'; readonly event: ReceivedEvent; readonly opened: OpenedPlace }
  | { readonly kind: 'unknown'; readonly event: UnopenedEvent; readonly opened: OpenedPlace }
  | { readonly kind: 'sealed'; readonly event: UnopenedEvent; readonly addressed: boolean }
  | { readonly kind: 'revoked' }
  | { readonly kind: 'quarantined'; readonly reason: KeptReason; readonly detail: string | null }
);

type ReadingOptions = Pick<InboxOptions, 'sealing' | 'reader' | 'hybridClock'>;

/** Opens the seal, whose keys are prepared, and judges the content. Moves the node's hybrid clock. */
export async function readRecord(
  { envelope, isRevoked = false }: Pick<VerifiedRecord, 'envelope' | 'isRevoked'>,
  options: ReadingOptions,
): Promise<Reading> {
  const { sealing, hybridClock } = options;
  const { subject } = envelope;
  if (isRevoked) return { kind: 'revoked', lane: subject };
  const unsealed = await unsealedOf(envelope, sealing);
  if (unsealed.kind === 'broken') {
    return quarantined(unsealed.caseId === null ? subject : laneOfCase(unsealed.caseId), 'BROKEN_SEAL');
  }
  if (unsealed.kind === 'sealed') {
    return { ...unsealed, lane: subject, event: unopened(envelope, 'sealed') };
  }
  const payload = payloadOf(unsealed.text);
  const lane = laneOf(envelope, unsealed, payload?.stream ?? null);
  if (payload === null) return quarantined(lane, 'MALFORMED_PAYLOAD');
  if (!isOfItsKey(payload, unsealed)) return quarantined(lane, 'FOREIGN_CASE');
  const opened = { payload, clockAhead: hybridClock.observe(payload.clock).ahead };
  const reading = judged(envelope, lane, opened, options);
  if (reading.kind === 'event') await sealing.learn?.(reading.event);
  return reading;
}

function judged(envelope: Envelope, lane: string, opened: OpenedPlace, { reader }: ReadingOptions): Reading {
  const reading = reader.read(opened.payload, envelope.class);
  switch (reading.status) {
    case 'ok':
      return { kind: 'event', lane, event: received(envelope, reading.payload, opened.clockAhead), opened };
    case 'unknown-type':
      return { kind: 'unknown', lane, event: unopened(envelope, 'unknown-type'), opened };
    case 'unknown-version':
      return quarantined(lane, 'UNKNOWN_VERSION');
    case 'invalid':
      return quarantined(lane, 'INVALID_CONTRACT', reading.reason);
  }
}

function quarantined(lane: string, reason: KeptReason, detail: string | null = null): Reading {
  return { kind: 'quarantined', lane, reason, detail };
}

/** @param stream null where what was opened says none */
function laneOf({ subject }: Envelope, unsealed: OpenedText, stream: string | null): string {
  return unsealed.kind === 'opened' ? (laneUnder(unsealed.via, stream) ?? subject) : subject;
}

/** Lane of what is sealed under keys of a case. */
export function laneOfCase(caseId: string): string {
  return hash('sha256', `lane ${caseId}`, 'hex').slice(0, LANE_LENGTH);
}

/**
 * The subject of a case changes with each epoch of its keys, and what is to one agency alone has one of its own each time: the case
 * and the stream keep them in order. A lane names no case, as it is shown to operators. Null: the subject does.
 */
function laneUnder(via: OpenedVia, stream: string | null): string | null {
  switch (via.under) {
    case 'group':
      return laneOfCase(via.caseId);
    case 'development':
      return null;
    case 'offer-key':
    case 'member-key':
    case 'channel':
      return stream === null ? null : firstChainOf(stream); // a restore at the sender begins another
  }
}

/** A key of one case says nothing of another. */
function isOfItsKey({ caseId }: ContractPayload, unsealed: OpenedText): boolean {
  if (unsealed.kind === 'clear' || !('caseId' in unsealed.via)) return true;
  return caseId === unsealed.via.caseId || (caseId === null && unsealed.via.under === 'member-key');
}

/** A seal that nobody can ever open, and the case of the key that it names where that is here. */
interface BrokenSeal {
  readonly kind: 'broken';
  readonly caseId: string | null;
}

async function unsealedOf(envelope: Envelope, sealing: InboxSealing): Promise<OpenedText | SealedReading | BrokenSeal> {
  try {
    return await openEnvelope(sealing, envelope);
  } catch (error) {
    if (error instanceof BrokenSealError) return { kind: 'broken', caseId: error.caseId };
    throw error;
  }
}

function received(envelope: Envelope, payload: ContractPayload, clockAhead: boolean): ReceivedEvent {
  const { id, source, class: clearClass, subject, number, time } = envelope;
  return { id, source, class: clearClass, subject, number, time, payload, clockAhead };
}

function unopened(envelope: Envelope, reason: UnopenedEvent['reason']): UnopenedEvent {
  const { id, source, class: clearClass, subject, number, time } = envelope;
  return { id, source, class: clearClass, subject, number, time, reason };
}

/** The payload when it has the shape that every release relies on; its `data` is judged by the contract reader. */
function payloadOf(text: string): ContractPayload | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(value)) return null;
  const texts = ['type', 'occurredAt', 'recordedAt', 'privateHead', 'correlationId'];
  const wellFormed =
    texts.every((name) => typeof value[name] === 'string') &&
    isStorable(value['stream']) &&
    isStorable(value['publishedHead']) &&
    isPositive(value['schemaVersion']) &&
    isPositive(value['version']) &&
    (value['version'] as number) <= MAX_NUMBER &&
    (value['caseId'] === null || typeof value['caseId'] === 'string') &&
    isObject(value['data']) &&
    isCausation(value['causation']) &&
    isHybridTime(value['clock']);
  return wellFormed ? (value as unknown as ContractPayload) : null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What the tables take: no NUL, no half of a surrogate pair. One bad event must not fail the batch it came with. */
function isStorable(text: unknown): boolean {
  return typeof text === 'string' && !/[\0\p{Cs}]/u.test(text);
}

function isPositive(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function isCausation(value: unknown): value is Causation | null {
  if (value === null) return true;
  return isObject(value) && isStorable(value['source']) && UUID.test(String(value['id']));
}
