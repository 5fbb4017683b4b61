import { type StepObserver, unobserved } from '@acogida/core';
import { ConsumptionLoop } from './log-consumption.ts';
import { assertRecordSizes, RECORDS_PER_PAGE, UnknownTopicError } from './log-limits.ts';
import {
  type EventLog,
  type LogRecord,
  type PositionedRecord,
  type RecordHandler,
  type Subscription,
  type TopicList,
  topicsOf,
} from './port.ts';

/** What several `MemoryEventLog`s of one process share: the topics, the positions of the groups, who is waiting. */
export class MemoryLogStore {
  readonly topics = new Map<string, PositionedRecord[]>();
  readonly positions = new Map<string, bigint>();
  readonly wakes = new Set<(topic: string) => void>();
}

/** A log in memory for specs: the same promises as the real ones, durable as long as the store is held. */
export class MemoryEventLog implements EventLog {
  readonly #store: MemoryLogStore;
  readonly #observer: StepObserver;
  readonly #subscriptions = new Set<Subscription>();

  /** @param observer stands around `offset-commit` */
  constructor(store: MemoryLogStore = new MemoryLogStore(), observer: StepObserver = unobserved) {
    this.#store = store;
    this.#observer = observer;
  }

  async ensureTopic(topic: string): Promise<void> {
    if (!this.#store.topics.has(topic)) this.#store.topics.set(topic, []);
  }

  async publish(topic: string, records: readonly LogRecord[]): Promise<void> {
    assertRecordSizes(records);
    const kept = this.#store.topics.get(topic);
    if (kept === undefined) throw new UnknownTopicError(topic);
    for (const { value, headers } of records) {
      kept.push({ value, headers: { ...headers }, topic, position: BigInt(kept.length) });
    }
    for (const wake of this.#store.wakes) wake(topic);
  }

  async subscribe(options: {
    readonly group: string;
    readonly topics: TopicList;
    readonly from: 'beginning' | 'end';
    readonly handler: RecordHandler;
  }): Promise<Subscription> {
    const store = this.#store;
    const loops = new Map<string, ConsumptionLoop>();
    const follow = (): void => {
      for (const topic of topicsOf(options.topics)) {
        if (loops.has(topic)) continue;
        const key = JSON.stringify([options.group, topic]);
        const start = options.from === 'end' ? BigInt(store.topics.get(topic)?.length ?? 0) : 0n;
        if (!store.positions.has(key)) store.positions.set(key, start);
        const loop = new ConsumptionLoop({
          topic,
          handler: async (name, records) => {
            await options.handler(name, records);
            if (!isStopped) follow(); // what was handled may have named another topic
          },
          observer: this.#observer,
          nextPage: async () => this.#page(topic, store.positions.get(key) as bigint),
          commit: async (position) => {
            store.positions.set(key, position);
            return this.#page(topic, position);
          },
        });
        loops.set(topic, loop);
        loop.start();
      }
    };
    let isStopped = false;
    const wake = (topic: string): void => {
      follow();
      loops.get(topic)?.wake();
    };
    store.wakes.add(wake);
    follow();
    const subscription = {
      stop: async () => {
        isStopped = true;
        store.wakes.delete(wake);
        this.#subscriptions.delete(subscription);
        await Promise.all([...loops.values()].map((loop) => loop.stop()));
      },
    };
    this.#subscriptions.add(subscription);
    return subscription;
  }

  async *read(topic: string, from: bigint): AsyncIterable<readonly PositionedRecord[]> {
    const end = await this.end(topic);
    for (let position = from; position < end;) {
      const page = this.#page(topic, position).filter((record) => record.position < end);
      yield page;
      position += BigInt(page.length);
    }
  }

  async end(topic: string): Promise<bigint> {
    return BigInt(this.#store.topics.get(topic)?.length ?? 0);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.stop()));
  }

  #page(topic: string, from: bigint): PositionedRecord[] {
    const start = Number(from);
    return (this.#store.topics.get(topic) ?? []).slice(start, start + RECORDS_PER_PAGE);
  }
}
