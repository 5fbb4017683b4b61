import type { ContractPayload } from '@acogida/contracts';
import { publishedHeadAfter, GENESIS_HEAD } from '@acogida/event-store';
import { isUnread, type Settlement } from './inbox-settlement.ts';

/** Where the published chain of a stream stands. */
export interface StreamHead {
  readonly stream: string;
  readonly version: number;
  readonly head: string;
}

/** What following the streams of a batch came to. */
export interface StreamsFollowed {
  /** Numbers of events that break their stream's chain. */
  readonly outOfOrder: ReadonlySet<number>;
  /** The streams that moved. */
  readonly moved: readonly StreamHead[];
}

/**
 * Follows what each stream of the source published, in the order in which events are let through: versions 1, 2, 3 … and
 * every head the hash of the one before. What breaks it is flagged, not refused, since the order in the agency's log is
 * already fixed by its signature. One that passed by its lane is followed when its turn comes. Versions may be missing where
 * events of the source are sealed that could be them. Pure.
 *
 * @param known where the streams stand; one that is not in it is new
 * @param sealedBefore how many events of the source are sealed here, besides the settlements
 */
export function followStreams(
  known: ReadonlyMap<string, StreamHead>,
  settlements: readonly Settlement[],
  sealedBefore: number,
): StreamsFollowed {
  const heads = new Map(known);
  const outOfOrder = new Set<number>();
  const moved = new Map<string, StreamHead>();
  let sealed = sealedBefore;
  for (const { item, state, opened, passedBy } of settlements) {
    if (isUnread(state)) sealed += 1;
    if (opened === null || passedBy === 'lane') continue;
    const { payload } = opened;
    const { stream, version, publishedHead } = payload;
    const last = heads.get(stream) ?? startOf(stream);
    if (!isNext(last, payload, sealed)) outOfOrder.add(item.envelope.number);
    if (version <= last.version) continue;
    heads.set(stream, { stream, version, head: publishedHead });
    moved.set(stream, { stream, version, head: publishedHead });
  }
  return { outOfOrder, moved: [...moved.values()] };
}

/**
 * As `followStreams`, of events that were sealed and open now: what came after them in their stream may have been followed
 * before. Each is held against the one before it that opens with it. Pure.
 *
 * @param sealed how many events of the source are sealed here, these included
 */
export function followUnlocked(
  known: ReadonlyMap<string, StreamHead>,
  settlements: readonly Settlement[],
  sealed: number,
): StreamsFollowed {
  const versions = new Map<string, number>();
  for (const { opened } of settlements) {
    if (opened === null || versions.has(opened.payload.stream)) continue;
    versions.set(opened.payload.stream, opened.payload.version);
  }
  const before = [...known].filter(([stream, { version }]) => version < (versions.get(stream) ?? 0));
  const { outOfOrder, moved } = followStreams(new Map(before), settlements, sealed);
  return { outOfOrder, moved: moved.filter(({ stream, version }) => version > (known.get(stream)?.version ?? 0)) };
}

function startOf(stream: string): StreamHead {
  return { stream, version: 0, head: GENESIS_HEAD };
}

function isNext(last: StreamHead, payload: ContractPayload, sealed: number): boolean {
  const skipped = payload.version - last.version - 1;
  if (skipped === 0) return headAfter(last.head, payload) === payload.publishedHead;
  return skipped > 0 && skipped <= sealed;
}

/** Null for a payload that has no canonical text, so no head either: it breaks its chain, and holds up nothing else. */
function headAfter(previous: string, payload: ContractPayload): string | null {
  try {
    return publishedHeadAfter(previous, payload);
  } catch {
    return null;
  }
}
