import type { GateFile } from './gate-state.ts';

/**
 * Which of the clearances that a halt names are a case's own: those of its attempt and of its departures; all of them where
 * somebody left and nobody knows by which. A halt may be of another case of the same person, and each case answers for itself.
 */
export function clearancesIn({ attempt, departures }: GateFile, clearanceIds: readonly string[]): readonly string[] {
  if (departures.some((departure) => departure.clearanceIds.length === 0)) return clearanceIds;
  const asked = attempt?.asked.map(({ clearanceId }) => clearanceId) ?? [];
  const known = new Set([...asked, ...departures.flatMap((departure) => departure.clearanceIds)]);
  return clearanceIds.filter((clearanceId) => known.has(clearanceId));
}

/** A case of the gate that answers a halt, and the clearances that it answers for. */
export interface AnsweringCase {
  readonly caseId: string;
  readonly clearanceIds: readonly string[];
}

/**
 * The cases that answer a halt: those that have any of its clearances, whether or not the gate has heard that they are the same person's;
 * else all of the person.
 *
 * @param person streams of the case that the halt is of and of those that are linked to it
 * @param others streams of cases for which its clearances were asked
 */
export function casesThatAnswer(
  clearanceIds: readonly string[],
  person: readonly (readonly [string, GateFile])[],
  others: readonly (readonly [string, GateFile])[],
): readonly AnsweringCase[] {
  const all = new Map([...person, ...others]);
  const found = [...all]
    .map(([caseId, file]) => ({ caseId, clearanceIds: clearancesIn(file, clearanceIds) }))
    .filter((one) => one.clearanceIds.length > 0);
  const answering = found.length > 0 ? found : person.map(([caseId]) => ({ caseId, clearanceIds }));
  return answering.toSorted((one, other) => (one.caseId < other.caseId ? -1 : 1));
}
