import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type JsonObject, upcastToCurrent } from '@acogida/core';
import type { RecordedEvent } from '@acogida/event-store';
import { transferRequestProcedure } from '@acogida/referral';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import type { QueryRunner } from 'typeorm';
import { CreateCustodyTables1795510000000 } from './create-custody-tables.migration.ts';
import { CreateReferralTable1795309100000 } from './create-referral-table.migration.ts';
import { KeepTransferDeadlines1795582000000 } from './keep-transfer-deadlines.migration.ts';
import { transferRequestProjection } from './transfer-request-projection.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase([CreateReferralTable1795309100000, CreateCustodyTables1795510000000]);
});
afterAll(() => database.drop());

const ASKED_AT = '2026-11-22T11:00:00.000Z';
const ANSWERED_AT = '2026-11-22T12:00:00.000Z';
const idOf = (place: number): string => `3d4c9a3e-53ac-4d0f-9f3a-1b9a4f6d2c1${place}`;

const question = (id: string): JsonObject => ({
  ...{ transferRequestId: id, caseId: id, asker: 'cr-conatt', custodian: 'cr-border-intake', askedAt: ASKED_AT },
});
const GRANTED = { granted: true, referralId: idOf(9), reason: null, answeredAt: ANSWERED_AT };
const DECLINED = { granted: false, referralId: null, reason: 'NO_CONSENT', answeredAt: ANSWERED_AT };

/** What was on record before, by the first event of its stream and the answer. */
const KEPT = [
  ['sent', 'TransferRequested', 'TransferAnswerNoted', null],
  ['received', 'TransferRequestReceived', 'TransferRequestAnswered', null],
  ['sent', 'TransferRequested', 'TransferAnswerNoted', DECLINED],
  ['received', 'TransferRequestReceived', 'TransferRequestAnswered', GRANTED],
] as const;

function recorded(id: string, version: number, type: string, data: JsonObject): RecordedEvent {
  const { versions, upcasters } = transferRequestProcedure;
  return {
    ...{ id, stream: `transfer-request-${id}`, version, position: '1', type, schemaVersion: 1, recordedAt: ASKED_AT },
    data: upcastToCurrent({ type, schemaVersion: 1, data }, versions, upcasters),
    metadata: { correlationId: 'c', causation: null, actor: 'a' },
  };
}

const rows = async (): Promise<Record<string, unknown>[]> =>
  (await database.pool.query('SELECT * FROM transfer_request ORDER BY transfer_request_id')).rows as Record<
    string,
    unknown
  >[];

it('holds what waited before to seven days, as a rebuild does', async () => {
  for (const [place, [direction, , , answer]] of KEPT.entries()) {
    const { granted = null, referralId = null, reason = null, answeredAt = null } = answer ?? {};
    await database.pool.query(
      `INSERT INTO transfer_request
       VALUES ($1, $2, $3, $1, 'cr-conatt', 'cr-border-intake', $4, $5, $6, $7, $8)`,
      [idOf(place), direction, answer === null ? 1 : 2, ASKED_AT, granted, referralId, reason, answeredAt],
    );
  }
  const runner = { query: (sql: string) => database.pool.query(sql) } as unknown as QueryRunner;
  await new KeepTransferDeadlines1795582000000().up(runner);
  const migrated = await rows();
  const until = new Date('2026-11-29T11:00:00.000Z');
  const waits = { next_due_kind: 'ANSWER_TRANSFER', next_due_at: until, next_due_of: 'RECEIVER' };
  const isDone = { next_due_kind: null, next_due_at: null, next_due_of: null };
  expect(migrated).toMatchObject(
    [waits, waits, isDone, isDone].map((due) => ({ urgency: 'ROUTINE', answer_by: until, held_by: null, ...due })),
  );

  const events = KEPT.flatMap(([, opening, answering, answer], place) => [
    recorded(idOf(place), 1, opening, question(idOf(place))),
    ...(answer === null ? [] : [recorded(idOf(place), 2, answering, answer)]),
  ]);
  await transferRequestProjection.reset(database.pool);
  await transferRequestProjection.apply(events, database.pool);
  expect(await rows()).toEqual(migrated);
  await transferRequestProjection.reset(database.pool);
  for (const event of events) await transferRequestProjection.apply([event], database.pool);
  expect(await rows()).toEqual(migrated);

  await new KeepTransferDeadlines1795582000000().down(runner);
  expect(Object.keys((await rows())[0] ?? {})).not.toContain('answer_by');
});
