import { randomUUID } from 'node:crypto';
import kafkajs from 'kafkajs';
import type { Peer } from '../process/peer.ts';

/** kafkajs alone: reads all records of the topic and does nothing with them; seconds from the first batch to the last. */
export async function open({ brokers, topic }: { brokers: string[]; topic: string }): Promise<Peer> {
  const kafka = new kafkajs.Kafka({ brokers, clientId: 'bench-raw', logLevel: kafkajs.logLevel.ERROR });
  const admin = kafka.admin();
  await admin.connect();
  const consumeOnce = async (): Promise<{ events: number; seconds: number }> => {
    const [partition] = await admin.fetchTopicOffsets(topic);
    const end = Number(partition?.high ?? 0);
    const consumer = kafka.consumer({ groupId: `bench-raw-${randomUUID()}`, allowAutoTopicCreation: false });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    let startedMs: number | undefined;
    let events = 0;
    try {
      await new Promise<void>((resolve, reject) => {
        const eachBatch: kafkajs.EachBatchHandler = async ({ batch }) => {
          startedMs ??= performance.now();
          events += batch.messages.length;
          if (Number(batch.lastOffset()) + 1 >= end) resolve();
        };
        consumer.run({ eachBatch }).catch(reject);
      });
      return { events, seconds: (performance.now() - (startedMs ?? 0)) / 1000 };
    } finally {
      await consumer.disconnect();
    }
  };
  return { operations: { consume: consumeOnce }, close: () => admin.disconnect() };
}
