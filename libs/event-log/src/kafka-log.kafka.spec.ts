import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { describeLogConformance, eventually } from '@acogida/testing';
import kafkajs from 'kafkajs';
import { KafkaEventLog } from './kafka-log.ts';

const brokers = (process.env['KAFKA_BROKERS'] ?? '').split(',');
const logs: KafkaEventLog[] = [];

function openLog(): KafkaEventLog {
  const log = new KafkaEventLog({ brokers, clientId: 'acogida-conformance', watchIntervalMs: 250 });
  logs.push(log);
  return log;
}

describeLogConformance('KafkaEventLog', async () => openLog());

describe('KafkaEventLog', () => {
  afterEach(async () => {
    await Promise.all(logs.splice(0).map((log) => log.close()));
  });

  async function onAdmin<T>(work: (admin: kafkajs.Admin) => Promise<T>): Promise<T> {
    const kafka = new kafkajs.Kafka({ brokers, clientId: 'spec', logLevel: kafkajs.logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    try {
      return await work(admin);
    } finally {
      await admin.disconnect();
    }
  }

  it('creates topics with one partition that are kept for ever', async () => {
    const topic = `kept-${randomUUID()}`;
    await openLog().ensureTopic(topic);
    const metadata = await onAdmin((admin) => admin.fetchTopicMetadata({ topics: [topic] }));
    expect(metadata.topics[0]?.partitions).toHaveLength(1);
    const names = ['retention.ms', 'retention.bytes', 'cleanup.policy'];
    const { resources } = await onAdmin((admin) =>
      admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configNames: names }],
      }),
    );
    const settings = resources[0]?.configEntries.map((entry) => [entry.configName, entry.configValue]);
    expect(Object.fromEntries(settings ?? [])).toEqual({
      'retention.ms': '-1',
      'retention.bytes': '-1',
      'cleanup.policy': 'delete',
    });
  });

  it('refuses a topic with two partitions', async () => {
    const topic = `wide-${randomUUID()}`;
    await onAdmin((admin) => admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 2 }] }));
    await expect(openLog().ensureTopic(topic)).rejects.toThrow('exactly one partition');
  });

  it('leaves no group of a read behind', async () => {
    const log = openLog();
    const topic = `read-${randomUUID()}`;
    await log.ensureTopic(topic);
    await log.publish(topic, [{ value: '1', headers: {} }]);
    const pages = [];
    for await (const page of log.read(topic, 0n)) pages.push(page);
    expect(pages).toHaveLength(1);
    const { groups } = await onAdmin((admin) => admin.listGroups());
    expect(groups.filter((group) => group.groupId.startsWith('acogida-conformance.reader'))).toEqual([]);
  });

  it('replaces a consumer that falls silent', async () => {
    const reports: string[] = [];
    // A limit below the wait of one fetch makes every consumer look silent.
    const log = new KafkaEventLog({
      brokers,
      clientId: 'acogida-conformance',
      watchIntervalMs: 50,
      silenceLimitMs: 1,
      report: (_level, message) => void reports.push(message),
    });
    logs.push(log);
    const topic = `silent-${randomUUID()}`;
    await log.ensureTopic(topic);
    await log.subscribe({ group: randomUUID(), topics: [topic], from: 'beginning', handler: async () => {} });
    await eventually(() =>
      expect(reports.filter((message) => message.includes('fell silent')).length).toBeGreaterThan(1),
    );
  });
});
