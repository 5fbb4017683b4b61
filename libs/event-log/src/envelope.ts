import canonicalize from 'canonicalize';
import { isInstant } from '@acogida/core';
import { CONTRACT_CLASSES, type ContractClass } from '@acogida/contracts';
import { MAX_RECORD_BYTES } from './port.ts';

/** Header of a record: the signed batch statement, as text. */
export const STATEMENT_HEADER = 'statement';

/** Header of a record: the inclusion path of the event under the statement's batch root. */
export const PATH_HEADER = 'path';

/** Stands for the subject of directory entries, which belong to no case: they form one lane per agency. */
export const DIRECTORY_SUBJECT = 'directory';

/** Largest number of an agency's event: a CloudEvents extension of type Integer has 32 bits. */
export const MAX_NUMBER = 2_147_483_647;

/**
 * One contract event as it stands on the log (architecture.md §4): CloudEvents 1.0 structured JSON in exactly one spelling,
 * the RFC 8785 canonical text.
 */
export interface Envelope {
  readonly id: string;
  /** Agency that published. */
  readonly source: string;
  /** Clear class, the CloudEvents `type`. */
  readonly class: ContractClass;
  /** Pseudonym of the case; `DIRECTORY_SUBJECT` for directory entries, where it does not stand on the log. */
  readonly subject: string;
  /** When the source recorded it. */
  readonly time: string;
  /** The agency's number of this event: 1, 2, 3 … without gap. */
  readonly number: number;
  /** Null for directory entries, which are not sealed. */
  readonly keyId: string | null;
  /** Sealed data as base64, or the canonical text of an unsealed directory entry. */
  readonly data: string;
}

/** The text is not an envelope as this platform writes it. `code` is stable; the message never quotes the text. */
export class EnvelopeError extends Error {
  override readonly name = 'EnvelopeError';
  readonly code:
    'OVERSIZED' | 'NOT_JSON' | 'NOT_CANONICAL' | 'UNKNOWN_ATTRIBUTE' | 'INVALID_ATTRIBUTE' | 'UNKNOWN_CLASS';

  constructor(code: EnvelopeError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

const SEALED_CONTENT = 'application/octet-stream';
const CLEAR_CONTENT = 'application/json';
const COMMON_ATTRIBUTES = ['specversion', 'id', 'source', 'type', 'time', 'number', 'datacontenttype'];
const SEALED_ATTRIBUTES = new Set([...COMMON_ATTRIBUTES, 'subject', 'keyid', 'data_base64']);
const CLEAR_ATTRIBUTES = new Set([...COMMON_ATTRIBUTES, 'data']);

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const AGENCY = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const TOKEN = /^[A-Za-z0-9._-]{1,128}$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * The canonical spelling of a sealed event, member by member: what fits it is canonical without being parsed and written
 * again. Everything else is read the long way.
 */
const SEALED_START = '{"data_base64":"';
const SEALED_REST = new RegExp(
  '^","datacontenttype":"application/octet-stream","id":"([0-9a-f-]{36})","keyid":"([A-Za-z0-9._-]{1,128})",' +
    '"number":([1-9]\\d{0,9}),"source":"([a-z0-9-]+)","specversion":"1\\.0","subject":"([A-Za-z0-9._-]{1,128})",' +
    '"time":"([0-9T:.Z-]{24})","type":"([a-z]+)"\\}$',
);

/** Canonical text per RFC 8785. @throws EnvelopeError when the value is nothing that JSON can carry */
export function canonicalText(value: unknown): string {
  let text: string | undefined;
  try {
    text = canonicalize(value);
  } catch {
    text = undefined;
  }
  if (text === undefined) throw new EnvelopeError('NOT_JSON', 'the value has no canonical JSON text');
  return text;
}

/**
 * Writes the final bytes of an event: what is hashed, published and kept.
 *
 * @throws EnvelopeError when `parseEnvelope` would refuse the result: nothing unreadable gets a number
 */
export function writeEnvelope(envelope: Envelope): string {
  const common = {
    specversion: '1.0',
    id: envelope.id,
    source: envelope.source,
    type: envelope.class,
    time: envelope.time,
    number: envelope.number,
  };
  const { subject, keyId, data } = envelope;
  const text =
    envelope.class === 'directory'
      ? canonicalText({ ...common, datacontenttype: CLEAR_CONTENT, data: jsonOf(data) })
      : canonicalText({ ...common, datacontenttype: SEALED_CONTENT, subject, keyid: keyId, data_base64: data });
  parseEnvelope(text);
  return text;
}

/**
 * Reads an envelope strictly: exactly the known attributes in exactly the canonical spelling, so that equal events are
 * equal bytes. Unknown extension attributes are refused: nothing unexamined travels in clear.
 *
 * @throws EnvelopeError
 */
export function parseEnvelope(text: string): Envelope {
  return parseSealed(text) ?? parseAny(text);
}

function parseSealed(text: string): Envelope | null {
  if (!text.startsWith(SEALED_START) || text.length > MAX_RECORD_BYTES) return null;
  const end = text.indexOf('"', SEALED_START.length);
  // What is found in a text is a slice of it: an id that somebody keeps would keep all of the sealed data in memory.
  const match = SEALED_REST.exec(Buffer.from(text.slice(end), 'utf8').toString('utf8'));
  if (match === null) return null;
  const data = text.slice(SEALED_START.length, end);
  const [, id = '', keyId = '', number = '', source = '', subject = '', time = '', type = ''] = match;
  const clearClass = CONTRACT_CLASSES.find((known) => known === type);
  const wellFormed =
    clearClass !== undefined &&
    clearClass !== 'directory' &&
    data !== '' &&
    // Five times as fast as the pattern.
    Buffer.from(data, 'base64').toString('base64') === data &&
    UUID.test(id) &&
    Number(number) <= MAX_NUMBER &&
    AGENCY.test(source) &&
    INSTANT.test(time) &&
    isInstant(time);
  return wellFormed ? { id, source, class: clearClass, subject, time, number: Number(number), keyId, data } : null;
}

/** Reads an envelope whose bytes are known to be those of an event that was verified before. */
export function readVerifiedEnvelope(text: string): Envelope {
  const value = JSON.parse(text) as Readonly<Record<string, string>> & { readonly number: number };
  const { id = '', source = '', time = '', number } = value;
  const clearClass = value['type'] as ContractClass;
  const common = { id, source, class: clearClass, time, number };
  if (clearClass === 'directory') {
    return { ...common, subject: DIRECTORY_SUBJECT, keyId: null, data: canonicalText(value['data']) };
  }
  const { subject = '', keyid: keyId = '', data_base64: data = '' } = value;
  return { ...common, subject, keyId, data };
}

function parseAny(text: string): Envelope {
  if (Buffer.byteLength(text, 'utf8') > MAX_RECORD_BYTES) throw new EnvelopeError('OVERSIZED', 'larger than a record');
  const value = jsonOf(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new EnvelopeError('NOT_JSON', 'not a JSON object');
  }
  if (canonicalText(value) !== text) throw new EnvelopeError('NOT_CANONICAL', 'not the RFC 8785 spelling');
  return readAttributes(value as Readonly<Record<string, unknown>>);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new EnvelopeError('NOT_JSON', 'not JSON');
  }
}

function readAttributes(value: Readonly<Record<string, unknown>>): Envelope {
  const clearClass = CONTRACT_CLASSES.find((known) => known === value['type']);
  if (clearClass === undefined) throw new EnvelopeError('UNKNOWN_CLASS', 'not a known class');
  const isDirectory = clearClass === 'directory';
  const allowed = isDirectory ? CLEAR_ATTRIBUTES : SEALED_ATTRIBUTES;
  if (Object.keys(value).some((name) => !allowed.has(name))) {
    throw new EnvelopeError('UNKNOWN_ATTRIBUTE', 'an attribute is not known');
  }
  const match = (name: string, pattern: RegExp): string => {
    const found = value[name];
    if (typeof found === 'string' && pattern.test(found)) return found;
    throw new EnvelopeError('INVALID_ATTRIBUTE', `${name} is missing or not well-formed`);
  };
  match('specversion', /^1\.0$/);
  if (value['datacontenttype'] !== (isDirectory ? CLEAR_CONTENT : SEALED_CONTENT)) {
    throw new EnvelopeError('INVALID_ATTRIBUTE', 'datacontenttype does not fit the class');
  }
  return {
    id: match('id', UUID),
    source: match('source', AGENCY),
    class: clearClass,
    subject: isDirectory ? DIRECTORY_SUBJECT : match('subject', TOKEN),
    time: instantOf(match('time', INSTANT)),
    number: numberOf(value['number']),
    keyId: isDirectory ? null : match('keyid', TOKEN),
    data: isDirectory ? clearDataOf(value['data']) : sealedDataOf(match('data_base64', BASE64)),
  };
}

function instantOf(text: string): string {
  if (!isInstant(text)) throw new EnvelopeError('INVALID_ATTRIBUTE', 'time is no instant of the calendar');
  return text;
}

function numberOf(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_NUMBER) return value;
  throw new EnvelopeError('INVALID_ATTRIBUTE', 'number is missing or out of range');
}

function sealedDataOf(data: string): string {
  if (data === '') throw new EnvelopeError('INVALID_ATTRIBUTE', 'data_base64 is empty');
  return data;
}

function clearDataOf(data: unknown): string {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw new EnvelopeError('INVALID_ATTRIBUTE', 'data is not an object');
  }
  return canonicalText(data);
}
