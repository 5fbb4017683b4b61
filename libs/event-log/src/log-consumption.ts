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
  /** Makes the group's position durable; gives the next records after it, as `nextPage` would. */
  commit(position: bigint): Promise<readonly PositionedRecord[]>;
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
    let page: readonly PositionedRecord[] = [];
    while (!this.#stopping.signal.aborted) {
      try {
        if (page.length === 0) page = await this.#read(() => this.#source.nextPage());
        if (this.#stopping.signal.aborted) return;
        page = await this.#deliver(page);
        failures = 0;
        if (page.length === 0) await this.#untilWoken();
      } catch (error) {
        failures += 1;
        page = []; // read again with what has come since, which may be what the handler misses
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

  /** Gives the page that follows. */
  async #deliver(page: readonly PositionedRecord[]): Promise<readonly PositionedRecord[]> {
    const last = page.at(-1);
    if (last === undefined) return [];
    const { topic, handler, observer = unobserved } = this.#source;
    await handler(topic, page);
    return observer.around('offset-commit', { count: page.length }, () =>
      this.#read(() => this.#source.commit(last.position + 1n)),
    );
  }

  /** What comes while it is read may be missing in it: it wakes the loop. */
  #read(page: () => Promise<readonly PositionedRecord[]>): Promise<readonly PositionedRecord[]> {
    this.#woken = false;
    return page();
  }

  async #untilWoken(): Promise<void> {
    if (this.#woken || this.#stopping.signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#wakeUp = resolve;
    });
  }
}
