import { expect, it } from '@jest/globals';
import { KEY_AUDIENCES } from '../audience.ts';
import { isEpochTaken } from '../own-epochs.migration.ts';
import type { NewSecret } from '../new-secret.ts';
import {
  AGENCY,
  AT,
  CASE,
  grantOf,
  type KeyStoreBench,
  makeSet,
  oneByOne,
  OTHER_CASE,
  PEER,
  THIRD,
} from './key-store-bench.ts';

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
    expect(again.ring.keyOf(older.keys.care.keyId, AGENCY)).toMatchObject({
      epoch: 1,
      audience: 'care',
      source: AGENCY,
    });
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
    expect(ring().keyOf(keyId, PEER)).toMatchObject({
      source: PEER,
      subject: set.subject,
      caseId: CASE,
      audience: 'coded',
    });
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

/** Epochs that begin. */
export function describeBegunEpochs({ store, ring, restart, write, insert }: KeyStoreBench): void {
  const begin = (set = makeSet()): Promise<unknown> =>
    write((transaction) => store().insertSet(transaction, set, AT)).then(
      () => 'begun',
      (error: unknown) => isEpochTaken(error),
    );

  it('begins an epoch once, and takes the same keys again', async () => {
    const set = makeSet();
    expect([await begin(set), await begin(set), await begin()]).toEqual(['begun', 'begun', true]);
    expect(await begin(makeSet(CASE, 2))).toBe('begun');
    await write((transaction) => store().load(transaction, { cases: [CASE], keyIds: [set.keys.own.keyId] }));
    expect(ring().keyOf(set.keys.own.keyId, AGENCY)).toMatchObject({ epoch: 1, subject: set.subject });
    expect(ring().current(CASE)?.epoch).toBe(2);
  });

  it('opens what was begun under a case id in capitals', async () => {
    const set = makeSet(CASE.toUpperCase());
    expect(await begin(set)).toBe('begun');
    const again = await restart();
    await write((transaction) => again.store.load(transaction, { cases: [CASE] }));
    expect(again.ring.current(CASE)).toMatchObject({ caseId: CASE, subject: set.subject });
  });

  it('finds an epoch by each of its keys, and holds an older one for reading only', async () => {
    const [older, newer] = [makeSet(), makeSet(CASE, 2)];
    for (const set of [newer, older]) await begin(set);
    for (const audience of KEY_AUDIENCES) {
      const { keyId } = older.keys[audience];
      const found = await write((transaction) => store().keysNamed(transaction, [keyId]));
      expect(found).toMatchObject([{ audience, epoch: 1, source: AGENCY, caseId: CASE, grantedBy: null }]);
      expect(found[0]?.key.handOver()).toBe(older.keys[audience].handOver());
    }
    await write((transaction) => store().load(transaction, { keyIds: [older.keys.restricted.keyId] }));
    expect(ring().keyOf(older.keys.own.keyId, AGENCY)?.epoch).toBe(1);
    expect(ring().current(CASE)).toBeUndefined();
  });

  it('reads epochs that were kept key by key, and begins none of them anew', async () => {
    const [set, next] = [makeSet(), makeSet(CASE, 2)];
    await insert(...oneByOne(set));
    await write((transaction) => store().load(transaction, { cases: [CASE] }));
    expect(ring().current(CASE)).toMatchObject({ epoch: 1, subject: set.subject });
    expect([await begin(), await begin(next)]).toEqual([true, 'begun']);
    await write((transaction) => store().load(transaction, { cases: [CASE] }));
    expect(ring().current(CASE)?.subject).toBe(next.subject);
    const forgotten = await write((transaction) => store().forget(transaction, { caseIds: [CASE] }));
    const names = [set, next].flatMap(({ keys }) => KEY_AUDIENCES.map((audience) => keys[audience].keyId));
    expect([...forgotten.keyIds].sort()).toEqual(names.sort());
  });
}

/** What can be handed on of a case. */
export function describeKeysOfCase({ store, ring, restart, write, insert }: KeyStoreBench): void {
  it('lists every key of a case with who handed it on, and none of another', async () => {
    const [own, granted] = [makeSet(), makeSet(CASE, 4)];
    for (const set of [own, makeSet(OTHER_CASE)]) await write((at) => store().insertSet(at, set, AT));
    await insert(grantOf(granted, THIRD));
    const again = await restart();
    const held = await write((transaction) => again.store.keysOf(transaction, CASE));
    const told = held.map(({ key, ...place }) => ({ ...place, secret: key.handOver() }));
    const ownKeys = (['coded', 'care', 'restricted', 'own'] as const).map((audience) => ({
      ...{ source: AGENCY, subject: own.subject, caseId: CASE, audience, epoch: 1, grantedBy: null },
      secret: own.keys[audience].handOver(),
    }));
    const theirs = {
      ...{ source: PEER, subject: granted.subject, caseId: CASE, audience: 'coded', epoch: 4, grantedBy: THIRD },
      secret: granted.keys.coded.handOver(),
    };
    expect(told).toHaveLength(5);
    expect(told).toEqual(expect.arrayContaining([...ownKeys, theirs]));
    expect(again.ring.keyOf(own.keys.own.keyId, AGENCY)).toBeUndefined();
    expect(ring().current(CASE)).toBeUndefined();
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
    expect(ring().keyOf(set.keys.coded.keyId, PEER)?.subject).toBe(subjects[kept]);
  });
}

/** What agencies say of keys that are not theirs. */
export function describeClaims({ store, ring, write, insert }: KeyStoreBench): void {
  it('leaves a key to its own agency, whoever says first that it is theirs, and for good', async () => {
    const set = makeSet();
    const theirs = { ...set, caseId: OTHER_CASE, subject: 'c'.repeat(32) };
    const { keyId } = set.keys.coded;
    await insert(grantOf(theirs, THIRD, THIRD));
    await insert(grantOf(set, PEER));
    await insert(grantOf(theirs, THIRD, THIRD), grantOf(theirs, THIRD));
    await write((transaction) => store().load(transaction, { keyIds: [keyId] }));
    expect(ring().keyOf(keyId, PEER)).toMatchObject({ source: PEER, subject: set.subject, caseId: CASE });
    expect(ring().keyOf(keyId, THIRD)).toMatchObject({ source: THIRD, subject: theirs.subject, caseId: OTHER_CASE });
    expect(ring().keyOf(keyId, 'mx-inm')).toBeUndefined();
  });

  it('takes no claim to a key of its own for an epoch of its own', async () => {
    const set = makeSet();
    await insert(grantOf(set, PEER, PEER));
    await write((transaction) => store().insertSet(transaction, set, AT));
    await insert(grantOf(set, THIRD, THIRD));
    await write((transaction) => store().load(transaction, { cases: [CASE] }));
    expect(ring().current(CASE)?.subject).toBe(set.subject);
    expect(ring().keyOf(set.keys.coded.keyId, AGENCY)?.source).toBe(AGENCY);
  });

  it('forgets every word on a key of the case, names it once, and leaves words of other cases', async () => {
    const set = makeSet();
    const { keyId } = set.keys.coded;
    await insert(grantOf(set, PEER), grantOf(set, THIRD, THIRD));
    await insert(grantOf({ ...set, caseId: OTHER_CASE }, 'mx-inm', 'mx-inm'));
    const forgotten = await write((transaction) => store().forget(transaction, { caseIds: [CASE] }));
    expect(forgotten.keyIds).toEqual([keyId]);
    ring().drop(forgotten);
    await write((transaction) => store().load(transaction, { keyIds: [keyId] }));
    expect([PEER, THIRD].map((source) => ring().keyOf(keyId, source))).toEqual([undefined, undefined]);
    expect(ring().keyOf(keyId, 'mx-inm')?.caseId).toBe(OTHER_CASE);
  });
}

/** What agencies say of this agency's keys, and of one key at once. */
export function describeWordsOnOwnKeys({ store, ring, write, insert }: KeyStoreBench): void {
  it('never seals under what another agency hands on as its own', async () => {
    const [own, planted] = [makeSet(), makeSet(CASE, 9)];
    await write((transaction) => store().insertSet(transaction, own, AT));
    await insert(...oneByOne(planted, PEER));
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
    expect(ring().keyOf(set.keys.coded.keyId, PEER)?.subject).toBe('1'.repeat(32));
  });

  it('never lets a grant replace a key of its own', async () => {
    const set = makeSet();
    await write((transaction) => store().insertSet(transaction, set, AT));
    await insert(grantOf({ ...set, subject: 'b'.repeat(32) }, AGENCY, AGENCY));
    await write((transaction) => store().load(transaction, { cases: [CASE] }));
    expect(ring().current(CASE)?.subject).toBe(set.subject);
  });
}
