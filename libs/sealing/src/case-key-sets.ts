import { KEY_AUDIENCES, type KeyAudience } from './audience.ts';
import type { CaseKeyRow } from './key-rows.ts';
import type { CaseKeySet, SealingKey } from './sealing-key.ts';

/** Epochs of which all keys are there, oldest first. */
export function setsOf(
  rows: readonly CaseKeyRow[],
  keyOf: (keyId: string) => SealingKey | undefined,
): readonly CaseKeySet[] {
  const sets = new Map<string, { row: CaseKeyRow; keys: Partial<Record<KeyAudience, SealingKey>> }>();
  for (const row of rows) {
    const name = `${row.caseId}/${row.epoch}`;
    const set = sets.get(name) ?? { row, keys: {} };
    const key = keyOf(row.keyId);
    if (key !== undefined) set.keys[row.audience] = key;
    sets.set(name, set);
  }
  return [...sets.values()]
    .filter(({ keys }) => KEY_AUDIENCES.every((audience) => keys[audience] !== undefined))
    .map(({ row: { caseId, epoch, subject }, keys }) => ({ caseId, epoch, subject, keys: keys as CaseKeySet['keys'] }))
    .sort((one, other) => one.epoch - other.epoch);
}
