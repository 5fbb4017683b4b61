import { expect, it } from '@jest/globals';
import { rowNameOf } from '../key-rows.ts';
import { memberKeyHint } from '../pair-seal.ts';
import { systemRandomness } from '../randomness.ts';
import { SealingKey } from '../sealing-key.ts';
import { makeX25519Pair } from '../x25519.ts';
import {
  AGENCY,
  AT,
  CASE,
  CHANNEL,
  type KeyStoreBench,
  makeSet,
  OTHER_CASE,
  PEER,
  REFERRAL,
  THIRD,
} from './key-store-bench.ts';

/** Channels, member pairs, offer keys. */
export function describeChannelsAndPairs({ store, ring, restart, write, insert }: KeyStoreBench): void {
  it('gives back channels and member pairs by name', async () => {
    const key = SealingKey.make(systemRandomness);
    const pair = makeX25519Pair(systemRandomness);
    const channel = {
      kind: 'channel' as const,
      channelId: CHANNEL,
      referralId: REFERRAL,
      peer: PEER,
      destroyAfter: null,
    };
    await insert({ ...channel, key }, { kind: 'member', caseId: CASE, pair });
    const again = await restart();
    const wanted = { channels: [CHANNEL], memberHints: [memberKeyHint(pair.x)] };
    await write((transaction) => again.store.load(transaction, wanted));
    expect(again.ring.channel(CHANNEL)?.peer).toBe(PEER);
    expect(again.ring.channel(CHANNEL)?.key.handOver()).toBe(key.handOver());
    expect(again.ring.memberPair(memberKeyHint(pair.x))).toMatchObject({ caseId: CASE, x: pair.x });
    expect(ring().channel(CHANNEL)).toBeUndefined();
  });

  it('leaves a channel to the agency that opened it first', async () => {
    const key = SealingKey.make(systemRandomness);
    for (const [peer, other] of [
      [PEER, key],
      [THIRD, SealingKey.make(systemRandomness)],
    ] as const) {
      const channel = { channelId: CHANNEL, referralId: REFERRAL, peer, key: other, destroyAfter: null };
      await insert({ kind: 'channel', ...channel });
    }
    await write((transaction) => store().load(transaction, { channels: [CHANNEL] }));
    expect(ring().channel(CHANNEL)?.peer).toBe(PEER);
    expect(ring().channel(CHANNEL)?.key.handOver()).toBe(key.handOver());
  });

  it('has the agency’s own pairs at hand from the start, newest first', async () => {
    const offerOf = (validFrom: string) => ({
      kind: 'offer' as const,
      pair: makeX25519Pair(systemRandomness),
      keyId: `offers-${validFrom.slice(0, 10)}`,
      validFrom,
      validThrough: validFrom,
    });
    const [second, newest, oldest] = [
      offerOf('2026-11-15T09:00:00.000Z'),
      offerOf('2026-11-22T09:00:00.000Z'),
      offerOf('2026-11-08T09:00:00.000Z'),
    ];
    await insert(second, newest, oldest);
    const again = await restart();
    expect(again.ring.offerPairs().map(({ keyId, x }) => [keyId, x])).toEqual(
      [newest, second, oldest].map(({ keyId, pair }) => [keyId, pair.x]),
    );
  });
}

/** A secret in another row than its own. */
export function describeMovedSecrets({ rows, store, restart, write, insert }: KeyStoreBench): void {
  it('opens no secret that was moved to another row', async () => {
    const [one, other] = [makeSet(CASE), makeSet(OTHER_CASE)];
    for (const set of [one, other]) await write((transaction) => store().insertSet(transaction, set, AT));
    await write(async (transaction) => {
      const [{ wrapped } = { wrapped: Buffer.alloc(0) }] = await rows().find(transaction, 'own_epoch', 'caseId', [
        OTHER_CASE,
      ]);
      await rows().rewrap(transaction, 'own_epoch', [
        { rowId: rowNameOf('own_epoch', one), before: 1, generation: 1, wrapped },
      ]);
    });
    const again = await restart();
    const keyIds = [one.keys.care.keyId, other.keys.care.keyId];
    await write((transaction) => again.store.load(transaction, { cases: [CASE], keyIds }));
    expect(keyIds.map((keyId) => again.ring.keyOf(keyId, AGENCY)?.caseId)).toEqual([undefined, OTHER_CASE]);
    expect(again.ring.current(CASE)).toBeUndefined();
  });

  it('opens no channel under the key of another one', async () => {
    const key = SealingKey.make(systemRandomness);
    const channel = { referralId: REFERRAL, peer: PEER, destroyAfter: null };
    const [one, other] = [CHANNEL, OTHER_CASE];
    for (const channelId of [one, other]) await insert({ kind: 'channel', ...channel, channelId, key });
    await write(async (transaction) => {
      for (const { wrapped } of await rows().find(transaction, 'channel', 'channelId', [other])) {
        await rows().rewrap(transaction, 'channel', [{ rowId: one, before: 1, generation: 1, wrapped }]);
      }
    });
    const again = await restart();
    await write((transaction) => again.store.load(transaction, { channels: [one, other] }));
    expect(again.ring.channel(one)).toBeUndefined();
    expect(again.ring.channel(other)?.key.keyId).toBe(key.keyId);
  });
}
