import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@acogida/testing';
import type { Step, StepObserver } from '@acogida/core';
import { relayCounts } from './counts.ts';
import { RelayDeposedError } from './relay-port.ts';
import { numberOf, RelayingNode } from './testing/relaying-node.ts';

let node: RelayingNode;

/** Stops a relay before or after one step, once, until it is told to go on: a process that the machine forgot for a while. */
class Pause implements StepObserver {
  readonly #step: Step;
  readonly #side: 'before' | 'after';
  #isTaken = false;
  reached = false;
  wakeUp = (): void => {};

  constructor(step: Step, side: 'before' | 'after') {
    this.#step = step;
    this.#side = side;
  }

  async around<T>(step: Step, _detail: object, work: () => Promise<T>): Promise<T> {
    const pauses = step === this.#step && !this.#isTaken;
    if (pauses && this.#side === 'before') await this.#hold();
    const result = await work();
    if (pauses && this.#side === 'after') await this.#hold();
    return result;
  }

  #hold(): Promise<void> {
    this.#isTaken = true;
    this.reached = true;
    return new Promise((resolve) => {
      this.wakeUp = resolve;
    });
  }
}

beforeAll(async () => {
  node = await RelayingNode.create();
});

beforeEach(() => node.reset());

afterAll(() => node.database.drop());

describe('two relays', () => {
  it('of one node: the older one is deposed and writes nothing more', async () => {
    const older = node.relayOf();
    await older.takeOver();
    const newer = node.relayOf();
    await newer.takeOver();
    await node.commit(1);
    await expect(older.sequence()).rejects.toThrow(RelayDeposedError);
    await expect(older.publish()).rejects.toThrow(RelayDeposedError);
    expect(await newer.sequence()).toBe(1);
    expect(await newer.publish()).toBe(1);
  });

  it('started one after the other: the older one stops and says so', async () => {
    const errors: unknown[] = [];
    const older = node.relayOf({ onError: (error) => errors.push(error) });
    await older.start();
    const newer = node.relayOf();
    await newer.start();
    older.wake();
    await eventually(() => expect(errors).toEqual([expect.any(RelayDeposedError)]));
    await older.stop();
    await node.commit(1);
    newer.wake();
    await eventually(async () => expect(await node.published()).toHaveLength(1));
    await newer.stop();
  });
});

describe('a relay that was paused and wakes late, when another has taken over', () => {
  it.each<[Step, 'before' | 'after']>([
    ['sequence', 'before'],
    ['sequence', 'after'],
    ['publish', 'before'],
    ['publish', 'after'],
    ['acknowledge', 'before'],
    ['acknowledge', 'after'],
  ])('changes nothing: %s, %s', async (step, side) => {
    const errors: unknown[] = [];
    const pause = new Pause(step, side);
    const paused = node.relayOf({ observer: pause, onError: (error) => errors.push(error) });
    await node.commit(2);
    await paused.start();
    await eventually(() => expect(pause.reached).toBe(true));

    const newer = node.relayOf();
    await newer.start();
    await node.commit(2);
    newer.wake();
    await eventually(async () => expect(new Set(await node.numbers())).toEqual(new Set([1, 2, 3, 4])));
    await eventually(async () => expect((await relayCounts(node.database.pool)).published).toBe(4));
    const before = await node.database.pool.query('SELECT * FROM relay.cursor, relay.batch, relay.published');

    pause.wakeUp();
    paused.wake();
    await eventually(() => expect(errors).toEqual([expect.any(RelayDeposedError)]));
    await paused.stop();
    await newer.stop();
    const after = await node.database.pool.query('SELECT * FROM relay.cursor, relay.batch, relay.published');
    expect(after.rows).toEqual(before.rows);
    const bytes = new Map<number, Set<string>>();
    for (const record of await node.published()) {
      bytes.set(numberOf(record), (bytes.get(numberOf(record)) ?? new Set()).add(record.value));
    }
    expect([...bytes.values()].map((versions) => versions.size)).toEqual([1, 1, 1, 1]);
  });
});
