import { KEY_AUDIENCES } from './audience.ts';
import { KEY_BYTES } from './hkdf.ts';
import type { HeldKey, Opened } from './opened-rows.ts';
import type { EpochKeyIds, OwnEpochRow } from './key-rows.ts';
import { SecretBytes } from './secret-bytes.ts';
import { type CaseKeySet, SealingKey } from './sealing-key.ts';

/** The keys of an epoch as one secret: 32 bytes for each of `KEY_AUDIENCES`, in that order. */
export function epochSecret({ keys }: CaseKeySet): SecretBytes {
  return new SecretBytes(Buffer.concat(KEY_AUDIENCES.map((audience) => keys[audience].secret.expose())));
}

/** What the keys of an epoch are found by. */
export function epochKeyIds({ keys }: CaseKeySet): EpochKeyIds {
  const { own, coded, care, restricted } = keys;
  return {
    ...{ ownKeyId: own.keyId, codedKeyId: coded.keyId },
    ...{ careKeyId: care.keyId, restrictedKeyId: restricted.keyId },
  };
}

/** Names of all keys of an epoch. */
export function keyIdsOf(row: EpochKeyIds): readonly string[] {
  return KEY_AUDIENCES.map((audience) => row[`${audience}KeyId`]);
}

/** Null when the secret is another than the row says. */
function epochOf(row: OwnEpochRow, secret: SecretBytes): CaseKeySet | null {
  const bytes = secret.expose();
  if (bytes.length !== KEY_AUDIENCES.length * KEY_BYTES) return null;
  const [coded, care, restricted, own] = KEY_AUDIENCES.map((audience, index) => {
    const key = new SealingKey(bytes.subarray(index * KEY_BYTES, (index + 1) * KEY_BYTES));
    return key.keyId === row[`${audience}KeyId`] ? key : undefined;
  });
  if (coded === undefined || care === undefined || restricted === undefined || own === undefined) return null;
  return { caseId: row.caseId, epoch: row.epoch, subject: row.subject, keys: { coded, care, restricted, own } };
}

/** The keys of an epoch that an agency began, one by one. */
export function keysOfEpoch({ caseId, epoch, subject, keys }: CaseKeySet, agency: string): readonly HeldKey[] {
  return KEY_AUDIENCES.map((audience) => {
    return { source: agency, subject, caseId, audience, epoch, grantedBy: null, key: keys[audience] };
  });
}

/** Epochs of rows, as far as they open. */
export function setsIn(opened: readonly Opened<OwnEpochRow>[]): readonly CaseKeySet[] {
  return opened.flatMap(([row, secret]) => epochOf(row, secret) ?? []);
}
