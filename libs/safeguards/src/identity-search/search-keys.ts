import { birthDateKey } from './birth-date-match.ts';
import { BIRTH_DATE_POINTS, namePoints, POSSIBLE_FROM_POINTS, SIMILAR_DOCUMENT_POINTS } from './match-points.ts';
import type { ReadIdentity } from './read-identity.ts';

/**
 * Goes up when keys of the same elements change: what was indexed before is indexed anew. Also with the transliteration and the
 * phonetic code of another release.
 */
export const SEARCH_KEYS_REVISION = 1;

/** What is kept of a case to find it by; the keys only under a keyed hash, for they tell the names. */
export interface IndexedKeys {
  readonly keys: readonly string[];
  /** How many words the ways of reading its names have, each number once. */
  readonly nameCounts: readonly number[];
}

/** What a person is looked up by. */
export interface SoughtKeys {
  /** All that is looked up. */
  readonly keys: readonly string[];
  /** For each way of reading a name what each of its words seeks. */
  readonly readings: readonly (readonly (readonly string[])[])[];
  readonly birthDate: string | null;
  readonly documents: readonly string[];
  readonly similarDocuments: readonly string[];
}

/** Keys that a case is kept under. */
export function indexedKeysOf({ elements, readings, documents }: ReadIdentity): IndexedKeys {
  const birthDate = birthDateKey(elements.dateOfBirth);
  const ofNames = readings.flatMap((reading) => reading.flatMap(({ has }) => [...has]));
  const keys = [...ofNames, ...(birthDate === null ? [] : [birthDate]), ...documents.same, ...documents.similar];
  const nameCounts = readings.map(({ length }) => length);
  return { keys: [...new Set(keys)], nameCounts: [...new Set(nameCounts)].sort((one, other) => one - other) };
}

/** Keys that candidates are looked up by. */
export function soughtKeysOf({ elements, readings: read, documents: { same, similar } }: ReadIdentity): SoughtKeys {
  const readings = read.map((reading) => reading.map(({ seeks }) => seeks));
  const birthDate = birthDateKey(elements.dateOfBirth);
  const keys = [...readings.flat(2), ...(birthDate === null ? [] : [birthDate]), ...same, ...similar];
  return { keys: [...new Set(keys)], readings, birthDate, documents: [...same], similarDocuments: [...similar] };
}

/** Most points that names can have of which only the keys that they share are known. */
function mostNamePoints({ readings }: SoughtKeys, shared: ReadonlySet<string>, nameCounts: readonly number[]): number {
  const points = readings.flatMap((reading) => {
    const alike = reading.filter((seeks) => seeks.some((key) => shared.has(key))).length;
    return nameCounts.map((count) => {
      const shorter = Math.min(reading.length, count);
      const found = Math.min(alike, shorter);
      return namePoints({ found, weight: found, shorter });
    });
  });
  return points.length === 0 ? 0 : Math.max(...points);
}

/**
 * Whether somebody of whom only these keys are known could be a possible match: true for all who are one, so that the others need
 * not be opened.
 *
 * @param shared keys of `sought` that the case has
 */
export function couldMatch(sought: SoughtKeys, shared: ReadonlySet<string>, nameCounts: readonly number[]): boolean {
  const { birthDate, documents, similarDocuments } = sought;
  if (documents.some((key) => shared.has(key))) return true;
  const isDate = birthDate !== null && shared.has(birthDate);
  const ofDate = isDate ? BIRTH_DATE_POINTS.SAME : BIRTH_DATE_POINTS.FITS;
  const ofDocument = similarDocuments.some((key) => shared.has(key)) ? SIMILAR_DOCUMENT_POINTS : 0;
  return mostNamePoints(sought, shared, nameCounts) + ofDate + ofDocument >= POSSIBLE_FROM_POINTS;
}
