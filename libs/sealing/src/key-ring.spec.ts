import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Forgotten, KeyRing } from './key-ring.ts';
import { memberKeyHint } from './pair-seal.ts';
import { systemRandomness } from './randomness.ts';
import { type CaseKeySet, makeCaseKeySet, SealingKey } from './sealing-key.ts';
import { makeX25519Pair } from './x25519.ts';

const NOTHING: Forgotten = { caseIds: [], keyIds: [], memberHints: [], channelIds: [], offerKeyIds: [] };

let ring: KeyRing;

beforeEach(() => {
  ring = new KeyRing({ network: 'ab'.repeat(32), agency: 'intake', keptKeys: 8 });
});

function opened(caseId: string, epoch = 1): CaseKeySet {
  const set = makeCaseKeySet(caseId, epoch, systemRandomness);
  ring.open(set);
  return set;
}

function named(keyId: string) {
  return { ...makeX25519Pair(systemRandomness), keyId };
}

describe('a key ring', () => {
  it('lets go of what was not used for longest', () => {
    const [first, second] = [opened('first'), opened('second')];
    expect(ring.current('first')?.subject).toBe(first.subject);
    for (const key of Object.values(first.keys)) expect(ring.keyOf(key.keyId, 'intake')?.caseId).toBe('first');
    opened('third');
    expect(ring.current('second')).toBeUndefined();
    expect(Object.values(second.keys).filter(({ keyId }) => ring.keyOf(keyId, 'intake') !== undefined)).toEqual([]);
    expect(ring.isGone(second.keys.own.keyId)).toBe(false);
    expect(ring.current('first')?.subject).toBe(first.subject);
  });

  it('keeps the later epoch open, whichever comes last, and both readable', () => {
    const [later, earlier] = [opened('case', 2), opened('case', 1)];
    expect(ring.current('case')?.epoch).toBe(2);
    expect(ring.keyOf(earlier.keys.care.keyId, 'intake')).toMatchObject({
      epoch: 1,
      source: 'intake',
      audience: 'care',
    });
    expect(ring.keyOf(later.keys.care.keyId, 'intake')).toMatchObject({ epoch: 2 });
  });

  it('drops what was forgotten, and nothing else', () => {
    const [gone, stays] = [opened('gone'), opened('stays')];
    const pairs = [makeX25519Pair(systemRandomness), makeX25519Pair(systemRandomness)] as const;
    for (const [index, caseId] of ['gone', 'stays'].entries()) {
      ring.holdMemberPair({ ...pairs[index]!, caseId });
      ring.holdMemberKey(caseId, 'comar', pairs[0].x);
    }
    for (const channelId of ['c1', 'c2']) {
      ring.holdChannel(channelId, { peer: 'comar', key: SealingKey.make(systemRandomness) });
    }
    ring.useOfferPairs([named('offers-2'), named('offers-1')]);
    ring.drop({
      caseIds: ['gone'],
      keyIds: Object.values(gone.keys).map(({ keyId }) => keyId),
      memberHints: [memberKeyHint(pairs[0].x)],
      channelIds: ['c1'],
      offerKeyIds: ['offers-1'],
    });
    expect([ring.current('gone'), ring.current('stays')?.subject]).toEqual([undefined, stays.subject]);
    expect([ring.keyOf(gone.keys.coded.keyId, 'intake'), ring.isGone(gone.keys.coded.keyId)]).toEqual([
      undefined,
      true,
    ]);
    expect([ring.memberPair(memberKeyHint(pairs[0].x)), ring.memberPair(memberKeyHint(pairs[1].x))?.x]).toEqual([
      undefined,
      pairs[1].x,
    ]);
    expect([ring.channel('c1'), ring.channel('c2')?.peer]).toEqual([undefined, 'comar']);
    expect(ring.offerPairs().map(({ keyId }) => keyId)).toEqual(['offers-2']);
    expect([ring.memberKeyOf('gone', 'comar'), ring.memberKeyOf('stays', 'comar')?.hint]).toEqual([
      undefined,
      memberKeyHint(pairs[0].x),
    ]);
    ring.drop(NOTHING);
    expect(ring.current('stays')?.subject).toBe(stays.subject);
  });

  it('holds again what had been missed', () => {
    const set = makeCaseKeySet('case', 1, systemRandomness);
    ring.miss([set.keys.own.keyId]);
    expect(ring.isGone(set.keys.own.keyId)).toBe(true);
    ring.open(set);
    expect(ring.isGone(set.keys.own.keyId)).toBe(false);
  });

  it('agrees with an agency on one key to it and on one from it per pair of sealing keys, newest first', () => {
    const peer = [named('comar-2'), named('comar-1')];
    expect([ring.pairKeyTo('comar'), ring.pairKeysFrom('comar')]).toEqual([undefined, []]);
    ring.usePeer('comar', { sealing: peer, offer: null });
    expect([ring.pairKeyTo('comar'), ring.pairKeysFrom('comar')]).toEqual([undefined, []]);
    const own = [named('intake-2'), named('intake-1')];
    ring.useSealingPairs(own);
    expect(ring.pairKeysFrom('comar')).toHaveLength(4);
    const other = new KeyRing({ network: 'ab'.repeat(32), agency: 'comar' });
    other.useSealingPairs(peer);
    other.usePeer('intake', { sealing: own, offer: null });
    expect(other.pairKeyTo('intake')?.equals(ring.pairKeysFrom('comar')[0]!)).toBe(true);
    expect(ring.pairKeyTo('comar')?.equals(other.pairKeysFrom('intake')[0]!)).toBe(true);
  });

  it('shares no key with an agency of another network', () => {
    const [own, peer] = [named('intake-1'), named('comar-1')];
    const elsewhere = new KeyRing({ network: 'cd'.repeat(32), agency: 'comar' });
    elsewhere.useSealingPairs([peer]);
    elsewhere.usePeer('intake', { sealing: [own], offer: null });
    ring.useSealingPairs([own]);
    ring.usePeer('comar', { sealing: [peer], offer: null });
    expect(elsewhere.pairKeyTo('intake')?.equals(ring.pairKeysFrom('comar')[0]!)).toBe(false);
  });

  it('uses no public key that gives everybody the same secret', () => {
    const x = Buffer.alloc(32).toString('base64url');
    const fine = named('comar-1');
    expect(() => ring.usePeer('comar', { sealing: [{ keyId: 'k', x }], offer: null })).toThrow(RangeError);
    expect(() => ring.usePeer('comar', { sealing: [fine], offer: { keyId: 'k', x } })).toThrow(RangeError);
    expect(() => ring.holdMemberKey('case', 'comar', x)).toThrow(RangeError);
  });
});
