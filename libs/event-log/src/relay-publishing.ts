import type { StepObserver } from '@acogida/core';
import { PATH_HEADER, STATEMENT_HEADER } from './envelope.ts';
import { type EventLog, type LogRecord, topicOf } from './port.ts';
import type { StoredEvent } from './relay-sequencing.ts';
import type { RelayStore } from './relay-store.ts';

/** Bytes of values in one publish call at most, unless a single record is larger. */
const MAX_PUBLISH_BYTES = 768 * 1024;

/** What publishing needs to know of its relay. */
export interface PublishingRelay {
  readonly agencyId: string;
  readonly store: RelayStore;
  readonly log: EventLog;
  readonly term: number;
  readonly observer: StepObserver;
}

/**
 * Publishes events that are stored and committed, and tells after each part through which number the log has them. Only
 * stored bytes may be given: a crash publishes the same bytes again.
 *
 * @throws whatever the log throws
 */
export async function publishEvents(
  relay: PublishingRelay,
  events: readonly StoredEvent[],
  onPublished: (through: number, count: number) => void,
): Promise<void> {
  for (const chunk of chunksOf(events)) {
    await relay.observer.around('publish', { count: chunk.length }, () =>
      relay.log.publish(topicOf(relay.agencyId), chunk.map(recordOf)),
    );
    onPublished((chunk.at(-1) as StoredEvent).number, chunk.length);
  }
}

function recordOf(event: StoredEvent): LogRecord {
  return { value: event.bytes, headers: { [STATEMENT_HEADER]: event.statement, [PATH_HEADER]: event.path } };
}

function* chunksOf(events: readonly StoredEvent[]): Generator<readonly StoredEvent[]> {
  let chunk: StoredEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    const size = Buffer.byteLength(event.bytes, 'utf8') + event.statement.length + event.path.length;
    if (chunk.length > 0 && bytes + size > MAX_PUBLISH_BYTES) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(event);
    bytes += size;
  }
  if (chunk.length > 0) yield chunk;
}

/**
 * Moves the cursor past what the log has; `count` events more than before.
 *
 * @throws RelayDeposedError and what the database throws
 */
export async function acknowledge(
  { store, term, observer }: PublishingRelay,
  through: number,
  count: number,
): Promise<void> {
  await observer.around('acknowledge', { count }, () => store.acknowledge(term, through));
}
