import { afterAll, describe, expect, it } from '@jest/globals';
import { inTransaction } from '@acogida/event-store';
import { erasureOrderProjection, introductionRows, migrationsOf } from '@acogida/service-kit';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import { serviceDefinitions } from '../contracts/service-definitions.ts';

const CASE = '0b5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e01';
const OTHER = '1c5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e02';

/** Tables that name erased cases for ever, and why. */
const OUTLIVES: Readonly<Record<string, string>> = {
  'keys.erased_case': 'says that it was erased',
  'public.erasure_order': 'says which order a receipt is for',
  'audit.entry': 'cannot be changed: who read what when, in codes',
  'public.case_read': 'who read a history, which has to be known later too',
};
/** Keys go by name, in the key store. */
const OF_THE_KEY_STORE = new Set(['keys.case_key', 'keys.own_epoch', 'keys.member_key']);

const definitions = await serviceDefinitions();
const databases: TestDatabase[] = [];
afterAll(async () => {
  for (const database of databases) await database.drop();
});

async function tablesWithCases(database: TestDatabase): Promise<readonly string[]> {
  const { rows } = await database.pool.query<{ name: string }>(
    `SELECT DISTINCT table_schema || '.' || table_name AS name FROM information_schema.columns
     JOIN information_schema.tables USING (table_schema, table_name)
     WHERE column_name LIKE '%case_id%' AND table_type = 'BASE TABLE' ORDER BY 1`,
  );
  return rows.map(({ name }) => name).filter((name) => !OF_THE_KEY_STORE.has(name));
}

/** Lets a row stand for a case whatever else a row must have. */
async function putRow(database: TestDatabase, table: string, caseId: string): Promise<void> {
  const [schema, name] = table.split('.');
  const { rows } = await database.pool.query<{ constraint: string }>(
    `SELECT conname AS constraint FROM pg_constraint WHERE conrelid = $1::regclass AND contype IN ('p', 'u', 'c', 'f')
       AND NOT (contype = 'p' AND conkey = ARRAY( -- a key of nothing but the case is in nobody's way, and triggers name it
         SELECT attnum FROM pg_attribute WHERE attrelid = conrelid AND attname = 'case_id'))`,
    [table],
  );
  for (const { constraint } of rows) {
    await database.pool.query(`ALTER TABLE ${schema}.${name} DROP CONSTRAINT "${constraint}" CASCADE`);
  }
  const { rows: columns } = await database.pool.query<{ column: string }>(
    `SELECT column_name AS column FROM information_schema.columns
     WHERE table_schema = $1 AND table_name = $2 AND is_nullable = 'NO' AND column_name <> 'case_id' AND is_identity = 'NO'`,
    [schema, name],
  );
  for (const { column } of columns)
    await database.pool.query(`ALTER TABLE ${table} ALTER COLUMN "${column}" DROP NOT NULL`);
  await database.pool.query(`INSERT INTO ${table} (case_id) VALUES ($1)`, [caseId]);
}

async function casesIn(database: TestDatabase, table: string): Promise<readonly string[]> {
  const { rows } = await database.pool.query<{ caseId: string }>(
    `SELECT case_id::text AS "caseId" FROM ${table} WHERE case_id IS NOT NULL ORDER BY 1`,
  );
  return rows.map(({ caseId }) => caseId);
}

describe('an erasure forgets the case in every table that has a column for cases', () => {
  it.each([...definitions])('of the service %s', async (_, definition) => {
    const database = await createTestDatabase(migrationsOf(definition).flat());
    databases.push(database);
    const tables = await tablesWithCases(database);
    const forgotten = tables.filter((table) => !Object.hasOwn(OUTLIVES, table));
    for (const table of forgotten) for (const caseId of [CASE, OTHER]) await putRow(database, table, caseId);
    const everywhere = [erasureOrderProjection, introductionRows];
    const projections = [...definition.inlineProjections, ...everywhere, ...definition.contractProjections];
    await inTransaction(database.pool, async (transaction) => {
      for (const projection of projections.toReversed()) await projection.forget?.(transaction, CASE);
    });
    for (const table of forgotten) expect([table, await casesIn(database, table)]).toEqual([table, [OTHER]]);
  });
});
