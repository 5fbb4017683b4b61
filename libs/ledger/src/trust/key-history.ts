import type { AdmissionStatement } from './admission.ts';
import type { PublicKeys } from './public-keys.ts';
import type { RevocationStatement } from './revocation.ts';
import type { RotationStatement } from './rotation.ts';
import type { SuccessionStatement } from './succession.ts';

/** What was said about one agency. What follows from it does not depend on the order in which it was heard. */
export interface KeyHistory {
  readonly admissions: readonly AdmissionStatement[];
  readonly rotations: readonly NumberedRotation[];
  /** Also of keys that are not known yet: the agency's topic may be behind the directory's. */
  readonly revocations: readonly RevocationStatement[];
  readonly succession: OrderedSuccession | null;
}

/** A succession, and which admissions it came after: it ends those, not one that lets the agency in again. */
export interface OrderedSuccession {
  readonly statement: SuccessionStatement;
  /** Sequence of the latest admission before it in the directory's topic. */
  readonly lastAdmission: number;
}

/**
 * A rotation, the number of the event that carried it, and which keys it was found to end. A name is not enough: when they are
 * undone, later keys may have the same, and did not sign it.
 */
export interface NumberedRotation {
  readonly at: number;
  readonly statement: RotationStatement;
  readonly ends: Pick<KeySet, 'keys' | 'admission'>;
  /** Public point of the directory's key that countersigned. */
  readonly countersignedBy: string;
}

/** Keys of an agency and the numbers that they count for, both ends included. */
export interface KeySet {
  readonly sequence: number;
  readonly keys: PublicKeys;
  readonly fromNumber: number;
  /** `NO_END` for keys in use. Below `fromNumber` the keys count for nothing. */
  readonly throughNumber: number;
  /** Where the roots ended the keys, `NO_END` when they did not. */
  readonly orderedEnd: number;
  /** Sequence of the admission that these keys go back to, themselves or by rotations. */
  readonly admission: number;
}

/** The end of keys that have none. */
export const NO_END = Number.MAX_SAFE_INTEGER;

/**
 * The agency's sets of keys by sequence. A rotation counts when the keys before it are good at its number and the one that
 * countersigned was the directory's; else its place is free for an admission. An admission ends all that was before it.
 *
 * @param countersigners public points of the directory's signing keys; null for the directory, which countersigns itself
 */
export function keySetsOf(history: KeyHistory, countersigners: ReadonlySet<string> | null): readonly KeySet[] {
  let sets: readonly KeySet[] = [];
  const countersigns = (x: string) => (countersigners ?? signingPointsOf(sets)).has(x);
  for (const sequence of sequencesOf(history)) {
    const last = sets.at(-1);
    const rotation = last === undefined ? undefined : rotationFrom(history, last, sequence, countersigns);
    const admission = history.admissions.find((one) => one.sequence === sequence);
    if (last !== undefined && rotation !== undefined) {
      const { at, statement } = rotation;
      sets = [
        ...sets.slice(0, -1),
        endedAt(last, at),
        begun(history, { sequence, keys: statement.keys, fromNumber: at + 1, admission: last.admission }),
      ];
    } else if (admission !== undefined) {
      const { keys, fromNumber } = admission;
      sets = [
        ...sets.map((set) => endedAt(set, fromNumber - 1)),
        begun(history, { sequence, keys, fromNumber, admission: sequence }),
      ];
    }
  }
  return sets;
}

/** Public points of the signing keys that are good for any number. */
export function signingPointsOf(sets: readonly KeySet[]): ReadonlySet<string> {
  return new Set(sets.filter(servesAtAll).map(({ keys }) => keys.signing.x));
}

/** Whether the keys are good for any number. */
export function servesAtAll({ fromNumber, throughNumber }: KeySet): boolean {
  return throughNumber >= fromNumber;
}

/** Whether the keys are good for this number. */
export function servesAt({ fromNumber, throughNumber }: KeySet, number: number): boolean {
  return fromNumber <= number && number <= throughNumber;
}

/**
 * Whether an admission has its place: the agency's first, or the next after keys that the roots ended, from a number after
 * their last good one. It may skip sequences of rotations that this reader has not read yet; then there is a revocation
 * of a key that it does not know yet.
 */
export function admissionFits(history: KeyHistory, sets: readonly KeySet[], admission: AdmissionStatement): boolean {
  const last = sets.at(-1);
  if (last === undefined) return admission.sequence === 1;
  if (admission.sequence === last.sequence + 1) {
    return last.orderedEnd !== NO_END && admission.fromNumber > last.throughNumber;
  }
  const ahead = history.revocations.filter(({ keyId }) => sets.every((set) => set.keys.signing.keyId !== keyId));
  return (
    admission.sequence > last.sequence &&
    ahead.length > 0 &&
    ahead.every(({ lastGoodNumber }) => admission.fromNumber > lastGoodNumber)
  );
}

/** Whether one of the keys, or its name, served the agency before. */
export function anyReused(sets: readonly KeySet[], { signing, sealing, transport }: PublicKeys): boolean {
  const served = sets.flatMap(({ keys }) => [keys.signing, keys.sealing, keys.transport]);
  const [ids, points] = [new Set(served.map(({ keyId }) => keyId)), new Set(served.map(({ x }) => x))];
  return [signing, sealing, transport].some(({ keyId, x }) => ids.has(keyId) || points.has(x));
}

function sequencesOf({ admissions, rotations }: KeyHistory): readonly number[] {
  const all = [...admissions.map(({ sequence }) => sequence), ...rotations.map(({ statement }) => statement.sequence)];
  return [...new Set(all)].sort((a, b) => a - b);
}

function rotationFrom(
  history: KeyHistory,
  last: KeySet,
  sequence: number,
  countersigns: (x: string) => boolean,
): NumberedRotation | undefined {
  return history.rotations
    .filter(
      ({ at, statement, ends, countersignedBy }) =>
        statement.sequence === sequence &&
        last.sequence === sequence - 1 &&
        last.admission === ends.admission &&
        last.keys.signing.keyId === statement.previousSigningKeyId &&
        last.keys.signing.x === ends.keys.signing.x &&
        last.fromNumber <= at &&
        at <= last.orderedEnd &&
        countersigns(countersignedBy),
    )
    .sort((a, b) => a.at - b.at)[0];
}

function begun(history: KeyHistory, set: Pick<KeySet, 'sequence' | 'keys' | 'fromNumber' | 'admission'>): KeySet {
  const orderedEnd = orderedEndOf(history, set.keys.signing.keyId, set.admission);
  return { ...set, orderedEnd, throughNumber: orderedEnd };
}

/** The lowest end counts: roots may learn that a key was stolen earlier than they thought. */
function orderedEndOf({ revocations, succession }: KeyHistory, keyId: string, admission: number): number {
  const ends = revocations.filter((one) => one.keyId === keyId).map(({ lastGoodNumber }) => lastGoodNumber);
  if (succession !== null && admission <= succession.lastAdmission) ends.push(succession.statement.lastGoodNumber);
  return Math.min(NO_END, ...ends);
}

function endedAt(set: KeySet, number: number): KeySet {
  return { ...set, throughNumber: Math.min(set.throughNumber, number) };
}
