import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventLogMigrations } from '@acogida/event-log';
import { eventStoreMigrations } from '@acogida/event-store';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import { afterComparing, type AfterComparingParts } from './after-comparing.ts';
import type { NodeCaseKeys, OfferKeyPublishing } from './assemble-case-keys.ts';

const AGENCY = 'cr-border-intake';
const BEFORE = '2026-11-22T09:00:00.000Z';
const RESTORED = '2026-11-22T10:00:00.000Z';
const LATER = '2026-11-22T11:00:00.000Z';

let database: TestDatabase;
let version = 0;

beforeAll(async () => {
  database = await createTestDatabase([...eventStoreMigrations, ...eventLogMigrations]);
});
afterAll(() => database.drop());
beforeEach(() => database.pool.query('TRUNCATE es.event, relay.recovery CASCADE'));

/** As a process does that compares the topic for the first time: whether it publishes its offer keys anew. */
async function publishesAnew(): Promise<boolean | undefined> {
  let told: OfferKeyPublishing | undefined;
  const caseKeys = {
    onCompared: async (publishing: OfferKeyPublishing) => void (told = publishing),
  } as unknown as NodeCaseKeys;
  const parts = {
    ...{ agencyId: AGENCY, pool: database.pool, clock: { now: () => LATER }, ids: { uuid: () => randomUUID() } },
    made: { context: {}, store: {} },
  } as unknown as AfterComparingParts;
  await afterComparing(caseKeys, parts)({ lostOf: async () => [] });
  return told?.hasRecovered;
}

async function restore(finishedAt: string | null): Promise<void> {
  const state = finishedAt === null ? 'recovering' : 'awaiting-attestation';
  await database.pool.query(
    `INSERT INTO relay.recovery (state, previous_incarnation, restored_through, started_at, finished_at)
     VALUES ($1, 1, 10, $2, $3)`,
    [state, BEFORE, finishedAt],
  );
}

async function say(type: string, at: string, agency = AGENCY): Promise<void> {
  version += 1;
  await database.pool.query(
    `INSERT INTO es.event (stream, version, id, type, schema_version, recorded_at, text, salt, hash)
     VALUES ($1, $2, $3, $4, 1, $5, '{}', '', '')`,
    [`offer-keys-${agency}`, version, randomUUID(), type, at],
  );
}

describe('offer keys after a restore', () => {
  it('are those of before where none was, or one is under way', async () => {
    expect(await publishesAnew()).toBe(false);
    await restore(null);
    expect(await publishesAnew()).toBe(false);
  });

  it('are published anew by each process until one has done so', async () => {
    await say('OfferKeyPublished', BEFORE);
    await restore(RESTORED);
    expect(await publishesAnew()).toBe(true);
    await say('OfferKeyDestroyed', LATER);
    await say('OfferKeyPublished', LATER, 'mx-comar');
    expect(await publishesAnew()).toBe(true);
    await say('OfferKeyPublished', LATER);
    expect(await publishesAnew()).toBe(false);
  });

  it('are published anew after each restore', async () => {
    await restore(BEFORE);
    await say('OfferKeyPublished', BEFORE);
    expect(await publishesAnew()).toBe(false);
    await restore(RESTORED);
    expect(await publishesAnew()).toBe(true);
  });
});
