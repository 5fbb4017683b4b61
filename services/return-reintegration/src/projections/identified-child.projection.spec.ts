import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ReceivedEvent } from '@acogida/event-log';
import { inTransaction } from '@acogida/event-store';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import { CreateIdentifiedChildTable1795563000000 } from '../migrations/create-identified-child-table.ts';
import { identifiedChild, identifiedChildProjection } from './identified-child.projection.ts';

const CASE = '0b5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e01';
const OTHER = '1c5c8f6e-52f1-4b7a-8a56-7a2c7d6a9e02';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase([CreateIdentifiedChildTable1795563000000]);
});
afterAll(() => database.drop());

function said(caseId: string | null, careStatus: string, type = 'ChildIdentified'): ReceivedEvent {
  return { payload: { type, caseId, data: { basis: 'AGE', careStatus } } } as unknown as ReceivedEvent;
}
const hears = (...opened: ReceivedEvent[]): Promise<void> =>
  inTransaction(database.pool, (client) => identifiedChildProjection.apply({ opened, sealed: [] }, client));

describe('children that other agencies identified', () => {
  it('INV-08 are known by the gravest that was said, in whatever order and however often', async () => {
    expect(await identifiedChild(database.pool, CASE)).toBeNull();
    await hears(said(CASE, 'SEPARATED'), said(CASE, 'SEPARATED'), said(OTHER, 'ACCOMPANIED'), said(null, 'UNKNOWN'));
    await hears(said(CASE, 'ACCOMPANIED'), said(OTHER, 'UNACCOMPANIED', 'SomethingElse'));
    expect(await identifiedChild(database.pool, CASE)).toBe('SEPARATED');
    expect(await identifiedChild(database.pool, OTHER)).toBe('ACCOMPANIED');
  });

  it('are forgotten with the case', async () => {
    await inTransaction(
      database.pool,
      (client) => identifiedChildProjection.forget?.(client, CASE) ?? Promise.resolve(0),
    );
    expect(await identifiedChild(database.pool, CASE)).toBeNull();
    expect(await identifiedChild(database.pool, OTHER)).toBe('ACCOMPANIED');
  });
});
