import { expect, it } from '@jest/globals';
import { KEY_TABLES, type KeyTable, rowNameOf } from '../key-rows.ts';
import { systemRandomness } from '../randomness.ts';
import { makeX25519Pair } from '../x25519.ts';
import { AGENCY, AT, CASE, grantOf, type KeyStoreBench, makeSet, OTHER_CASE, PEER, THIRD } from './key-store-bench.ts';

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
    expect(await store().renewMasterKey(1)).toEqual({ generation: 2, rewrapped: 4, damaged: 0, destroyed: [1] });
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

  it('wraps every word on one key again, though it is one at a time and one of them is damaged', async () => {
    const set = makeSet();
    const { keyId } = set.keys.coded;
    await insert(grantOf(set, PEER), grantOf(set, AGENCY, AGENCY), grantOf(set, THIRD, THIRD));
    const rowId = rowNameOf('case_key', { keyId, source: PEER });
    const damaged = { rowId, before: 1, generation: 1, wrapped: Buffer.alloc(60, 1) };
    await write((transaction) => rows().rewrap(transaction, 'case_key', [damaged]));
    expect(await store().renewMasterKey(1)).toEqual({ generation: 2, rewrapped: 2, damaged: 1, destroyed: [1] });
    const again = await restart();
    await write((transaction) => again.store.load(transaction, { keyIds: [keyId] }));
    const sources = [PEER, AGENCY, THIRD].filter((source) => again.ring.keyOf(keyId, source) !== undefined);
    expect(sources).toEqual([AGENCY, THIRD]);
  });
}

/** A renewal by others, or of what is being written. */
export function describeRenewalByOthers({ rows, store, restart, write }: KeyStoreBench): void {
  it('reads what another process wraps under a generation begun since', async () => {
    const other = await restart();
    await other.store.renewMasterKey();
    const set = makeSet();
    await write((transaction) => other.store.insertSet(transaction, set, AT));
    const stale = store();
    await write((transaction) => stale.load(transaction, { cases: [CASE] }));
    expect(stale.generations()).toEqual([2]);
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

/** A renewal that others get in the way of. */
export function describeDisturbedRenewal({ rows, store, restart, write }: KeyStoreBench): void {
  it('loses nothing when it is done several times at a time, in one process and in others', async () => {
    const sets = [makeSet(CASE), makeSet(OTHER_CASE)];
    for (const set of sets) await write((transaction) => store().insertSet(transaction, set, AT));
    const stores = [store(), store(), (await restart()).store, (await restart()).store];
    const renewals = await Promise.allSettled(stores.map((one) => one.renewMasterKey(1)));
    expect(renewals.filter(({ status }) => status === 'fulfilled')).not.toEqual([]);
    expect((await restart().then((again) => again.store.renewMasterKey())).damaged).toBe(0);
    const again = await restart();
    expect(again.store.generations()).toHaveLength(1);
    await write((transaction) => again.store.load(transaction, { cases: [CASE, OTHER_CASE] }));
    for (const { caseId, subject } of sets) expect(again.ring.current(caseId)?.subject).toBe(subject);
  });

  it('carries a damaged secret along, closed, instead of keeping its generation for it', async () => {
    const [one, other] = [makeSet(CASE), makeSet(OTHER_CASE)];
    for (const set of [one, other]) await write((transaction) => store().insertSet(transaction, set, AT));
    const damaged = { rowId: rowNameOf('own_epoch', one), before: 1, generation: 1, wrapped: Buffer.alloc(60, 1) };
    await write((transaction) => rows().rewrap(transaction, 'own_epoch', [damaged]));
    expect(await store().renewMasterKey()).toEqual({ generation: 2, rewrapped: 1, damaged: 1, destroyed: [1] });
    expect(await store().renewMasterKey()).toEqual({ generation: 3, rewrapped: 1, damaged: 1, destroyed: [2] });
    const again = await restart();
    await write((transaction) => again.store.load(transaction, { cases: [CASE, OTHER_CASE] }));
    expect(again.ring.current(CASE)).toBeUndefined();
    expect(again.ring.current(OTHER_CASE)?.subject).toBe(other.subject);
  });
}
