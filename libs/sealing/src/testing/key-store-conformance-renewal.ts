import { expect, it } from '@jest/globals';
import { KEY_TABLES, type KeyTable } from '../key-rows.ts';
import { systemRandomness } from '../randomness.ts';
import { makeX25519Pair } from '../x25519.ts';
import { AT, CASE, type KeyStoreBench, makeSet, OTHER_CASE } from './key-store-bench.ts';

/** The next generation of the key-encryption key. */
export function describeRenewal({ rows, store, restart, write, insert }: KeyStoreBench): void {
  it('wraps every secret again, however few at a time, and removes the generation before', async () => {
    const sets = [makeSet(CASE), makeSet(OTHER_CASE)];
    for (const set of sets) await write((transaction) => store().insertSet(transaction, set, AT));
    const pair = makeX25519Pair(systemRandomness);
    await insert(
      { kind: 'offer', keyId: 'offers-1', pair, validFrom: AT, validThrough: AT },
      { kind: 'member', caseId: CASE, pair },
    );
    expect(await store().renewMasterKey(3)).toEqual({ generation: 2, rewrapped: 10, destroyed: [1] });
    expect(store().generations()).toEqual([2]);
    expect((await write((transaction) => rows().keks(transaction))).map(({ generation }) => generation)).toEqual([2]);
    const left = KEY_TABLES.map((table: KeyTable) =>
      write((transaction) => rows().wrappedBefore(transaction, table, { generation: 2, after: '', limit: 9 })),
    );
    expect((await Promise.all(left)).flat()).toEqual([]);
    const again = await restart();
    await write((transaction) => again.store.load(transaction, { cases: [CASE, OTHER_CASE] }));
    for (const { caseId, subject } of sets) expect(again.ring.current(caseId)?.subject).toBe(subject);
    expect(again.ring.offerPairs().map(({ x }) => x)).toEqual([pair.x]);
  });

  it('reads what another process wraps under a generation begun since', async () => {
    const other = await restart();
    await other.store.renewMasterKey();
    const set = makeSet();
    await write((transaction) => other.store.insertSet(transaction, set, AT));
    const stale = store();
    await write((transaction) => stale.load(transaction, { cases: [CASE] }));
    expect(stale.generations()).toContain(2);
    await write((transaction) => stale.insertSet(transaction, makeSet(OTHER_CASE), AT));
    const last = await restart();
    await write((transaction) => last.store.load(transaction, { cases: [CASE, OTHER_CASE] }));
    expect([last.ring.current(CASE)?.subject, last.ring.current(OTHER_CASE)?.epoch]).toEqual([set.subject, 1]);
  });

  it('fails the transaction that writes under a generation that was destroyed', async () => {
    const other = await restart();
    await other.store.renewMasterKey();
    await expect(write((transaction) => store().insertSet(transaction, makeSet(), AT))).rejects.toThrow();
    await write((transaction) => other.store.load(transaction, { cases: [CASE] }));
    expect(other.ring.current(CASE)).toBeUndefined();
  });

  it('removes no generation that a secret needs', async () => {
    await write((transaction) => store().insertSet(transaction, makeSet(), AT));
    expect(await rows().removeKek(1)).toBe(false);
    expect((await write((transaction) => rows().keks(transaction))).map(({ generation }) => generation)).toEqual([1]);
  });

  it('begins no generation twice', async () => {
    const kek = { generation: 1, kmsVersion: 1, wrapped: 'AAAA', createdAt: AT };
    await expect(write((transaction) => rows().addKek(transaction, kek))).rejects.toThrow();
  });
}
