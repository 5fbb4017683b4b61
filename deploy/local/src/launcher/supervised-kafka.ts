import { pause } from '@acogida/operations';
import { type LocalKafka, type LocalKafkaOptions, startLocalKafka } from '../kafka/index.ts';
import { GOOD_START_MS, type ProcessEvents, restartDelayMs } from './supervised-process.ts';

/** How often the broker's process is looked at, in milliseconds. */
const LOOK_INTERVAL_MS = 250;

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The local Kafka, started again whenever it dies, until it is stopped. */
export class SupervisedKafka {
  readonly name = 'kafka';
  readonly #options: LocalKafkaOptions;
  readonly #events: ProcessEvents;
  readonly #stop = new AbortController();
  #broker: LocalKafka | null = null;
  #starting: Promise<unknown> = Promise.resolve();
  #watching: Promise<void> = Promise.resolve();

  constructor(options: LocalKafkaOptions, events: ProcessEvents) {
    this.#options = options;
    this.#events = events;
  }

  get pid(): number | null {
    return this.#broker?.pid ?? null;
  }

  /** Resolves when the broker takes connections. @throws MissingRequirementError, Error when the first start fails */
  async start(): Promise<readonly string[]> {
    const starting = this.#spawn();
    this.#starting = starting.catch(() => {});
    const broker = await starting;
    this.#watching = this.#watch();
    return broker.brokers;
  }

  /** Ends the broker, also one that is just starting: Ctrl-C reaches the launcher only. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#starting;
    await this.#watching;
    await this.#broker?.stop();
    this.#broker = null;
  }

  async #spawn(): Promise<LocalKafka> {
    const broker = await startLocalKafka({ ...this.#options, signal: this.#stop.signal });
    this.#broker = broker;
    this.#events.onStarted(this.name, broker.pid);
    return broker;
  }

  async #watch(): Promise<void> {
    const { signal } = this.#stop;
    let deathsInARow = 0;
    let startedMs = performance.now();
    while (await this.#waited(LOOK_INTERVAL_MS)) {
      if (this.#broker !== null && lives(this.#broker.pid)) continue;
      this.#broker = null;
      deathsInARow = performance.now() - startedMs >= GOOD_START_MS ? 1 : deathsInARow + 1;
      const delayMs = restartDelayMs(deathsInARow);
      this.#events.onDied(this.name, 'gone', delayMs);
      if (!(await this.#waited(delayMs))) return;
      startedMs = performance.now();
      await this.#spawn().catch(() => {}); // the next look finds it missing and tries again, later
      if (signal.aborted) return;
    }
  }

  async #waited(delayMs: number): Promise<boolean> {
    return pause(delayMs, this.#stop.signal).then(
      () => true,
      () => false,
    );
  }
}
