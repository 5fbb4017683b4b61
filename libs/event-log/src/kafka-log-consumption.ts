import { type StepObserver, unobserved } from '@acogida/core';
import type { EachBatchPayload, Kafka } from 'kafkajs';
import { type KafkaAdministration, PARTITION, toRecord, within } from './kafka-log-client.ts';
import { KafkaSession } from './kafka-log-session.ts';
import { pauseMs, retryDelayMs } from './log-backoff.ts';
import type { LogReporter } from './log-consumption.ts';
import { RECORDS_PER_PAGE } from './log-limits.ts';
import type { PositionedRecord, RecordHandler, Subscription } from './port.ts';

/** What a consumption needs. Times are set short in specs only. */
export interface KafkaConsumptionOptions {
  readonly kafka: Kafka;
  readonly administration: KafkaAdministration;
  readonly group: string;
  readonly topics: readonly string[];
  readonly handler: RecordHandler;
  /** How often to look for topics that do not exist yet, and after a silent consumer. */
  readonly watchIntervalMs: number;
  /** A consumer silent for longer is replaced. */
  readonly silenceLimitMs: number;
  /** Stands around `offset-commit`. */
  readonly observer?: StepObserver;
  readonly report?: LogReporter;
}

// Longer than most handlers take, far shorter than a group waits for a member.
const DELIVERY_GRACE_MS = 200;
const JOINING_LIMIT_MS = 5_000;

/**
 * Consumes topics for one group, through as many consumer sessions as it takes. A delivery that takes long or fails is
 * taken out of the fetch loop (its topic paused), so that heartbeats go on and no other topic waits for it.
 */
export class KafkaConsumption implements Subscription {
  readonly #options: KafkaConsumptionOptions;
  readonly #stopping = new AbortController();
  /** Per topic the delivery that runs: the next one waits for it, across sessions. */
  readonly #deliveries = new Map<string, Promise<void>>();
  /** Per topic how often in a row the handler failed, and from where the topic is fetched again. */
  readonly #failed = new Map<string, { readonly times: number; readonly from: bigint }>();
  #session: KafkaSession | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: KafkaConsumptionOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running = this.#keepConsuming();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#deliveries.values());
    this.#session?.over('stopped');
    await this.#running;
    await Promise.all(this.#deliveries.values());
  }

  async #keepConsuming(): Promise<void> {
    let failures = 0;
    while (!this.#stopping.signal.aborted) {
      const startedMs = performance.now();
      const topics = await this.#existingTopics();
      if (topics.length === 0) {
        await pauseMs(this.#options.watchIntervalMs, this.#stopping.signal);
        continue;
      }
      const reason = await this.#runSession(topics);
      if (this.#stopping.signal.aborted || reason === NEW_TOPICS) continue;
      failures = performance.now() - startedMs > 60_000 ? 1 : failures + 1;
      this.#report('warn', `the consumer of group ${this.#options.group} ${reason}; starting another`);
      await pauseMs(retryDelayMs(failures), this.#stopping.signal);
    }
  }

  async #runSession(topics: readonly string[]): Promise<string> {
    const session = new KafkaSession({
      kafka: this.#options.kafka,
      group: this.#options.group,
      topics,
      deliver: (from, payload) => this.#deliver(from, payload),
    });
    this.#session = session;
    const starting = session.start();
    const watching = this.#watch(session, topics.length);
    const reason = await session.ended;
    await watching;
    // Told to leave while it still joins, a kafkajs consumer joins all the same, and holds topics that nobody reads.
    await within(JOINING_LIMIT_MS, starting).catch(() => {});
    await session.disconnect();
    void starting.then(() => session.disconnect()); // one that joined later than that leaves then
    return reason;
  }

  async #watch(session: KafkaSession, known: number): Promise<void> {
    const { watchIntervalMs, silenceLimitMs, topics } = this.#options;
    const over = new AbortController();
    void session.ended.then(() => over.abort());
    while (!session.isOver) {
      await pauseMs(watchIntervalMs, over.signal);
      if (session.isOver) return;
      if (session.silentForMs() > silenceLimitMs) session.over('fell silent');
      else if (known < topics.length && (await this.#existingTopics()).length > known) session.over(NEW_TOPICS);
    }
  }

  async #existingTopics(): Promise<readonly string[]> {
    try {
      const existing = new Set(await this.#options.administration.run((admin) => admin.listTopics()));
      return this.#options.topics.filter((topic) => existing.has(topic));
    } catch {
      return [];
    }
  }

  async #deliver(session: KafkaSession, payload: EachBatchPayload): Promise<void> {
    const { topic, messages } = payload.batch;
    const records = messages.map((message) => toRecord(topic, message));
    const before = this.#deliveries.get(topic) ?? Promise.resolve();
    let isPaused = false;
    let isDone = false;
    const delivery = before
      .then(() => this.#deliverPages(session, payload, records))
      .then((next) => {
        isDone = true;
        const isComplete = next > BigInt(payload.batch.lastOffset());
        if (isPaused) session.resumeAt(topic, next);
        else if (!isComplete) session.seekTo(topic, next);
      })
      // The position could not be made durable: what follows is read again from the last one that was.
      .catch((error: unknown) => session.over(`failed to commit: ${error instanceof Error ? error.name : 'unknown'}`));
    this.#deliveries.set(topic, delivery);
    const grace = new AbortController();
    void delivery.then(() => grace.abort());
    await pauseMs(DELIVERY_GRACE_MS, grace.signal);
    if (isDone || session.isOver) return;
    isPaused = true;
    payload.pause();
  }

  /** Delivers page by page; gives back the position to go on from. */
  async #deliverPages(
    session: KafkaSession,
    payload: EachBatchPayload,
    records: readonly PositionedRecord[],
  ): Promise<bigint> {
    const topic = payload.batch.topic;
    const again = this.#failed.get(topic)?.from;
    if (again !== undefined && (records[0]?.position ?? again) > again) return again; // fetched before the failure
    for (let start = 0; start < records.length; start += RECORDS_PER_PAGE) {
      const page = records.slice(start, start + RECORDS_PER_PAGE);
      const next = (page.at(-1) as PositionedRecord).position + 1n;
      if (!(await this.#deliverPage(session, topic, page))) return (page[0] as PositionedRecord).position;
      // Straight to the group: the consumer's own commitOffsets starts a second fetch loop when it meets a rebalance.
      await (this.#options.observer ?? unobserved).around('offset-commit', { count: page.length }, () =>
        payload.commitOffsetsIfNecessary({
          topics: [{ topic, partitions: [{ partition: PARTITION, offset: next.toString() }] }],
        }),
      );
    }
    return BigInt(payload.batch.lastOffset()) + 1n;
  }

  /**
   * Whether the handler took the page. After a failure and a pause what follows is fetched anew, from the first record of
   * the page: with records that came later, which may be what the handler misses.
   */
  async #deliverPage(session: KafkaSession, topic: string, page: readonly PositionedRecord[]): Promise<boolean> {
    if (session.isOver || this.#stopping.signal.aborted) return false;
    try {
      await this.#options.handler(topic, page);
      this.#failed.delete(topic);
      return true;
    } catch (error) {
      const times = (this.#failed.get(topic)?.times ?? 0) + 1;
      this.#failed.set(topic, { times, from: (page[0] as PositionedRecord).position });
      const name = error instanceof Error ? error.name : 'unknown';
      this.#report('warn', `delivery from ${topic} failed ${times} times: ${name}`);
      await pauseMs(retryDelayMs(times), this.#stopping.signal);
      return false;
    }
  }

  #report(level: 'warn', message: string): void {
    this.#options.report?.(level, message);
  }
}

const NEW_TOPICS = 'has new topics';
