import type { ContractPayload } from '@acogida/contracts';
import { publishedHeadAfter, GENESIS_HEAD } from '@acogida/event-store';
import type { Settlement } from './inbox-settlement.ts';

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
 * already fixed by its signature. One that passed by its lane is followed when its turn comes. Pure.
 *
 * @param known where the streams stand; one that is not in it is new
 */
export function followStreams(
  known: ReadonlyMap<string, StreamHead>,
  settlements: readonly Settlement[],
): StreamsFollowed {
  const heads = new Map(known);
  const outOfOrder = new Set<number>();
  const moved = new Map<string, StreamHead>();
  for (const { item, opened, passedBy } of settlements) {
    if (opened === null || passedBy === 'lane') continue;
    const { payload } = opened;
    const { stream, version, publishedHead } = payload;
    const last = heads.get(stream) ?? { stream, version: 0, head: GENESIS_HEAD };
    const follows = version === last.version + 1 && headAfter(last.head, payload) === publishedHead;
    if (!follows) outOfOrder.add(item.envelope.number);
    if (version <= last.version) continue;
    heads.set(stream, { stream, version, head: publishedHead });
    moved.set(stream, { stream, version, head: publishedHead });
  }
  return { outOfOrder, moved: [...moved.values()] };
}

/** Null for a payload that has no canonical text, so no head either: it breaks its chain, and holds up nothing else. */
function headAfter(previous: string, payload: ContractPayload): string | null {
  try {
    return publishedHeadAfter(previous, payload);
  } catch {
    return null;
  }
}
