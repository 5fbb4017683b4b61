import { KEY_AUDIENCES } from '../audience.ts';
import type { KeyRows, KeyTransaction } from '../key-rows.ts';
import type { KeyStore } from '../key-store.ts';
import type { NewSecret } from '../new-secret.ts';
import type { KeyRing } from '../key-ring.ts';
import { systemRandomness } from '../randomness.ts';
import { type CaseKeySet, makeCaseKeySet } from '../sealing-key.ts';
import type { openSpecStore } from './spec-sealing.ts';

export const AGENCY = 'cr-border-intake';
export const PEER = 'mx-comar';
export const THIRD = 'cr-oij';
export const CASE = '0b5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e01';
export const OTHER_CASE = '1c5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e02';
export const REFERRAL = '2d5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e03';
export const CHANNEL = '3e5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e04';
export const AT = '2026-11-22T09:00:00.000Z';

/** What the parts of the conformance suite work on. */
export interface KeyStoreBench {
  readonly rows: () => KeyRows;
  readonly store: () => KeyStore;
  readonly ring: () => KeyRing;
  /** A store and a ring of another process on the same rows. */
  readonly restart: () => ReturnType<typeof openSpecStore>;
  readonly write: <R>(work: (transaction: KeyTransaction) => Promise<R>) => Promise<R>;
  readonly insert: (...secrets: readonly NewSecret[]) => Promise<void>;
}

/** Keys of an epoch of the first case, unless it says otherwise. */
export function makeSet(caseId = CASE, epoch = 1): CaseKeySet {
  return makeCaseKeySet(caseId, epoch, systemRandomness);
}

/** The `coded` key of an epoch as an agency hands it on. */
export function grantOf({ caseId, epoch, subject, keys }: CaseKeySet, grantedBy: string, source = PEER): NewSecret {
  const place = { source, subject, caseId, audience: 'coded' as const, epoch, grantedBy, receivedAt: AT };
  return { kind: 'case', ...place, key: keys.coded };
}

/** Keys of an epoch of the agency, each by itself: as they were kept before epochs were, or as another hands them on. */
export function oneByOne(
  { caseId, epoch, subject, keys }: CaseKeySet,
  grantedBy: string | null = null,
): readonly NewSecret[] {
  const place = { kind: 'case' as const, source: AGENCY, subject, caseId, epoch, grantedBy, receivedAt: AT };
  return KEY_AUDIENCES.map((audience) => ({ ...place, audience, key: keys[audience] }));
}
