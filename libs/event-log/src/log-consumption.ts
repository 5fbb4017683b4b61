import { type StepObserver, unobserved } from '@acogida/core';
import { pauseMs, retryDelayMs } from './log-backoff.ts';
import type { PositionedRecord, RecordHandler } from './port.ts';

/** Takes free text for the operator: never record values or headers. */
export type LogReporter = (level: 'info' | 'warn' | 'error', message: string) => void;

/** What a loop over one topic needs of its log. */
export interface ConsumptionSource {
  readonly topic: string;
  readonly handler: RecordHandler;
  /** The next records after the committed position; empty when there are none now. */
  nextPage(): Promise<readonly PositionedRecord[]>;
  /** Makes the group's position durable. */
  commit(position: bigint): Promise<void>;
  /** Stands around `offset-commit`. */
  readonly observer?: StepObserver;
  readonly report?: LogReporter;
}

/**
 * Consumes one topic for one group: page, handler, commit, and again; the same page after a failure, with backoff. Each
 * topic has a loop of its own, so that a failing one holds back no other.
 */
export class ConsumptionLoop {
  readonly #source: ConsumptionSource;
  readonly #stopping = new AbortController();
  #wakeUp: () => void = () => {};
  #woken = false;
  #running: Promise<void> = Promise.resolve();

  constructor(source: ConsumptionSource) {
    this.#source = source;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** There may be something to read. */
  wake(): void {
    this.#woken = true;
    this.#wakeUp();
  }

  /** Ends the loop; resolves when no handler runs any more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wakeUp();
    await this.#running;
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#stopping.signal.aborted) {
      try {
        const delivered = await this.#deliverPage();
        failures = 0;
        if (!delivered) await this.#untilWoken();
      } catch (error) {
        failures += 1;
        const { topic, report } = this.#source;
        // The name of the failure only: a message may quote what was being handled.
        report?.(
          'warn',
          `delivery from ${topic} failed ${failures} times: ${error instanceof Error ? error.name : 'unknown'}`,
        );
        await pauseMs(retryDelayMs(failures), this.#stopping.signal);
      }
    }
  }

  async #deliverPage(): Promise<boolean> {
    this.#woken = false;
    const page = await this.#source.nextPage();
    const last = page.at(-1);
    if (last === undefined) return false;
    if (this.#stopping.signal.aborted) return true;
    await this.#source.handler(this.#source.topic, page);
    await (this.#source.observer ?? unobserved).around('offset-commit', { count: page.length }, () =>
      this.#source.commit(last.position + 1n),
    );
    return true;
  }

  async #untilWoken(): Promise<void> {
    if (this.#woken || this.#stopping.signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#wakeUp = resolve;
    });
  }
}
