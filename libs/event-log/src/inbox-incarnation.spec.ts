import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, eventually, type TestDatabase } from '@acogida/testing';
import { AgencyStoppedError } from './inbox-port.ts';
import { benchMigrations, InboxBench } from './inbox-testing/inbox-bench.ts';
import { parseHeadRecord } from './head-record.ts';
import type { LogRecord } from './port.ts';
import { AGENCY, numberOf, RelayingNode, SIGNING_KEYS, TOPIC } from './testing/relaying-node.ts';

let database: TestDatabase;
let bench: InboxBench;
/** The life of the agency's store that ends, and the older copy of it that goes on. */
let lost: RelayingNode;
let restored: RelayingNode;

beforeAll(async () => {
  database = await createTestDatabase(benchMigrations);
});

afterAll(() => database.drop());

beforeEach(async () => {
  bench = await InboxBench.onEmpty(database.pool);
  bench.trust.set(AGENCY, [{ keyId: 'signing-1', publicKey: SIGNING_KEYS.publicKey, fromNumber: 1 }]);
  lost = await RelayingNode.create();
  await lost.reset();
  await lost.commit(2);
  await lost.publishAll();
  restored = await lost.copy();
  await lost.commit(2);
  await lost.publishAll();
});

afterEach(() => Promise.all([lost.database.drop(), restored.database.drop()]));

/** Lets the restored node recover, publish one event more, and sign its head. */
async function goOn(): Promise<void> {
  await restored.commit(1);
  const relay = restored.relayOf({ ...restored.recovering(), heartbeatIntervalMs: 1 });
  await relay.start();
  try {
    await eventually(async () => {
      expect((await restored.records()).some((record) => parseHeadRecord(record)?.statement.number === 6)).toBe(true);
    });
  } finally {
    await relay.stop();
  }
}

async function receive(records: readonly LogRecord[]): Promise<void> {
  await bench.inbox().receive(TOPIC, records);
}

/** The chains of the specs' own events are no real ones. */
const alarms = (): unknown[] =>
  bench.alarms.filter(({ kind }) => kind !== 'out-of-order').map(({ kind, reason }) => [kind, reason]);

const ACCEPTED = {
  applied: 6,
  received: 6,
  contiguous: true,
  duplicatesInEffect: 0,
  incarnation: 2,
  status: 'flowing',
};

describe('a new incarnation', () => {
  it('is accepted by an inbox that saw everything the lost life said', async () => {
    const before = await lost.records();
    await receive(before);
    await goOn();
    await receive((await restored.records()).slice(before.length));
    expect(await bench.counts(bench.intake)).toMatchObject({
      ...ACCEPTED,
      witnessedHead: { number: 6, incarnation: 2 },
    });
    await receive(await restored.records());
    expect(await bench.counts(bench.intake)).toMatchObject(ACCEPTED);
    expect(alarms()).toEqual([]);
  });

  it('is accepted by one that saw less than the restored copy, and by one that saw nothing', async () => {
    await receive((await lost.records()).slice(0, 1));
    await goOn();
    await receive((await restored.records()).slice(1));
    expect(await bench.counts(bench.intake)).toMatchObject(ACCEPTED);

    const trust = bench.trust;
    bench = await InboxBench.onEmpty(database.pool);
    for (const [agency, keys] of trust) bench.trust.set(agency, keys);
    await receive(await restored.records());
    expect(await bench.counts(bench.intake)).toMatchObject(ACCEPTED);
    expect(alarms()).toEqual([]);
  });

  it('stops the agency at its readers when the lost life goes on beside it', async () => {
    await goOn();
    await receive(await restored.records());
    await lost.commit(1);
    await lost.publishAll();
    const late = (await restored.published()).slice(-1);
    expect(late.map(numberOf)).toEqual([5]);
    await expect(receive(late)).rejects.toThrow(AgencyStoppedError);
  });
});
