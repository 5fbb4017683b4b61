import { describe, expect, it } from '@jest/globals';
import { MemoryKeyRows } from './memory-key-rows.ts';
import { describeKeyStoreConformance } from './testing/key-store-conformance.ts';

describeKeyStoreConformance('MemoryKeyRows', async () => new MemoryKeyRows());

describe('MemoryKeyRows', () => {
  it('speaks no SQL', async () => {
    const asked = new MemoryKeyRows().inTransaction(async (transaction) => transaction.query('SELECT 1'));
    await expect(asked).rejects.toThrow('a transaction in memory speaks no SQL');
  });
});
