import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { PARTITION, within } from './kafka-log-client.ts';

/** One life of a consumer: from joining the group until it crashed, fell silent or was ended. */
export interface KafkaSessionOptions {
  readonly kafka: Kafka;
  readonly group: string;
  readonly topics: readonly string[];
  /** Called for each fetched run of records. May outlast the call: the partition is then paused by the callee. */
  readonly deliver: (session: KafkaSession, payload: EachBatchPayload) => Promise<void>;
}

/** How long a fetch waits for records; also the longest delay before a resumed partition is fetched again. */
const FETCH_WAIT_MS = 250;

/**
 * Wraps one kafkajs consumer. It never restarts by itself: `ended` tells the owner, who makes a new one. kafkajs' own
 * restart gives up on some errors and at times falls silent without a word.
 */
export class KafkaSession {
  /** Resolves when the session is over, with the reason. Never rejects. */
  readonly ended: Promise<string>;
  #end: (reason: string) => void = () => {};
  #isOver = false;
  #lastActivityMs = performance.now();
  readonly #consumer: Consumer;
  readonly #options: KafkaSessionOptions;

  constructor(options: KafkaSessionOptions) {
    this.#options = options;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    // A node that was killed stays a member until its session times out, and its successor waits for that: so keep it
    // short. Deliveries never block the heartbeats.
    this.#consumer = options.kafka.consumer({
      groupId: options.group,
      sessionTimeout: 10_000,
      rebalanceTimeout: 15_000,
      heartbeatInterval: 2_000,
      maxWaitTimeInMs: FETCH_WAIT_MS,
      allowAutoTopicCreation: false,
      retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 5, restartOnFailure: async () => false },
    });
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Joins the group and begins to fetch. A failure ends the session. */
  async start(): Promise<void> {
    const consumer = this.#consumer;
    const { FETCH, HEARTBEAT, GROUP_JOIN, CRASH, STOP } = consumer.events;
    const active = (): void => {
      this.#lastActivityMs = performance.now();
    };
    consumer.on(FETCH, active);
    consumer.on(HEARTBEAT, active);
    consumer.on(GROUP_JOIN, active);
    consumer.on(CRASH, (event) => this.over(`crashed: ${event.payload.error.name}`));
    consumer.on(STOP, () => this.over('stopped'));
    try {
      await consumer.connect();
      // The starting position is set beforehand where it is the end: see KafkaConsumption.
      await consumer.subscribe({ topics: [...this.#options.topics], fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        partitionsConsumedConcurrently: Math.max(this.#options.topics.length, 1),
        eachBatch: (payload) => this.#options.deliver(this, payload),
      });
    } catch (error) {
      this.over(`did not start: ${error instanceof Error ? error.name : 'unknown'}`);
    }
  }

  /** Milliseconds since the consumer last showed a sign of life. */
  silentForMs(): number {
    return performance.now() - this.#lastActivityMs;
  }

  /** Declares the session over. Deliveries of it commit nothing from now on. */
  over(reason: string): void {
    this.#isOver = true;
    this.#end(reason);
  }

  /** The next fetch of the topic begins at this position. */
  seekTo(topic: string, position: bigint): void {
    if (this.#isOver) return;
    this.#consumer.seek({ topic, partition: PARTITION, offset: position.toString() });
  }

  /** Fetch the paused topic again, from this position. */
  resumeAt(topic: string, position: bigint): void {
    if (this.#isOver) return;
    this.seekTo(topic, position);
    this.#consumer.resume([{ topic, partitions: [PARTITION] }]);
  }

  /** Leaves the group and closes the connections, as far as the broker is there to answer. */
  async disconnect(): Promise<void> {
    this.over('ended');
    await within(10_000, this.#consumer.disconnect()).catch(() => {});
  }
}
