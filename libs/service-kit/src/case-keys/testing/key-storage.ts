import { inTransaction } from '@acogida/event-store';
import { type KeyRows, MemoryKeyRows, PostgresKeyRows, sealingMigrations } from '@acogida/sealing';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';

/** Storages of keys that the specs of this folder run on; each call of `make` gives an empty one. */
export const KEY_STORAGES: readonly {
  readonly name: string;
  readonly make: () => Promise<{ readonly rows: KeyRows; readonly close: () => Promise<void> }>;
}[] = [
  { name: 'memory', make: async () => ({ rows: new MemoryKeyRows(), close: async () => {} }) },
  {
    name: 'PostgreSQL',
    make: async () => {
      const database: TestDatabase = await createTestDatabase(sealingMigrations);
      return {
        rows: new PostgresKeyRows((work) => inTransaction(database.pool, work)),
        close: () => database.drop(),
      };
    },
  },
];
