import { createPublicKey } from 'node:crypto';
import type { NamedPair } from '@acogida/sealing';
import type { PrivateKeys } from '../configuration/trust-files.ts';
import { pointOf } from '../trust/signing-keys.ts';

/**
 * The pairs that others seal to this agency with, newest first: the sealing keys that it is trusted with, as far as their private
 * halves are at hand.
 */
export function ownSealingPairs(
  published: readonly { readonly keyId: string; readonly x: string }[],
  privateKeys: PrivateKeys,
): readonly NamedPair[] {
  const byPoint = new Map(
    privateKeys().map((privateKey) => {
      const publicKey = createPublicKey(privateKey);
      const x = pointOf(publicKey);
      return [x, { privateKey, publicKey, x }] as const;
    }),
  );
  return published.flatMap(({ keyId, x }) => {
    const pair = byPoint.get(x);
    return pair === undefined ? [] : [{ ...pair, keyId }];
  });
}
