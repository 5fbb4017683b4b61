import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fold, type JsonObject } from '@acogida/core';
import type { RecordedEvent } from '@acogida/event-store';
import { DEFAULT_REFERRAL_DEADLINES, FAILURE_REASONS } from '@acogida/reference';
import {
  keepsFacts,
  type Referral,
  referralDecider,
  type ReferralEvent,
  type ReferralRequest,
  type ReferralStep,
  withDue,
} from '@acogida/referral';
import { createTestDatabase, type TestDatabase } from '@acogida/testing';
import type { QueryRunner } from 'typeorm';
import { CreateReferralTable1795309100000 } from './create-referral-table.migration.ts';
import { FollowTheProtocol1795500000000 } from './follow-the-protocol.migration.ts';
import { CreateCustodyTables1795510000000 } from './create-custody-tables.migration.ts';
import { ForgetFactsOfEndedReferrals1795580000000 } from './forget-facts-of-ended-referrals.migration.ts';
import { referralProjection } from './referral-projection.ts';

const AT = '2026-11-22T09:00:00.000Z';
const DOCUMENT = {
  attachmentId: '6ba7b810-9dad-41d1-80b4-00c04fd430c8',
  kind: 'ASSESSMENT',
  sha256: '0f'.repeat(32),
} as const;
const REQUEST: ReferralRequest = {
  ...{
    referralId: '',
    caseId: '9b2f4f0e-5a3c-4f0e-8c51-6a4d1f0c2b11',
    sender: 'cr-border-intake',
    receiver: 'cr-conatt',
  },
  ...{ service: 'SHELTER', urgency: 'URGENT', reason: 'SPECIFIC_NEED', requestedAt: AT, acknowledgeBy: AT },
  consent: { basis: 'CONSENT', form: 'WRITTEN', givenBy: 'GUARDIAN', language: 'hat', grantedOn: '2026-11-22' },
  facts: {
    ...{ sex: 'FEMALE', ageStatus: 'CHILD', ageBand: { fromYears: 12, toYears: 14 } },
    ...{ nationalities: ['HT'], nationalityStatus: 'DECLARED' },
  },
  ...{ transfer: false, groupId: null, separationReason: 'PROTECTION_RISK', attachments: [DOCUMENT] },
  deadlines: DEFAULT_REFERRAL_DEADLINES.URGENT,
};

/** How a receiver may come to each of its statuses, and what it may hear of its sender before that and after it. */
const ACCEPTED: readonly ReferralStep[] = [
  { type: 'ReferralAcknowledged', data: { acknowledgedAt: AT } },
  { type: 'ReferralAccepted', data: { acceptedAt: AT } },
];
const STARTED: ReferralStep = { type: 'ReferralServiceStarted', data: { startedAt: AT } };
const HOLD = {
  hold: 1,
  reason: 'INFORMATION_REQUESTED',
  information: ['HEALTH'],
  expectedBy: null,
  heldAt: AT,
} as const;
const INFORMED: ReferralStep = {
  type: 'InformationNoted',
  data: { hold: 1, information: ['HEALTH'], attachments: [DOCUMENT], providedAt: AT },
};
const REJECTED: ReferralStep = {
  type: 'ReferralRejected',
  data: { reason: 'NO_CAPACITY', alternativeAgency: 'mx-comar', rejectedAt: AT },
};
const ANSWERS: readonly (readonly ReferralStep[])[] = [
  [],
  ACCEPTED.slice(0, 1),
  [...ACCEPTED.slice(0, 1), { type: 'ReferralPutOnHold', data: HOLD }, INFORMED],
  ACCEPTED,
  [...ACCEPTED, STARTED],
  [...ACCEPTED, { type: 'ReferralCompleted', data: { result: 'SERVICE_PROVIDED', completedAt: AT } }],
  [REJECTED],
  ...FAILURE_REASONS.flatMap((reason) => {
    const failed: ReferralStep = { type: 'ReferralFailed', data: { reason, failedAt: AT } };
    return [
      [...ACCEPTED, failed],
      [...ACCEPTED, STARTED, failed],
    ];
  }),
];
const ENDS: readonly (readonly ReferralStep[])[] = [
  [],
  [{ type: 'CancellationNoted', data: { reason: 'PERSON_MOVED_ON', cancelledAt: AT } }],
  [{ type: 'ExpiryNoted', data: { expiredAt: AT } }],
  [{ type: 'EntryErrorNoted', data: { reason: 'WRONG_RECEIVER', markedAt: AT } }],
  [{ type: 'LoopClosureNoted', data: { outcome: 'CONTINUES_HERE', nextReferralId: null, closedAt: AT } }],
];

const RELEASED: ReferralStep = { type: 'CustodyReleaseNoted', data: { term: 2, releasedAt: AT } };
/** How an accepted transfer may end before the service began, with custody before its end, after it, or not at all. */
const TRANSFERS: readonly (readonly ReferralStep[])[] = FAILURE_REASONS.flatMap((reason) => {
  const failed: ReferralStep = { type: 'ReferralFailed', data: { reason, failedAt: AT } };
  return [
    [...ACCEPTED, failed],
    [...ACCEPTED, RELEASED, failed],
    [...ACCEPTED, failed, RELEASED],
  ];
});

interface Course {
  readonly id: string;
  readonly events: readonly ReferralEvent[];
  readonly referral: Referral;
}

/** All of them at the receiver; the same rejected and cancelled at the sender. */
const COURSES: readonly Course[] = [
  ...ANSWERS.flatMap((answer) => ENDS.map((end) => ['ReferralReceived', false, ...answer, ...end] as const)),
  ...TRANSFERS.flatMap((answer) => ENDS.map((end) => ['ReferralReceived', true, ...answer, ...end] as const)),
  ...[[REJECTED], ENDS[1]!].map((steps) => ['ReferralRequested', false, ...steps] as const),
].map(([opening, transfer, ...steps], index) => {
  const referralId = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
  const events = withDue([{ type: opening, data: { ...REQUEST, transfer, referralId } }, ...steps], null);
  return { id: referralId, events, referral: fold(referralDecider, events) as Referral };
});

function recorded({ id, events }: Course): readonly RecordedEvent[] {
  return events.map(({ type, data }, index) => ({
    ...{ id, stream: `referral-${id}`, version: index + 1, position: '1', type, schemaVersion: 1, recordedAt: AT },
    data: data as unknown as JsonObject,
    metadata: { correlationId: 'c', causation: null, actor: 'a' },
  }));
}

let database: TestDatabase;
let runner: QueryRunner;

beforeAll(async () => {
  const earlier = [CreateReferralTable1795309100000, FollowTheProtocol1795500000000, CreateCustodyTables1795510000000];
  database = await createTestDatabase(earlier);
  runner = { query: (sql: string) => database.pool.query(sql) } as unknown as QueryRunner;
});
afterAll(() => database.drop());

type Row = Readonly<Record<string, unknown>>;
const rows = async (): Promise<readonly Row[]> =>
  (await database.pool.query('SELECT * FROM referral ORDER BY referral_id')).rows as Row[];

const TOLD = [
  ...['reason', 'sex', 'age_status', 'age_from_years', 'age_to_years', 'nationalities', 'nationality_status'],
  ...['consent_basis', 'consent_form', 'consent_given_by', 'consent_language', 'consent_granted_on'],
  ...['attachments', 'separation_reason'],
];
const NOTHING = Object.fromEntries([...TOLD, 'information_attachments'].map((column) => [column, null]));

describe('what a request told of a person', () => {
  const kept = COURSES.filter(({ referral }) => keepsFacts(referral)).map(({ id }) => id);
  let before: readonly Row[];
  let after: readonly Row[];

  it('is forgotten of rows of before at a receiver where nothing came of it, and kept of all others', async () => {
    // rows as they were kept until then
    await database.pool.query('CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NULL; END$$');
    const keeps = 'CREATE TRIGGER keep BEFORE UPDATE OF reason ON referral FOR EACH ROW EXECUTE FUNCTION keep()';
    await database.pool.query(keeps);
    await referralProjection.apply(COURSES.flatMap(recorded), database.pool);
    await database.pool.query('DROP TRIGGER keep ON referral');
    before = await rows();
    expect(before.flatMap((row) => TOLD.filter((column) => row[column] === null))).toEqual([]);

    await new ForgetFactsOfEndedReferrals1795580000000().up(runner);
    after = await rows();
    expect(kept.length).toBeGreaterThan(0);
    expect(after.filter(({ sex }) => sex !== null).map(({ referral_id: id }) => id)).toEqual(kept);
    expect(after).toEqual(
      before.map((row) => (kept.includes(row['referral_id'] as string) ? row : { ...row, ...NOTHING })),
    );
  });

  it('is forgotten the same by a rebuild, in pages of any size', async () => {
    await referralProjection.reset(database.pool);
    await referralProjection.apply(COURSES.flatMap(recorded), database.pool);
    expect(await rows()).toEqual(after);
    await referralProjection.reset(database.pool);
    for (const event of COURSES.flatMap(recorded)) await referralProjection.apply([event], database.pool);
    expect(await rows()).toEqual(after);
  });

  it('is forgotten also when it is told after the end', async () => {
    const held = COURSES.find(({ events }) => events.at(-1)?.type === 'ExpiryNoted' && events.length === 5)!;
    const [request, acknowledged, hold, informed, expired] = recorded(held);
    const late = [request!, acknowledged!, hold!, { ...expired!, version: 4 }, { ...informed!, version: 5 }];
    await referralProjection.reset(database.pool);
    for (const event of late) await referralProjection.apply([event], database.pool);
    expect(await rows()).toMatchObject([{ ...NOTHING, request_status: 'EXPIRED', hold_information: ['HEALTH'] }]);
  });
});
