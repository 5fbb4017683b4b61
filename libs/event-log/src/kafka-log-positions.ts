import type { Admin, Kafka } from 'kafkajs';
import { type KafkaAdministration, PARTITION, within } from './kafka-log-client.ts';

/** Position after the last record of a topic; 0 when it is missing. */
export async function endOf(admin: Admin, topic: string): Promise<bigint> {
  // Asking for the offsets of a missing topic is retried for seconds.
  const existing = await admin.listTopics();
  if (!existing.includes(topic)) return 0n;
  const offsets = await admin.fetchTopicOffsets(topic);
  const partition = offsets.find((offset) => offset.partition === PARTITION);
  return BigInt(partition?.high ?? 0);
}

/**
 * Gives the group the present end of each topic as its position, where it has none yet. A topic that appears later is read
 * from its beginning: all of it was written after the subscription.
 */
export async function startAtEnd(
  kafka: Kafka,
  administration: KafkaAdministration,
  group: string,
  topics: readonly string[],
): Promise<void> {
  const starts = await administration.run(async (admin) => {
    const listed = new Set(await admin.listTopics());
    const existing = topics.filter((topic) => listed.has(topic));
    if (existing.length === 0) return [];
    const committed = await admin.fetchOffsets({ groupId: group, topics: existing });
    const without = committed.filter(({ partitions }) => partitions.every(({ offset }) => offset === '-1'));
    return Promise.all(without.map(async ({ topic }) => ({ topic, offset: (await endOf(admin, topic)).toString() })));
  });
  if (starts.length > 0) await commitStarts(kafka, group, starts);
}

/** Commits as a passing member of the group. kafkajs' own setOffsets does the same, in five seconds a topic. */
async function commitStarts(
  kafka: Kafka,
  groupId: string,
  starts: readonly { readonly topic: string; readonly offset: string }[],
): Promise<void> {
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout: 10_000,
    rebalanceTimeout: 15_000,
    heartbeatInterval: 2_000,
    maxWaitTimeInMs: 50,
    allowAutoTopicCreation: false,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 10, restartOnFailure: async () => false },
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: starts.map(({ topic }) => topic) });
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: async () => {} });
    await consumer.commitOffsets(starts.map(({ topic, offset }) => ({ topic, partition: PARTITION, offset })));
  } finally {
    await within(10_000, consumer.disconnect()).catch(() => {});
  }
}
