import type { StepObserver } from '@acogida/core';
import type { EachBatchPayload, Kafka } from 'kafkajs';
import { type KafkaAdministration, PARTITION, toRecord, within } from './kafka-log-client.ts';
import { PositionCommits } from './kafka-log-commits.ts';
import { KafkaSession } from './kafka-log-session.ts';
import { pauseMs, retryDelayMs } from './log-backoff.ts';
import type { LogReporter } from './log-consumption.ts';
import { RECORDS_PER_PAGE } from './log-limits.ts';
import { type PositionedRecord, type RecordHandler, type Subscription, type TopicList, topicsOf } from './port.ts';

/** What a consumption needs. Times are set short in specs only. */
export interface KafkaConsumptionOptions {
  readonly kafka: Kafka;
  readonly administration: KafkaAdministration;
  readonly group: string;
  readonly topics: TopicList;
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
/** What a crash has delivered once more; a commit costs the broker as much as a publication. */
const COMMIT_INTERVAL_MS = 100;
const COMMIT_LIMIT_MS = 5_000;

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
  readonly #commits: PositionCommits;
  #session: KafkaSession | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: KafkaConsumptionOptions) {
    this.#options = options;
    this.#commits = new PositionCommits(COMMIT_INTERVAL_MS, options.observer);
  }

  start(): void {
    this.#running = this.#keepConsuming();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#deliveries.values());
    await this.#commits.settled();
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
    await within(COMMIT_LIMIT_MS, this.#commits.settled()).catch(() => {});
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
      else if (known < topicsOf(topics).length && (await this.#existingTopics()).length > known)
        session.over(NEW_TOPICS);
    }
  }

  async #existingTopics(): Promise<readonly string[]> {
    try {
      const existing = new Set(await this.#options.administration.run((admin) => admin.listTopics()));
      return topicsOf(this.#options.topics).filter((topic) => existing.has(topic));
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
      .catch((error: unknown) => session.over(`failed to go on: ${nameOf(error)}`));
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
      this.#handled(session, payload, page.length, next);
    }
    return BigInt(payload.batch.lastOffset()) + 1n;
  }

  #handled(session: KafkaSession, payload: EachBatchPayload, count: number, next: bigint): void {
    const { topic } = payload.batch;
    const partitions = [{ partition: PARTITION, offset: next.toString() }];
    this.#commits.handled(topic, {
      count,
      // Straight to the group: the consumer's own commitOffsets starts a second fetch loop when it meets a rebalance.
      commit: () => payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions }] }),
      // What follows the last position that was made durable is read again.
      onFailure: (error) => session.over(`failed to commit: ${nameOf(error)}`),
    });
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
      this.#report('warn', `delivery from ${topic} failed ${times} times: ${nameOf(error)}`);
      await pauseMs(retryDelayMs(times), this.#stopping.signal);
      return false;
    }
  }

  #report(level: 'warn', message: string): void {
    this.#options.report?.(level, message);
  }
}

/** The name only: a message may quote what was being handled. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}

const NEW_TOPICS = 'has new topics';
