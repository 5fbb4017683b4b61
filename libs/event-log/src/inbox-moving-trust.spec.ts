import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import type { InboxOptions, Trust } from './inbox-port.ts';
import { benchMigrations, InboxBench } from './inbox-testing/inbox-bench.ts';
import { topicOf } from './port.ts';
import { PostgresInboxStore } from './postgres-inbox-store.ts';

let database: TestDatabase;
let bench: InboxBench;

beforeAll(async () => {
  database = await createTestDatabase(benchMigrations);
});

beforeEach(async () => {
  bench = await InboxBench.onEmpty(database.pool);
});

afterAll(async () => {
  await database.drop();
});

/** A store that lets something happen between the judgement of records and the lock on their agency's row. */
function whileWaiting(happens: () => void): InboxOptions['store'] {
  const store = new PostgresInboxStore(database.pool);
  const withSourceLocked: typeof store.withSourceLocked = (source, work, ask) => {
    happens();
    return store.withSourceLocked(source, work, ask);
  };
  return Object.assign(Object.create(store) as PostgresInboxStore, {
    withSourceLocked,
    lanesWithArrivedCause: () => store.lanesWithArrivedCause(),
    isSomeoneParked: () => store.isSomeoneParked(),
  });
}

describe('keys that end while records wait for their turn', () => {
  it('let nothing take effect that they do not stand for any more', async () => {
    let revision = 1;
    const trust: Trust = {
      has: (agencyId) => bench.trust.has(agencyId),
      get: (agencyId) => bench.trust.get(agencyId),
      get revision() {
        return revision;
      },
    };
    const store = whileWaiting(() => {
      bench.trust.set('cr-border-intake', [{ ...bench.intake.trusted, throughNumber: 1 }]);
      revision = 2;
    });
    const records = bench.intake.publish({}, {});
    await bench.inbox({ trust, store }).receive(topicOf('cr-border-intake'), records);
    expect(await bench.reacted()).toEqual(['cr-border-intake/1']);
    expect(bench.alarms.map(({ reason }) => reason)).toEqual(['SIGNING_KEY_OVER']);
    expect(await bench.counts(bench.intake)).toMatchObject({ received: 1, status: 'flowing', unverifiable: 1 });
  });
});
