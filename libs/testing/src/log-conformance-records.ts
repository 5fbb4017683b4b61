import { randomUUID } from 'node:crypto';
import type { EventLog, LogRecord, PositionedRecord, RecordHandler } from '@acogida/event-log';

/** Clients of the log under test: two that stay open, and more on demand. */
export interface LogClients {
  readonly log: () => EventLog;
  readonly other: () => EventLog;
  readonly makeLog: () => Promise<EventLog>;
}

/** A name that no other spec uses. */
export function newName(kind: 'topic' | 'group'): string {
  return `conformance-${kind}-${randomUUID()}`;
}

/** Records that differ in their number. */
export function numbered(count: number, from = 0): LogRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    value: JSON.stringify({ number: from + index }),
    headers: { number: String(from + index) },
  }));
}

/** The records without their place. */
export function contents(records: readonly LogRecord[]): LogRecord[] {
  return records.map(({ value, headers }) => ({ value, headers: { ...headers } }));
}

/** A handler that keeps what it got, per topic, and how it was cut into batches. */
export function collector(): {
  handler: RecordHandler;
  records: (topic: string) => PositionedRecord[];
  batches: PositionedRecord[][];
} {
  const batches: PositionedRecord[][] = [];
  return {
    batches,
    handler: async (_topic, records) => void batches.push([...records]),
    records: (topic) => batches.flat().filter((record) => record.topic === topic),
  };
}

/** The pages of a topic from a position on. */
export async function readAll(log: EventLog, topic: string, from: bigint): Promise<PositionedRecord[][]> {
  const pages: PositionedRecord[][] = [];
  for await (const page of log.read(topic, from)) pages.push([...page]);
  return pages;
}

/** A promise and the function that settles it. */
export function signal(): { readonly given: Promise<void>; readonly give: () => void } {
  let give = (): void => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
}

/** Creates a topic with a fresh name. */
export async function newTopic(log: EventLog): Promise<string> {
  const topic = newName('topic');
  await log.ensureTopic(topic);
  return topic;
}
