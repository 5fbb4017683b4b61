import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KafkaEventLog, type PositionedRecord } from '@acogida/event-log';
import { eventually, freePort } from '@acogida/testing';
import { type LocalKafka, type LocalKafkaOptions, startLocalKafka } from './local-kafka.ts';

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('a local Kafka', () => {
  let options: LocalKafkaOptions;
  let kafka: LocalKafka;

  beforeAll(async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'acogida-kafka-'));
    options = { dataDir, port: await freePort(), controllerPort: await freePort() };
    kafka = await startLocalKafka(options);
  }, 180_000);

  afterAll(async () => {
    await kafka.stop();
    await rm(options.dataDir, { recursive: true, force: true });
  });

  it('is killed and comes back: nothing acknowledged is lost, and consumers go on by themselves', async () => {
    const log = new KafkaEventLog({ brokers: kafka.brokers, clientId: 'acogida-spec', watchIntervalMs: 250 });
    const topic = 'survivor';
    await eventually(() => log.ensureTopic(topic));
    const got: PositionedRecord[] = [];
    await log.subscribe({
      group: 'reader',
      topics: [topic],
      from: 'beginning',
      handler: async (_topic, records) => void got.push(...records),
    });
    let published = 0;
    const publishNext = async (): Promise<void> => {
      await log.publish(topic, [{ value: String(published), headers: {} }]);
      published += 1;
    };
    for (let count = 0; count < 50; count += 1) await publishNext();
    await eventually(() => expect(got).toHaveLength(50));
    process.kill(kafka.pid, 'SIGKILL');
    await eventually(() => expect(isAlive(kafka.pid)).toBe(false));
    const whileAway = eventually(publishNext, 60_000); // rejects until the broker is back
    kafka = await startLocalKafka(options);
    await whileAway;
    for (let count = 0; count < 49; count += 1) await eventually(publishNext);
    await eventually(() => expect(got.at(-1)?.value).toBe('99'), 60_000);
    const end = await log.end(topic);
    const read: PositionedRecord[] = [];
    for await (const page of log.read(topic, 0n)) read.push(...page);
    await log.close();
    const wanted = Array.from({ length: 100 }, (_, number) => String(number));
    expect([...new Set(read.map((record) => record.value))]).toEqual(wanted);
    expect([...new Set(got.map((record) => record.value))]).toEqual(wanted);
    expect(read.map((record) => record.position)).toEqual(
      Array.from({ length: Number(end) }, (_, index) => BigInt(index)),
    );
  }, 180_000);

  it('ends when it is told to', async () => {
    await kafka.stop();
    expect(isAlive(kafka.pid)).toBe(false);
    await kafka.stop();
  });
});
