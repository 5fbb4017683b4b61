import { LedgerError } from './ledger-error.ts';
import { EMPTY_ROOT, type Hash, isHash, nodeHash } from './merkle.ts';

/**
 * The frontier of an RFC 6962 tree: the roots of its perfect subtrees, largest first. It is all one needs to append and to
 * compute the root, at most 53 hashes however large the tree is. Immutable.
 */
export class CompactRange {
  /** The tree without leaves. */
  static readonly EMPTY = new CompactRange(0, []);

  /** Number of leaves. */
  readonly size: number;
  /** Roots of the perfect subtrees, largest first: one per set bit of `size`. */
  readonly hashes: readonly Hash[];

  private constructor(size: number, hashes: readonly Hash[]) {
    this.size = size;
    this.hashes = hashes;
  }

  /** The tree with these leaf hashes after its present ones. */
  append(leaves: Iterable<Hash>): CompactRange {
    const hashes = [...this.hashes];
    let size = this.size;
    for (const leaf of leaves) {
      let hash = leaf;
      // Each trailing 1 bit of the size is a perfect subtree that the new leaf completes.
      for (let rest = size; rest % 2 === 1; rest = Math.floor(rest / 2)) hash = nodeHash(hashes.pop() as Hash, hash);
      hashes.push(hash);
      size += 1;
    }
    return new CompactRange(size, hashes);
  }

  /** Root hash of the tree; `EMPTY_ROOT` without leaves. */
  root(): Hash {
    if (this.hashes.length === 0) return EMPTY_ROOT;
    return this.hashes.reduceRight((right, left) => nodeHash(left, right));
  }

  /** As text for storage: `<size>` or `<size>:<hash>.<hash>…`. */
  serialise(): string {
    return this.hashes.length === 0 ? '0' : `${this.size}:${this.hashes.join('.')}`;
  }

  /**
   * Reads what `serialise` wrote.
   *
   * @throws LedgerError `RANGE_MALFORMED`
   */
  static parse(text: string): CompactRange {
    const [sizeText = '', hashText, ...rest] = text.split(':');
    const size = Number(sizeText);
    const hashes = hashText === undefined ? [] : hashText.split('.');
    const wellFormed =
      rest.length === 0 &&
      Number.isSafeInteger(size) &&
      String(size) === sizeText &&
      size >= 0 &&
      hashes.every(isHash) &&
      hashes.length === countOnes(size);
    if (!wellFormed) throw new LedgerError('RANGE_MALFORMED', 'not a serialised tree frontier');
    return new CompactRange(size, hashes);
  }
}

function countOnes(size: number): number {
  return [...size.toString(2)].filter((bit) => bit === '1').length;
}
