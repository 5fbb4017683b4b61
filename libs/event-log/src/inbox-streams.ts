import type { ContractPayload } from '@acogida/contracts';
import { publishedHeadAfter, GENESIS_HEAD, type Transaction } from '@acogida/event-store';
import type { Settlement } from './inbox-settlement.ts';

interface StreamHead {
  readonly stream: string;
  readonly version: number;
  readonly head: string;
}

/**
 * Follows what each stream of the source published, in the order in which events are let through: versions 1, 2, 3 … and
 * every head the hash of the one before. Returns the numbers of events that break it; they are flagged, not refused, since
 * their order in the agency's log is already fixed by its signature.
 */
export async function followStreams(
  transaction: Transaction,
  source: string,
  settlements: readonly Settlement[],
): Promise<ReadonlySet<number>> {
  const opened = settlements.flatMap(({ item, opened: place }) =>
    place === null ? [] : [{ number: item.envelope.number, payload: place.payload }],
  );
  const broken = new Set<number>();
  if (opened.length === 0) return broken;
  const streams = [...new Set(opened.map(({ payload }) => payload.stream))];
  const heads = await headsOf(transaction, source, streams);
  for (const { number, payload } of opened) {
    const { stream, version, publishedHead } = payload;
    const last = heads.get(stream) ?? { stream, version: 0, head: GENESIS_HEAD };
    const follows = version === last.version + 1 && headAfter(last.head, payload) === publishedHead;
    if (!follows) broken.add(number);
    if (version > last.version) heads.set(stream, { stream, version, head: publishedHead });
  }
  await storeHeads(transaction, source, [...heads.values()]);
  return broken;
}

/** Null for a payload that has no canonical text, so no head either: it breaks its chain, and holds up nothing else. */
function headAfter(previous: string, payload: ContractPayload): string | null {
  try {
    return publishedHeadAfter(previous, payload);
  } catch {
    return null;
  }
}

async function headsOf(
  transaction: Transaction,
  source: string,
  streams: readonly string[],
): Promise<Map<string, StreamHead>> {
  const { rows } = await transaction.query<StreamHead>(
    'SELECT stream, version, head FROM inbox.stream WHERE source = $1 AND stream = ANY($2::text[])',
    [source, streams],
  );
  return new Map(rows.map((row) => [row.stream, row]));
}

async function storeHeads(transaction: Transaction, source: string, heads: readonly StreamHead[]): Promise<void> {
  await transaction.query(
    `INSERT INTO inbox.stream (source, stream, version, head)
     SELECT $1, h.stream, h.version, h.head FROM unnest($2::text[], $3::integer[], $4::text[]) AS h (stream, version, head)
     ON CONFLICT (source, stream) DO UPDATE SET version = excluded.version, head = excluded.head`,
    [source, heads.map((head) => head.stream), heads.map((head) => head.version), heads.map((head) => head.head)],
  );
}
