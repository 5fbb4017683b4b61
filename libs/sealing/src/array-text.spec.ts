import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import { arrayText } from './array-text.ts';

describe('an array as text', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it.each([
    ['text', []],
    ['text', ['cr-border-intake', '2026-11-22T09:00:00.000Z', '_-aZ09', 'null', 'NULL', null]],
    ['text', ['', ' ', '{}', 'a,b', '"', '\\', '\\\\"x', 'ação — 漢字', "it's"]],
    ['integer', [1, -2, 2_147_483_647, null]],
    ['bytea', [Buffer.from([0, 255, 92, 34]), Buffer.alloc(0), Buffer.from('xyz').subarray(1), null]],
    ['uuid', ['9b2f4f0e-5a3c-4f0e-8c51-6a4d1f0c2b11']],
  ])('of %s is read as it was given', async (type, values) => {
    const { rows } = await database.pool.query(`SELECT $1::${type}[] AS value`, [arrayText(values)]);
    expect(rows).toEqual([{ value: values }]);
  });
});
