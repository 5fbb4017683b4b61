import { type DocumentKeys, keysOfDocuments } from './document-match.ts';
import type { IdentityElements } from './identity-elements.ts';
import { keysOfName, type NameKeys } from './name-keys.ts';
import { readingsOf } from './name-reading.ts';

/** Elements taken apart once, to be compared many times. */
export interface ReadIdentity {
  readonly elements: IdentityElements;
  /** The ways in which each whole name can be read; no empty one. */
  readonly readings: readonly (readonly NameKeys[])[];
  readonly documents: DocumentKeys;
}

/** Takes elements apart. */
export function readIdentity(elements: IdentityElements): ReadIdentity {
  const readings = elements.names.flatMap((name) => readingsOf(name).map((reading) => reading.map(keysOfName)));
  return { elements, readings, documents: keysOfDocuments(elements.documents) };
}

/** Whether anybody could be told from others by it: a date of birth alone tells nobody. */
export function saysWho({ readings, documents }: ReadIdentity): boolean {
  return readings.length > 0 || documents.same.size > 0;
}
