import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@acogida/core';
import type { RecordedEvent } from '@acogida/event-store';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import type { QueryConfig } from 'pg';
import { adultRegistered, CASE_ID, contacted, informed, needsScreened } from '../domain/case-intake-examples.ts';
import type { CaseIntakeEvent } from '../domain/case-intake-events.ts';
import { CreateIntakeCaseTable1795309200000 } from '../migrations/create-intake-case-table.ts';
import { intakeCaseProjection } from './intake-case.projection.ts';

const OTHER_CASE = 'f0e1d2c3-b4a5-4697-8877-665544332211';
const childInDoubt = { type: 'ChildIdentified', data: { basis: 'DOUBT', careStatus: 'SEPARATED' } } as const;

let database: TestDatabase;
let position: number;

beforeAll(async () => {
  database = await createTestDatabase([CreateIntakeCaseTable1795309200000]);
});
afterAll(() => database.drop());
beforeEach(async () => {
  position = 0;
  await intakeCaseProjection.reset(database.pool);
});

function recorded(caseId: string, fromVersion: number, ...events: CaseIntakeEvent[]): RecordedEvent[] {
  return events.map((event, index) => {
    position += 1;
    return {
      id: `00000000-0000-4000-8000-${String(position).padStart(12, '0')}`,
      stream: `case-intake-${caseId}`,
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

async function rows(): Promise<unknown[]> {
  const { rows: found } = await database.pool.query('SELECT * FROM intake_case ORDER BY opened_position');
  return found;
}

const opened = {
  case_id: CASE_ID,
  opened_position: '1',
  version: 1,
  stage: 'CONTACTED',
  place: 'PASO_CANOAS',
  channel: 'BORDER',
  contacted_on: '2026-11-22',
  entry_mode: 'IRREGULAR',
  opened_at: new Date('2026-11-22T15:00:01.000Z'),
  changed_at: new Date('2026-11-22T15:00:01.000Z'),
  sex: null,
  age_status: null,
  age_from_years: null,
  age_to_years: null,
  nationalities: null,
  nationality_status: null,
  life_saving: null,
  asylum_intent: false,
  child_basis: null,
  care_status: null,
  trafficking_flagged: false,
};

const screened = {
  ...opened,
  version: 7,
  stage: 'NEEDS_SCREENED',
  changed_at: new Date('2026-11-22T15:00:07.000Z'),
  sex: 'FEMALE',
  age_status: 'DISPUTED',
  age_from_years: 24,
  age_to_years: 26,
  nationalities: ['NI'],
  nationality_status: 'DECLARED',
  life_saving: false,
  asylum_intent: true,
  child_basis: 'DOUBT',
  care_status: 'SEPARATED',
  trafficking_flagged: true,
};

const wholeHistory: readonly CaseIntakeEvent[] = [
  contacted,
  informed,
  adultRegistered,
  { type: 'AsylumIntentExpressed', data: { expressedOn: null, manner: 'ORAL' } },
  { type: 'TraffickingIndicatorFlagged', data: { source: 'SELF', indicators: [] } },
  childInDoubt,
  needsScreened,
];

describe('intake_case', () => {
  it('gets a row at first contact', async () => {
    await intakeCaseProjection.apply(recorded(CASE_ID, 1, contacted), database.pool);
    expect(await rows()).toEqual([opened]);
  });

  it('is the same whether events come one by one or all in one batch', async () => {
    for (const event of recorded(CASE_ID, 1, ...wholeHistory)) await intakeCaseProjection.apply([event], database.pool);
    expect(await rows()).toEqual([screened]);

    await intakeCaseProjection.reset(database.pool);
    expect(await rows()).toEqual([]);

    position = 0;
    await intakeCaseProjection.apply(recorded(CASE_ID, 1, ...wholeHistory), database.pool);
    expect(await rows()).toEqual([screened]);
  });

  it('takes the events of many cases in one batch, and leaves other streams alone', async () => {
    await intakeCaseProjection.apply(recorded(CASE_ID, 1, contacted), database.pool);
    const [ofReferral] = recorded(CASE_ID, 2, informed);
    await intakeCaseProjection.apply(
      [
        ...recorded(OTHER_CASE, 1, contacted, informed),
        ...recorded(CASE_ID, 2, informed),
        ...(ofReferral === undefined ? [] : [{ ...ofReferral, stream: `referral-${CASE_ID}`, version: 9 }]),
      ],
      database.pool,
    );
    expect(await rows()).toEqual([
      { ...opened, version: 2, stage: 'INFORMED', changed_at: new Date('2026-11-22T15:00:05.000Z') },
      {
        ...opened,
        case_id: OTHER_CASE,
        opened_position: '3',
        version: 2,
        stage: 'INFORMED',
        opened_at: new Date('2026-11-22T15:00:03.000Z'),
        changed_at: new Date('2026-11-22T15:00:04.000Z'),
      },
    ]);
  });

  it('writes one statement for all new and one for all changed cases', async () => {
    const statements: string[] = [];
    const counting = {
      query: (statement: QueryConfig) => {
        statements.push(statement.text);
        return database.pool.query(statement);
      },
    } as unknown as typeof database.pool;
    await intakeCaseProjection.apply(
      [...recorded(CASE_ID, 1, contacted), ...recorded(OTHER_CASE, 1, contacted)],
      counting,
    );
    expect(statements).toHaveLength(1);
    await intakeCaseProjection.apply(
      [...recorded(CASE_ID, 2, informed), ...recorded(OTHER_CASE, 2, informed)],
      counting,
    );
    expect(statements).toHaveLength(2);
    expect(await rows()).toHaveLength(2);
  });

  it('does not put a case back when it is informed again', async () => {
    await intakeCaseProjection.apply(recorded(CASE_ID, 1, contacted, informed, adultRegistered), database.pool);
    await intakeCaseProjection.apply(recorded(CASE_ID, 4, informed), database.pool);
    expect(await rows()).toEqual([expect.objectContaining({ stage: 'REGISTERED', version: 4 })]);
    await intakeCaseProjection.apply(recorded(CASE_ID, 5, needsScreened, informed), database.pool);
    expect(await rows()).toEqual([expect.objectContaining({ stage: 'NEEDS_SCREENED', version: 6 })]);
  });

  it('counts versions of events that change nothing else', async () => {
    await intakeCaseProjection.apply(
      recorded(CASE_ID, 1, contacted, {
        type: 'ComplaintFiled',
        data: { complaintId: OTHER_CASE, subject: 'ABUSE', filedBy: 'ANONYMOUS' },
      }),
      database.pool,
    );
    expect(await rows()).toEqual([{ ...opened, version: 2, changed_at: new Date('2026-11-22T15:00:02.000Z') }]);
  });

  it('INV-08 lists nobody as an adult who was identified as a child, before or after the registration', async () => {
    await intakeCaseProjection.apply(recorded(CASE_ID, 1, contacted, informed, childInDoubt), database.pool);
    await intakeCaseProjection.apply(recorded(CASE_ID, 4, adultRegistered), database.pool);
    expect(await rows()).toEqual([expect.objectContaining({ age_status: 'DISPUTED', child_basis: 'DOUBT' })]);

    await intakeCaseProjection.reset(database.pool);
    await intakeCaseProjection.apply(recorded(CASE_ID, 1, contacted, informed, adultRegistered), database.pool);
    expect(await rows()).toEqual([expect.objectContaining({ age_status: 'ADULT', child_basis: null })]);
    await intakeCaseProjection.apply(recorded(CASE_ID, 4, childInDoubt), database.pool);
    expect(await rows()).toEqual([expect.objectContaining({ age_status: 'DISPUTED', care_status: 'SEPARATED' })]);
  });
});
