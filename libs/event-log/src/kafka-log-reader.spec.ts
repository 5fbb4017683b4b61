import { describe, expect, it } from '@jest/globals';
import type { Consumer, EachBatchHandler, Kafka } from 'kafkajs';
import { KafkaAdministration } from './kafka-log-client.ts';
import { readTopic } from './kafka-log-reader.ts';

/** A broker whose first consumer joins and then never says anything. */
function fallingSilentOnce(): { readonly kafka: Kafka; consumers(): number } {
  let made = 0;
  const admin = { connect: async () => {}, disconnect: async () => {}, deleteGroups: async () => [] };
  const consumer = (): Partial<Record<keyof Consumer, unknown>> => {
    made += 1;
    const isSilent = made === 1;
    return {
      events: { CRASH: 'consumer.crash' },
      on: () => () => {},
      connect: async () => {},
      subscribe: async () => {},
      seek: () => {},
      disconnect: async () => {},
      run: async ({ eachBatch }: { eachBatch: EachBatchHandler }) => {
        if (isSilent) return;
        const batch = { messages: [{ offset: '0', value: Buffer.from('one') }] };
        await eachBatch({ batch, isStale: () => false } as never);
      },
    };
  };
  return { kafka: { admin: () => admin, consumer } as unknown as Kafka, consumers: () => made };
}

describe('reading a topic', () => {
  it('replaces a consumer that falls silent before the end', async () => {
    const { kafka, consumers } = fallingSilentOnce();
    const administration = new KafkaAdministration(kafka);
    const stretch = { kafka, administration, topic: 't', from: 0n, end: 1n, groupPrefix: 'g', silenceLimitMs: 20 };
    const values: string[] = [];
    for await (const page of readTopic(stretch)) values.push(...page.map(({ value }) => value));
    expect(values).toEqual(['one']);
    expect(consumers()).toBe(2);
  });
});
