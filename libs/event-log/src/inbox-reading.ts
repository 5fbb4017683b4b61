import { isHybridTime } from '@acogida/core';
import type { Causation, ContractPayload } from '@acogida/contracts';
import { BrokenSealError, MissingKeyError } from '@acogida/sealing';
import { type Envelope, MAX_NUMBER } from './envelope.ts';
import type { InboxOptions, KeptReason } from './inbox-port.ts';
import type { VerifiedRecord } from './inbox-verification.ts';
import type { ReceivedEvent, UnopenedEvent } from './port.ts';

/** What an opened payload says of its place, whether or not its content is understood. */
export interface OpenedPlace {
  readonly payload: ContractPayload;
  readonly clockAhead: boolean;
}

/** What this node can make of a verified record. */
export type Reading =
  | { readonly kind: 'event'; readonly event: ReceivedEvent; readonly opened: OpenedPlace }
  | { readonly kind: 'unknown'; readonly event: UnopenedEvent; readonly opened: OpenedPlace }
  | { readonly kind: 'parked'; readonly event: UnopenedEvent; readonly reason: 'MISSING_KEY' }
  | { readonly kind: 'quarantined'; readonly reason: KeptReason; readonly detail: string | null };

type ReadingOptions = Pick<InboxOptions, 'sealer' | 'reader' | 'hybridClock'>;

/** Opens the seal and judges the content. Moves the node's hybrid clock. */
export function readRecord({ envelope }: Pick<VerifiedRecord, 'envelope'>, options: ReadingOptions): Reading {
  const text = openedText(envelope, options.sealer);
  if (text instanceof MissingKeyError) {
    return { kind: 'parked', event: unopened(envelope, 'missing-key'), reason: 'MISSING_KEY' };
  }
  if (text instanceof BrokenSealError) return { kind: 'quarantined', reason: 'BROKEN_SEAL', detail: null };
  const payload = payloadOf(text);
  if (payload === null) return { kind: 'quarantined', reason: 'MALFORMED_PAYLOAD', detail: null };
  const opened = { payload, clockAhead: options.hybridClock.observe(payload.clock).ahead };
  return judged(envelope, opened, options);
}

function judged(envelope: Envelope, opened: OpenedPlace, { reader }: ReadingOptions): Reading {
  const reading = reader.read(opened.payload, envelope.class);
  switch (reading.status) {
    case 'ok':
      return { kind: 'event', event: received(envelope, reading.payload, opened.clockAhead), opened };
    case 'unknown-type':
      return { kind: 'unknown', event: unopened(envelope, 'unknown-type'), opened };
    case 'unknown-version':
      return { kind: 'quarantined', reason: 'UNKNOWN_VERSION', detail: null };
    case 'invalid':
      return { kind: 'quarantined', reason: 'INVALID_CONTRACT', detail: reading.reason };
  }
}

function openedText(envelope: Envelope, sealer: ReadingOptions['sealer']): string | MissingKeyError | BrokenSealError {
  const { id, source, class: clearClass, subject, keyId, data } = envelope;
  if (keyId === null) return data;
  try {
    return sealer.open({ id, source, class: clearClass, subject, keyId }, data);
  } catch (error) {
    if (error instanceof MissingKeyError || error instanceof BrokenSealError) return error;
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
