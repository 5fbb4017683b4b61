import { randomUUID } from 'node:crypto';
import type { Json } from '@acogida/core';
import { inTransaction } from '@acogida/event-store';
import type { IdentityElements } from '@acogida/safeguards';
import { seededNumbers, syntheticPerson } from '@acogida/safeguards/synthetic-people';
import { makeCaseKeySet, systemRandomness } from '@acogida/sealing';
import {
  IdentityTokens,
  KeyStoreCellSealer,
  type RunningNode,
  type VaultField,
  type VaultValues,
} from '@acogida/service-kit';

/** Written in one transaction. */
const CHUNK = 100;
const FIRST_EPOCH = 1;

/** Who the drawn persons of a seed are. */
export function drawnPersons({ seed, count }: PersonsWanted): readonly IdentityElements[] {
  const draw = seededNumbers(seed);
  return Array.from({ length: count }, () => syntheticPerson(draw));
}

/** Which persons, and how many. */
export interface PersonsWanted {
  readonly seed: number;
  readonly count: number;
}

/** A person's identity as officers write it into the vault. */
export function vaultValuesOf({ names, dateOfBirth, documents }: IdentityElements): VaultValues {
  return {
    NAMES: names.join(' '),
    ...(dateOfBirth === null ? {} : { DATE_OF_BIRTH: { ...dateOfBirth } }),
    ...(documents.length === 0 ? {} : { DOCUMENTS: documents.map((one): Json => ({ ...one, state: 'HELD' })) }),
  };
}

const INSERT_CELLS = `
  INSERT INTO vault.cell (case_id, field, version, sealed, consent_id, consent_given_at, updated_at, updated_by)
  SELECT case_id, field, 1, sealed, NULL, NULL, $2, $3
  FROM jsonb_to_recordset($1::jsonb) AS cell (case_id uuid, field text, sealed text)`;

/**
 * Keeps persons in the vault of a node as it keeps whom officers write down, each under the keys of a case of its own: a hundred in
 * one transaction, since thousands are wanted.
 */
export async function keepPersons({ app, runtime }: RunningNode, wanted: PersonsWanted): Promise<void> {
  const { pool, clock, context, keys } = runtime;
  const tokens = app.get(IdentityTokens);
  const sealer = new KeyStoreCellSealer(context.agencyId, keys);
  const persons = drawnPersons(wanted).map((person) => ({ person, caseId: randomUUID() }));
  for (let from = 0; from < persons.length; from += CHUNK) {
    const chunk = persons.slice(from, from + CHUNK);
    const cells = chunk.flatMap(({ person, caseId }) =>
      Object.entries(vaultValuesOf(person)).map(([field, value]) => {
        return { caseId, field: field as VaultField, version: 1, text: JSON.stringify(value) };
      }),
    );
    await inTransaction(pool, async (transaction) => {
      const at = clock.now();
      const sets = chunk.map(({ caseId }) => makeCaseKeySet(caseId, FIRST_EPOCH, systemRandomness));
      await keys.keyStore.insert(
        transaction,
        sets.map((set) => ({ kind: 'epoch', set, begunAt: at })),
      );
      const sealed = await sealer.seal(transaction, cells);
      const rows = cells.map(({ caseId, field }, index) => ({ case_id: caseId, field, sealed: sealed[index] }));
      await transaction.query(INSERT_CELLS, [JSON.stringify(rows), at, `${context.agencyId}.import`]);
      for (const { caseId } of chunk) await tokens.keep(transaction, caseId);
    });
  }
}
