import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import { bytesArray, intArray, textArray, uuidArray } from './array-parameter.ts';

describe('an array parameter', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  async function asRead(type: string, value: Buffer): Promise<unknown> {
    const { rows } = await database.pool.query<{ value: unknown }>(`SELECT $1::${type}[] AS value`, [value]);
    return rows[0]?.value;
  }

  test.each([
    ['no element', []],
    ['text in any script', ['ação — 漢字 🦜', '', '"{},\\NULL', 'NULL', 'x'.repeat(100_000)]],
    ['nulls', [null, 'a', null]],
  ])('of texts is read as it was given: %s', async (_, values) => {
    expect(await asRead('text', textArray(values))).toEqual(values);
  });

  test.each([
    ['no element', []],
    ['any bytes', [Buffer.from([0, 255, 92, 120]), Buffer.alloc(0), Buffer.alloc(100_000, 7)]],
    ['nulls', [null, Buffer.from('a'), null]],
  ])('of bytes is read as it was given: %s', async (_, values) => {
    expect(await asRead('bytea', bytesArray(values))).toEqual(values);
  });

  test.each([
    ['no element', []],
    ['the whole range', [0, -1, 2_147_483_647, -2_147_483_648]],
    ['nulls', [null, 7, null]],
  ])('of integers is read as it was given: %s', async (_, values) => {
    expect(await asRead('int', intArray(values))).toEqual(values);
  });

  test.each([
    ['no element', []],
    ['some', ['9b2f4f0e-5a3c-4f0e-8c51-6a4d1f0c2b11', '00000000-0000-0000-0000-000000000000']],
  ])('of UUIDs is read as it was given: %s', async (_, values) => {
    const { rows } = await database.pool.query('SELECT $1::uuid[]::text[] AS value', [uuidArray(values)]);
    expect(rows).toEqual([{ value: values }]);
  });

  test.each(['', 'x', '9b2f4f0e5a3c4f0e8c516a4d1f0c2b11', '9b2f4f0e-5a3c-4f0e-8c51-6a4d1f0c2bzz'])(
    'of UUIDs refuses %j',
    (value) => {
      expect(() => uuidArray([value])).toThrow(RangeError);
    },
  );
});
