import { randomUUID } from 'node:crypto';
import kafkajs from 'kafkajs';
import type { Peer } from '../process/peer.ts';
import { pacedSends } from './paced-sends.ts';

/** About as long as the envelope of a sealed event. */
const VALUE = Buffer.alloc(1_200, 'x');

/** kafkajs alone, as durable as ours: idempotent, all replicas, one send in flight; stamped before each send. */
export async function open({ brokers, topic }: { brokers: string[]; topic: string }): Promise<Peer> {
  const kafka = new kafkajs.Kafka({ brokers, clientId: 'bench-raw', logLevel: kafkajs.logLevel.ERROR });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 1 }] });
  await admin.disconnect();
  const producer = kafka.producer({
    ...{ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false },
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  return {
    operations: {
      send: async (pace: { count: number; perSecond: number }) => {
        const sent = new Map<string, bigint>();
        await pacedSends(pace, async () => {
          const key = randomUUID();
          sent.set(key, process.hrtime.bigint());
          await producer.send({ topic, acks: -1, messages: [{ key, value: VALUE, partition: 0 }] });
        });
        return sent;
      },
    },
    close: () => producer.disconnect(),
  };
}
