import { expect, it } from '@jest/globals';
import { type NewSecret, secretsOf } from '../new-secret.ts';
import { AGENCY, AT, CASE, grantOf, type KeyStoreBench, makeSet, OTHER_CASE, PEER, THIRD } from './key-store-bench.ts';

/** Own and granted keys of cases. */
export function describeCaseKeys({ store, ring, restart, write, insert }: KeyStoreBench): void {
  it('gives back the newest whole epoch of a case, also to another process', async () => {
    const [newest, older] = [makeSet(CASE, 2), makeSet(CASE, 1)];
    for (const set of [newest, older, makeSet(OTHER_CASE, 1)])
      await write((transaction) => store().insertSet(transaction, set, AT));
    const again = await restart();
    await write((transaction) => again.store.load(transaction, { cases: [CASE] }));
    const current = again.ring.current(CASE);
    expect(current).toMatchObject({ caseId: CASE, epoch: 2, subject: newest.subject });
    for (const audience of ['coded', 'care', 'restricted', 'own'] as const) {
      expect(current?.keys[audience].handOver()).toBe(newest.keys[audience].handOver());
    }
    expect(again.ring.keyOf(older.keys.care.keyId)).toMatchObject({ epoch: 1, audience: 'care', source: AGENCY });
    expect(again.ring.current(OTHER_CASE)).toBeUndefined();
  });

  it('puts nothing into the ring on insertion, which may be rolled back', async () => {
    const set = makeSet();
    const rolledBack = write(async (transaction) => {
      await store().insertSet(transaction, set, AT);
      throw new Error('rolled back');
    });
    await expect(rolledBack).rejects.toThrow('rolled back');
    expect(ring().current(CASE)).toBeUndefined();
    await write((transaction) => store().load(transaction, { cases: [CASE], keyIds: [set.keys.own.keyId] }));
    expect(ring().current(CASE)).toBeUndefined();
    expect(ring().isGone(set.keys.own.keyId)).toBe(true);
  });

  it('holds a granted key for reading only', async () => {
    const set = makeSet();
    await insert(grantOf(set, PEER));
    const { keyId } = set.keys.coded;
    await write((transaction) => store().load(transaction, { keyIds: [keyId], cases: [CASE] }));
    expect(ring().keyOf(keyId)).toMatchObject({ source: PEER, subject: set.subject, caseId: CASE, audience: 'coded' });
    expect(ring().isGone(keyId)).toBe(false);
    expect(ring().current(CASE)).toBeUndefined();
  });

  it('says which keys are not there', async () => {
    const set = makeSet();
    const { keyId } = set.keys.coded;
    await write((transaction) => store().load(transaction, { keyIds: [keyId] }));
    expect(ring().isGone(keyId)).toBe(true);
    await insert(grantOf(set, PEER));
    await write((transaction) => store().load(transaction, { keyIds: [keyId] }));
    expect(ring().isGone(keyId)).toBe(false);
  });
}

/** What different agencies say of one key. */
export function describeContradictingGrants({ store, ring, write, insert }: KeyStoreBench): void {
  it.each([
    ['its own agency corrects a third one', [THIRD, PEER], 1],
    ['a third agency contradicts its own', [PEER, THIRD], 0],
    ['a third agency contradicts another', [THIRD, 'mx-inm'], 0],
    ['its own agency says something else later', [PEER, PEER], 0],
  ])('keeps one word on a key when %s', async (_, agencies, kept) => {
    const set = makeSet();
    const subjects = ['a'.repeat(32), 'b'.repeat(32)];
    for (const [index, grantedBy] of agencies.entries()) {
      await insert(grantOf({ ...set, subject: subjects[index] ?? '' }, grantedBy));
    }
    await write((transaction) => store().load(transaction, { keyIds: [set.keys.coded.keyId] }));
    expect(ring().keyOf(set.keys.coded.keyId)?.subject).toBe(subjects[kept]);
  });

  it('never seals under what another agency hands on as its own', async () => {
    const [own, planted] = [makeSet(), makeSet(CASE, 9)];
    await write((transaction) => store().insertSet(transaction, own, AT));
    await insert(...secretsOf(planted, AGENCY, AT).map((secret) => ({ ...secret, grantedBy: PEER })));
    await write((transaction) => store().load(transaction, { cases: [CASE] }));
    expect(ring().current(CASE)).toMatchObject({ epoch: 1, subject: own.subject });
  });

  it('keeps one word on a key that is named twice at once', async () => {
    const set = makeSet();
    const [first, own, third] = [THIRD, PEER, THIRD].map((by, index) =>
      grantOf({ ...set, subject: String(index).repeat(32) }, by),
    ) as [NewSecret, NewSecret, NewSecret];
    await insert(first, own, third);
    await write((transaction) => store().load(transaction, { keyIds: [set.keys.coded.keyId] }));
    expect(ring().keyOf(set.keys.coded.keyId)?.subject).toBe('1'.repeat(32));
  });

  it('never lets a grant replace a key of its own', async () => {
    const set = makeSet();
    await write((transaction) => store().insertSet(transaction, set, AT));
    await insert(grantOf({ ...set, subject: 'b'.repeat(32) }, AGENCY, AGENCY));
    await write((transaction) => store().load(transaction, { cases: [CASE] }));
    expect(ring().current(CASE)?.subject).toBe(set.subject);
  });
}
