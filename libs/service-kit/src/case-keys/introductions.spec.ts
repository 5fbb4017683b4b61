import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sealingMigrations } from '@acogida/sealing';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import { CreateCircleIntroductionTable1795544000000 } from './create-circle-introduction-table.migration.ts';
import { introductionRows, PostgresIntroductions } from './introductions.ts';
import type { Introduction } from './key-policies.ts';
import { CASE, COMAR, CONATT, GRANT, OMBUDSMAN, X } from './testing/case-keys-examples.ts';

const COMAR_BY_CONATT: Introduction = {
  ...{ caseId: CASE, agency: COMAR, introducedBy: CONATT, memberKeyX: X, audiences: ['coded', 'care'] },
};
const COMAR_BY_OTHER: Introduction = { ...COMAR_BY_CONATT, introducedBy: 'cr-refugee-unit', memberKeyX: null };

describe('whom others have in their circles', () => {
  const book = new PostgresIntroductions();
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase([...sealingMigrations, CreateCircleIntroductionTable1795544000000]);
  });
  afterAll(() => database.drop());
  beforeEach(() => database.pool.query('TRUNCATE circle_introduction, keys.erased_case'));

  it('is kept by who said it, as it was said last, until it is taken back', async () => {
    const { pool } = database;
    await book.note(pool, [COMAR_BY_OTHER, { ...COMAR_BY_CONATT, audiences: ['coded'] }]);
    await book.note(pool, [COMAR_BY_CONATT, { ...COMAR_BY_CONATT, caseId: GRANT, agency: OMBUDSMAN }]);
    expect(await book.of(pool, CASE)).toEqual([COMAR_BY_CONATT, COMAR_BY_OTHER]);
    await book.forget(pool, COMAR_BY_CONATT);
    expect(await book.of(pool, CASE)).toEqual([COMAR_BY_OTHER]);
  });

  it('goes with the erasure of its case', async () => {
    const { pool } = database;
    await book.note(pool, [COMAR_BY_CONATT, { ...COMAR_BY_CONATT, caseId: GRANT }]);
    expect(await introductionRows.forget?.(pool, CASE)).toBe(1);
    expect([await book.of(pool, CASE), (await book.of(pool, GRANT)).length]).toEqual([[], 1]);
  });

  it('is not kept of a case that was erased', async () => {
    const { pool } = database;
    await pool.query('INSERT INTO keys.erased_case VALUES ($1, $2)', [CASE, '2026-11-22T09:00:00.000Z']);
    await book.note(pool, [COMAR_BY_CONATT, { ...COMAR_BY_CONATT, caseId: GRANT }]);
    expect([await book.of(pool, CASE), (await book.of(pool, GRANT)).length]).toEqual([[], 1]);
  });
});
