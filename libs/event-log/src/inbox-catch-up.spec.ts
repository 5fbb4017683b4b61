import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import { CatchUp } from './inbox-catch-up.ts';
import { AgencyStoppedError, GapError } from './inbox-port.ts';
import { benchMigrations, InboxBench } from './inbox-testing/inbox-bench.ts';
import { RECORDS_PER_PAGE } from './log-limits.ts';
import { MemoryEventLog } from './memory-log.ts';
import { type PositionedRecord, topicOf } from './port.ts';
import { PostgresInboxStore } from './postgres-inbox-store.ts';

let database: TestDatabase;
let bench: InboxBench;
let log: MemoryEventLog;
let catchUp: CatchUp;
let topic: string;
/** Positions from which the topic was read. */
let readFrom: bigint[];

beforeAll(async () => {
  database = await createTestDatabase(benchMigrations);
});

afterAll(() => database.drop());

beforeEach(async () => {
  bench = await InboxBench.onEmpty(database.pool);
  topic = topicOf(bench.intake.agencyId);
  log = new MemoryEventLog();
  await log.ensureTopic(topic);
  readFrom = [];
  const read = (name: string, from: bigint): AsyncIterable<readonly PositionedRecord[]> => {
    readFrom.push(from);
    return log.read(name, from);
  };
  catchUp = new CatchUp({ store: new PostgresInboxStore(database.pool), log: { read }, inbox: bench.inbox() });
});

describe('catching up', () => {
  it('fetches what the log delivered to a life of this database that was lost', async () => {
    const [first, second, third, fourth] = bench.intake.publish({}, {}, {}, {});
    await log.publish(topic, [first, second, third, fourth]);
    await catchUp.receive(topic, [first]);
    await catchUp.receive(topic, [fourth]);
    expect(await bench.states(bench.intake)).toEqual(['applied', 'applied', 'applied', 'applied']);
    expect(await bench.counts(bench.intake)).toMatchObject({
      contiguous: true,
      duplicatesInEffect: 0,
      status: 'flowing',
    });
    expect(readFrom).toEqual([1n]);
  });

  it('needs no further event where a signed head tells that one is missing', async () => {
    const [first, second] = bench.intake.publish({}, {});
    const head = bench.intake.head();
    await log.publish(topic, [first, second, head]);
    await catchUp.receive(topic, [first]);
    await catchUp.receive(topic, [head]);
    expect(await bench.counts(bench.intake)).toMatchObject({ received: 2, status: 'flowing' });
  });

  it('finds what was published again further on than a page', async () => {
    const [first] = bench.intake.publish({});
    const [second] = bench.intake.publish({});
    const later = bench.intake.publish(...Array.from({ length: RECORDS_PER_PAGE }, () => ({})));
    await log.publish(topic, [first, ...later, second, ...later]);
    await catchUp.receive(topic, [first, ...later.slice(0, -1)]);
    expect(await bench.counts(bench.intake)).toMatchObject({ received: RECORDS_PER_PAGE + 2, status: 'flowing' });
  });

  it('reads a topic once for a number that it does not hold, and what is new each time after', async () => {
    const [first, second, third] = bench.intake.publish({}, {}, {});
    await log.publish(topic, [first, third]);
    await expect(catchUp.receive(topic, [first, third])).rejects.toThrow(GapError);
    await expect(catchUp.receive(topic, [first, third])).rejects.toThrow(GapError);
    await log.publish(topic, [second, third]);
    await catchUp.receive(topic, [first, third]);
    expect(await bench.states(bench.intake)).toEqual(['applied', 'applied', 'applied']);
    expect(readFrom).toEqual([1n, 2n, 2n]);
  });

  it('does not pass over a contradiction that it meets', async () => {
    const [first, second, third] = bench.intake.publish({}, {}, {});
    await log.publish(topic, [first, bench.intake.contradict(1), second, third]);
    await catchUp.receive(topic, [first]);
    await expect(catchUp.receive(topic, [third])).rejects.toThrow(AgencyStoppedError);
  });
});
