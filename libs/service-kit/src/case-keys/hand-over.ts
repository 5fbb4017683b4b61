import { type CaseKeySet, type HeldKey, KEY_AUDIENCES, type KeyAudience, MissingKeyError } from '@acogida/sealing';
import type { EpochNames } from './case-keys-events.ts';
import type { HandOver } from './publish.ts';

/** Names of the keys of a set, as events hold them. */
export function namesOfSet({ subject, keys }: CaseKeySet): EpochNames {
  const keyIds = Object.fromEntries(KEY_AUDIENCES.map((audience) => [audience, keys[audience].keyId]));
  return { subject, keyIds: keyIds as Record<KeyAudience, string> };
}

/** Hands over keys that are in hand. */
export function handOverOf(held: readonly HeldKey[]): HandOver {
  return (holder, keyId) => {
    const found = held.find(({ source, key }) => source === holder && key.keyId === keyId);
    if (found === undefined) throw new MissingKeyError('a key that was to be granted is not there');
    return found.key.handOver();
  };
}

/** For steps that publish no grant. */
export const handOverNothing: HandOver = handOverOf([]);
