import { randomUUID } from 'node:crypto';
import type { Consumer, Kafka } from 'kafkajs';
import { type KafkaAdministration, PARTITION, toRecord, within } from './kafka-log-client.ts';
import { pauseMs, retryDelayMs } from './log-backoff.ts';
import { RECORDS_PER_PAGE } from './log-limits.ts';
import type { PositionedRecord } from './port.ts';

const MOST_PAGES_AHEAD = 8;
const MOST_FAILURES = 5;
const SILENCE_LIMIT_MS = 30_000;

/** What stretch of which topic is read. */
export interface TopicStretch {
  readonly kafka: Kafka;
  readonly administration: KafkaAdministration;
  readonly topic: string;
  readonly from: bigint;
  /** Position after the last record to read. */
  readonly end: bigint;
  readonly groupPrefix: string;
  /** A consumer that brings nothing for longer, though there is more, is replaced; 30 s by default. */
  readonly silenceLimitMs?: number;
}

/**
 * Reads a stretch of a topic in pages. A consumer that fails is replaced and goes on where the reading stood; after five
 * failures without a page in between the last one is thrown.
 */
export async function* readTopic(stretch: TopicStretch): AsyncIterable<readonly PositionedRecord[]> {
  let position = stretch.from;
  for (let failures = 0; position < stretch.end;) {
    const pages = readOnce({ ...stretch, from: position })[Symbol.asyncIterator]();
    try {
      for (let next = await nextPage(pages); next.page !== undefined; next = await nextPage(pages)) {
        yield next.page;
        position = (next.page.at(-1) as PositionedRecord).position + 1n;
        failures = 0;
      }
    } catch (error) {
      // Only what the log threw is worth another try; a reader that gives up ends the generator without coming here.
      failures += 1;
      if (failures === MOST_FAILURES) throw error;
      await pauseMs(retryDelayMs(failures + 2), new AbortController().signal);
    } finally {
      await pages.return?.();
    }
  }
}

async function nextPage(
  pages: AsyncIterator<readonly PositionedRecord[]>,
): Promise<{ readonly page: readonly PositionedRecord[] | undefined }> {
  const next = await pages.next();
  return { page: next.done === true ? undefined : next.value };
}

/** One consumer with a group of its own, which is removed afterwards. (kafkajs fetches only as a group member.) */
async function* readOnce(stretch: TopicStretch): AsyncIterable<readonly PositionedRecord[]> {
  const { kafka, administration, topic, from, end } = stretch;
  const groupId = `${stretch.groupPrefix}.reader.${randomUUID()}`;
  const consumer = kafka.consumer({
    groupId,
    maxWaitTimeInMs: 100,
    allowAutoTopicCreation: false,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 5, restartOnFailure: async () => false },
  });
  const pages = new PageQueue(consumer, topic);
  try {
    await startReading(consumer, pages, topic, from, end);
    for (let position = from; position < end;) {
      // kafkajs at times falls silent without a word; whoever reads its own topic at start would wait for ever.
      const page = await within(stretch.silenceLimitMs ?? SILENCE_LIMIT_MS, pages.next());
      yield page;
      position = (page.at(-1) as PositionedRecord).position + 1n;
    }
  } finally {
    await within(10_000, consumer.disconnect()).catch(() => {});
    await administration.run((admin) => admin.deleteGroups([groupId])).catch(() => {});
  }
}

async function startReading(
  consumer: Consumer,
  pages: PageQueue,
  topic: string,
  from: bigint,
  end: bigint,
): Promise<void> {
  consumer.on(consumer.events.CRASH, (event) => pages.fail(event.payload.error));
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  let expected = from;
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch, ...fetch }) => {
      if (fetch.isStale()) return;
      // Also what comes a second time after a rebalance, and what a fetch before the seek brought.
      const records = batch.messages
        .map((message) => toRecord(topic, message))
        .filter((record) => record.position >= expected && record.position < end);
      expected = (records.at(-1)?.position ?? expected - 1n) + 1n;
      for (let start = 0; start < records.length; start += RECORDS_PER_PAGE) {
        pages.add(records.slice(start, start + RECORDS_PER_PAGE));
      }
    },
  });
  // A consumer that could not join has crashed by now, and `run` resolves all the same.
  pages.throwFailure();
  consumer.seek({ topic, partition: PARTITION, offset: from.toString() });
}

/** Pages between the consumer and whoever reads; holds the consumer back when the reader is slower. */
class PageQueue {
  readonly #consumer: Consumer;
  readonly #partitions: { topic: string; partitions: number[] }[];
  readonly #pages: (readonly PositionedRecord[])[] = [];
  #failure: Error | undefined;
  #changed: () => void = () => {};
  #isHeldBack = false;

  constructor(consumer: Consumer, topic: string) {
    this.#consumer = consumer;
    this.#partitions = [{ topic, partitions: [PARTITION] }];
  }

  add(page: readonly PositionedRecord[]): void {
    this.#pages.push(page);
    if (this.#pages.length > MOST_PAGES_AHEAD && !this.#isHeldBack) {
      this.#isHeldBack = true;
      this.#consumer.pause(this.#partitions);
    }
    this.#changed();
  }

  fail(error: Error): void {
    this.#failure = error;
    this.#changed();
  }

  throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  async next(): Promise<readonly PositionedRecord[]> {
    for (;;) {
      const page = this.#pages.shift();
      if (page !== undefined) {
        this.#letGo();
        return page;
      }
      this.throwFailure();
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }

  #letGo(): void {
    if (!this.#isHeldBack || this.#pages.length > MOST_PAGES_AHEAD / 2 || this.#failure !== undefined) return;
    this.#isHeldBack = false;
    this.#consumer.resume(this.#partitions);
  }
}
