import { describe, expect, it } from '@jest/globals';
import { eventually } from '@acogida/testing';
import type { Kafka } from 'kafkajs';
import { KafkaAdministration } from './kafka-log-client.ts';
import { KafkaConsumption } from './kafka-log-consumption.ts';

/** Brokers on which a second topic appears while the first consumer joins; what the consumers did, in order. */
function growingWhileJoining(): {
  readonly kafka: Kafka;
  readonly steps: string[];
  listings(): number;
  letJoin(): void;
} {
  const steps: string[] = [];
  const joining = Promise.withResolvers<void>();
  let consumers = 0;
  let listings = 0;
  const admin = {
    connect: async () => {},
    disconnect: async () => {},
    listTopics: async () => ((listings += 1) === 1 ? ['a'] : ['a', 'b']),
  };
  const consumer = (): unknown => {
    consumers += 1;
    const name = `consumer ${consumers}`;
    return {
      events: {},
      on: () => () => {},
      connect: async () => {},
      subscribe: async ({ topics }: { topics: string[] }) => void steps.push(`${name} reads ${topics.join()}`),
      run: async () => {
        if (name === 'consumer 1') await joining.promise;
        steps.push(`${name} joined`);
      },
      disconnect: async () => void steps.push(`${name} left`),
    };
  };
  return {
    kafka: { admin: () => admin, consumer } as unknown as Kafka,
    steps,
    listings: () => listings,
    letJoin: joining.resolve,
  };
}

describe('a consumption', () => {
  it('lets a consumer finish joining before it leaves for one that reads the new topics too', async () => {
    const { kafka, steps, listings, letJoin } = growingWhileJoining();
    const consumption = new KafkaConsumption({
      kafka,
      administration: new KafkaAdministration(kafka),
      ...{ group: 'g', topics: ['a', 'b'], handler: async () => {} },
      ...{ watchIntervalMs: 1, silenceLimitMs: 60_000 },
      report: () => {},
    });
    consumption.start();
    await eventually(() => expect(listings()).toBeGreaterThan(1)); // the new topic was seen while the consumer joins
    await eventually(() => expect(steps).toContain('consumer 1 reads a'));
    letJoin();
    await eventually(() => expect(steps).toContain('consumer 2 joined'));
    await consumption.stop();
    expect(steps.slice(0, 3)).toEqual(['consumer 1 reads a', 'consumer 1 joined', 'consumer 1 left']);
    expect(steps).toContain('consumer 2 reads a,b');
  });
});
