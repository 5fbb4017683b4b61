/** Settings of a read group. */
export interface ReadGroupOptions<V> {
  /** Reads all of the keys, each given once, in one round trip, and has an entry for each. */
  readonly read: (keys: readonly string[]) => Promise<ReadonlyMap<string, V>>;
  /** Whether a failure of the whole says nothing of any single key: then all get it and nothing is read again. */
  readonly isOutage: (error: unknown) => boolean;
  /** Round trips under way at the same time. */
  readonly parallelReads: number;
  /** Keys of one round trip at most. */
  readonly maxKeys: number;
}

interface PendingRead<V> {
  readonly key: string;
  readonly resolve: (value: V) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Lets reads that are wanted at the same time share a round trip. Every read starts after it was asked for, so it sees
 * whatever was committed before. If one of them breaks the round trip, each is read again alone.
 */
export class ReadGroup<V> {
  readonly #options: ReadGroupOptions<V>;
  #pending: PendingRead<V>[] = [];
  #reads = 0;
  #scheduled = false;

  constructor(options: ReadGroupOptions<V>) {
    this.#options = options;
  }

  read(key: string): Promise<V> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ key, resolve, reject });
      this.#schedule();
    });
  }

  /** Waits for the end of this turn of the event loop, so that all requests that arrived with it are in. */
  #schedule(): void {
    if (this.#scheduled || this.#reads >= this.#options.parallelReads) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      while (this.#reads < this.#options.parallelReads && this.#pending.length > 0) {
        this.#reads += 1;
        const group = this.#pending.splice(0, this.#options.maxKeys);
        void this.#settle(group).finally(() => {
          this.#reads -= 1;
          if (this.#pending.length > 0) this.#schedule();
        });
      }
    });
  }

  async #settle(group: readonly PendingRead<V>[]): Promise<void> {
    try {
      const found = await this.#options.read([...new Set(group.map(({ key }) => key))]);
      for (const { key, resolve } of group) resolve(found.get(key) as V);
    } catch (error) {
      if (group.length === 1 || this.#options.isOutage(error)) for (const { reject } of group) reject(error);
      else for (const pending of group) await this.#settle([pending]);
    }
  }
}
