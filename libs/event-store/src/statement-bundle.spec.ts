import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import type { PoolClient, QueryConfig } from 'pg';
import { runTogether } from './statement-bundle.ts';

const BEGIN: QueryConfig = { name: 'begin', text: 'BEGIN' };
const COMMIT: QueryConfig = { name: 'commit', text: 'COMMIT' };
const INSERT: QueryConfig = { name: 'insert', text: 'INSERT INTO line VALUES ($1) RETURNING text' };
const BREAK: QueryConfig = { text: 'SELECT 1 / $1::int', values: [0] };

function insert(text: string): QueryConfig {
  return { ...INSERT, values: [text] };
}

describe('statements that are sent together', () => {
  let database: TestDatabase;
  let client: PoolClient;

  beforeAll(async () => {
    database = await createTestDatabase();
    await database.pool.query('CREATE TABLE line (text text PRIMARY KEY DEFERRABLE INITIALLY DEFERRED)');
  });
  beforeEach(async () => {
    await database.pool.query('TRUNCATE line');
    client = await database.pool.connect();
  });
  afterEach(() => client.release(true));
  afterAll(() => database.drop());

  async function lines(): Promise<readonly string[]> {
    const { rows } = await client.query<{ text: string }>('SELECT text FROM line ORDER BY text');
    return rows.map((row) => row.text);
  }

  test('are answered each on its own, in order', async () => {
    const results = await runTogether(client, [BEGIN, insert('a'), insert('b'), { text: 'SELECT 7 AS n' }, COMMIT]);
    expect(results.map(({ command, rows }) => [command, rows])).toEqual([
      ['BEGIN', []],
      ['INSERT', [{ text: 'a' }]],
      ['INSERT', [{ text: 'b' }]],
      ['SELECT', [{ n: 7 }]],
      ['COMMIT', []],
    ]);
    expect(await lines()).toEqual(['a', 'b']);
  });

  test.each([
    ['the first', [BREAK, insert('a')]],
    ['one in the middle', [insert('a'), BREAK, insert('b')]],
    ['the last', [insert('a'), BREAK]],
  ])('that hold one that fails leave nothing: %s', async (_, statements) => {
    await expect(runTogether(client, [BEGIN, ...statements, COMMIT])).rejects.toMatchObject({ code: '22012' });
    await client.query('ROLLBACK');
    expect(await lines()).toEqual([]);
  });

  test('that the commit refuses leave nothing', async () => {
    const twice = runTogether(client, [BEGIN, insert('a'), insert('a'), COMMIT]);
    await expect(twice).rejects.toMatchObject({ code: '23505' });
    expect(await lines()).toEqual([]);
  });

  test.each([
    ['its parameters are no list', { text: 'SELECT $1', values: 'a' as unknown as unknown[] }],
    ['a parameter cannot be written', { text: 'SELECT $1', values: [{ toPostgres: () => fail() }] }],
    ['its name stands for another statement', { name: 'insert', text: 'SELECT 1' }],
  ])('do not run past one that cannot be sent: %s', async (_, statement) => {
    await runTogether(client, [BEGIN, insert('before'), COMMIT]);
    await expect(runTogether(client, [BEGIN, insert('a'), statement, insert('b'), COMMIT])).rejects.toThrow();
    await client.query('ROLLBACK');
    expect(await lines()).toEqual(['before']);
  });

  test('leave the connection and its prepared statements fit for use after a failure', async () => {
    const skipped = { name: 'skipped', text: 'INSERT INTO line VALUES ($1)', values: ['c'] };
    await expect(runTogether(client, [BEGIN, BREAK, skipped, COMMIT])).rejects.toThrow('division by zero');
    await client.query('ROLLBACK');
    await runTogether(client, [BEGIN, skipped, COMMIT]);
    await client.query({ ...skipped, values: ['d'] });
    expect(await lines()).toEqual(['c', 'd']);
  });

  test('fail when the connection is lost', async () => {
    client.on('error', () => {});
    const lost = runTogether(client, [
      BEGIN,
      insert('a'),
      { text: 'SELECT pg_terminate_backend(pg_backend_pid())' },
      COMMIT,
    ]);
    await expect(lost).rejects.toThrow(/terminat/);
    const { rows } = await database.pool.query('SELECT text FROM line');
    expect(rows).toEqual([]);
  });
});

function fail(): never {
  throw new Error('not writable');
}
