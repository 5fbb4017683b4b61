import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@acogida/core';
import { fold } from '@acogida/core';
import type { RecordedEvent } from '@acogida/event-store';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import {
  careArranged,
  CASE_ID,
  CHILD_CASE_ID,
  closed,
  DUE_AT,
  DUE_FROM_MEETING,
  guardianAppointed,
  guardianEnded,
  guardianOverdue,
  heardLate,
  identified,
  interviewed,
  LATER,
  lawyerAppointed,
  lawyerEnded,
  registered,
  relativeFound,
  reported,
} from '../domain/child-case-examples.ts';
import type { ChildCaseEvent } from '../domain/child-case-events.ts';
import { stageOf } from '../domain/child-case-state.ts';
import { childCaseDecider } from '../domain/child-case.ts';
import { CreateChildCaseTable1795570000000 } from '../migrations/create-child-case-table.ts';
import { childCaseProjection } from './child-case.projection.ts';

const OTHER = 'f0e1d2c3-b4a5-4697-8877-665544332211';

let database: TestDatabase;
let position: number;

beforeAll(async () => {
  database = await createTestDatabase([CreateChildCaseTable1795570000000]);
});
afterAll(() => database.drop());
beforeEach(async () => {
  position = 0;
  await childCaseProjection.reset(database.pool);
});

function recorded(id: string, fromVersion: number, ...events: readonly ChildCaseEvent[]): RecordedEvent[] {
  return events.map((event, index) => {
    position += 1;
    return {
      id: `00000000-0000-4000-8000-${String(position).padStart(12, '0')}`,
      stream: `child-case-${id}`,
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
    'SELECT * FROM child_case ORDER BY opened_position',
  );
  return found;
}

/** The row after these events, once one by one and once in one batch. */
async function rowAfter(...events: readonly ChildCaseEvent[]): Promise<Record<string, unknown> | undefined> {
  await childCaseProjection.reset(database.pool);
  position = 0;
  for (const event of recorded(CHILD_CASE_ID, 1, ...events)) await childCaseProjection.apply([event], database.pool);
  const [oneByOne] = await rows();
  await childCaseProjection.reset(database.pool);
  position = 0;
  await childCaseProjection.apply(recorded(CHILD_CASE_ID, 1, ...events), database.pool);
  expect(await rows()).toEqual([oneByOne]);
  return oneByOne;
}

const reportedRow = {
  ...{ child_case_id: CHILD_CASE_ID, opened_position: '1', version: 1, stage: 'REPORTED', case_id: CASE_ID },
  ...{ referral_id: null, situation: 'UNACCOMPANIED', urgency: null, is_met: false, registered_at: null, care: null },
  ...{ guardian_since: null, representative_since: null, guardian_due_at: new Date(DUE_AT) },
  ...{ is_guardian_overdue: false, closed_at: null, changed_at: new Date('2026-11-22T15:00:01.000Z') },
};
const done = [reported, identified, registered, careArranged, guardianAppointed, lawyerAppointed, interviewed];

describe('child_case', () => {
  it('gets a row with the first word of the child', async () => {
    expect(await rowAfter(reported)).toEqual(reportedRow);
    expect(await rowAfter(identified)).toEqual({
      ...{ ...reportedRow, stage: 'IDENTIFIED', urgency: 'URGENT', is_met: true },
      guardian_due_at: new Date(DUE_FROM_MEETING),
    });
  });

  it('follows what is done for the child, to the end', async () => {
    const since = new Date(LATER);
    const doneRow = {
      ...{ ...reportedRow, version: 7, stage: 'REPRESENTED', urgency: 'URGENT', is_met: true, care: 'FOSTER' },
      ...{ registered_at: since, guardian_since: since, representative_since: since, guardian_due_at: null },
      changed_at: new Date('2026-11-22T15:00:07.000Z'),
    };
    expect(await rowAfter(...done)).toEqual(doneRow);
    expect(await rowAfter(...done, relativeFound, closed)).toEqual({
      ...{ ...doneRow, version: 9, stage: 'CLOSED', situation: 'ACCOMPANIED_AT_RISK', care: null },
      ...{ guardian_since: null, representative_since: null, closed_at: since },
      changed_at: new Date('2026-11-22T15:00:09.000Z'),
    });
    expect(await rowAfter(...done, relativeFound, closed, identified)).toMatchObject({
      ...{ version: 10, stage: 'REGISTERED', situation: 'UNACCOMPANIED', care: null, guardian_since: null },
      ...{ guardian_due_at: new Date(DUE_FROM_MEETING), closed_at: null, is_met: true },
    });
  });

  it.each([
    [[identified, guardianOverdue]],
    [[identified, guardianOverdue, guardianAppointed]],
    [[identified, guardianOverdue, relativeFound]],
    [[identified, registered, guardianAppointed, guardianEnded]],
    [[identified, lawyerAppointed, lawyerEnded]],
    [[reported, relativeFound]],
    [[reported, relativeFound, identified]],
    [[identified, relativeFound, heardLate]],
    [[identified, relativeFound, closed, heardLate]],
    [[...done, relativeFound, closed, reported]],
  ])('says what the case says', async (history) => {
    const state = fold(childCaseDecider, history);
    const row = await rowAfter(...history);
    const { guardian, legalRepresentative, guardianDueAt, isGuardianOverdue, situation, isMet } = state;
    expect(row).toMatchObject({
      ...{ stage: stageOf(state), situation, is_met: isMet, is_guardian_overdue: isGuardianOverdue },
      guardian_due_at: guardianDueAt === null ? null : new Date(guardianDueAt),
      guardian_since: guardian === null ? null : new Date(guardian.appointedAt),
      representative_since: legalRepresentative === null ? null : new Date(legalRepresentative.appointedAt),
    });
  });

  it('takes new and changed cases in one batch, and leaves other streams alone', async () => {
    await childCaseProjection.apply(recorded(CHILD_CASE_ID, 1, identified), database.pool);
    const foreign = recorded(OTHER, 1, identified).map((event) => ({ ...event, stream: `referral-${OTHER}` }));
    await childCaseProjection.apply(
      [...recorded(CHILD_CASE_ID, 2, registered), ...foreign, ...recorded(OTHER, 1, reported)],
      database.pool,
    );
    expect((await rows()).map((row) => [row['child_case_id'], row['version'], row['stage']])).toEqual([
      [CHILD_CASE_ID, 2, 'REGISTERED'],
      [OTHER, 1, 'REPORTED'],
    ]);
  });
});
