import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@acogida/testing';
import { ConsumptionLoop } from './log-consumption.ts';
import type { PositionedRecord } from './port.ts';

/** A topic that notes what is asked of it; pages of two records. */
class NotedTopic {
  readonly asked: string[] = [];
  readonly handled: string[] = [];
  readonly #records: PositionedRecord[] = [];
  #position = 0;
  /** Runs while a page is handled. */
  onHandle: () => void = () => {};
  /** Runs when a commit has read what follows. */
  onCommitted: () => void = () => {};
  readonly loop = new ConsumptionLoop({
    topic: 'topic',
    handler: async (_topic, records) => {
      this.onHandle();
      this.handled.push(...records.map(({ value }) => value));
    },
    nextPage: async () => {
      this.asked.push('page');
      return this.#page();
    },
    commit: async (position) => {
      this.asked.push(`commit ${position}`);
      this.#position = Number(position);
      const page = this.#page();
      this.onCommitted();
      return page;
    },
  });

  add(...values: readonly string[]): void {
    for (const value of values) {
      this.#records.push({ topic: 'topic', position: BigInt(this.#records.length), value, headers: {} });
    }
    this.loop.wake();
  }

  #page(): readonly PositionedRecord[] {
    return this.#records.slice(this.#position, this.#position + 2);
  }
}

describe('ConsumptionLoop', () => {
  let topic: NotedTopic;

  afterEach(() => topic.loop.stop());

  it('goes on with the page that a commit gave, and asks anew only when it is woken', async () => {
    topic = new NotedTopic();
    topic.add('a', 'b', 'c');
    topic.loop.start();
    await eventually(() => expect(topic.asked).toEqual(['page', 'commit 2', 'commit 3']));
    topic.add('d');
    await eventually(() => expect(topic.handled).toEqual(['a', 'b', 'c', 'd']));
    await eventually(() => expect(topic.asked.slice(3)).toEqual(['page', 'commit 4']));
  });

  it('misses nothing that comes while a position is made durable', async () => {
    topic = new NotedTopic();
    topic.onCommitted = () => {
      topic.onCommitted = () => {};
      topic.add('b');
    };
    topic.add('a');
    topic.loop.start();
    await eventually(() => expect(topic.handled).toEqual(['a', 'b']));
  });

  it('reads the page again after a failure, with what has come since', async () => {
    topic = new NotedTopic();
    topic.onHandle = () => {
      topic.onHandle = () => {};
      topic.add('b');
      throw new Error('not yet');
    };
    topic.add('a');
    topic.loop.start();
    await eventually(() => expect(topic.handled).toEqual(['a', 'b']));
    await eventually(() => expect(topic.asked).toEqual(['page', 'page', 'commit 2']));
  });
});
