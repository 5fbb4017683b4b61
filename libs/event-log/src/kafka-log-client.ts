import kafkajs, { type Admin, type Kafka, type KafkaConfig, type LogEntry } from 'kafkajs';
import { calmKafkaTimers } from './kafka-idle-timers.ts';
import { pauseMs, retryDelayMs } from './log-backoff.ts';
import type { LogReporter } from './log-consumption.ts';
import type { PositionedRecord } from './port.ts';

/** How the brokers are reached. */
export interface KafkaConnection {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly ssl?: KafkaConfig['ssl'];
  readonly sasl?: KafkaConfig['sasl'];
  readonly report?: LogReporter;
}

/** The only partition of a topic. */
export const PARTITION = 0;

const LEVELS = { 1: 'error', 2: 'warn' } as const;
const REPORT_INTERVAL_MS = 30_000;

/** Passes on what kafkajs has to say, without details: it says the same many times a second while a broker is away. */
function quietly(report: LogReporter | undefined): (entry: LogEntry) => void {
  const lastMs = new Map<string, number>();
  return ({ namespace, level: number, log }) => {
    const level = LEVELS[number as 1 | 2];
    if (level === undefined || report === undefined) return;
    const nowMs = performance.now();
    const kind = `${level} ${namespace}`;
    if (nowMs - (lastMs.get(kind) ?? -REPORT_INTERVAL_MS) < REPORT_INTERVAL_MS) return;
    lastMs.set(kind, nowMs);
    report(level, `kafka ${namespace}: ${log.message}`);
  };
}

/**
 * A kafkajs client that is silent but for warnings and errors, of which `report` gets one of each kind in thirty seconds.
 */
export function connectKafka(connection: KafkaConnection): Kafka {
  calmKafkaTimers();
  const { brokers, clientId, ssl, sasl, report } = connection;
  return new kafkajs.Kafka({
    brokers: [...brokers],
    clientId,
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl }),
    connectionTimeout: 3_000,
    requestTimeout: 15_000,
    enforceRequestTimeout: true,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 5 },
    logLevel: kafkajs.logLevel.WARN,
    logCreator: () => quietly(report),
  });
}

/** A kafkajs message as a record of this log. */
export function toRecord(
  topic: string,
  message: {
    readonly offset: string;
    readonly value: Buffer | null;
    readonly headers?: Record<string, Buffer | string | (Buffer | string)[] | undefined>;
  },
): PositionedRecord {
  const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)] as const);
  return {
    topic,
    position: BigInt(message.offset),
    value: message.value?.toString('utf8') ?? '',
    headers: Object.fromEntries(headers),
  };
}

/** The outcome of the work, or a failure when it takes too long. The work itself cannot be called off. */
export async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** One admin connection at a time, opened when needed and given up after a failure. */
export class KafkaAdministration {
  readonly #kafka: Kafka;
  #admin: Promise<Admin> | undefined;

  constructor(kafka: Kafka) {
    this.#kafka = kafka;
  }

  /** Runs the work with a connected admin client. */
  async run<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    this.#admin ??= this.#connect();
    const current = this.#admin;
    try {
      return await work(await current);
    } catch (error) {
      if (this.#admin === current) {
        this.#admin = undefined;
        void current.then((admin) => admin.disconnect()).catch(() => {});
      }
      throw error;
    }
  }

  async close(): Promise<void> {
    const admin = await this.#admin?.catch(() => undefined);
    this.#admin = undefined;
    if (admin !== undefined) await within(5_000, admin.disconnect()).catch(() => {});
  }

  async #connect(): Promise<Admin> {
    const admin = this.#kafka.admin();
    await admin.connect();
    return admin;
  }
}

/** Attempts on a topic that a broker does not know yet; the last comes 6 s after the first. */
const KNOWN_ATTEMPTS = 8;

/**
 * Runs the work, again while a broker says that it does not know the topic: one that was just made spreads for a moment, and
 * kafkajs waits for its leader only. The work must do no harm when it is run again.
 */
export async function onceTopicIsKnown<T>(
  administration: KafkaAdministration,
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await administration.run(work);
    } catch (error) {
      const { type } = error as { readonly type?: unknown };
      if (type !== 'UNKNOWN_TOPIC_OR_PARTITION' || attempts === KNOWN_ATTEMPTS) throw error;
      await pauseMs(retryDelayMs(attempts), NEVER);
    }
  }
}

const NEVER = new AbortController().signal;
