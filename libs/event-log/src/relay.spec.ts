import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@acogida/testing';
import { MemoryEventLog, MemoryLogStore } from './memory-log.ts';
import type { LogRecord } from './port.ts';
import type { Relay } from './relay.ts';
import { TopicAheadError } from './relay-port.ts';
import { RelayingNode } from './testing/relaying-node.ts';
import { relayCounts } from './counts.ts';

let node: RelayingNode;

beforeAll(async () => {
  node = await RelayingNode.create();
});

beforeEach(() => node.reset());

afterAll(() => node.database.drop());

describe('a running relay', () => {
  it('publishes what is committed when it is woken, and by its poll when it is not', async () => {
    const relay = node.relayOf({ pollIntervalMs: 20 });
    await relay.start();
    await node.commit(1);
    relay.wake();
    relay.wake();
    await eventually(async () => expect(await node.numbers()).toEqual([1]));
    await node.commit(1);
    await eventually(async () => expect(await node.numbers()).toEqual([1, 2]));
    await relay.stop();
  });

  it('publishes while commits keep coming, and stops in the middle of them', async () => {
    // Every batch that is sequenced finds one event more to sequence, and is told so.
    await node.database.pool.query(`
      CREATE FUNCTION one_more() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN
        INSERT INTO es.outbox (event_id, stream, published_version, class, subject, data, time, clock)
        VALUES (gen_random_uuid(), gen_random_uuid()::text, 1, 'directory', 'directory', '{}', '2026-11-22T09:00:00.000Z', '');
        RETURN NULL;
      END $body$;
      CREATE TRIGGER one_more AFTER INSERT ON relay.batch FOR EACH ROW EXECUTE FUNCTION one_more()`);
    const relay: Relay = node.relayOf({
      observer: {
        around: async (step, _detail, work) => {
          const result = await work();
          if (step === 'sequence') relay.wake();
          return result;
        },
      },
    });
    await node.commit(1);
    await relay.start();
    await eventually(async () => expect((await node.published()).length).toBeGreaterThan(3));
    await relay.stop();
    await node.database.pool.query('DROP TRIGGER one_more ON relay.batch; DROP FUNCTION one_more');
  });

  it('waits before it tries again, however often it is woken', async () => {
    let attempts = 0;
    const away = new (class extends MemoryEventLog {
      override async end(): Promise<bigint> {
        attempts += 1;
        throw new Error('the log is away');
      }
    })();
    const relay = node.relayOf({ log: away });
    await relay.start();
    await eventually(() => expect(attempts).toBe(1));
    for (let turn = 0; turn < 100; turn += 1) {
      relay.wake();
      await node.database.pool.query('SELECT 1');
    }
    await relay.stop();
    expect(attempts).toBeLessThan(10);
  });

  it('goes on after the log was away', async () => {
    const errors: unknown[] = [];
    let away = true;
    const store = new MemoryLogStore();
    node.log = new MemoryEventLog(store);
    const flaky = new (class extends MemoryEventLog {
      override async publish(topic: string, records: readonly LogRecord[]): Promise<void> {
        if (away) throw new Error('the log is away');
        await super.publish(topic, records);
      }
    })(store);
    const relay = node.relayOf({ log: flaky, onError: (error) => errors.push(error) });
    await node.commit(2);
    await relay.start();
    await eventually(() => expect(errors.length).toBeGreaterThan(1));
    expect(await relayCounts(node.database.pool)).toEqual({ committed: 2, sequenced: 2, published: 0 });
    away = false;
    await eventually(async () => expect(await node.numbers()).toEqual([1, 2]));
    await relay.stop();
  });

  it('refuses to go on when the topic is ahead of its database', async () => {
    await node.commit(2);
    const relay = node.relayOf();
    await relay.takeOver();
    await relay.sequence();
    await relay.publish();
    await node.database.pool.query(
      `TRUNCATE es.outbox, relay.batch, relay.published, relay.recovered;
       UPDATE relay.cursor SET last_number = 0, frontier = '0', published_through = 0`,
    );
    await node.commit(1);
    const errors: unknown[] = [];
    const restored = node.relayOf({ onError: (error) => errors.push(error) });
    await restored.start();
    await eventually(() => expect(errors).toEqual([expect.any(TopicAheadError)]));
    await restored.stop();
    expect(await relayCounts(node.database.pool)).toEqual({ committed: 1, sequenced: 0, published: 0 });
  });
});
