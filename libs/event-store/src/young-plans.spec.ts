import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import type { Pool } from 'pg';
import { inAppendTransaction } from './append-transaction.ts';

const FIND = {
  name: 'find',
  text: 'SELECT standing.name FROM unnest($1::text[]) AS wanted (name) JOIN standing ON standing.name = wanted.name',
  values: [['a', 'b']],
};

/** Runs the statement in a transaction of its own, and says whether its plan reads the table from end to end. */
function readsAll(pool: Pool): Promise<boolean> {
  return inAppendTransaction(pool, async (transaction) => {
    await transaction.query(FIND);
    const { rows } = await transaction.query<{ 'QUERY PLAN': string }>("EXPLAIN EXECUTE find ('{a,b}')");
    return rows.some((row) => row['QUERY PLAN'].includes('Seq Scan on standing'));
  });
}

describe('plans of a connection', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
    await database.pool.query('CREATE TABLE standing (name text PRIMARY KEY) WITH (autovacuum_enabled = off)');
  });
  afterAll(() => database.drop());

  test('are made anew when the tables have grown since', async () => {
    const { pool } = database; // one query after the other: one connection
    await pool.query('SET plan_cache_mode = force_generic_plan');
    for (let transaction = 0; transaction < 16; transaction += 1) expect(await readsAll(pool)).toBe(true);
    await pool.query("INSERT INTO standing SELECT 'name ' || n FROM generate_series(1, 20000) AS n");
    expect(await readsAll(pool)).toBe(true);
    for (let transaction = 0; transaction < 64; transaction += 1) await readsAll(pool);
    expect(await readsAll(pool)).toBe(false);
  });
});
