import { KEY_AUDIENCES } from './audience.ts';
import type { KeyLookup, OpenedKey } from './key-ring.ts';
import type { CaseKeySet } from './sealing-key.ts';

/**
 * A ring with epochs that are being begun in a transaction that is not committed: they seal in it, and the ring itself learns of
 * them when it is (`KeyRing.open`).
 */
export function withPending(ring: KeyLookup, sets: readonly CaseKeySet[], agency: string): KeyLookup {
  const byCase = new Map(sets.map((set) => [set.caseId, set]));
  const byKey = new Map(
    sets.flatMap(({ caseId, epoch, subject, keys }) =>
      KEY_AUDIENCES.map((audience): [string, OpenedKey] => {
        const key = keys[audience];
        return [key.keyId, { source: agency, subject, caseId, audience, epoch, key }];
      }),
    ),
  );
  return {
    current: (caseId) => byCase.get(caseId) ?? ring.current(caseId),
    keyOf: (keyId, source) => (source === agency ? byKey.get(keyId) : undefined) ?? ring.keyOf(keyId, source),
    isGone: (keyId) => ring.isGone(keyId),
    pairKeyTo: (to) => ring.pairKeyTo(to),
    pairKeysFrom: (from) => ring.pairKeysFrom(from),
    offerKeyOf: (to) => ring.offerKeyOf(to),
    memberKeyOf: (caseId, member) => ring.memberKeyOf(caseId, member),
    channel: (channelId) => ring.channel(channelId),
    memberPair: (hint) => ring.memberPair(hint),
    offerPairs: () => ring.offerPairs(),
  };
}
