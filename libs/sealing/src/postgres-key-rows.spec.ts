import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { inTransaction } from '@acogida/event-store';
import { createTestDatabase, eventually, type TestDatabase } from '@acogida/testing';
import { isOfErasedCase } from './erased-case.migration.ts';
import { sealingMigrations } from './key-schema.migration.ts';
import type { KeyStore } from './key-store.ts';
import { PostgresKeyRows } from './postgres-key-rows.ts';
import { systemRandomness } from './randomness.ts';
import { makeCaseKeySet } from './sealing-key.ts';
import { describeKeyStoreConformance } from './testing/key-store-conformance.ts';
import { MemoryKms } from './kms/memory-kms.ts';
import { openSpecStore } from './testing/spec-sealing.ts';

const CASE = '0b5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e01';
const AT = '2026-11-22T09:00:00.000Z';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase(sealingMigrations);
});

afterAll(() => database.drop());

async function emptyRows(): Promise<PostgresKeyRows> {
  await database.pool.query('TRUNCATE keys.kek, keys.case_key, keys.own_epoch, keys.erased_case CASCADE');
  return new PostgresKeyRows((work) => inTransaction(database.pool, work));
}

describeKeyStoreConformance('PostgresKeyRows', emptyRows);

describe('PostgresKeyRows', () => {
  it('loses no key that is being written while the master key is renewed', async () => {
    const rows = await emptyRows();
    const kms = new MemoryKms();
    const { store } = await openSpecStore('cr-border-intake', { rows, kms });
    const set = makeCaseKeySet(CASE, 1, systemRandomness);
    let renewal: Promise<unknown> = Promise.resolve();
    await rows.inTransaction(async (transaction) => {
      await store.insertSet(transaction, set, AT);
      renewal = store.renewMasterKey();
      await eventually(async () => {
        const { rows: waiting } = await database.pool.query(
          `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
             AND query LIKE 'DELETE FROM keys.kek%'`,
        );
        expect(waiting).toHaveLength(1);
      });
    });
    expect(await renewal).toEqual({ generation: 2, rewrapped: 1, damaged: 0, destroyed: [1] });
    const again = await openSpecStore('cr-border-intake', { rows, kms });
    await rows.inTransaction((transaction) => again.store.load(transaction, { cases: [CASE] }));
    expect(again.ring.current(CASE)?.subject).toBe(set.subject);
  });

  it('keeps no key in clear', async () => {
    const rows = await emptyRows();
    const { store } = await openSpecStore('cr-border-intake', { rows, kms: new MemoryKms() });
    const set = makeCaseKeySet(CASE, 1, systemRandomness);
    await rows.inTransaction((transaction) => store.insertSet(transaction, set, AT));
    const { rows: written } = await database.pool.query<{ text: string }>(
      'SELECT k::text AS text FROM keys.own_epoch k UNION ALL SELECT k::text FROM keys.kek k',
    );
    const text = written.map((row) => row.text).join('\n');
    expect(text).toContain(set.keys.care.keyId);
    for (const key of Object.values(set.keys)) {
      const bytes = key.secret.expose();
      for (const spelling of ['hex', 'base64', 'base64url'] as const)
        expect(text).not.toContain(bytes.toString(spelling));
    }
  });
});

describe('an erasure that somebody else comes across', () => {
  let rows: PostgresKeyRows;
  let store: KeyStore;

  beforeAll(async () => {
    rows = await emptyRows();
    ({ store } = await openSpecStore('cr-border-intake', { rows, kms: new MemoryKms() }));
  });
  beforeEach(() => database.pool.query('TRUNCATE keys.case_key, keys.own_epoch, keys.erased_case'));

  const begin = (caseId: string): Promise<void> =>
    rows.inTransaction(async (transaction) => {
      await transaction.query("SET LOCAL lock_timeout = '10s'");
      await store.insertSet(transaction, makeCaseKeySet(caseId, 1, systemRandomness), AT);
    });

  const grant = (caseId: string): Promise<void> =>
    rows.inTransaction((transaction) => {
      const { epoch, subject, keys } = makeCaseKeySet(caseId, 1, systemRandomness);
      const place = { source: 'mx-comar', subject, caseId, audience: 'coded' as const, epoch, grantedBy: 'mx-comar' };
      return store.insert(transaction, [{ kind: 'case', ...place, receivedAt: AT, key: keys.coded }]);
    });

  /** Cases that have another lock than `CASE`. */
  async function othersOf(count: number): Promise<readonly string[]> {
    const { rows: found } = await database.pool.query<{ id: string }>(
      `SELECT id FROM (SELECT gen_random_uuid()::text AS id FROM generate_series(1, 100)) AS made
        WHERE uuid_hash(id::uuid) & 63 <> uuid_hash($1::uuid) & 63 LIMIT $2`,
      [CASE, count],
    );
    return found.map(({ id }) => id);
  }

  async function someoneWaits(): Promise<void> {
    await eventually(async () => {
      const { rowCount } = await database.pool.query(
        "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'",
      );
      expect(rowCount).toBe(1);
    });
  }

  it('lets keys of other cases begin and be granted meanwhile, and none of its own', async () => {
    const [one = '', other = ''] = await othersOf(2);
    let begun: Promise<unknown> = Promise.resolve();
    await rows.inTransaction(async (erasing) => {
      await store.beginErasure(erasing, [CASE]);
      await begin(one);
      await grant(other);
      begun = begin(CASE).then(() => null, isOfErasedCase);
      await someoneWaits();
    });
    expect(await begun).toBe(true);
    const casesIn = async (table: 'own_epoch' | 'case_key'): Promise<readonly string[]> =>
      (await rows.inTransaction((transaction) => rows.all(transaction, table))).map(({ caseId }) => caseId);
    expect([await casesIn('own_epoch'), await casesIn('case_key')]).toEqual([[one], [other]]);
  });

  it('keeps no key that is granted meanwhile', async () => {
    let granted: Promise<unknown> = Promise.resolve();
    await rows.inTransaction(async (erasing) => {
      await store.beginErasure(erasing, [CASE]);
      granted = grant(CASE);
      await someoneWaits();
    });
    await granted;
    expect(await rows.inTransaction((transaction) => rows.all(transaction, 'case_key'))).toEqual([]);
  });

  it('waits for keys of the case that are being begun, and destroys them', async () => {
    let forgotten: Promise<{ readonly keyIds: readonly string[] }> | undefined;
    const set = makeCaseKeySet(CASE, 1, systemRandomness);
    await rows.inTransaction(async (beginning) => {
      await store.insertSet(beginning, set, AT);
      forgotten = rows.inTransaction((transaction) => store.forget(transaction, { caseIds: [CASE] }));
      await someoneWaits();
    });
    const names = Object.values(set.keys).map(({ keyId }) => keyId);
    expect([...((await forgotten)?.keyIds ?? [])].sort()).toEqual(names.sort());
  });
});
