import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { inTransaction } from '@acogida/event-store';
import type { ReceivedEvent } from '@acogida/event-log';
import { startTestNode, type TestNode, type TestReply } from '@acogida/testing/node';
import { timelineNode } from '../timeline.module.ts';
import { CASE_ID, eventId, history, OTHER_CASE_ID, sealed } from '../projections/timeline-examples.ts';
import { timelineProjection } from '../projections/timeline.projection.ts';

/** What the routes answer, as far as single parts are looked at. */
interface Reply extends TestReply {
  readonly body: {
    readonly code: string;
    readonly items: readonly { readonly caseId: string }[];
    readonly entries: readonly { readonly type: string | null }[];
    readonly facts: { readonly referrals: readonly unknown[] } | null;
    readonly asOf: string | null;
  };
}

const NOW = '2026-11-22T09:00:00.000Z';

describe('/v1/cases', () => {
  let node: TestNode;
  beforeAll(async () => {
    node = await startTestNode(timelineNode, { clock: { now: () => NOW } });
    const isLast = (one: ReceivedEvent) => one.payload.type === 'TraffickingOutcomeRecorded';
    const opened = history.filter((one) => !isLast(one));
    const events = { opened, sealed: history.filter(isLast).map(sealed) };
    await inTransaction(node.pool, (transaction) => timelineProjection.apply(events, transaction));
  });
  afterAll(() => node.stop());
  beforeEach(() => node.pool.query('TRUNCATE case_read'));

  const get = (path: string): Promise<Reply> => node.get(path, { roles: ['auditor'] });
  const idsOf = ({ body }: Reply): string[] => body.items.map(({ caseId }) => caseId);
  const reads = async () =>
    (await node.pool.query('SELECT subject, read_at, case_id, route, basis FROM case_read ORDER BY case_id'))
      .rows as unknown[];
  const read = (case_id: string, route: string) => ({
    subject: 'cr-ombudsman.auditor',
    read_at: new Date(NOW),
    case_id,
    route,
    basis: 'OVERSIGHT',
  });

  const facts = {
    openedAt: '2026-11-01T10:01:00.000Z',
    lastRecordedAt: '2026-11-02T12:04:00.000Z',
    entries: 8,
    agencies: ['cr-border-intake', 'cr-conatt'],
    ageStatus: 'ADULT',
    sex: 'FEMALE',
    nationalities: ['VE'],
    child: false,
    lifeSavingNeed: false,
    traffickingFlagged: true,
    traffickingSuggested: 'PRESUMED',
    traffickingOutcome: null,
    asylumState: null,
    referrals: [
      {
        referralId: '7d0e3c7a-3a1e-4b7e-9d3c-1b7a2f3c4d5e',
        service: 'TRAFFICKING_SCREENING',
        sender: 'cr-border-intake',
        receiver: 'cr-conatt',
        urgency: 'URGENT',
        state: 'ACCEPTED',
      },
    ],
  };

  it('shows the coded facts of a case and records who read it', async () => {
    const { status, body } = await get(`/v1/cases/${CASE_ID}`);
    expect(status).toBe(200);
    expect(body).toEqual({ caseId: CASE_ID, ...facts });
    expect(await reads()).toEqual([read(CASE_ID, 'GET /v1/cases/:caseId')]);
  });

  it('shows the timeline in causal order, the unopened by class, and records who read it', async () => {
    const { status, body } = await get(`/v1/cases/${CASE_ID}/timeline`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ caseId: CASE_ID, asOf: null, basis: 'OVERSIGHT', facts });
    expect(body.entries.map((entry) => entry.type)).toEqual([
      'CaseOpened',
      'PersonRegistered',
      'TraffickingIndicatorFlagged',
      'ReferralRequested',
      'ReferralAcknowledged',
      'ReferralAccepted',
      'ImmediateSafetySecured',
      'ScreeningConducted',
      null,
    ]);
    expect(body.entries[4]).toEqual({
      source: 'cr-conatt',
      number: 1,
      id: eventId('cr-conatt', 1),
      class: 'referral',
      type: 'ReferralAcknowledged',
      schemaVersion: 1,
      occurredAt: '2026-11-01T12:01:00.000Z',
      recordedAt: '2026-11-02T12:01:00.000Z',
      receivedAt: expect.any(String),
      clockAhead: false,
      causation: { source: 'cr-border-intake', id: eventId('cr-border-intake', 4) },
      stream: 'referral-7d0e3c7a-3a1e-4b7e-9d3c-1b7a2f3c4d5e',
      version: 1,
      data: { referralId: '7d0e3c7a-3a1e-4b7e-9d3c-1b7a2f3c4d5e', proxied: null },
    });
    expect(body.entries[8]).toEqual({
      source: 'cr-conatt',
      number: 5,
      id: eventId('cr-conatt', 5),
      class: 'procedure',
      type: null,
      schemaVersion: null,
      occurredAt: null,
      recordedAt: '2026-11-02T12:05:00.000Z',
      receivedAt: expect.any(String),
      clockAhead: false,
      causation: null,
      stream: null,
      version: null,
      data: null,
    });
    expect(await reads()).toEqual([read(CASE_ID, 'GET /v1/cases/:caseId/timeline')]);
  });

  it.each([
    ['2026-11-02T12:02:00.000Z', 6, 'ACCEPTED'],
    ['2026-11-02T12:01:59.999Z', 5, 'ACKNOWLEDGED'],
    ['2026-11-02T10:04:00Z', 4, 'REQUESTED'],
  ])('shows what was on record as of %s', async (asOf, count, state) => {
    const { body } = await get(`/v1/cases/${CASE_ID}/timeline?asOf=${asOf}`);
    expect(body.entries).toHaveLength(count);
    expect(body.facts?.referrals).toEqual([expect.objectContaining({ state })]);
    expect(body.asOf).toBe(new Date(asOf).toISOString());
  });

  it('shows nothing as of a time before the case', async () => {
    const { status, body } = await get(`/v1/cases/${CASE_ID}/timeline?asOf=2020-01-01T00:00:00Z`);
    expect([status, body.entries, body.facts]).toEqual([200, [], null]);
  });

  it.each([
    ['', [OTHER_CASE_ID, CASE_ID]],
    ['ageStatus=ADULT', [CASE_ID]],
    ['ageStatus=CHILD', []],
    ['child=true', [OTHER_CASE_ID]],
    ['child=false', [CASE_ID]],
    ['nationality=VE', [CASE_ID]],
    ['nationality=CO', []],
    ['agency=cr-conatt', [CASE_ID]],
    ['agency=mx-comar', []],
    ['traffickingFlagged=true', [CASE_ID]],
    ['traffickingFlagged=false', [OTHER_CASE_ID]],
    ['traffickingOutcome=CONFIRMED', []],
    ['referralState=ACCEPTED', [CASE_ID]],
    ['referralState=REQUESTED', []],
    ['asylumState=LODGED', []],
    ['openedFrom=2026-11-01T10:05:00.000Z', [OTHER_CASE_ID]],
    ['openedTo=2026-11-01T10:05:00.000Z', [CASE_ID]],
    ['child=false&agency=cr-border-intake&referralState=ACCEPTED', [CASE_ID]],
    ['child=true&referralState=ACCEPTED', []],
  ])('finds by %s', async (query, expected) => {
    const reply = await get(`/v1/cases?${query}`);
    expect([reply.status, idsOf(reply)]).toEqual([200, expected]);
    expect(await reads()).toEqual([...expected].sort().map((caseId) => read(caseId, 'GET /v1/cases')));
  });

  it('pages with Link, the newest first, and counts as read only what it showed', async () => {
    const first = await get('/v1/cases?limit=1');
    expect(idsOf(first)).toEqual([OTHER_CASE_ID]);
    expect(await reads()).toEqual([read(OTHER_CASE_ID, 'GET /v1/cases')]);
    const next = /^<([^>]+)>; rel="next"$/.exec(first.headers['link'] ?? '')?.[1] ?? '';
    const second = await get(next);
    expect(idsOf(second)).toEqual([CASE_ID]);
    expect(second.headers['link']).toBeUndefined();
  });

  const forgedKeys = [{ key: ['x'] }, { key: [NOW] }, { key: ['x', CASE_ID] }, { key: [NOW, 'x'] }];

  it.each(forgedKeys)('refuses a page that it did not write: $key', async ({ key }) => {
    const page = Buffer.from(JSON.stringify(key)).toString('base64url');
    const { status, body } = await get(`/v1/cases?page=${page}`);
    expect([status, body.code]).toEqual([400, 'VALIDATION_FAILED']);
    expect(await reads()).toEqual([]);
  });

  it.each(['', '/timeline'])('does not know a case that is not there %s', async (route) => {
    const { status, body } = await get(`/v1/cases/${randomUUID()}${route}`);
    expect([status, body.code]).toEqual([404, 'TIMELINE.CASE_UNKNOWN']);
    expect(await reads()).toEqual([]);
  });

  it.each([
    'ageStatus=OLD',
    'child=yes',
    'nationality=Venezuela',
    'agency=CR',
    'traffickingFlagged=1',
    'traffickingOutcome=X',
    'referralState=LOST',
    'asylumState=GRANTED',
    'openedFrom=2026-11-01',
    'openedTo=yesterday',
    'name=Ana',
  ])('refuses to search by %s', async (query) => {
    const { status, body } = await get(`/v1/cases?${query}`);
    expect([status, body.code]).toEqual([400, 'VALIDATION_FAILED']);
  });

  it('answers no read that cannot be recorded', async () => {
    await node.pool.query('ALTER TABLE case_read RENAME TO case_read_away');
    try {
      expect((await get(`/v1/cases/${CASE_ID}`)).status).toBe(500);
      expect((await get(`/v1/cases/${CASE_ID}/timeline`)).status).toBe(500);
      expect((await get('/v1/cases')).status).toBe(500);
    } finally {
      await node.pool.query('ALTER TABLE case_read_away RENAME TO case_read');
    }
  });

  it.each(['/v1/cases', `/v1/cases/${CASE_ID}`, `/v1/cases/${CASE_ID}/timeline`])(
    'opens %s to auditors only',
    async (path) => {
      for (const role of [
        'caseworker',
        'supervisor',
        'screening-officer',
        'operator',
        'import',
        'coordinator',
      ] as const) {
        expect((await node.get(path, { roles: [role] })).status).toBe(403);
      }
      expect((await node.get(path, { token: null })).status).toBe(401);
      expect(await reads()).toEqual([]);
    },
  );
});
