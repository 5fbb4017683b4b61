import { join, resolve } from 'node:path';
import { startLocalKafka } from '@acogida/local';
import kafkajs from 'kafkajs';
import { containerElse } from './containers.mjs';
import { freePort } from './free-port.mjs';

/** What the broker logs; images that read this folder take it from there. */
const LOGGING = ['log4j2.yaml', 'tools-log4j2.yaml'].map((file) => ({
  source: resolve(import.meta.dirname, '../../deploy/container/kafka', file),
  target: `/mnt/shared/config/${file}`,
  mode: 'ro',
}));

const ANSWERING_LIMIT_MS = 60_000;

async function startContainer() {
  const { KafkaContainer } = await import('@testcontainers/kafka');
  const container = await new KafkaContainer('confluentinc/cp-kafka:8.1.0')
    .withBindMounts(LOGGING)
    .withEnvironment({ KAFKA_HEAP_OPTS: '-Xms256m -Xmx512m' })
    .start();
  const brokers = `${container.getHost()}:${container.getMappedPort(9093)}`;
  try {
    await awaitBroker(brokers);
  } catch (error) {
    await container.stop();
    throw error;
  }
  return { brokers, stop: () => container.stop() };
}

/** Resolves when the broker answers: the container counts as started some time before. */
async function awaitBroker(brokers) {
  const deadlineMs = performance.now() + ANSWERING_LIMIT_MS;
  for (;;) {
    const kafka = new kafkajs.Kafka({ brokers: [brokers], logLevel: kafkajs.logLevel.NOTHING, retry: { retries: 0 } });
    const admin = kafka.admin();
    try {
      await admin.connect();
      await admin.listTopics();
      return;
    } catch (error) {
      if (performance.now() > deadlineMs) throw error;
    } finally {
      await admin.disconnect().catch(() => {});
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/**
 * A broker for the run: the one at KAFKA_BROKERS, else one in a container, else one of this machine's Java.
 *
 * @param missing what this machine lacks for that; undefined when nothing
 * @throws Error there is none; the message says why
 */
export async function findKafka({ workDir, missing, signal }) {
  if (process.env.KAFKA_BROKERS) return { brokers: process.env.KAFKA_BROKERS, stop: async () => {} };
  const startLocal = async () => {
    if (missing !== undefined) throw new Error(`KAFKA_BROKERS and DOCKER_HOST name none. ${missing}`);
    const [port, controllerPort] = [await freePort(), await freePort()];
    const kafka = await startLocalKafka({
      ...{ dataDir: join(workDir, 'kafka'), port, controllerPort, heapMb: 384 },
      signal,
    });
    return { brokers: kafka.brokers.join(','), stop: () => kafka.stop() };
  };
  return containerElse('Kafka', startContainer, startLocal);
}
