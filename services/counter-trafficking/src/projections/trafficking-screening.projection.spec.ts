import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@acogida/core';
import type { RecordedEvent } from '@acogida/event-store';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import {
  CASE_ID,
  consentRefused,
  opened,
  REFERRAL_ID,
  safetySecured,
  screened,
  SCREENING_ID,
} from '../domain/screening-examples.ts';
import type { ScreeningEvent } from '../domain/screening-history.ts';
import { CreateTraffickingScreening1795300000001 } from '../migrations/create-trafficking-screening.ts';
import { traffickingScreeningProjection } from './trafficking-screening.projection.ts';

const OTHER_ID = '5c0f5d2e-0b1a-4c63-9f53-6a4a2f1f0c02';

function recorded(history: readonly ScreeningEvent[], screeningId = SCREENING_ID, from = 1): RecordedEvent[] {
  return history.map((event, i) => ({
    id: '00000000-0000-4000-8000-000000000000',
    stream: `trafficking-screening-${screeningId}`,
    version: from + i,
    position: String(from + i),
    type: event.type,
    schemaVersion: 1,
    recordedAt: `2026-11-0${from + i}T10:00:00.000Z`,
    data: event.data as unknown as JsonObject,
    metadata: { correlationId: 'c', causation: null, actor: 'a' },
  }));
}

const presumed: ScreeningEvent = {
  type: 'VictimPresumed',
  data: { reason: 'REASONABLE_GROUNDS', officer: 'cr-conatt.screening-officer', secondReviewer: null },
};

describe('trafficking_screening', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase([CreateTraffickingScreening1795300000001]);
  });
  afterAll(() => database.drop());
  beforeEach(() => traffickingScreeningProjection.reset(database.pool));

  const apply = (...events: RecordedEvent[]) => traffickingScreeningProjection.apply(events, database.pool);
  const rows = async () =>
    (await database.pool.query('SELECT * FROM trafficking_screening ORDER BY screening_id')).rows as JsonObject[];

  it('holds every field of a screening that went all the way', async () => {
    await apply(...recorded([...screened, presumed]));
    expect(await rows()).toEqual([
      {
        screening_id: SCREENING_ID,
        case_id: CASE_ID,
        referral_id: REFERRAL_ID,
        stage: 'IDENTIFIED',
        age_status: 'ADULT',
        suggested: 'PRESUMED',
        outcome: 'PRESUMED',
        reason: 'REASONABLE_GROUNDS',
        second_reviewed: false,
        opened_at: new Date('2026-11-01T10:00:00.000Z'),
        updated_at: new Date('2026-11-06T10:00:00.000Z'),
        version: 6,
      },
    ]);
  });

  it('is the same event by event as in one batch, also mixed with another screening', async () => {
    const one = recorded([...screened, presumed]);
    const other = recorded([opened, safetySecured, consentRefused], OTHER_ID);
    await apply(...one, ...other);
    const inOneBatch = await rows();
    await traffickingScreeningProjection.reset(database.pool);
    for (const event of [...other, ...one]) await apply(event);
    expect(await rows()).toEqual(inOneBatch);
    expect(inOneBatch.map(({ stage }) => stage)).toEqual(['IDENTIFIED', 'CONSENT_REFUSED']);
  });

  it('is not set back when safety is secured again', async () => {
    await apply(...recorded(screened));
    await apply(...recorded([safetySecured], SCREENING_ID, 6));
    expect(await rows()).toEqual([expect.objectContaining({ stage: 'SCREENED', version: 6 })]);
  });

  it('follows a change of outcome', async () => {
    const notIdentified: ScreeningEvent = {
      type: 'NotIdentified',
      data: { reason: 'ELEMENTS_ABSENT', officer: 'o', secondReviewer: 'r' },
    };
    await apply(...recorded([...screened, presumed]));
    await apply(...recorded([notIdentified], SCREENING_ID, 7));
    expect(await rows()).toEqual([
      expect.objectContaining({
        stage: 'CLOSED_NOT_IDENTIFIED',
        suggested: 'PRESUMED',
        outcome: 'NOT_IDENTIFIED',
        reason: 'ELEMENTS_ABSENT',
        second_reviewed: true,
      }),
    ]);
  });

  it('leaves other procedures alone', async () => {
    const [event] = recorded([opened]);
    await apply({ ...(event as RecordedEvent), stream: `referral-${REFERRAL_ID}` });
    expect(await rows()).toEqual([]);
  });
});
