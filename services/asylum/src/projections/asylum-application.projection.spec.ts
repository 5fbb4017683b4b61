import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@acogida/core';
import type { RecordedEvent } from '@acogida/event-store';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import {
  APPLICATION_ID,
  CASE_ID,
  lodgedForSomebodyInMexico,
  lodgedInCostaRica,
  lodgedLateInMexico,
} from '../domain/asylum-application-examples.ts';
import type { AsylumApplicationEvent } from '../domain/asylum-application.ts';
import { CreateAsylumApplicationTable1795309300000 } from '../migrations/create-asylum-application-table.ts';
import { asylumApplicationProjection } from './asylum-application.projection.ts';

const OTHER = 'f0e1d2c3-b4a5-4697-8877-665544332211';
const registered: AsylumApplicationEvent = {
  type: 'ApplicationRegistered',
  data: { fileNumber: 'MX-2026-000123', registeredOn: '2026-11-20', decideBy: '2027-01-26' },
};

let database: TestDatabase;
let position: number;

beforeAll(async () => {
  database = await createTestDatabase([CreateAsylumApplicationTable1795309300000]);
});
afterAll(() => database.drop());
beforeEach(async () => {
  position = 0;
  await asylumApplicationProjection.reset(database.pool);
});

function recorded(id: string, fromVersion: number, ...events: AsylumApplicationEvent[]): RecordedEvent[] {
  return events.map((event, index) => {
    position += 1;
    return {
      id: `00000000-0000-4000-8000-${String(position).padStart(12, '0')}`,
      stream: `asylum-application-${id}`,
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
  const { rows: found } = await database.pool.query('SELECT * FROM asylum_application ORDER BY opened_position');
  return found;
}

const lodgedRow = {
  application_id: APPLICATION_ID,
  opened_position: '1',
  version: 1,
  stage: 'LODGED',
  case_id: CASE_ID,
  referral_id: null,
  form: 'ORAL',
  lodged_by: 'SELF',
  lodged_on: '2026-11-13',
  file_by: null,
  late: false,
  late_filing: 'NOT_LATE',
  ratify_by: null,
  ratified_on: null,
  registered_on: null,
  decide_by: null,
  changed_at: new Date('2026-11-22T15:00:01.000Z'),
};

describe('asylum_application', () => {
  it('gets a row when an application is lodged', async () => {
    await asylumApplicationProjection.apply(recorded(APPLICATION_ID, 1, lodgedInCostaRica), database.pool);
    expect(await rows()).toEqual([lodgedRow]);
  });

  it('is the same whether events come one by one or all in one batch, and never holds the file number', async () => {
    const history: AsylumApplicationEvent[] = [
      lodgedLateInMexico,
      { type: 'LateFilingRefused', data: { reason: 'OTHER' } },
      { type: 'LateFilingAccepted', data: { reason: 'FEAR' } },
      registered,
    ];
    const expected = [
      {
        ...lodgedRow,
        version: 4,
        stage: 'REGISTERED',
        file_by: '2026-10-14',
        late: true,
        late_filing: 'ACCEPTED',
        registered_on: '2026-11-20',
        decide_by: '2027-01-26',
        changed_at: new Date('2026-11-22T15:00:04.000Z'),
      },
    ];
    for (const event of recorded(APPLICATION_ID, 1, ...history)) {
      await asylumApplicationProjection.apply([event], database.pool);
    }
    expect(await rows()).toEqual(expected);

    await asylumApplicationProjection.reset(database.pool);
    position = 0;
    await asylumApplicationProjection.apply(recorded(APPLICATION_ID, 1, ...history), database.pool);
    expect(await rows()).toEqual(expected);
    expect(JSON.stringify(await rows())).not.toContain('MX-2026');
  });

  it('takes new and changed applications in one batch, and leaves other streams alone', async () => {
    await asylumApplicationProjection.apply(recorded(APPLICATION_ID, 1, lodgedForSomebodyInMexico), database.pool);
    const ratified: AsylumApplicationEvent = {
      type: 'ApplicationRatified',
      data: { ratifiedOn: '2026-11-19', late: false },
    };
    const [foreign] = recorded(OTHER, 9, registered);
    await asylumApplicationProjection.apply(
      [
        ...recorded(APPLICATION_ID, 2, ratified),
        ...recorded(OTHER, 1, lodgedLateInMexico),
        ...(foreign === undefined ? [] : [{ ...foreign, stream: `referral-${OTHER}` }]),
      ],
      database.pool,
    );
    expect(await rows()).toEqual([
      {
        ...lodgedRow,
        version: 2,
        lodged_by: 'THIRD_PARTY',
        ratify_by: '2026-11-19',
        ratified_on: '2026-11-19',
        changed_at: new Date('2026-11-22T15:00:03.000Z'),
      },
      {
        ...lodgedRow,
        application_id: OTHER,
        opened_position: '4',
        file_by: '2026-10-14',
        late: true,
        late_filing: 'OPEN',
        changed_at: new Date('2026-11-22T15:00:04.000Z'),
      },
    ]);
  });
});
