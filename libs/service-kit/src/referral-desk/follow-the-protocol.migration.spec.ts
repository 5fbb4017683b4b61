import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type JsonObject, upcastToCurrent } from '@acogida/core';
import type { RecordedEvent } from '@acogida/event-store';
import {
  deadlinesOf,
  type ReferralEvent,
  referralDecider,
  referralProcedure,
  type ReferralState,
} from '@acogida/referral';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import type { QueryRunner } from 'typeorm';
import { CreateCustodyTables1795510000000 } from './create-custody-tables.migration.ts';
import { CreateReferralTable1795309100000 } from './create-referral-table.migration.ts';
import { FollowTheProtocol1795500000000 } from './follow-the-protocol.migration.ts';
import { referralProjection } from './referral-projection.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase([CreateReferralTable1795309100000]);
});
afterAll(() => database.drop());

const URGENCIES = ['LIFE_SAVING', 'URGENT', 'PRIORITY', 'ROUTINE'] as const;
const AT = {
  acknowledged: '2026-11-20T09:30:00.000Z',
  accepted: '2026-11-20T10:00:00.000Z',
  answered: '2026-11-20T11:00:00.000Z',
};

type Old = readonly [type: string, data: JsonObject];
const ACKNOWLEDGED: Old = ['AcknowledgementNoted', { acknowledgedAt: AT.acknowledged }];
const ACCEPTED: Old = ['AcceptanceNoted', { acceptedAt: AT.accepted }];
const REJECTED: Old = ['RejectionNoted', { reason: 'NO_CAPACITY', alternativeAgency: null, rejectedAt: AT.answered }];
const COMPLETED: Old = ['CompletionNoted', { result: 'SERVICE_PROVIDED', completedAt: AT.answered }];
const COURSES: Readonly<Record<string, readonly Old[]>> = {
  REQUESTED: [],
  ACKNOWLEDGED: [ACKNOWLEDGED],
  ACCEPTED: [ACKNOWLEDGED, ACCEPTED],
  REJECTED: [ACKNOWLEDGED, REJECTED],
  COMPLETED: [ACKNOWLEDGED, ACCEPTED, COMPLETED],
};

const CASES = Object.entries(COURSES).flatMap(([state, course], place) =>
  URGENCIES.map((urgency, index) => {
    const id = `00000000-0000-4000-8000-0000000000${place}${index}`;
    const request = {
      ...{ referralId: id, caseId: id, sender: 'cr-border-intake', receiver: 'cr-conatt', service: 'SHELTER', urgency },
      ...{ reason: 'URGENT_NEED', requestedAt: '2026-11-20T09:00:00.000Z', acknowledgeBy: '2026-11-21T09:00:00.000Z' },
      consent: { basis: 'VITAL_INTEREST', form: 'NOT_RECORDED', givenBy: 'SELF', language: null, grantedOn: null },
      facts: { sex: 'FEMALE', ageStatus: 'ADULT', ageBand: null, nationalities: ['HT'], nationalityStatus: 'DECLARED' },
    };
    const events: readonly Old[] = [['ReferralRequested', request], ...course];
    return { id, state, urgency, events };
  }),
);

const { versions, upcasters } = referralProcedure;

function lifted([type, data]: Old): ReferralEvent {
  return {
    type,
    data: upcastToCurrent({ type, schemaVersion: 1, data }, versions, upcasters),
  } as unknown as ReferralEvent;
}

function recorded(id: string, event: ReferralEvent, index: number): RecordedEvent {
  return {
    ...{ id, stream: `referral-${id}`, version: index + 1, position: '1', type: event.type, schemaVersion: 1 },
    ...{ recordedAt: AT.answered, data: event.data as unknown as JsonObject },
    metadata: { correlationId: 'c', causation: null, actor: 'a' },
  };
}

/** A row as it was kept until then. */
async function insertOld({ id, state, urgency, events }: (typeof CASES)[number]): Promise<void> {
  const said: JsonObject = Object.assign({}, ...events.slice(1).map(([, data]) => data));
  await database.pool.query(
    `INSERT INTO referral VALUES ($1, 'sent', $2, $3, $1, 'cr-border-intake', 'cr-conatt', 'SHELTER', $4, 'URGENT_NEED',
      'WAITING', 'VITAL_INTEREST', 'NOT_RECORDED', 'SELF', NULL, NULL, 'FEMALE', 'ADULT', NULL, NULL, '{HT}', 'DECLARED',
      $5, NULL, $6, '2026-11-20T09:00:00Z', '2026-11-21T09:00:00Z', $7, $8, $9, $10)`,
    [
      ...[
        id,
        state,
        events.length,
        urgency,
        said['reason'],
        said['result'],
        said['acknowledgedAt'],
        said['acceptedAt'],
      ],
      ...[said['rejectedAt'], said['completedAt']],
    ],
  );
}

const rows = async (): Promise<Record<string, unknown>[]> =>
  (await database.pool.query('SELECT * FROM referral ORDER BY referral_id')).rows as Record<string, unknown>[];

it('says of what was under way what is due next, as a rebuild and the decider do', async () => {
  for (const one of CASES) await insertOld(one);
  const runner = { query: (sql: string) => database.pool.query(sql) } as unknown as QueryRunner;
  await new FollowTheProtocol1795500000000().up(runner);
  await new CreateCustodyTables1795510000000().up(runner); // what the projection of today writes besides
  const migrated = await rows();
  expect(migrated).toHaveLength(CASES.length);
  for (const { id, events } of CASES) {
    const state = events
      .map(lifted)
      .reduce<ReferralState>((known, event) => referralDecider.evolve(known, event), null);
    const row = migrated.find(({ referral_id }) => referral_id === id);
    const due = row && {
      kind: row['next_due_kind'],
      dueAt: (row['next_due_at'] as Date).toISOString(),
      of: row['next_due_of'],
    };
    expect([due]).toEqual(deadlinesOf(state));
  }

  const events = CASES.map(({ id, events: old }) => old.map(lifted).map((event, index) => recorded(id, event, index)));
  await referralProjection.reset(database.pool);
  await referralProjection.apply(events.flat(), database.pool);
  expect(await rows()).toEqual(migrated);

  await referralProjection.reset(database.pool);
  for (const event of events.flat()) await referralProjection.apply([event], database.pool);
  expect(await rows()).toEqual(migrated);
});
