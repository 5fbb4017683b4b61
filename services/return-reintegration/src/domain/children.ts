import { type AgeStatus, type CareStatus, isTreatedAsChild } from '@acogida/reference';

/** The higher, the more is to be seen to before anybody goes anywhere. */
const CONCERN: Readonly<Record<CareStatus, number>> = { ACCOMPANIED: 1, UNKNOWN: 2, SEPARATED: 3, UNACCOMPANIED: 3 };

function concernOf(careStatus: CareStatus | null): number {
  return careStatus === null ? 0 : CONCERN[careStatus];
}

/** Whether this says more than what was known: what was said once is not taken back by a later word (INV-08). */
export function isGraver(said: CareStatus, known: CareStatus | null): boolean {
  return concernOf(said) > concernOf(known);
}

/** INV-11: a child who is alone, or of whom nobody knows with whom it is. Null is an adult. */
export function isUnaccompanied(careStatus: CareStatus | null): boolean {
  return concernOf(careStatus) > CONCERN.ACCOMPANIED;
}

/** As a child where anything says so or nobody said anything (INV-08); null for an adult. */
export function careStatusOf(ageStatuses: readonly AgeStatus[], careStatus: CareStatus | null): CareStatus | null {
  const isAdult = ageStatuses.length > 0 && !ageStatuses.some(isTreatedAsChild);
  return isAdult ? null : (careStatus ?? 'UNKNOWN');
}

/** The gravest of what is said; null of an adult. */
export function gravestOf(said: readonly (CareStatus | null)[]): CareStatus | null {
  return said.reduce((gravest, one) => (one !== null && isGraver(one, gravest) ? one : gravest), null);
}
