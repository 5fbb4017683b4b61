import { leafHash } from '@acogida/ledger';
import type { SealedEvent } from './inbox-store.ts';
import { type EventLog, type LogRecord, topicOf } from './port.ts';

/** Farther on than this the topic is not read through but looked up again. */
const FAR_POSITIONS = 5_000n;

/**
 * Reads events again that were received from the log. One that stands elsewhere by now is looked for in the whole topic after
 * its number.
 *
 * @returns by leaf hash; fewer than were asked for where the log lacks them
 */
export async function readAgain(
  log: Pick<EventLog, 'read'>,
  source: string,
  events: readonly SealedEvent[],
): Promise<ReadonlyMap<string, LogRecord>> {
  const found = new Map<string, LogRecord>();
  await search(log, source, events, found, ({ number, position }) => position ?? BigInt(number - 1));
  // Nothing stands before its number.
  await search(log, source, missingOf(events, found), found, ({ number }) => BigInt(number - 1));
  return found;
}

function missingOf(events: readonly SealedEvent[], found: ReadonlyMap<string, LogRecord>): readonly SealedEvent[] {
  return events.filter(({ leaf }) => !found.has(leaf));
}

/** Reads from the first place on, to the end or until all are found; over long stretches where none is expected it jumps. */
async function search(
  log: Pick<EventLog, 'read'>,
  source: string,
  events: readonly SealedEvent[],
  found: Map<string, LogRecord>,
  placeOf: (event: SealedEvent) => bigint,
): Promise<void> {
  const wanted = new Set(events.map(({ leaf }) => leaf));
  const places = events.map(placeOf).toSorted((one, other) => (one < other ? -1 : 1));
  let from = places[0];
  while (from !== undefined) {
    let jumpTo: bigint | undefined;
    for await (const page of log.read(topicOf(source), from)) {
      let read = from;
      for (const { position, value, headers } of page) {
        const leaf = leafHash(value);
        if (wanted.delete(leaf)) found.set(leaf, { value, headers });
        if (wanted.size === 0) return; // most stand where they stood: the rest of the page need not be hashed
        read = position;
      }
      const next = places.find((place) => place > read);
      if (next === undefined || next <= read + FAR_POSITIONS) continue;
      jumpTo = next;
      break;
    }
    from = jumpTo;
  }
}
