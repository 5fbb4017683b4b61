import { readVerifiedEnvelope } from './envelope.ts';
import type { RelayPlace } from './relay-cursor.ts';
import type { OwnClaim, OwnTopic } from './relay-own-topic.ts';
import { OwnTopicError, type TurningPoints } from './relay-port.ts';
import type { RelayStore } from './relay-store.ts';

/** How many records at the end of the topic are looked at first; each further look back takes four times as many. */
const TAIL_RECORDS = 100n;
const WIDER = 4n;

/** What comparing needs of its relay. */
export interface ComparingRelay {
  readonly store: RelayStore;
  readonly term: number;
  readonly ownTopic: OwnTopic;
  readonly turningPoints?: TurningPoints | undefined;
}

/** How the own topic stands to the database. */
export interface Comparison {
  /** The place, with the cursor moved back to what the topic really has. */
  readonly place: RelayPlace;
  /** The topic has what this database does not know: it is an older copy of the agency's store. */
  readonly isOlderCopy: boolean;
  /** Highest number on the topic. */
  readonly greatest: number;
  /** A position in the topic at or before the first record that this database does not know. */
  readonly from: bigint;
  /** Position after the last record that was looked at. */
  readonly end: bigint;
}

interface Tail {
  readonly greatest: number;
  readonly wholeThrough: number;
  readonly headSequence: number;
  readonly incarnation: number;
  /** Where the next comparison may begin. */
  readonly wholePosition: bigint;
  readonly from: bigint;
  readonly end: bigint;
}

/**
 * Compares the agency's own topic with the database before anything is written (architecture.md §3, Restore). Where the
 * topic lacks a number, the cursor is moved back so that everything from there on is published again from what is stored:
 * readers want the numbers in order, and take a second copy of the same bytes as nothing new.
 *
 * @throws OwnTopicError, RelayDeposedError and whatever the log throws
 */
export async function compareTail(relay: ComparingRelay): Promise<Comparison> {
  const first = await compareOnce(relay).catch((error: unknown) => {
    if (error instanceof OwnTopicError && error.code === 'UNVERIFIABLE') return error;
    throw error;
  });
  const isComplete = !(first instanceof OwnTopicError) && !first.isOlderCopy;
  // An older copy may not know by which keys the agency went on, nor which heads are its own.
  if (!isComplete && (await learnKeys(relay))) return compareOnce(relay);
  if (first instanceof OwnTopicError) throw first;
  return first;
}

/** Tells of the turning points that stand in the topic and not in the database; false when there is none. */
async function learnKeys({ store, term, ownTopic, turningPoints }: ComparingRelay): Promise<boolean> {
  if (turningPoints?.onFound === undefined) return false;
  const { comparedPosition, lastNumber } = await store.loadPlace(term);
  let isFound = false;
  for await (const { claims } of ownTopic.read(comparedPosition, await ownTopic.end())) {
    for (const { number, record } of claims) {
      const envelope = readVerifiedEnvelope(record.value);
      if (number <= lastNumber || !turningPoints.isOne(envelope)) continue;
      turningPoints.onFound(envelope);
      isFound = true;
    }
  }
  return isFound;
}

async function compareOnce(relay: ComparingRelay): Promise<Comparison> {
  await relay.ownTopic.ensure();
  const before = await relay.store.loadPlace(relay.term);
  const tail = await walkBack(relay, before);
  const { greatest, wholeThrough, from, end } = tail;
  const isOlderCopy =
    greatest > before.lastNumber || tail.headSequence > before.headSequence || tail.incarnation > before.incarnation;
  // A relay that took over meanwhile and published more deposes this one: then the topic is not ahead.
  const position = isOlderCopy ? before.comparedPosition : tail.wholePosition;
  const place = await relay.store.noteCompared(relay.term, wholeThrough, position);
  return { place, isOlderCopy, greatest, from, end };
}

/**
 * Reads the topic from its end backwards to where it was compared before, and until it meets the number through which it
 * was whole then. A log loses its tail or nothing, and what is published ascends from a number that was compared: where
 * that number is still there, all before it is. (The position says that nothing newer stands before: a publication that
 * began again further back may have been cut off.) A head stands for the number that it names if it stands no earlier than
 * the topic ended then: one further forward was published after a loss that nobody had noticed.
 */
async function walkBack(relay: ComparingRelay, place: RelayPlace): Promise<Tail> {
  const { comparedThrough, comparedPosition, lastNumber } = place;
  const seen = new Set<number>();
  const found = { greatest: 0, headSequence: 0, incarnation: 0 };
  const end = await relay.ownTopic.end();
  let from = end;
  let isWhole = comparedThrough === 0;
  let headPosition: bigint | undefined;
  for (let window = TAIL_RECORDS; from > 0n && !(isWhole && from <= comparedPosition); window *= WIDER) {
    const until = from;
    from = until > window ? until - window : 0n;
    for await (const { claims, heads } of relay.ownTopic.read(from, until)) {
      const unknown = await unknownClaims(relay.store, claims, lastNumber);
      const incarnations = relay.ownTopic.verify(unknown).map(({ statement }) => statement.incarnation);
      for (const { number } of claims) seen.add(number);
      found.greatest = Math.max(found.greatest, ...claims.map(({ number }) => number));
      found.headSequence = Math.max(found.headSequence, ...heads.map(({ sequence }) => sequence));
      found.incarnation = Math.max(found.incarnation, ...incarnations, ...heads.map((head) => head.incarnation));
      const standing = heads.filter((head) => head.number === comparedThrough && head.position >= comparedPosition);
      headPosition ??= standing.at(-1)?.position;
      isWhole ||= seen.has(comparedThrough) || standing.length > 0;
    }
  }
  let wholeThrough = isWhole ? comparedThrough : 0;
  while (seen.has(wholeThrough + 1)) wholeThrough += 1;
  const wholePosition = wholeThrough === comparedThrough ? (headPosition ?? end) : end;
  return { ...found, wholeThrough, wholePosition, from, end };
}

/**
 * Those of the claims that this database has no event for.
 *
 * @throws OwnTopicError `DIFFERENT_BYTES` it has another event under one of the numbers
 */
export async function unknownClaims(
  store: Pick<RelayStore, 'leavesOf'>,
  claims: readonly OwnClaim[],
  lastNumber: number,
): Promise<readonly OwnClaim[]> {
  const known = claims.filter(({ number }) => number <= lastNumber);
  if (known.length > 0) {
    const leaves = await store.leavesOf(known.map(({ number }) => number));
    const different = known.find(({ number, leaf }) => leaves.get(number) !== leaf);
    if (different !== undefined) throw new OwnTopicError('DIFFERENT_BYTES', different.number);
  }
  return claims.filter(({ number }) => number > lastNumber);
}
