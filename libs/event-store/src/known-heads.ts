import { LruMap } from '@acogida/core';
import type { StreamHead } from './append-rows.ts';
import type { AppendRequest } from './port.ts';

/**
 * The last heads this process saw, for appending without asking first. Only a guess: another process may have moved a head,
 * and the conditional update finds out. Bounded; what was not used for longest is forgotten.
 */
export class KnownHeads {
  readonly #heads: LruMap<StreamHead>;

  constructor(capacity: number) {
    this.#heads = new LruMap(capacity);
  }

  /** Keeps a committed head, unless a later one is known. */
  keep(head: StreamHead): void {
    const known = this.#heads.get(head.name);
    if (known !== undefined && known.version > head.version) return;
    this.#heads.set(head.name, head);
  }

  forget(streams: Iterable<string>): void {
    for (const stream of streams) this.#heads.delete(stream);
  }

  /**
   * The heads that the requests were decided on, by stream; those that create a stream have none. Undefined when one of the
   * requests stands on a head that is not known here, or writes no event: then somebody has to look.
   */
  headsFor(requests: readonly AppendRequest[]): ReadonlyMap<string, StreamHead> | undefined {
    const heads = new Map<string, StreamHead>();
    for (const { stream, expectedVersion, events } of requests) {
      const head = this.#heads.get(stream);
      if (events.length === 0 || (head?.version ?? 0) !== expectedVersion) return undefined;
      if (head !== undefined) heads.set(stream, head);
    }
    return heads;
  }
}
