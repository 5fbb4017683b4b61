import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import { multiplyRows, otherUuid } from './multiply-rows.ts';

describe('growing tables set-wise', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    await database.pool.query(
      `CREATE TABLE parent (id uuid PRIMARY KEY, size integer NOT NULL);
       CREATE TABLE child (place bigserial PRIMARY KEY, parent uuid NOT NULL REFERENCES parent, "text" text NOT NULL);
       INSERT INTO parent SELECT gen_random_uuid(), n FROM generate_series(1, 10) AS n;
       INSERT INTO child (parent, "text") SELECT id, 'some text' FROM parent`,
    );
  });
  afterAll(() => database.drop());

  it('copies rows under other ids that still belong together, and counts numbered columns on', async () => {
    const client = await database.pool.connect();
    try {
      await multiplyRows(
        client,
        [
          { table: 'parent', distinct: { id: otherUuid('t.id') } },
          { table: 'child', distinct: { parent: otherUuid('t.parent') } },
        ],
        9,
      );
      await multiplyRows(client, [{ table: 'parent', distinct: {} }], 0);
    } finally {
      client.release();
    }
    const { rows } = await database.pool.query(
      `SELECT (SELECT count(*)::int FROM parent) AS parents, count(DISTINCT parent)::int AS used, max(place)::int AS place,
              bool_and(parent::text ~ '^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab]') AS random FROM child`,
    );
    expect(rows).toEqual([{ parents: 100, used: 100, place: 100, random: true }]);
  });
});
