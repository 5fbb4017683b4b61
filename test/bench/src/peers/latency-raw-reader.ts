import { randomUUID } from 'node:crypto';
import kafkajs from 'kafkajs';
import type { Peer } from '../process/peer.ts';
import { Arrivals } from './paced-sends.ts';

/** kafkajs alone: stamped when the message is handed over. */
export async function open({ brokers, topic }: { brokers: string[]; topic: string }): Promise<Peer> {
  const kafka = new kafkajs.Kafka({ brokers, clientId: 'bench-raw', logLevel: kafkajs.logLevel.ERROR });
  const consumer = kafka.consumer({ groupId: `bench-raw-${randomUUID()}`, allowAutoTopicCreation: false });
  const arrivals = new Arrivals();
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    eachBatch: async ({ batch }) => {
      const now = process.hrtime.bigint();
      arrivals.add(
        batch.messages.map(({ key }) => String(key)),
        now,
      );
    },
  });
  return { operations: { take: (count: number) => arrivals.take(count) }, close: () => consumer.disconnect() };
}
