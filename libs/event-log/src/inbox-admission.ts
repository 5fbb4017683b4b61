import { CompactRange } from '@acogida/ledger';
import type { VerifiedRecord } from './inbox-verification.ts';

/** Where this node stands in one agency's log. */
export interface SourcePlace {
  readonly lastNumber: number;
  /** Serialised `CompactRange` over all leaves up to `lastNumber`. */
  readonly frontier: string;
}

/** Which records of a batch are new, and what is wrong with it. */
export interface Admission extends SourcePlace {
  /** The next numbers, without gap. */
  readonly fresh: readonly VerifiedRecord[];
  /** A number is missing before these. */
  readonly gap: { readonly expected: number; readonly found: number } | null;
  /** A record that contradicts what the agency said before: nothing of the batch may be applied. */
  readonly contradiction: VerifiedRecord | null;
}

/**
 * Compares verified records, in number order, with what is known of the agency. Pure.
 *
 * @param known leaf hashes by number, at least of the records' numbers up to `place.lastNumber`
 */
export function admit(
  place: SourcePlace,
  known: ReadonlyMap<number, string>,
  records: readonly VerifiedRecord[],
): Admission {
  const leaves = new Map(known);
  const fresh: VerifiedRecord[] = [];
  let lastNumber = place.lastNumber;
  let frontier = CompactRange.parse(place.frontier);
  for (const record of records) {
    const { number } = record.envelope;
    if (number <= lastNumber) {
      if (leaves.get(number) !== record.leaf) return contradicted(place, record);
      continue;
    }
    if (number > lastNumber + 1) {
      const gap = { expected: lastNumber + 1, found: number };
      return { fresh, gap, contradiction: null, lastNumber, frontier: frontier.serialise() };
    }
    frontier = frontier.append([record.leaf]);
    if (!endsAsStated(record, frontier)) return contradicted(place, record);
    leaves.set(number, record.leaf);
    fresh.push(record);
    lastNumber = number;
  }
  return { fresh, gap: null, contradiction: null, lastNumber, frontier: frontier.serialise() };
}

/** At the last event of a statement the tree as received must be the tree as signed. */
function endsAsStated({ envelope, statement }: VerifiedRecord, frontier: CompactRange): boolean {
  if (envelope.number !== statement.last) return true;
  return statement.treeSize === frontier.size && statement.treeHead === frontier.root();
}

function contradicted(place: SourcePlace, record: VerifiedRecord): Admission {
  return { ...place, fresh: [], gap: null, contradiction: record };
}
