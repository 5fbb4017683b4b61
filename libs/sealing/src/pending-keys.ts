import { KEY_AUDIENCES } from './audience.ts';
import type { KeyLookup, OpenedKey } from './key-ring.ts';
import { lookupOver } from './lookup-over.ts';
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
  return lookupOver(ring, {
    current: (caseId) => byCase.get(caseId) ?? ring.current(caseId),
    keyOf: (keyId, source) => (source === agency ? byKey.get(keyId) : undefined) ?? ring.keyOf(keyId, source),
  });
}
