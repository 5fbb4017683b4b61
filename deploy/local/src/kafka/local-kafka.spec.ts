import { describe, expect, it } from '@jest/globals';
import { findLocalKafkaRequirements, javaMajorVersion } from './requirements.ts';
import { serverProperties } from './server-properties.ts';

describe('what a local Kafka needs', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['java version "1.8.0_392"', 1],
    ['openjdk version "21" 2023-09-19', 21],
    ['no such thing', undefined],
  ])('reads %j as Java %j', (output, version) => {
    expect(javaMajorVersion(output)).toBe(version);
  });

  it('says what is missing in one sentence', async () => {
    const empty = { PATH: '/nowhere' };
    expect(await findLocalKafkaRequirements(true, empty)).toBe(
      'A local Kafka needs Java 17 or newer (no "java" on the PATH) and Maven (no "mvn" on the PATH), ' +
        'which fetches Apache Kafka from Maven Central.',
    );
    expect(await findLocalKafkaRequirements(false, empty)).toBe(
      'A local Kafka needs Java 17 or newer (no "java" on the PATH).',
    );
  });
});

describe('the configuration of a local Kafka', () => {
  it('listens on this machine only, keeps group positions, and creates no topic by itself', () => {
    const lines = serverProperties({ logDir: '/data/records', port: 9092, controllerPort: 9093 }).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'listeners=PLAINTEXT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093',
        'advertised.listeners=PLAINTEXT://127.0.0.1:9092',
        'controller.quorum.voters=1@127.0.0.1:9093',
        'log.dirs=/data/records',
        'auto.create.topics.enable=false',
        'offsets.topic.replication.factor=1',
        'offsets.retention.minutes=5256000',
        'transaction.state.log.replication.factor=1',
        'transaction.state.log.min.isr=1',
        'group.initial.rebalance.delay.ms=0',
      ]),
    );
  });
});
