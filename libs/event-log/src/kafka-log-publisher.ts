import kafkajs, { type Kafka, type Message, type Producer } from 'kafkajs';
import { PARTITION, within } from './kafka-log-client.ts';
import { assertRecordSizes } from './log-limits.ts';
import { TopicTurns } from './log-turns.ts';
import type { LogRecord } from './port.ts';

// One send becomes one record batch, which a broker refuses above about 1 MB (message.max.bytes).
const BYTES_PER_SEND = 640 * 1024;
const RECORDS_PER_SEND = 2_000;

/** Splits records into runs that each fit one send. */
function* splitIntoSends(records: readonly LogRecord[]): Generator<Message[]> {
  let messages: Message[] = [];
  let bytes = 0;
  for (const record of records) {
    const value = Buffer.from(record.value, 'utf8');
    const size =
      value.length + Object.entries(record.headers).reduce((sum, pair) => sum + pair.join('').length + 16, 64);
    if (messages.length > 0 && (bytes + size > BYTES_PER_SEND || messages.length === RECORDS_PER_SEND)) {
      yield messages;
      messages = [];
      bytes = 0;
    }
    messages.push({ key: null, value, headers: { ...record.headers }, partition: PARTITION });
    bytes += size;
  }
  if (messages.length > 0) yield messages;
}

/**
 * Writes to the brokers: idempotent producer, all replicas acknowledge, one send in flight. A batch that fails may be
 * there in part; publishing the same bytes again is the caller's to do.
 */
export class KafkaPublisher {
  readonly #kafka: Kafka;
  #producer: Promise<Producer> | undefined;
  readonly #turns = new TopicTurns();

  constructor(kafka: Kafka) {
    this.#kafka = kafka;
  }

  /** Writes all records in order after those of earlier calls for the topic. */
  async publish(topic: string, records: readonly LogRecord[]): Promise<void> {
    assertRecordSizes(records);
    // Sends of one topic that overlap were measured to reorder.
    await this.#turns.take(topic, () => this.#publishNow(topic, records));
  }

  async close(): Promise<void> {
    await this.#turns.ended();
    const producer = await this.#producer?.catch(() => undefined);
    this.#producer = undefined;
    if (producer !== undefined) await within(5_000, producer.disconnect()).catch(() => {});
  }

  async #publishNow(topic: string, records: readonly LogRecord[]): Promise<void> {
    for (const messages of splitIntoSends(records)) {
      this.#producer ??= this.#connect();
      const current = this.#producer;
      try {
        const producer = await current;
        await producer.send({ topic, acks: -1, timeout: 10_000, messages });
      } catch (error) {
        // Its sequence numbers can no longer be trusted to agree with the broker's.
        if (this.#producer === current) this.#producer = undefined;
        void current.then((producer) => producer.disconnect()).catch(() => {});
        throw error;
      }
    }
  }

  async #connect(): Promise<Producer> {
    const producer = this.#kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 5 },
    });
    await producer.connect();
    return producer;
  }
}
