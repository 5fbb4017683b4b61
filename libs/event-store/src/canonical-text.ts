import { DomainError } from '@acogida/core';
import canonicalize from 'canonicalize';

/**
 * RFC 8785 text of a JSON object: equal objects give equal bytes. Keys whose value is `undefined` are absent.
 *
 * @throws DomainError `EVENT_STORE.EVENT_NOT_CANONICAL` for what JSON cannot carry: lone surrogates, NaN, infinities
 */
export function canonicalText(value: object): string {
  try {
    const text = canonicalize(value);
    if (text !== undefined) return text;
  } catch {
    // The library names the offence but may quote nothing of the value; the refusal below is enough for the caller.
  }
  throw new DomainError('EVENT_STORE.EVENT_NOT_CANONICAL', 'invalid', 'the event holds a value that JSON cannot carry');
}
