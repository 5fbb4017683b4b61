import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@acogida/core';
import type { RecordedEvent } from '@acogida/event-store';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import {
  applied,
  appliedForChild,
  approvedHistory,
  AT,
  CASE_ID,
  childNoted,
  COOLED_AT,
  confirmed,
  counselled,
  declined,
  departed,
  expired,
  RETURN_CASE_ID,
  signed,
  takenBack,
  VALID_UNTIL,
  withdrawn,
} from '../domain/return-case-examples.ts';
import type { ReturnCaseEvent } from '../domain/return-case-events.ts';
import { CreateReturnCaseTable1795402517274 } from '../migrations/create-return-case-table.ts';
import { returnCaseProjection } from './return-case.projection.ts';

const OTHER = 'f0e1d2c3-b4a5-4697-8877-665544332211';

let database: TestDatabase;
let position: number;

beforeAll(async () => {
  database = await createTestDatabase([CreateReturnCaseTable1795402517274]);
});
afterAll(() => database.drop());
beforeEach(async () => {
  position = 0;
  await returnCaseProjection.reset(database.pool);
});

function recorded(id: string, fromVersion: number, ...events: readonly ReturnCaseEvent[]): RecordedEvent[] {
  return events.map((event, index) => {
    position += 1;
    return {
      id: `00000000-0000-4000-8000-${String(position).padStart(12, '0')}`,
      stream: `return-case-${id}`,
      version: fromVersion + index,
      position: String(position),
      type: event.type,
      schemaVersion: 1,
      recordedAt: `2026-11-22T15:00:${String(position).padStart(2, '0')}.000Z`,
      data: event.data as unknown as JsonObject,
      metadata: { correlationId: 'c', causation: null, actor: 'a' },
    };
  });
}

async function rows(): Promise<Record<string, unknown>[]> {
  const { rows: found } = await database.pool.query<Record<string, unknown>>(
    'SELECT * FROM return_case ORDER BY opened_position',
  );
  return found;
}

/** The row after these events, once one by one and once in one batch. */
async function rowAfter(...events: readonly ReturnCaseEvent[]): Promise<Record<string, unknown> | undefined> {
  await returnCaseProjection.reset(database.pool);
  position = 0;
  for (const event of recorded(RETURN_CASE_ID, 1, ...events)) await returnCaseProjection.apply([event], database.pool);
  const [oneByOne] = await rows();
  await returnCaseProjection.reset(database.pool);
  position = 0;
  await returnCaseProjection.apply(recorded(RETURN_CASE_ID, 1, ...events), database.pool);
  expect(await rows()).toEqual([oneByOne]);
  return oneByOne;
}

const appliedRow = {
  return_case_id: RETURN_CASE_ID,
  opened_position: '1',
  version: 1,
  stage: 'SUBMITTED',
  case_id: CASE_ID,
  referral_id: null,
  care_status: null,
  submitted_at: new Date(AT),
  consent_version: null,
  cooling_until: null,
  valid_until: null,
  departed_at: null,
  changed_at: new Date('2026-11-22T15:00:01.000Z'),
};
const consentColumns = {
  consent_version: 1,
  cooling_until: new Date(COOLED_AT),
  valid_until: new Date(VALID_UNTIL),
};

describe('return_case', () => {
  it('gets a row with the application', async () => {
    expect(await rowAfter(applied)).toEqual(appliedRow);
    expect(await rowAfter(appliedForChild)).toEqual({ ...appliedRow, care_status: 'ACCOMPANIED' });
  });

  it('follows the case to the departure, and back', async () => {
    const approvedRow = {
      ...{ ...appliedRow, ...consentColumns },
      ...{ version: 6, stage: 'APPROVED', changed_at: new Date('2026-11-22T15:00:06.000Z') },
    };
    expect(await rowAfter(...approvedHistory)).toEqual(approvedRow);
    expect(await rowAfter(...approvedHistory, departed)).toMatchObject({
      ...{ version: 7, stage: 'DEPARTED', departed_at: new Date(COOLED_AT) },
    });
    expect(await rowAfter(...approvedHistory, departed, takenBack)).toMatchObject({
      ...{ version: 8, stage: 'TO_CONFIRM', departed_at: null },
    });
  });

  it.each([
    ['COUNSELLED', [applied, counselled]],
    ['COUNSELLED', [applied, counselled, counselled]],
    ['COOLING_OFF', [applied, counselled, signed]],
    ['COOLING_OFF', [applied, counselled, signed, counselled]],
    ['CONSENTED', [applied, counselled, signed, confirmed]],
    ['WITHDRAWN', [...approvedHistory, withdrawn]],
    ['COUNSELLED', [...approvedHistory, withdrawn, counselled]],
    ['EXPIRED', [applied, counselled, signed, expired]],
    ['SUBMITTED', [...approvedHistory, childNoted]],
    ['DECLINED', [applied, declined]],
  ] as const)('stands at %s', async (stage, history) => {
    expect((await rowAfter(...history))?.['stage']).toBe(stage);
  });

  it('takes new and changed cases in one batch, and leaves other streams alone', async () => {
    await returnCaseProjection.apply(recorded(RETURN_CASE_ID, 1, ...approvedHistory), database.pool);
    const foreign = recorded(OTHER, 1, applied).map((event) => ({ ...event, stream: `referral-${OTHER}` }));
    await returnCaseProjection.apply(
      [...recorded(RETURN_CASE_ID, 7, counselled), ...foreign, ...recorded(OTHER, 1, applied)],
      database.pool,
    );
    expect((await rows()).map((row) => [row['return_case_id'], row['version'], row['stage']])).toEqual([
      [RETURN_CASE_ID, 7, 'APPROVED'],
      [OTHER, 1, 'SUBMITTED'],
    ]);
  });
});
