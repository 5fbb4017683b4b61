import { EnvelopeError, parseEnvelope } from './envelope.ts';
import { topicOf } from './port.ts';
import { RelayDeposedError, TopicAheadError } from './relay-port.ts';
import { placeOf, type PublishingRelay } from './relay-publishing.ts';

/** How many records at the end of the topic are looked at first; each further look back takes four times as many. */
const TAIL_RECORDS = 100n;
const WIDER = 4n;

/**
 * Compares the agency's own topic with the cursor before anything is written (architecture.md §3, Restore). Where the
 * topic lacks a number, everything from there on is published again from what is stored: readers want the numbers in
 * order, and take a second copy of the same bytes as nothing new.
 *
 * @throws TopicAheadError, RelayDeposedError and whatever the log throws
 */
export async function compareTail(relay: PublishingRelay): Promise<void> {
  const topic = topicOf(relay.agencyId);
  await relay.log.ensureTopic(topic);
  const { comparedThrough } = await placeOf(relay);
  const { greatest, wholeThrough } = await walkBack(relay, topic, comparedThrough);
  const { lastNumber } = await placeOf(relay); // a relay that took over meanwhile deposes this one: it is not "ahead"
  if (greatest > lastNumber) throw new TopicAheadError(greatest, lastNumber);
  // Never past what is known as published: only numbers that were compared may be taken for compared.
  const { rowCount } = await relay.pool.query(
    `UPDATE relay.cursor SET published_through = least(published_through, $2),
                             compared_through = least(published_through, $2) WHERE term = $1`,
    [relay.term, wholeThrough],
  );
  if (rowCount !== 1) throw new RelayDeposedError(relay.term);
}

/**
 * Reads the topic from its end backwards until it meets the number through which it was whole before, else to its
 * beginning. A log loses its tail or nothing, and what is published ascends from a number that was compared: where that
 * number is still there, all before it is.
 */
async function walkBack(
  relay: PublishingRelay,
  topic: string,
  comparedThrough: number,
): Promise<{ readonly greatest: number; readonly wholeThrough: number }> {
  const seen = new Set<number>();
  let greatest = 0;
  let window = TAIL_RECORDS;
  for (let end = await relay.log.end(topic); end > 0n && !seen.has(comparedThrough); window *= WIDER) {
    const from = end > window ? end - window : 0n;
    for await (const number of numbersWithin(relay, topic, from, end)) {
      seen.add(number);
      greatest = Math.max(greatest, number);
    }
    end = from;
  }
  let wholeThrough = seen.has(comparedThrough) ? comparedThrough : 0;
  while (seen.has(wholeThrough + 1)) wholeThrough += 1;
  return { greatest, wholeThrough };
}

async function* numbersWithin(
  relay: PublishingRelay,
  topic: string,
  from: bigint,
  end: bigint,
): AsyncGenerator<number, void> {
  for await (const page of relay.log.read(topic, from)) {
    for (const record of page) {
      if (record.position >= end) return;
      const number = numberIn(record.value, relay.agencyId);
      if (number !== null) yield number;
    }
  }
}

function numberIn(value: string, agencyId: string): number | null {
  try {
    const envelope = parseEnvelope(value);
    return envelope.source === agencyId ? envelope.number : null;
  } catch (error) {
    if (error instanceof EnvelopeError) return null;
    throw error;
  }
}
