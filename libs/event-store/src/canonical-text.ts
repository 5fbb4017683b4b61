import { DomainError, type JsonObject } from '@acogida/core';
import canonicalize from 'canonicalize';

/** Deeper than any contract; what is deeper goes to the library, which needs no stack. */
const MAX_PLAIN_DEPTH = 64;

/** An object as a reader of its text gets it, and the text. */
export interface CanonicalObject {
  readonly value: JsonObject;
  readonly text: string;
}

/**
 * RFC 8785 text of a JSON value: equal values give equal bytes. Keys whose value is `undefined` are absent.
 *
 * @throws DomainError `EVENT_STORE.EVENT_NOT_CANONICAL` for what JSON cannot carry: lone surrogates, NaN, infinities
 */
export function canonicalText(value: NonNullable<unknown> | null): string {
  const plain = plainCopy(value, 0);
  return plain === NOT_PLAIN ? libraryText(value) : JSON.stringify(plain);
}

/** `canonicalText` together with what parsing it gives. @throws DomainError as `canonicalText` does */
export function canonicalObject(value: object): CanonicalObject {
  const plain = plainCopy(value, 0);
  if (plain !== NOT_PLAIN) return { value: plain as JsonObject, text: JSON.stringify(plain) };
  const text = libraryText(value);
  return { value: JSON.parse(text) as JsonObject, text };
}

function libraryText(value: unknown): string {
  try {
    const text = canonicalize(value);
    if (text !== undefined) return text;
  } catch {
    // The library names the offence but may quote nothing of the value; the refusal below is enough for the caller.
  }
  throw new DomainError('EVENT_STORE.EVENT_NOT_CANONICAL', 'invalid', 'the event holds a value that JSON cannot carry');
}

const NOT_PLAIN = Symbol('not plain');

/**
 * A copy with sorted keys and without absent ones: its `JSON.stringify` is the RFC 8785 text, and it is what parsing that
 * text gives, in less than half of the time that canonicalising and parsing take. Knows what events are made of (plain
 * objects, arrays, well-formed strings, finite numbers, booleans, null); the library judges everything else.
 */
function plainCopy(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.isWellFormed() ? value : NOT_PLAIN;
  if (typeof value === 'number') return Number.isFinite(value) ? value || 0 : NOT_PLAIN; // -0 is written as 0
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value !== 'object' || depth === MAX_PLAIN_DEPTH) return NOT_PLAIN;
  return Array.isArray(value) ? plainArray(value, depth) : plainObject(value as Record<string, unknown>, depth);
}

function plainArray(values: readonly unknown[], depth: number): unknown {
  if (Object.getPrototypeOf(values) !== Array.prototype || 'toJSON' in values) return NOT_PLAIN;
  const copy: unknown[] = [];
  for (let index = 0; index < values.length; index += 1) {
    const part = plainCopy(values[index], depth + 1);
    if (part === NOT_PLAIN) return NOT_PLAIN;
    copy.push(part);
  }
  return copy;
}

function plainObject(value: Readonly<Record<string, unknown>>, depth: number): unknown {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return NOT_PLAIN;
  const copy: Record<string, unknown> = {};
  for (const key of sortedKeys(value)) {
    const member = value[key];
    if (member === undefined) continue;
    const part = keepsItsPlace(key) ? plainCopy(member, depth + 1) : NOT_PLAIN;
    if (part === NOT_PLAIN) return NOT_PLAIN;
    copy[key] = part;
  }
  return copy;
}

/** Keys by UTF-16 code units, as RFC 8785 wants them; many come sorted. */
function sortedKeys(value: object): readonly string[] {
  const keys = Object.keys(value);
  for (let index = 1; index < keys.length; index += 1) {
    if ((keys[index - 1] as string) > (keys[index] as string)) return keys.sort();
  }
  return keys;
}

/** An object enumerates keys that look like an index first, and `__proto__` is no key of it; a letter starts neither. */
function keepsItsPlace(key: string): boolean {
  const first = key.charCodeAt(0);
  return (first >= 0x61 && first <= 0x7a) || (first >= 0x41 && first <= 0x5a) ? key.isWellFormed() : false;
}
