import { type EventLog, MemoryEventLog, type MemoryLogStore, type Subscription } from '@acogida/event-log';

/** One process's way to a shared log in memory, on which what others say can be held back, and which ends with the process. */
export class HeldBackLog implements EventLog {
  readonly #log: MemoryEventLog;
  #isCut = false;
  #opened: Promise<void> = Promise.resolve();
  #open: () => void = () => {};

  constructor(store: MemoryLogStore) {
    this.#log = new MemoryEventLog(store);
  }

  /** From now on nothing is delivered, until `deliver`. */
  holdBack(): void {
    this.#opened = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  /** Delivers what was held back, and all that follows. */
  deliver(): void {
    this.#open();
    this.#opened = Promise.resolve();
  }

  /** From now on the process says and hears nothing. */
  cut(): void {
    this.#isCut = true;
  }

  async subscribe(options: Parameters<EventLog['subscribe']>[0]): Promise<Subscription> {
    const subscription = await this.#log.subscribe({
      ...options,
      handler: async (topic, records) => {
        await this.#opened;
        this.#requireLife();
        await options.handler(topic, records);
      },
    });
    return {
      stop: () => {
        this.deliver();
        return subscription.stop();
      },
    };
  }

  ensureTopic(...asked: Parameters<EventLog['ensureTopic']>): Promise<void> {
    return this.#log.ensureTopic(...asked);
  }

  async publish(...asked: Parameters<EventLog['publish']>): Promise<void> {
    this.#requireLife();
    await this.#log.publish(...asked);
  }

  read(...asked: Parameters<EventLog['read']>): ReturnType<EventLog['read']> {
    return this.#log.read(...asked);
  }

  end(...asked: Parameters<EventLog['end']>): Promise<bigint> {
    return this.#log.end(...asked);
  }

  close(): Promise<void> {
    this.deliver();
    return this.#log.close();
  }

  #requireLife(): void {
    if (this.#isCut) throw new Error('the process is gone');
  }
}
