import { EMPTY_ROOT, type Hash, isHash } from '../merkle.ts';
import { isCount } from '../signed-text.ts';

/** Up to where an agency's log is good, as roots state it: number and tree name the same history. */
export interface LastGood {
  /** Last number that counts; 0 when none does. */
  readonly lastGoodNumber: number;
  /** Root of the agency's tree of that many leaves. */
  readonly lastGoodTreeHead: Hash;
}

/** Whether number and head can belong together. */
export function isLastGood({ lastGoodNumber, lastGoodTreeHead }: LastGood): boolean {
  return isTree(lastGoodNumber, lastGoodTreeHead);
}

/** A tree of 0 leaves has the empty root and no other tree has. */
export function isTree(size: unknown, head: unknown): boolean {
  return isCount(size, 0) && isHash(head) && (size === 0) === (head === EMPTY_ROOT);
}
