import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** SHA-256 of the row's canonical text (RFC 8785: columns sorted by name), hex. The order of columns does not matter. */
export function rowHash(cells: Readonly<Record<string, string>>): string {
  return createHash('sha256')
    .update(canonicalize(cells) ?? '')
    .digest('hex');
}

/**
 * Names rows so that a second import finds them again: equal rows are different people, so the key is the row's hash and
 * which of its occurrences in the file this is, from 1. Keeps about 100 bytes for each distinct row.
 */
export class RowKeys {
  readonly #seen = new Map<string, number>();

  /** The key of the next occurrence of this row: `<64 hex digits>-<occurrence>`. */
  next(cells: Readonly<Record<string, string>>): string {
    const hash = rowHash(cells);
    const short = Buffer.from(hash, 'hex').toString('latin1').slice(0, 16);
    const occurrence = (this.#seen.get(short) ?? 0) + 1;
    this.#seen.set(short, occurrence);
    return `${hash}-${occurrence}`;
  }
}
