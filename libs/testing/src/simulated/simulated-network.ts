import { type LogRecord, MemoryEventLog, MemoryLogStore, type PositionedRecord } from '@acogida/event-log';

/**
 * The shared log of a simulation: the log in memory, of which nothing is delivered until somebody asks for it. Who reads what,
 * when, how much of it at once and how often again is for the simulation to choose.
 */
export class SimulatedNetwork {
  readonly #store = new MemoryLogStore();
  readonly log = new MemoryEventLog(this.#store);

  /** Position after the last record of a topic. */
  endOf(topic: string): number {
    return this.#store.topics.get(topic)?.length ?? 0;
  }

  /** Records of a topic from a position on, at most so many. */
  page(topic: string, from: number, count: number): readonly PositionedRecord[] {
    return (this.#store.topics.get(topic) ?? []).slice(from, from + count);
  }

  /** Everything that was ever published on a topic. */
  all(topic: string): readonly LogRecord[] {
    return this.#store.topics.get(topic) ?? [];
  }
}
