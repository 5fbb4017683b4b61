import { expect, it } from '@jest/globals';
import { isOfErasedCase } from '../erased-case.migration.ts';
import { memberKeyHint } from '../pair-seal.ts';
import { systemRandomness } from '../randomness.ts';
import { SealingKey } from '../sealing-key.ts';
import { makeX25519Pair } from '../x25519.ts';
import {
  AGENCY,
  AT,
  CASE,
  CHANNEL,
  grantOf,
  type KeyStoreBench,
  makeSet,
  OTHER_CASE,
  PEER,
  REFERRAL,
} from './key-store-bench.ts';

const UNKNOWN_CASE = '2c5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e03';

/** Erasure of a case in the database. */
export function describeForgetting({ store, ring, restart, write, insert }: KeyStoreBench): void {
  it('forgets all keys of a case and nothing of another', async () => {
    const [one, other, granted] = [makeSet(CASE), makeSet(OTHER_CASE), makeSet(CASE, 3)];
    const pair = makeX25519Pair(systemRandomness);
    for (const set of [one, other]) await write((transaction) => store().insertSet(transaction, set, AT));
    await insert(grantOf(granted, PEER), { kind: 'member', caseId: CASE, pair });
    await write((transaction) => store().load(transaction, { cases: [CASE, OTHER_CASE] }));
    const forgotten = await write((transaction) => store().forget(transaction, { caseIds: [CASE] }));
    const names = [...Object.values(one.keys).map(({ keyId }) => keyId), granted.keys.coded.keyId];
    expect({ ...forgotten, keyIds: [...forgotten.keyIds].sort() }).toEqual({
      caseIds: [CASE],
      keyIds: names.sort(),
      memberHints: [memberKeyHint(pair.x)],
      channelIds: [],
      offerKeyIds: [],
    });
    ring().drop(forgotten);
    for (const { ring: known, store: asked } of [{ ring: ring(), store: store() }, await restart()]) {
      await write((transaction) => asked.load(transaction, { cases: [CASE, OTHER_CASE], keyIds: names }));
      expect(known.current(CASE)).toBeUndefined();
      const held = names.filter((keyId) => [AGENCY, PEER].some((source) => known.keyOf(keyId, source) !== undefined));
      expect(held).toEqual([]);
      expect(names.filter((keyId) => !known.isGone(keyId))).toEqual([]);
      expect(known.current(OTHER_CASE)?.subject).toBe(other.subject);
    }
  });

  it('forgets nothing when it is rolled back', async () => {
    await write((transaction) => store().insertSet(transaction, makeSet(), AT));
    const rolledBack = write(async (transaction) => {
      await store().forget(transaction, { caseIds: [CASE] });
      throw new Error('rolled back');
    });
    await expect(rolledBack).rejects.toThrow('rolled back');
    await write((transaction) => store().load(transaction, { cases: [CASE] }));
    expect(ring().current(CASE)).toBeDefined();
  });
}

/** Erasure that is done again, because the time before it was interrupted. */
export function describeForgettingAgain({ store, ring, write, insert }: KeyStoreBench): void {
  it('done again, names what the ring is still to let go of', async () => {
    const set = makeSet();
    const pair = makeX25519Pair(systemRandomness);
    const channel = { channelId: CHANNEL, referralId: REFERRAL, peer: PEER, destroyAfter: null };
    await insert({ kind: 'member', caseId: CASE, pair });
    await insert({ kind: 'channel', ...channel, key: SealingKey.make(systemRandomness) });
    await insert({ kind: 'offer', keyId: 'offers-1', pair, validFrom: AT, validThrough: AT });
    await write((transaction) => store().insertSet(transaction, set, AT));
    const wanted = { cases: [CASE], channels: [CHANNEL], memberHints: [memberKeyHint(pair.x)] };
    await write((transaction) => store().load(transaction, wanted));
    await write((transaction) => store().loadPairs(transaction));
    ring().holdMemberKey(CASE, PEER, pair.x);
    const what = { caseIds: [CASE], channelIds: [CHANNEL], offerKeyIds: ['offers-1'] };
    await write((transaction) => store().forget(transaction, what)); // and the process failed to tell its ring
    ring().drop(await write((transaction) => store().forget(transaction, what)));
    const held = Object.values(set.keys).filter(({ keyId }) => ring().keyOf(keyId, AGENCY) !== undefined);
    expect(held).toEqual([]);
    expect([ring().current(CASE), ring().channel(CHANNEL), ring().memberPair(memberKeyHint(pair.x))]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([ring().memberKeyOf(CASE, PEER), ring().offerPairs()]).toEqual([undefined, []]);
    expect(ring().isGone(set.keys.own.keyId)).toBe(true);
  });
}

/** Cases that are held until a transaction ends. */
export function describeHeldCases({ store, rows, write }: KeyStoreBench): void {
  it('holds other cases beside keys that begin, or alone, and begins none where one of them was erased', async () => {
    const secret = { kind: 'epoch', set: makeSet(OTHER_CASE), begunAt: AT } as const;
    const kept = async (): Promise<number> =>
      (await write((transaction) => rows().find(transaction, 'own_epoch', 'caseId', [OTHER_CASE]))).length;
    await write((transaction) => store().forget(transaction, { caseIds: [CASE] }));
    for (const secrets of [[secret], []]) {
      const refused = write((transaction) => store().insert(transaction, secrets, [UNKNOWN_CASE, CASE]));
      await expect(refused.catch((error: unknown) => isOfErasedCase(error))).resolves.toBe(true);
    }
    expect(await kept()).toBe(0);
    await write((transaction) => store().insert(transaction, [], [UNKNOWN_CASE]));
    await write((transaction) => store().insert(transaction, [secret], [UNKNOWN_CASE]));
    expect(await kept()).toBe(1);
  });

  it('says which of the cases that are to be held were erased, and holds the others', async () => {
    await write((transaction) => store().forget(transaction, { caseIds: [CASE] }));
    expect(await write((transaction) => store().holdStanding(transaction, [OTHER_CASE, CASE]))).toEqual([CASE]);
    expect(await write((transaction) => store().holdStanding(transaction, [OTHER_CASE]))).toEqual([]);
  });
}

/** Cases that were erased stay erased. */
export function describeErasedCases({ store, ring, rows, restart, write, insert }: KeyStoreBench): void {
  it('says which cases were erased, also after a restart', async () => {
    for (const caseId of [CASE, OTHER_CASE]) {
      await write((transaction) => store().insertSet(transaction, makeSet(caseId), AT));
    }
    await write((transaction) => store().forget(transaction, { caseIds: [CASE] }));
    await write((transaction) => store().forget(transaction, { caseIds: [CASE] }));
    const again = await restart();
    await write((transaction) => again.store.load(transaction, { cases: [CASE, OTHER_CASE] }));
    expect([CASE, OTHER_CASE].map((caseId) => again.ring.isErased(caseId))).toEqual([true, false]);
    expect(await write((transaction) => again.store.isErased(transaction, CASE))).toBe(true);
    expect(await write((transaction) => again.store.isErased(transaction, OTHER_CASE))).toBe(false);
  });

  it('begins no keys of an erased case, and keeps none that are granted', async () => {
    await write((transaction) => store().forget(transaction, { caseIds: [CASE] }));
    const begun = write((transaction) => store().insertSet(transaction, makeSet(), AT));
    await expect(begun.catch((error: unknown) => isOfErasedCase(error))).resolves.toBe(true);
    await insert(grantOf(makeSet(CASE), PEER), grantOf(makeSet(OTHER_CASE), PEER));
    const kept = await write((transaction) => rows().all(transaction, 'case_key'));
    expect(kept.map(({ caseId }) => caseId)).toEqual([OTHER_CASE]);
  });

  it('lets nobody write under keys of a case that was erased, and those that stand be used', async () => {
    for (const caseId of [CASE, OTHER_CASE]) {
      await write((transaction) => store().insertSet(transaction, makeSet(caseId), AT));
      await write((transaction) => store().load(transaction, { cases: [caseId] }));
    }
    await write((transaction) => store().forget(transaction, { caseIds: [CASE] }));
    await write((transaction) => store().holdCases(transaction, [OTHER_CASE]));
    const held = write((transaction) => store().holdCases(transaction, [OTHER_CASE, CASE]));
    await expect(held.catch((error: unknown) => isOfErasedCase(error))).resolves.toBe(true);
    await write((transaction) => store().dropErased(transaction, [OTHER_CASE, CASE]));
    expect([CASE, OTHER_CASE].map((caseId) => ring().isErased(caseId))).toEqual([true, false]);
    expect([CASE, OTHER_CASE].map((caseId) => ring().current(caseId)?.epoch)).toEqual([undefined, 1]);
  });

  it('forgets that a case was erased when that is rolled back', async () => {
    const rolledBack = write(async (transaction) => {
      await store().forget(transaction, { caseIds: [CASE] });
      throw new Error('rolled back');
    });
    await expect(rolledBack).rejects.toThrow('rolled back');
    await write((transaction) => store().insertSet(transaction, makeSet(), AT));
    expect(await write((transaction) => store().isErased(transaction, CASE))).toBe(false);
  });
}

/** Offer keys and channels whose time has come. */
export function describeEnds({ store, restart, write, insert }: KeyStoreBench): void {
  it('keeps an offer key for 14 days after the last offer to it has expired', async () => {
    const pair = makeX25519Pair(systemRandomness);
    const validThrough = '2026-11-29T09:00:00.000Z';
    await insert({ kind: 'offer', keyId: 'offers-1', pair, validFrom: AT, validThrough });
    await write((transaction) => store().keepOfferKey(transaction, 'offers-1', '2026-12-01T09:00:00.000Z'));
    await write((transaction) => store().keepOfferKey(transaction, 'offers-1', '2026-11-23T09:00:00.000Z'));
    const early = await write((transaction) => store().forgetDue(transaction, '2026-12-15T09:00:00.000Z'));
    expect(early.offerKeyIds).toEqual([]);
    expect(await write((transaction) => store().offerKeys(transaction))).toEqual([
      { keyId: 'offers-1', publicX: pair.x, validFrom: AT, validThrough, destroyAfter: '2026-12-15T09:00:00.000Z' },
    ]);
    const due = await write((transaction) => store().forgetDue(transaction, '2026-12-15T09:00:00.001Z'));
    expect(due).toEqual({ caseIds: [], keyIds: [], memberHints: [], channelIds: [], offerKeyIds: ['offers-1'] });
    expect((await restart()).ring.offerPairs()).toEqual([]);
  });

  it('keeps a channel until the end that it was given, and an open one for ever', async () => {
    const open = '4f5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e05';
    for (const channelId of [CHANNEL, open]) {
      const key = SealingKey.make(systemRandomness);
      const channel = { channelId, referralId: REFERRAL, peer: PEER, key, destroyAfter: null };
      await insert({ kind: 'channel', ...channel });
    }
    await write((transaction) => store().endChannel(transaction, CHANNEL, '2026-12-22T09:00:00.000Z'));
    await write((transaction) => store().endChannel(transaction, CHANNEL, '2026-12-01T09:00:00.000Z'));
    const early = await write((transaction) => store().forgetDue(transaction, '2026-12-22T09:00:00.000Z'));
    expect(early.channelIds).toEqual([]);
    const due = await write((transaction) => store().forgetDue(transaction, '2027-12-22T09:00:00.000Z'));
    expect(due.channelIds).toEqual([CHANNEL]);
    expect((await write((transaction) => store().forget(transaction, { channelIds: [open] }))).channelIds).toEqual([
      open,
    ]);
  });
}
