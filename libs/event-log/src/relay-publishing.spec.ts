import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@acogida/testing';
import { relayCounts } from './counts.ts';
import { MemoryEventLog, MemoryLogStore } from './memory-log.ts';
import type { LogRecord } from './port.ts';
import type { Relay } from './relay.ts';
import { RelayingNode, TOPIC } from './testing/relaying-node.ts';

let node: RelayingNode;

beforeAll(async () => {
  node = await RelayingNode.create();
});

beforeEach(() => node.reset());

afterAll(() => node.database.drop());

describe('publishing', () => {
  it('publishes the same bytes again after a crash between publishing and moving the cursor', async () => {
    await node.commit(3);
    const first = node.relayOf();
    await first.takeOver();
    await first.sequence();
    await first.publish();
    const before = await node.published();
    await node.database.pool.query('UPDATE relay.cursor SET published_through = 0');

    const second = node.relayOf();
    await second.takeOver();
    await second.publish();
    const records = await node.published();
    expect(records).toHaveLength(6);
    expect(records.slice(3).map(({ value, headers }) => ({ value, headers }))).toEqual(
      before.map(({ value, headers }) => ({ value, headers })),
    );
  });

  it('writes down with the next batch what the log has, and by itself when none follows', async () => {
    const steps: string[] = [];
    const said = async (): Promise<number> => (await relayCounts(node.database.pool)).published;
    let saidWithSecond: number | undefined;
    const relay: Relay = node.relayOf({
      observer: {
        around: async (step, _detail, work) => {
          steps.push(step);
          const result = await work();
          if (steps.length === 1) {
            await node.commit(1);
            relay.wake();
          }
          if (step === 'sequence') saidWithSecond = await said();
          return result;
        },
      },
    });
    await node.commit(1);
    await relay.start();
    await eventually(async () => expect(await said()).toBe(2));
    await relay.stop();
    expect(saidWithSecond).toBe(1);
    expect(steps).toEqual(['sequence', 'publish', 'sequence', 'publish', 'acknowledge']);
  });

  it('publishes after a crash what was sequenced before it', async () => {
    await node.commit(2);
    const first = node.relayOf();
    await first.takeOver();
    await first.sequence();
    const { rows } = await node.database.pool.query<{ bytes: string }>(
      'SELECT bytes FROM relay.published ORDER BY number',
    );

    const second = node.relayOf();
    await second.takeOver();
    await second.sequence();
    await second.publish();
    expect((await node.published()).map(({ value }) => value)).toEqual(rows.map(({ bytes }) => bytes));
  });

  it('publishes again what the topic has lost', async () => {
    await node.commit(3);
    const relay = node.relayOf();
    await relay.takeOver();
    await relay.sequence();
    await relay.publish();
    const kept = (await node.published()).slice(0, 1);
    node.log = new MemoryEventLog();
    await node.log.ensureTopic(TOPIC);
    await node.log.publish(TOPIC, kept);

    const next = node.relayOf();
    await next.start();
    await eventually(async () => expect(await node.numbers()).toEqual([1, 2, 3]));
    await next.stop();
  });

  it('publishes again what the log lost while the relay ran, before anything new', async () => {
    const store = new MemoryLogStore();
    node.log = new MemoryEventLog(store);
    let away = false;
    const failing = new (class extends MemoryEventLog {
      override async publish(topic: string, records: readonly LogRecord[]): Promise<void> {
        if (away) throw new Error('the log is away');
        await super.publish(topic, records);
      }
    })(store);
    const errors: unknown[] = [];
    const relay = node.relayOf({ log: failing, onError: (error) => errors.push(error) });
    await node.commit(3);
    await relay.start();
    await eventually(async () => expect(await node.numbers()).toEqual([1, 2, 3]));

    away = true;
    store.topics.get(TOPIC)?.splice(1);
    await node.commit(1);
    relay.wake();
    await eventually(() => expect(errors.length).toBeGreaterThan(0));
    away = false;
    await eventually(async () => expect(await node.numbers()).toEqual([1, 2, 3, 4]));
    await relay.stop();
    expect(await relayCounts(node.database.pool)).toEqual({ committed: 4, sequenced: 4, published: 4 });
  });

  it('publishes again from the first number that the topic lacks, however far back, also behind newer ones', async () => {
    const store = new MemoryLogStore();
    node.log = new MemoryEventLog(store);
    await node.commit(3);
    const first = node.relayOf();
    await first.start();
    await eventually(async () => expect(await node.published()).toHaveLength(3));
    await first.stop();
    store.topics.get(TOPIC)?.splice(1);
    await node.commitMany(700);
    const unaware = node.relayOf();
    await unaware.takeOver();
    await unaware.sequence();
    await unaware.publish();

    const next = node.relayOf();
    await next.start();
    const from = (start: number): number[] => Array.from({ length: 704 - start }, (_, index) => start + index);
    await eventually(async () => expect(await node.numbers()).toEqual([1, ...from(4), ...from(2)]));
    await next.stop();
  });

  it('looks back no further than to where the topic was whole before', async () => {
    const readFrom: bigint[] = [];
    const store = new MemoryLogStore();
    node.log = new (class extends MemoryEventLog {
      override read(topic: string, from: bigint): ReturnType<MemoryEventLog['read']> {
        readFrom.push(from);
        return super.read(topic, from);
      }
    })(store);
    await node.log.ensureTopic(TOPIC);
    const lookOnce = async (): Promise<void> => {
      let compared = false;
      const relay = node.relayOf({ onTailCompared: () => void (compared = true) });
      await relay.start();
      await eventually(() => expect(compared).toBe(true));
      await relay.stop();
    };
    const writer = node.relayOf();
    await writer.takeOver();
    await node.commit(300);
    await writer.sequence();
    await writer.publish();
    await lookOnce();
    expect(readFrom.splice(0)).toEqual([200n, 0n]);
    await lookOnce();
    expect(readFrom).toEqual([200n]);
  });
});
