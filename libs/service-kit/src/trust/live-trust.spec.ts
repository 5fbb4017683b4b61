import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventLogMigrations } from '@acogida/event-log';
import { eventStoreMigrations, inTransaction } from '@acogida/event-store';
import { ADMISSION, genesisId, REVOCATION, SUCCESSION } from '@acogida/ledger';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import { createTestNetwork, newTestKeys, type TestNetwork } from '@acogida/testing/node';
import { trustMigrations } from './create-trust-table.migration.ts';
import { LiveTrust } from './live-trust.ts';

const READER = 'cr-conatt';
const OTHER = 'cr-border-intake';
const DIRECTORY = 'regional-directory';
const LAST_GOOD = { lastGoodNumber: 2, lastGoodTreeHead: 'a'.repeat(64) };

let database: TestDatabase;
let network: TestNetwork;
let trust: LiveTrust;

const load = (): Promise<LiveTrust> =>
  LiveTrust.load(database.pool, { agencyId: READER, genesis: network.genesis, admissions: network.admissions });
const follow = (number: number) =>
  database.pool.query(
    `INSERT INTO inbox.source_cursor (source, last_number) VALUES ($1, $2)
     ON CONFLICT (source) DO UPDATE SET last_number = $2`,
    [OTHER, number],
  );
const statusOf = async (): Promise<unknown> => {
  const { rows } = await database.pool.query('SELECT status, reason FROM inbox.source_cursor');
  return rows[0];
};
const STOPPED = { status: 'stopped', reason: 'KEY_REVOKED after number 2' };
const FLOWING = { status: 'flowing', reason: null };

beforeAll(async () => {
  database = await createTestDatabase([...eventStoreMigrations, ...eventLogMigrations, ...trustMigrations]);
  network = await createTestNetwork();
});
beforeEach(async () => {
  await database.pool.query('TRUNCATE inbox.source_cursor, inbox.event, inbox.resumption, trust.statement');
  trust = await load();
});
afterAll(() => database.drop());

const ENDINGS = {
  AgencyKeyRevoked: () =>
    network.signedByRoots(REVOCATION, {
      ...{ genesis: genesisId(network.genesis), agency: OTHER, keyId: `${OTHER}-1`, reason: 'KEY_COMPROMISED' },
      ...LAST_GOOD,
    }),
  SuccessionOrdered: () =>
    network.signedByRoots(SUCCESSION, {
      ...{ genesis: genesisId(network.genesis), agency: OTHER, successor: READER },
      ...LAST_GOOD,
    }),
};

const hear = (type: keyof typeof ENDINGS): Promise<void> =>
  inTransaction(database.pool, (transaction) =>
    trust.takeIn(transaction, { source: DIRECTORY, number: 7, type, data: ENDINGS[type]() }),
  );

describe.each(['AgencyKeyRevoked', 'SuccessionOrdered'] as const)('an agency that %s ends', (type) => {
  it('is stopped where it was followed beyond the last good number', async () => {
    await follow(3);
    await hear(type);
    expect(await statusOf()).toEqual(STOPPED);
  });

  it('is not stopped where it was not', async () => {
    await follow(2);
    await hear(type);
    await trust.refresh();
    expect(await statusOf()).toEqual(FLOWING);
  });

  it.each(['heard by the process', 'read by the next process'])(
    'is stopped where a batch judged before went beyond it, once it is %s',
    async (when) => {
      await follow(2);
      await hear(type);
      await follow(3);
      if (when === 'heard by the process') await trust.refresh();
      else await load();
      expect(await statusOf()).toEqual(STOPPED);
    },
  );

  it('stays as an officer decided', async () => {
    await follow(3);
    await hear(type);
    await database.pool.query(
      `INSERT INTO inbox.resumption (source, resumed_at, actor, reason, stopped_for, last_number)
       VALUES ($1, now(), 'officer', 'EVIDENCE_REVIEWED', $2, 3)`,
      [OTHER, STOPPED.reason],
    );
    await database.pool.query(`UPDATE inbox.source_cursor SET status = 'flowing', reason = NULL`);
    await trust.refresh();
    await load();
    expect(await statusOf()).toEqual(FLOWING);
  });
});

describe('an agency that the roots let in again from a later number on', () => {
  const letInAgain = async (): Promise<void> => {
    const first = network.admissions.find(({ statement }) => statement.agency === OTHER);
    if (first === undefined) throw new Error('the agency is not admitted');
    const { publicKeys } = newTestKeys(`${OTHER}-again`);
    const admission = network.signedByRoots(ADMISSION, {
      ...first.statement,
      ...{ sequence: 2, keys: publicKeys, fromNumber: 5 },
    });
    await inTransaction(database.pool, (transaction) =>
      trust.takeIn(transaction, { source: DIRECTORY, number: 8, type: 'AgencyAdmitted', data: admission }),
    );
  };
  const received = (state: string) =>
    database.pool.query(
      `INSERT INTO inbox.event (source, number, event_id, leaf_hash, class, subject, state, out_of_order, clock_ahead, received_at)
       SELECT $1, number, gen_random_uuid(), '', 'case', 'subject', CASE WHEN number IN (3, 4) THEN $2 ELSE 'applied' END,
              false, false, now()
         FROM generate_series(1, 6) AS number`,
      [OTHER, state],
    );

  it.each([
    ['goes on where what stands between was passed over', 'revoked', FLOWING],
    ['is stopped where it took effect', 'applied', STOPPED],
  ])('%s, also at the next start', async (_, state, expected) => {
    await follow(2);
    await hear('AgencyKeyRevoked');
    await letInAgain();
    await received(state);
    await follow(6);
    await trust.refresh();
    expect(await statusOf()).toEqual(expected);
    await load();
    expect(await statusOf()).toEqual(expected);
  });
});
