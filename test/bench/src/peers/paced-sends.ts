import { setTimeout as pause } from 'node:timers/promises';

/** Starts a send at every tick, whether or not the one before has ended, and waits for all. */
export async function pacedSends(
  { count, perSecond }: { readonly count: number; readonly perSecond: number },
  send: (index: number) => Promise<void>,
): Promise<void> {
  const startedMs = performance.now();
  const sends: Promise<void>[] = [];
  for (let index = 0; index < count; index += 1) {
    const dueMs = startedMs + (index * 1000) / perSecond;
    if (dueMs > performance.now()) await pause(dueMs - performance.now());
    sends.push(send(index));
  }
  await Promise.all(sends);
}

/** What has arrived, by key, with the machine's monotonic clock in nanoseconds. */
export type Stamps = ReadonlyMap<string, bigint>;

/** Collects arrivals until as many as are asked for are there. */
export class Arrivals {
  #stamps = new Map<string, bigint>();
  #wake: () => void = () => {};

  add(keys: Iterable<string>, atNs: bigint): void {
    for (const key of keys) if (!this.#stamps.has(key)) this.#stamps.set(key, atNs);
    this.#wake();
  }

  /** Waits for `count` keys, and forgets them. */
  async take(count: number): Promise<Stamps> {
    while (this.#stamps.size < count) await new Promise<void>((resolve) => (this.#wake = resolve));
    const taken = this.#stamps;
    this.#stamps = new Map();
    return taken;
  }
}
