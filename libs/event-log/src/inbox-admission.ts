import { CompactRange, type HeadStatement } from '@acogida/ledger';
import type { RefusedRecord, VerifiedHead, VerifiedRecord } from './inbox-verification.ts';

/** Where this node stands in one agency's log. */
export interface SourcePlace {
  readonly lastNumber: number;
  /** Serialised `CompactRange` over all leaves up to `lastNumber`. */
  readonly frontier: string;
  /** Greatest incarnation that was seen. */
  readonly incarnation: number;
  /** Of the newest head that was seen. */
  readonly headSequence: number;
  /** What that head says; null before the first. */
  readonly headNumber: number | null;
  readonly headTree: string | null;
}

/** Which records of a batch are new, and what is wrong with it. */
export interface Admission extends SourcePlace {
  /** The next numbers, without gap. */
  readonly fresh: readonly VerifiedRecord[];
  /** A number is missing before these. */
  readonly gap: { readonly expected: number; readonly found: number } | null;
  /** What contradicts what the agency said before: nothing of the batch may be applied. */
  readonly contradiction: VerifiedRecord | VerifiedHead | null;
  /** Said by an incarnation that is over, or under a key that is and otherwise than the agency: nobody stands for them. */
  readonly outlived: readonly RefusedRecord[];
  /** The newest head that says something new. */
  readonly head: HeadStatement | null;
}

type Outlived = RefusedRecord[];

interface Progress {
  lastNumber: number;
  incarnation: number;
  headSequence: number;
  frontier: CompactRange;
  head: HeadStatement | null;
}

/** What following records came to. */
interface Following {
  readonly admission: Admission;
  /** Where the tree is another than is signed: what was taken on the way to it. */
  readonly doubtful: readonly VerifiedRecord[];
}

/**
 * Compares verified records and heads with what is known of the agency. Pure. What was said under a key that the roots ended counts
 * only as far as the tree is the one that the agency signs of itself behind it: else another record of its number is taken in its
 * place, and where there is none the number is missing.
 *
 * @param known leaf hashes by number, at least of the records' numbers up to `place.lastNumber`
 * @param records in number order
 * @param heads in the order of their sequence; each is held against the tree of its own size
 */
export function admit(
  place: SourcePlace,
  known: ReadonlyMap<number, string>,
  records: readonly VerifiedRecord[],
  heads: readonly VerifiedHead[] = [],
): Admission {
  const outlived: Outlived = [];
  let left = records;
  for (;;) {
    const { admission, doubtful } = follow(place, known, left, heads);
    const untrue = forgeriesAmong(doubtful, left);
    if (untrue.length === 0) return { ...admission, outlived: [...outlived, ...admission.outlived] };
    left = left.filter((record) => !untrue.includes(record));
    outlived.push(...untrue.map(ofEndedKey));
  }
}

/** Of what was said under an ended key: the first that another one stands beside; all of it where none does. */
function forgeriesAmong(
  doubtful: readonly VerifiedRecord[],
  records: readonly VerifiedRecord[],
): readonly VerifiedRecord[] {
  const revoked = doubtful.filter(({ isRevoked }) => isRevoked === true);
  const isRival = ({ leaf, envelope }: VerifiedRecord): boolean =>
    records.some((other) => other.envelope.number === envelope.number && other.leaf !== leaf);
  const rival = revoked.find(isRival);
  return rival === undefined ? revoked : [rival];
}

function follow(
  place: SourcePlace,
  known: ReadonlyMap<number, string>,
  records: readonly VerifiedRecord[],
  heads: readonly VerifiedHead[],
): Following {
  const leaves = new Map(known);
  const fresh: VerifiedRecord[] = [];
  const outlived: Outlived = [];
  const now: Progress = { ...place, frontier: CompactRange.parse(place.frontier), head: null };
  const waiting = new Set(heads);
  const against = (contradiction: VerifiedRecord | VerifiedHead, doubtful: readonly VerifiedRecord[]): Following => ({
    admission: { ...place, fresh: [], outlived: [], gap: null, head: null, contradiction },
    doubtful,
  });

  let liar = takeHeads(now, waiting, outlived);
  if (liar !== null) return against(liar, []);
  let gap: Admission['gap'] = null;
  for (const record of records) {
    const { number } = record.envelope;
    if (number <= now.lastNumber) {
      if (leaves.get(number) === record.leaf || refusedOfEndedKey(record, outlived)) continue;
      return against(record, []);
    }
    if (record.statement.incarnation < now.incarnation) {
      outlived.push({ record: record.record, reason: 'INCARNATION_OVER' });
      continue;
    }
    if (number > now.lastNumber + 1) {
      gap = { expected: now.lastNumber + 1, found: number };
      break;
    }
    const frontier = now.frontier.append([record.leaf]);
    const isOneTree = endsAsStated(record, frontier) && isAsWitnessed(place, frontier);
    if (!isOneTree && refusedOfEndedKey(record, outlived)) continue;
    if (!isOneTree) return against(record, fresh);
    now.frontier = frontier;
    leaves.set(number, record.leaf);
    fresh.push(record);
    now.lastNumber = number;
    // Under a key that the roots ended anybody may have stated anything.
    if (record.isRevoked !== true) now.incarnation = record.statement.incarnation;
    liar = takeHeads(now, waiting, outlived);
    if (liar !== null) return against(liar, fresh);
  }
  // Heads of a log that goes further than what came: the events before them are missing.
  if (gap === null) for (const head of waiting) note(now, head, outlived);
  const reached = { ...place, ...now, frontier: now.frontier.serialise() };
  return { admission: { ...reached, fresh, outlived, gap, contradiction: null }, doubtful: [] };
}

/**
 * Refuses something else than the agency's own history if it was said under a key that the roots ended, and says whether it was:
 * whoever has that key may say what it likes, which is no word of the agency against itself.
 */
function refusedOfEndedKey(record: VerifiedRecord, outlived: Outlived): boolean {
  if (record.isRevoked !== true) return false;
  outlived.push(ofEndedKey(record));
  return true;
}

function ofEndedKey({ record }: VerifiedRecord): RefusedRecord {
  return { record, reason: 'SIGNING_KEY_OVER' };
}

/** Holds the heads up to the present size against the tree; returns the first that says otherwise. */
function takeHeads(now: Progress, waiting: Set<VerifiedHead>, outlived: Outlived): VerifiedHead | null {
  for (const head of waiting) {
    const { number, treeHead } = head.statement;
    if (number > now.lastNumber) continue;
    // The tree of a smaller size is not kept; a head that tells of one is only heard. One that is not new can still lie.
    if (number === now.lastNumber && treeHead !== now.frontier.root()) return head;
    waiting.delete(head);
    note(now, head, outlived);
  }
  return null;
}

function note(now: Progress, head: VerifiedHead, outlived: Outlived): void {
  const { incarnation, number, sequence } = head.statement;
  if (sequence <= now.headSequence) return;
  if (incarnation < now.incarnation) {
    outlived.push({ record: head.record, reason: 'INCARNATION_OVER' });
    return;
  }
  // What is missing before a head may have been said by an earlier incarnation.
  if (number <= now.lastNumber) now.incarnation = incarnation;
  now.headSequence = sequence;
  now.head = head.statement;
}

/** At the last event of a statement the tree as received must be the tree as signed. */
function endsAsStated({ envelope, statement }: VerifiedRecord, frontier: CompactRange): boolean {
  if (envelope.number !== statement.last) return true;
  return statement.treeSize === frontier.size && statement.treeHead === frontier.root();
}

/** A head that came before its events is held against them when they are complete. */
function isAsWitnessed({ headNumber, headTree }: SourcePlace, frontier: CompactRange): boolean {
  return frontier.size !== headNumber || frontier.root() === headTree;
}
