import type { StreamHead } from './append-rows.ts';
import type { AppendRequest } from './port.ts';

/**
 * The last heads this process saw, for appending without asking first. Only a guess: another process may have moved a head,
 * and the conditional update finds out. Bounded; what was not used for longest is forgotten.
 */
export class KnownHeads {
  readonly #capacity: number;
  readonly #heads = new Map<string, StreamHead>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Keeps a committed head, unless a later one is known. */
  keep(head: StreamHead): void {
    const known = this.#heads.get(head.name);
    if (known !== undefined && known.version > head.version) return;
    this.#heads.delete(head.name);
    this.#heads.set(head.name, head);
    if (this.#heads.size <= this.#capacity) return;
    const oldest = this.#heads.keys().next();
    if (oldest.done !== true) this.#heads.delete(oldest.value);
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
