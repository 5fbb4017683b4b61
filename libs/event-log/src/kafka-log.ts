import { type StepObserver, unobserved } from '@acogida/core';
import type { Kafka } from 'kafkajs';
import { connectKafka, KafkaAdministration, type KafkaConnection, onceTopicIsKnown } from './kafka-log-client.ts';
import { KafkaConsumption } from './kafka-log-consumption.ts';
import { KafkaPublisher } from './kafka-log-publisher.ts';
import { endOf, startAtEnd } from './kafka-log-positions.ts';
import { readTopic } from './kafka-log-reader.ts';
import {
  type EventLog,
  type LogRecord,
  type PositionedRecord,
  type RecordHandler,
  type Subscription,
  type TopicList,
  topicsOf,
} from './port.ts';

/** How the Kafka log is reached and what it asks of topics it creates. */
export interface KafkaEventLogOptions extends KafkaConnection {
  /** Replicas of a new topic; the broker's default when absent. */
  readonly replicationFactor?: number;
  /** Replicas that must have a record before it counts as written; the broker's default when absent. */
  readonly minInSyncReplicas?: number;
  /** How often to look for missing topics and silent consumers. */
  readonly watchIntervalMs?: number;
  /** A consumer that showed no sign of life for longer is replaced. */
  readonly silenceLimitMs?: number;
  /** Stands around `offset-commit`. */
  readonly observer?: StepObserver;
}

/** The shared log on Apache Kafka: one partition per topic, kept for ever; a position is the offset. */
export class KafkaEventLog implements EventLog {
  readonly #options: KafkaEventLogOptions;
  readonly #kafka: Kafka;
  readonly #administration: KafkaAdministration;
  readonly #publisher: KafkaPublisher;
  readonly #subscriptions = new Set<Subscription>();

  constructor(options: KafkaEventLogOptions) {
    this.#options = options;
    this.#kafka = connectKafka(options);
    this.#administration = new KafkaAdministration(this.#kafka);
    this.#publisher = new KafkaPublisher(this.#kafka);
  }

  async ensureTopic(topic: string): Promise<void> {
    const { replicationFactor, minInSyncReplicas } = this.#options;
    const configEntries = [
      { name: 'retention.ms', value: '-1' },
      { name: 'retention.bytes', value: '-1' },
      { name: 'cleanup.policy', value: 'delete' },
    ];
    if (minInSyncReplicas !== undefined) {
      configEntries.push({ name: 'min.insync.replicas', value: String(minInSyncReplicas) });
    }
    await onceTopicIsKnown(this.#administration, async (admin) => {
      await admin.createTopics({
        waitForLeaders: true,
        topics: [
          { topic, numPartitions: 1, configEntries, ...(replicationFactor === undefined ? {} : { replicationFactor }) },
        ],
      });
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      // More than one would break the order that numbers and statements rest on.
      if (topics[0]?.partitions.length !== 1) throw new Error(`the topic ${topic} does not have exactly one partition`);
    });
  }

  publish(topic: string, records: readonly LogRecord[]): Promise<void> {
    return this.#publisher.publish(topic, records);
  }

  async subscribe(options: {
    readonly group: string;
    readonly topics: TopicList;
    readonly from: 'beginning' | 'end';
    readonly handler: RecordHandler;
  }): Promise<Subscription> {
    const { group, topics, handler, from } = options;
    if (from === 'end') await startAtEnd(this.#kafka, this.#administration, group, topicsOf(topics));
    const { report, watchIntervalMs = 2_000, silenceLimitMs = 45_000, observer = unobserved } = this.#options;
    const consumption = new KafkaConsumption({
      kafka: this.#kafka,
      administration: this.#administration,
      group,
      topics,
      handler,
      watchIntervalMs,
      silenceLimitMs,
      observer,
      ...(report === undefined ? {} : { report }),
    });
    consumption.start();
    const subscription = {
      stop: async () => {
        this.#subscriptions.delete(subscription);
        await consumption.stop();
      },
    };
    this.#subscriptions.add(subscription);
    return subscription;
  }

  async *read(topic: string, from: bigint): AsyncIterable<readonly PositionedRecord[]> {
    const end = await this.end(topic);
    yield* readTopic({
      kafka: this.#kafka,
      administration: this.#administration,
      topic,
      from,
      end,
      groupPrefix: this.#options.clientId,
    });
  }

  async end(topic: string): Promise<bigint> {
    return this.#administration.run((admin) => endOf(admin, topic));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.stop()));
    await this.#publisher.close();
    await this.#administration.close();
  }
}
