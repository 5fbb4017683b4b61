import type { KeyLookup } from './key-ring.ts';

/** A lookup that answers some questions itself, and leaves the others to the ring as it then is. */
export function lookupOver(ring: KeyLookup, own: Partial<Pick<KeyLookup, 'current' | 'keyOf'>>): KeyLookup {
  return {
    current: (caseId) => ring.current(caseId),
    keyOf: (keyId, source) => ring.keyOf(keyId, source),
    isGone: (keyId) => ring.isGone(keyId),
    pairKeyTo: (to) => ring.pairKeyTo(to),
    pairKeysFrom: (from) => ring.pairKeysFrom(from),
    offerKeyOf: (to) => ring.offerKeyOf(to),
    memberKeyOf: (caseId, member) => ring.memberKeyOf(caseId, member),
    channel: (channelId) => ring.channel(channelId),
    memberPair: (hint) => ring.memberPair(hint),
    offerPairs: () => ring.offerPairs(),
    ...own,
  };
}
