import type { Instant } from '@acogida/core';
import type { NamedPair, OpenedKey } from './key-ring.ts';
import type { CaseKeyRow, KeyTable, KeyTables } from './key-rows.ts';
import type { SecretBytes } from './secret-bytes.ts';
import { SealingKey } from './sealing-key.ts';
import { x25519Pair } from './x25519.ts';

/** A case key and who handed it on; null for the node's own. */
export interface HeldKey extends OpenedKey {
  readonly grantedBy: string | null;
}

/** A row of any table. */
export type AnyKeyRow = KeyTables[KeyTable];
/** A row and its secret. */
export type Opened<R> = readonly [R, SecretBytes];

/** The key of a row; none when the secret is another than the row says. */
export function heldKey([row, secret]: Opened<CaseKeyRow>): readonly HeldKey[] {
  const { source, subject, caseId, audience, epoch, grantedBy } = row;
  const key = new SealingKey(secret.expose());
  return key.keyId === row.keyId ? [{ source, subject, caseId, audience, epoch, grantedBy, key }] : [];
}

type Dated = readonly [{ readonly validFrom: Instant }, SecretBytes];

/** Orders pairs by when they became valid. */
export function newestFirst([one]: Dated, [other]: Dated): number {
  return one.validFrom < other.validFrom ? 1 : -1;
}

/** The pair of a row. */
export function named([{ keyId }, secret]: readonly [{ readonly keyId: string }, SecretBytes]): NamedPair {
  return { ...x25519Pair(secret.expose()), keyId };
}
