import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inTransaction } from '@acogida/event-store';
import { createTestDatabase, eventually, type TestDatabase } from '@acogida/testing';
import { sealingMigrations } from './key-schema.migration.ts';
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
  await database.pool.query('TRUNCATE keys.kek, keys.erased_case CASCADE');
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
    expect(await renewal).toEqual({ generation: 2, rewrapped: 4, damaged: 0, destroyed: [1] });
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
      'SELECT k::text AS text FROM keys.case_key k UNION ALL SELECT k::text FROM keys.kek k',
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
