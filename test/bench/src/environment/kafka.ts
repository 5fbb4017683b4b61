import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findLocalKafkaRequirements, KAFKA_VERSION, startLocalKafka } from '@acogida/local';
import { freePort } from './free-port.ts';

/** A broker for this run. */
export interface BenchBroker {
  readonly brokers: readonly string[];
  /** How it came to be here, for the report. */
  readonly origin: string;
  stop(): Promise<void>;
}

/** Why there is no broker. */
export interface NoBroker {
  readonly brokers: null;
  readonly reason: string;
}

/** The broker that KAFKA_BROKERS names, else one started here; else why there is none. */
export async function findBroker(environment: NodeJS.ProcessEnv = process.env): Promise<BenchBroker | NoBroker> {
  const named = environment['KAFKA_BROKERS'];
  if (named !== undefined && named !== '') {
    return { brokers: named.split(','), origin: 'Kafka of KAFKA_BROKERS', stop: async () => {} };
  }
  const missing = await findLocalKafkaRequirements(true, environment);
  if (missing !== undefined) return { brokers: null, reason: missing };
  const home = await mkdtemp(join(tmpdir(), 'acogida-bench-kafka-'));
  const [port, controllerPort] = [await freePort(), await freePort()];
  const kafka = await startLocalKafka({ dataDir: home, port, controllerPort, heapMb: 512 });
  return {
    brokers: kafka.brokers,
    origin: `Kafka ${KAFKA_VERSION}`,
    stop: async () => {
      await kafka.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
