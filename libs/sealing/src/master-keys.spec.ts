import { describe, expect, it } from '@jest/globals';
import { MasterKeyLostError } from './kek.ts';
import type { KeyRows } from './key-rows.ts';
import { type Kms, KmsError } from './kms/port.ts';
import { MemoryKeyRows } from './memory-key-rows.ts';
import { systemRandomness } from './randomness.ts';
import { makeCaseKeySet } from './sealing-key.ts';
import { MemoryKms } from './kms/memory-kms.ts';
import { openSpecStore } from './testing/spec-sealing.ts';

const AGENCY = 'cr-border-intake';
const AT = '2026-11-22T09:00:00.000Z';
const CASES = ['0b5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e01', '1c5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e02'];

/** Lets through as many calls as are left, then fails every one, as when the process ends. */
function failing<T extends object>(parts: T, calls: { left: number }): T {
  return new Proxy(parts, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return async (...values: unknown[]): Promise<unknown> => {
        calls.left -= 1;
        if (calls.left < 0) throw new Error('the process ended');
        return (value as (...given: unknown[]) => unknown).apply(target, values);
      };
    },
  });
}

async function withCases(): Promise<{ readonly rows: MemoryKeyRows; readonly kms: MemoryKms }> {
  const [rows, kms] = [new MemoryKeyRows(), new MemoryKms()];
  const { store } = await openSpecStore(AGENCY, { rows, kms });
  for (const caseId of CASES) {
    await rows.inTransaction((transaction) =>
      store.insertSet(transaction, makeCaseKeySet(caseId, 1, systemRandomness), AT),
    );
  }
  return { rows, kms };
}

async function openCases(parts: { rows: KeyRows; kms: Kms; whenLost?: 'begin-anew' }): Promise<readonly string[]> {
  const { ring, store } = await openSpecStore(AGENCY, parts);
  await parts.rows.inTransaction((transaction) => store.load(transaction, { cases: CASES }));
  return CASES.filter((caseId) => ring.current(caseId) !== undefined);
}

describe('renewing the master key', () => {
  it('interrupted at any step loses nothing, and done again closes every earlier copy', async () => {
    let interruptions = 0;
    for (let steps = 0; ; steps += 1) {
      const { rows, kms } = await withCases();
      const backup = rows.copy();
      const calls = { left: Number.POSITIVE_INFINITY };
      const { store } = await openSpecStore(AGENCY, { rows: failing(rows, calls), kms: failing(kms, calls) });
      calls.left = steps;
      const done = await store.renewMasterKey(1).then(
        () => true,
        () => false,
      );
      expect(await openCases({ rows, kms })).toEqual(CASES);
      if (done) break;
      interruptions += 1;
      const halfway = rows.copy();
      await (await openSpecStore(AGENCY, { rows, kms })).store.renewMasterKey(1);
      expect(await openCases({ rows, kms })).toEqual(CASES);
      for (const copy of [backup, halfway])
        await expect(openCases({ rows: copy, kms })).rejects.toThrow(MasterKeyLostError);
    }
    expect(interruptions).toBeGreaterThan(20);
  });
});

describe('opening the master keys', () => {
  it('refuses a database that the KMS does not open, and leaves it alone', async () => {
    const { rows, kms } = await withCases();
    await expect(openCases({ rows, kms: new MemoryKms() })).rejects.toMatchObject({
      name: 'MasterKeyLostError',
      code: 'KEYS.MASTER_KEY_LOST',
    });
    expect(await openCases({ rows, kms })).toEqual(CASES);
  });

  it('begins anew where an operator says so: what was lost stays closed, what comes is kept', async () => {
    const { rows } = await withCases();
    const kms = new MemoryKms();
    expect(await openCases({ rows, kms, whenLost: 'begin-anew' })).toEqual([]);
    const { store, ring } = await openSpecStore(AGENCY, { rows, kms });
    expect(store.generations()).toEqual([2]);
    const set = makeCaseKeySet(CASES[0]!, 2, systemRandomness);
    await rows.inTransaction((transaction) => store.insertSet(transaction, set, AT));
    await rows.inTransaction((transaction) => store.load(transaction, { cases: CASES }));
    expect(CASES.map((caseId) => ring.current(caseId)?.epoch)).toEqual([2, undefined]);
    expect(await store.renewMasterKey()).toMatchObject({ generation: 3, rewrapped: 1, destroyed: [2] });
  });

  it('waits for a KMS that is away instead of beginning anew', async () => {
    const { rows, kms } = await withCases();
    const away: Kms = {
      name: 'away',
      wrap: (plain) => kms.wrap(plain),
      unwrap: () => Promise.reject(new KmsError('KMS.UNAVAILABLE', 'away')),
      rotate: () => kms.rotate(),
      destroyBelow: (version) => kms.destroyBelow(version),
    };
    await expect(openCases({ rows, kms: away, whenLost: 'begin-anew' })).rejects.toMatchObject({
      code: 'KMS.UNAVAILABLE',
    });
    expect(await openCases({ rows, kms })).toEqual(CASES);
  });
});
