import { beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '@acogida/core';
import type { PublishedFor } from '@acogida/event-store';
import {
  type CaseKeySet,
  DevelopmentSealer,
  KeyRing,
  makeCaseKeySet,
  makeX25519Pair,
  MissingKeyError,
  systemRandomness,
} from '@acogida/sealing';
import { sealForCircles, sealForOutbox } from './seal-for-outbox.ts';

const OWN = 'cr-border-intake';
const PEER = 'cr-conatt';
const CASE = '9b2f4f0e-5a3c-4f0e-8c51-6a4d1f0c2b11';
const TO_PEER: PublishedFor = { to: PEER, under: 'offer-key' };
const unsealed = {
  ...{ id: '7c9e6679-7425-40de-944b-e07fc1f90ae7', class: 'referral', type: 'ReferralRequested' },
  ...{ caseId: CASE, text: '{}' },
};
const entry = { ...unsealed, class: 'directory', caseId: null, audience: null };

describe('sealing with the key of the network', () => {
  const seal = sealForOutbox(new DevelopmentSealer(Buffer.alloc(32, 7)), OWN);

  it('leaves directory entries in clear, and nothing else', () => {
    expect(seal(entry)).toEqual({ subject: 'directory', keyId: null, data: '{}' });
    expect(() => seal({ ...unsealed, audience: null })).toThrow(RangeError);
    expect(() => seal({ ...entry, caseId: CASE })).toThrow(RangeError);
    expect(() => seal({ ...unsealed, caseId: null, audience: 'coded' })).toThrow(RangeError);
  });

  it('has one seal for all circles, and no copy for one agency alone', () => {
    const audiences = ['coded', 'care', 'restricted'] as const;
    const keyIds = audiences.map((audience) => seal({ ...unsealed, audience })?.keyId);
    expect(new Set(keyIds).size).toBe(1);
    expect(seal({ ...unsealed, audience: TO_PEER })).toBeNull();
  });
});

describe('sealing with the keys of a case', () => {
  let ring: KeyRing;
  let set: CaseKeySet;
  let kept: number;

  beforeEach(() => {
    ring = new KeyRing({ network: 'ab'.repeat(32), agency: OWN });
    ring.useSealingPairs([{ ...makeX25519Pair(systemRandomness), keyId: `${OWN}-sealing-1` }]);
    set = makeCaseKeySet(CASE, 1, systemRandomness);
    kept = 0;
  });

  const known = (): CaseKeySet | undefined => set;

  function sealing(setOf: (caseId: string) => CaseKeySet | undefined = known) {
    const peers = { keep: () => void (kept += 1) };
    const parts = { agencyId: OWN, ring, randomness: systemRandomness, peers };
    return sealForCircles({ ...parts, isMember: (agency) => agency === PEER })(setOf);
  }

  function usePeer(hasOfferKey: boolean): void {
    const { x } = makeX25519Pair(systemRandomness);
    const offer = hasOfferKey ? { keyId: 'offers-2026-11-16', x: makeX25519Pair(systemRandomness).x } : null;
    ring.usePeer(PEER, { sealing: [{ keyId: `${PEER}-sealing-1`, x }], offer });
  }

  it('goes by the set that it is given, whatever the ring has: each audience under a key of its own', () => {
    ring.open(makeCaseKeySet(CASE, 2, systemRandomness));
    for (const audience of ['coded', 'care', 'restricted'] as const) {
      const { subject, keyId } = sealing()({ ...unsealed, audience }) ?? {};
      expect([subject, keyId]).toEqual([set.subject, set.keys[audience].keyId]);
    }
    expect(() => sealing(() => undefined)({ ...unsealed, audience: 'coded' })).toThrow(MissingKeyError);
  });

  it('seals to one agency alone with the keys that it has at that moment', () => {
    usePeer(true);
    const { subject, keyId } = sealing()({ ...unsealed, audience: TO_PEER }) ?? {};
    expect(subject).toMatch(/^[0-9a-f]{32}$/);
    expect([subject, keyId]).not.toContain(set.subject);
    expect(kept).toBe(1);
    const ofNoCase = sealing(() => undefined)({ ...unsealed, class: 'erasure', caseId: null, audience: TO_PEER });
    expect(ofNoCase?.keyId).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it('has no copy for an agency without a node, and refuses to say what one with a node could not read', () => {
    expect(sealing()({ ...unsealed, audience: { to: 'cr-shelter', under: 'offer-key' } })).toBeNull();
    expect(() => sealing()({ ...unsealed, audience: TO_PEER })).toThrow(
      expect.objectContaining({ code: 'REFERRAL.RECEIVER_UNREADY' }),
    );
    usePeer(false);
    expect(() => sealing()({ ...unsealed, audience: TO_PEER })).toThrow(
      expect.objectContaining({ code: 'REFERRAL.RECEIVER_UNREADY' }),
    );
  });

  it.each([
    ...['ConsentWithdrawn', 'WithdrawalAcknowledged', 'ReferralCancelled', 'ReferralExpired', 'ReferralRejected'],
    ...['ReferralServiceStarted', 'ReferralCompleted', 'ReferralLoopClosed'],
    ...['HoldPlaced', 'HoldLifted', 'HaltOrdered', 'HaltAcknowledged'],
    ...['TransferRequestAnswered', 'TransferRequestWithdrawn'],
  ])('INV-19 lets %s take effect though the other agency cannot be told now', (type) => {
    usePeer(false);
    expect(sealing()({ ...unsealed, type, audience: TO_PEER })).toBeNull();
    usePeer(true);
    expect(sealing()({ ...unsealed, type, audience: TO_PEER })).not.toBeNull();
  });

  it.each([
    ...['KeysGranted', 'ConsentGranted', 'ReferralAccepted', 'CustodyReleased', 'ErasureOrdered', 'TransferRequested'],
  ])('refuses %s as long as whoever needs it could not read it', (type) => {
    usePeer(false);
    expect(() => sealing()({ ...unsealed, type, audience: TO_PEER })).toThrow(DomainError);
  });

  it('leaves directory entries in clear, and nothing else', () => {
    expect(sealing()(entry)).toEqual({ subject: 'directory', keyId: null, data: '{}' });
    expect(() => sealing()({ ...unsealed, audience: null })).toThrow(RangeError);
  });
});
