import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { access, mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { defaultCacheDir, resolveKafkaJars } from './jars.ts';
import { LOG4J_CONFIGURATION, serverProperties } from './server-properties.ts';

const run = promisify(execFile);

/** Where and how large a local Kafka is. */
export interface LocalKafkaOptions {
  /** Keeps the records, the configuration and the log file; the same directory goes on where it stood. */
  readonly dataDir: string;
  readonly port: number;
  readonly controllerPort: number;
  /** Heap of the broker in MiB, 384 by default. */
  readonly heapMb?: number;
  /** Keeps the jars, `~/.cache/acogida` by default. */
  readonly cacheDir?: string;
  /** Where Java and Maven are looked for, and what the broker gets; that of this process by default. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Breaks the start off: the broker is ended and `startLocalKafka` rejects. */
  readonly signal?: AbortSignal;
}

/** A broker that runs as a child of this process, in a process group of its own: Ctrl-C does not reach it. */
export interface LocalKafka {
  readonly brokers: readonly string[];
  readonly pid: number;
  /** Ends the broker and waits until it is gone. */
  stop(): Promise<void>;
}

const STARTING_LIMIT_MS = 60_000;
const STOPPING_LIMIT_MS = 20_000;

/**
 * Starts a single-node Apache Kafka on 127.0.0.1 and resolves when it takes connections. Formats the data directory once.
 *
 * @throws MissingRequirementError Java or Maven is missing
 * @throws Error the broker ended, did not answer in time, or the start was broken off; its last lines of log are in the message
 */
export async function startLocalKafka(options: LocalKafkaOptions): Promise<LocalKafka> {
  const { dataDir, port, controllerPort, heapMb = 384, environment = process.env, signal } = options;
  const jarsDir = await resolveKafkaJars(options.cacheDir ?? defaultCacheDir(), environment);
  const logDir = join(dataDir, 'records');
  await mkdir(dataDir, { recursive: true });
  const propertiesFile = join(dataDir, 'server.properties');
  const loggingFile = join(dataDir, 'log4j2.yaml');
  await writeFile(propertiesFile, serverProperties({ logDir, port, controllerPort }));
  await writeFile(loggingFile, LOG4J_CONFIGURATION);
  const java = [`-Dlog4j2.configurationFile=${loggingFile}`, '-cp', [join(jarsDir, '*')].join(delimiter)];
  await formatOnce(logDir, propertiesFile, java, environment);
  signal?.throwIfAborted();
  const logFile = join(dataDir, 'kafka.log');
  const output = await open(logFile, 'a');
  const sizes = [
    `-Xmx${heapMb}m`,
    '-Xms128m',
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-XX:MaxDirectMemorySize=128m',
  ];
  const broker = spawn('java', [...sizes, ...java, 'kafka.Kafka', propertiesFile], {
    cwd: dataDir,
    env: environment,
    stdio: ['ignore', output.fd, output.fd],
    detached: true,
  });
  // In its own group nothing but this process ends it: also when this one ends in disorder.
  const endWithThisProcess = (): void => void broker.kill('SIGTERM');
  process.once('exit', endWithThisProcess);
  broker.once('exit', () => process.off('exit', endWithThisProcess));
  const failed = new Promise<never>((_, reject) => {
    broker.once('error', reject);
  });
  try {
    await output.close();
    await Promise.race([untilReachable(broker, port, signal), failed]);
  } catch (error) {
    await end(broker);
    const reason = error instanceof Error ? error.message : 'unknown';
    throw new Error(`the local Kafka did not start: ${reason}\n${await lastLines(logFile)}`, { cause: error });
  }
  return { brokers: [`127.0.0.1:${port}`], pid: broker.pid as number, stop: () => end(broker) };
}

async function formatOnce(
  logDir: string,
  propertiesFile: string,
  java: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const isFormatted = await access(join(logDir, 'meta.properties')).then(
    () => true,
    () => false,
  );
  if (isFormatted) return;
  const clusterId = randomBytes(16).toString('base64url').replace(/^-/, 'A');
  // --ignore-formatted: a start that was broken off may have formatted in part.
  const format = ['kafka.tools.StorageTool', 'format', '--ignore-formatted', '-t', clusterId, '-c', propertiesFile];
  await run('java', ['-Xmx128m', '-XX:TieredStopAtLevel=1', ...java, ...format], { timeout: STARTING_LIMIT_MS, env });
}

async function untilReachable(broker: ChildProcess, port: number, signal: AbortSignal | undefined): Promise<void> {
  const deadlineMs = performance.now() + STARTING_LIMIT_MS;
  for (;;) {
    signal?.throwIfAborted();
    if (hasEnded(broker)) throw new Error(`the broker ended with code ${broker.exitCode ?? broker.signalCode}`);
    if (await isReachable(port)) return;
    if (performance.now() > deadlineMs) throw new Error(`no answer on port ${port} within ${STARTING_LIMIT_MS} ms`);
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
}

function isReachable(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const answer = (reachable: boolean): void => {
      socket.destroy();
      resolve(reachable);
    };
    socket.once('connect', () => answer(true)).once('error', () => answer(false));
  });
}

function hasEnded(broker: ChildProcess): boolean {
  return broker.exitCode !== null || broker.signalCode !== null;
}

async function end(broker: ChildProcess): Promise<void> {
  if (broker.pid === undefined || hasEnded(broker)) return;
  const ended = once(broker, 'exit');
  broker.kill('SIGTERM');
  const insist = setTimeout(() => broker.kill('SIGKILL'), STOPPING_LIMIT_MS);
  await ended;
  clearTimeout(insist);
}

async function lastLines(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-15).join('\n');
}
