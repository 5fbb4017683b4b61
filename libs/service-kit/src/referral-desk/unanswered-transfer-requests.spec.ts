import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { MemoryEventLog, MemoryLogStore } from '@acogida/event-log';
import { rebuildInlineProjections } from '@acogida/event-store';
import { custodyProcedure, type CustodyCommand } from '@acogida/referral';
import { eventually } from '@acogida/testing';
import { createTestNetwork, startTestNode, type TestNode, type TestReply } from '@acogida/testing/node';
import { ManualAlarmClock } from '../deadlines/manual-alarm-clock.ts';
import { listAt } from '../testing/listing-node.ts';
import { openedBySending } from '../testing/opened-by-sending.ts';
import { referralDesk } from './referral-desk.ts';
import { transferRequestProjection } from './transfer-request-projection.ts';

const STAFF = { roles: ['caseworker'] } as const;
const ANSWERING = { roles: ['referral-officer'] } as const;
const PATH = '/v1/transfer-requests';
const HOUR_MS = 3_600_000;
const CONSENT = { basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', language: 'hat', grantedOn: '2026-11-22' };
const FACTS = {
  ...{ sex: 'FEMALE', ageStatus: 'ADULT', ageBand: null },
  ...{ nationalities: ['HT'], nationalityStatus: 'DECLARED' },
};

let custodian: TestNode;
let asker: TestNode;
let elsewhere: TestNode;
let aheadMs = 0;
const clock = { now: (): string => new Date(Date.now() + aheadMs).toISOString() };

beforeAll(async () => {
  const network = await createTestNetwork();
  const store = new MemoryLogStore();
  const desk = { description: 'A referral desk.', providers: [], contractProjections: [], ...referralDesk() };
  const start = (kind: string, change: object = {}): Promise<TestNode> =>
    startTestNode(
      { ...desk, kind, ...change },
      { network, log: new MemoryEventLog(store), clock, alarm: new ManualAlarmClock() },
    );
  custodian = await start('intake', { ownCases: openedBySending });
  asker = await start('counter-trafficking');
  elsewhere = await start('asylum');
});

afterAll(async () => {
  for (const node of [custodian, asker, elsewhere]) await node?.stop();
});

/** A case of the custodian that another agency knows by a referral; as a transfer, one by which it can be given. */
async function referred(caseId: string, to: TestNode = asker, change: object = {}): Promise<string> {
  const receiver = to.node.runtime.context.agencyId;
  const asked = { caseId, receiver, service: 'LEGAL_AID', urgency: 'URGENT', reason: 'SPECIFIC_NEED', ...change };
  const sent = await custodian.post('/v1/referrals', { ...asked, consent: CONSENT, facts: FACTS }, STAFF);
  expect([sent.status, sent.body.code]).toEqual([201, undefined]);
  await eventually(async () => expect((await to.get(`/v1/referrals/${sent.body.id}`, ANSWERING)).status).toBe(200));
  return sent.body.id as string;
}

async function accept(id: string, at: TestNode): Promise<void> {
  for (const step of ['acknowledgement', 'acceptance']) {
    expect((await at.post(`/v1/referrals/${id}/${step}`, undefined, ANSWERING)).status).toBe(200);
  }
}

async function ask(caseId: string, change: object = {}): Promise<string> {
  const { status, body } = await asker.post(PATH, { caseId, custodian: 'cr-border-intake', ...change }, STAFF);
  expect([status, body.code]).toEqual([201, undefined]);
  return body.id as string;
}

const show = async (node: TestNode, id: string): Promise<TestReply['body']> =>
  (await node.get(`${PATH}/${id}`, STAFF)).body;
const isShown = (node: TestNode, id: string, expected: object): Promise<void> =>
  eventually(async () => expect(await show(node, id)).toMatchObject(expected));

/** A request that both sides know. */
async function asked(caseId: string, change: object = {}): Promise<string> {
  const id = await ask(caseId, change);
  await isShown(custodian, id, { id });
  return id;
}

async function listed(node: TestNode, query: string, caseId: string): Promise<readonly string[]> {
  const { body } = await node.get(`${PATH}?${query}&caseId=${caseId}`, STAFF);
  return (body.items as readonly { id: string }[]).map(({ id }) => id);
}

/** Nobody acts for so long. */
async function nothingHappensFor(hours: number): Promise<void> {
  aheadMs += hours * HOUR_MS;
  for (const node of [custodian, asker]) await node.node.runtime.deadlines?.runDue();
}

async function record(node: TestNode, caseId: string, ...commands: readonly CustodyCommand[]): Promise<void> {
  const asked = {
    procedure: custodyProcedure,
    id: caseId,
    actor: 'spec',
    correlationId: randomUUID(),
    causation: null,
  };
  for (const command of commands) await node.node.runtime.context.handler.execute({ ...asked, command });
}

describe('INV-19 a request for transfer that nobody answers', () => {
  it('goes to the supervisor where it was asked, and back to the asker, which asks anew', async () => {
    const caseId = randomUUID();
    await referred(caseId);
    const first = await asked(caseId);
    const { askedAt, answerBy } = await show(asker, first);
    expect(Date.parse(answerBy) - Date.parse(askedAt)).toBe(7 * 24 * HOUR_MS);
    const waiting = { urgency: 'ROUTINE', askedAt, answerBy, awaits: 'RECEIVER', nextDueAt: answerBy };
    for (const [node, lists] of [
      [asker, ['awaiting-them']],
      [custodian, ['awaiting-us']],
    ] as const) {
      expect(await show(node, first)).toMatchObject({ ...waiting, nextDueKind: 'ANSWER_TRANSFER', lists });
    }

    await nothingHappensFor(7 * 24);
    const back = await show(asker, first);
    expect(back).toMatchObject({ nextDueKind: 'ASK_ANEW', awaits: 'SENDER', lists: ['overdue', 'awaiting-us'] });
    expect(back).toMatchObject({ granted: null, escalatedAt: null, nextDueAt: answerBy });
    expect(back.lapsedAt >= answerBy).toBe(true);
    const late = await show(custodian, first);
    expect(late).toMatchObject({ nextDueKind: 'ANSWER_ESCALATION', awaits: 'RECEIVER', lapsedAt: null });
    expect(Date.parse(late.nextDueAt) - Date.parse(late.escalatedAt)).toBe((7 * 24 * HOUR_MS) / 2);
    expect(await listed(custodian, 'escalated=true', caseId)).toEqual([first]);
    expect(await listed(asker, 'list=overdue', caseId)).toEqual([first]);
    expect(await listed(asker, 'escalated=true', caseId)).toEqual([]);

    const second = await asked(caseId, { urgency: 'URGENT' });
    expect(second).not.toBe(first);
    expect(await ask(caseId)).toBe(second); // it waits
    await isShown(asker, first, { granted: null, nextDueKind: null, nextDueAt: null, awaits: null, lists: [] });
    await eventually(async () => expect((await show(custodian, first)).withdrawnAt).toEqual(expect.any(String)));
    expect(await listed(custodian, 'answered=false', caseId)).toEqual([second]);
    const inVain = await custodian.post(`${PATH}/${first}/refusal`, { reason: 'NO_CONSENT' }, STAFF);
    expect([inVain.status, inVain.body.code]).toEqual([409, 'TRANSFER.WITHDRAWN']);

    await nothingHappensFor(24);
    expect(await listed(custodian, 'escalated=true', caseId)).toEqual([second]);
    const answer = await custodian.post(`${PATH}/${second}/refusal`, { reason: 'CARE_GOES_ON_HERE' }, STAFF);
    expect(answer.status).toBe(200);
    for (const node of [custodian, asker]) {
      await isShown(node, second, { granted: false, reason: 'CARE_GOES_ON_HERE', nextDueKind: null, lists: [] });
    }
    expect((await show(asker, second)).lapsedAt).toEqual(expect.any(String)); // it came late, and counts
  });

  it('is withdrawn by the clock where the asker has the case by then', async () => {
    const caseId = randomUUID();
    await referred(caseId);
    const id = await asked(caseId, { urgency: 'LIFE_SAVING' });
    await record(asker, caseId, { type: 'OpenCustody', by: 'cr-conatt', now: clock.now(), caseId });
    await nothingHappensFor(1);
    expect(await show(asker, id)).toMatchObject({ lapsedAt: null, withdrawnAt: expect.any(String), lists: [] });
    await eventually(async () => expect((await show(custodian, id)).withdrawnAt).toEqual(expect.any(String)));
  });
});

describe('withdrawing a request for transfer', () => {
  it('takes it from the lists of both sides, and the next one is another', async () => {
    const caseId = randomUUID();
    await referred(caseId);
    const id = await asked(caseId);
    for (let time = 0; time < 2; time += 1) {
      const { status, body } = await asker.post(`${PATH}/${id}/withdrawal`, undefined, STAFF);
      expect([status, body]).toMatchObject([200, { id, version: 2 }]);
    }
    for (const node of [asker, custodian]) {
      await isShown(node, id, { withdrawnAt: expect.any(String), granted: null, nextDueKind: null, lists: [] });
    }
    expect(await listed(asker, 'answered=false', caseId)).toEqual([]);
    expect(await ask(caseId)).not.toBe(id);
  });

  it('is for who asked, of a request that is known and was not answered', async () => {
    const caseId = randomUUID();
    await referred(caseId);
    const id = await asked(caseId);
    const there = await custodian.post(`${PATH}/${id}/withdrawal`, undefined, STAFF);
    expect([there.status, there.body.code]).toEqual([403, 'TRANSFER.NOT_THE_ASKER']);
    const unknown = await asker.post(`${PATH}/${randomUUID()}/withdrawal`, undefined, STAFF);
    expect([unknown.status, unknown.body.code]).toEqual([404, 'TRANSFER.UNKNOWN']);
    expect((await asker.post(`${PATH}/${id}/withdrawal`, undefined, { roles: ['import'] })).status).toBe(403);
    expect((await custodian.post(`${PATH}/${id}/refusal`, { reason: 'NO_CONSENT' }, STAFF)).status).toBe(200);
    await isShown(asker, id, { reason: 'NO_CONSENT' });
    const late = await asker.post(`${PATH}/${id}/withdrawal`, undefined, STAFF);
    expect([late.status, late.body.code]).toEqual([409, 'TRANSFER.ALREADY_ANSWERED']);
  });

  it('is refused with an urgency or a list that there is none of', async () => {
    const body = { caseId: randomUUID(), custodian: 'cr-border-intake', urgency: 'SOON' };
    expect((await asker.post(PATH, body, STAFF)).status).toBe(400);
    expect((await asker.get(`${PATH}?list=someday`, STAFF)).status).toBe(400);
  });
});

const NOT_HERE = { granted: false, reason: 'NOT_THE_CUSTODIAN', referralId: null, lists: [] };

describe('a request for a case that the agency asked does not have', () => {
  afterEach(() => listAt(custodian, 'cr-conatt'));

  it.each([
    ['named to an agency that serves it', { nature: 'NGO' }, true, 'cr-refugee-unit'],
    ['not named to one that does not', { nature: 'NGO' }, false, null],
    ['INV-17 not named to return staff', { nature: 'RETURN' }, true, null],
    ['INV-05 not named to another State', { nature: 'PUBLIC_AUTHORITY', authorityOf: 'HN' }, true, null],
    ['INV-05 not named to an authority of who knows where', { nature: 'PUBLIC_AUTHORITY' }, true, null],
    ['named to an authority of this State', { nature: 'PUBLIC_AUTHORITY', authorityOf: 'CR' }, true, 'cr-refugee-unit'],
  ] as const)('is answered when the case goes elsewhere; where it went is %s', async (_, as, serves, heldBy) => {
    const caseId = randomUUID();
    const known = await referred(caseId);
    if (serves) {
      await accept(known, asker);
      await eventually(async () =>
        expect((await custodian.get(`/v1/referrals/${known}`, STAFF)).body.state).toBe('ACCEPTED'),
      );
    }
    const id = await asked(caseId);
    expect((await show(custodian, id)).granted).toBeNull();
    await listAt(custodian, 'cr-conatt', as);
    await accept(await referred(caseId, elsewhere, { transfer: true }), elsewhere);
    for (const node of [custodian, asker]) await isShown(node, id, { ...NOT_HERE, heldBy });
    const { body } = await custodian.get(`/v1/custody/${caseId}`, STAFF);
    expect(body).toMatchObject({ holder: 'cr-refugee-unit', term: 2 });
  });

  it('is granted by the transfer by which the asker got it, whoever names it', async () => {
    const caseId = randomUUID();
    await referred(caseId);
    const id = await asked(caseId);
    const referralId = await referred(caseId, asker, { service: 'SHELTER', transfer: true });
    await accept(referralId, asker);
    for (const node of [custodian, asker])
      await isShown(node, id, { granted: true, referralId, heldBy: null, lists: [] });
  });

  it('is answered at once where nothing is known of the case', async () => {
    const caseId = randomUUID();
    await referred(caseId);
    const id = await ask(caseId, { custodian: 'cr-refugee-unit' });
    for (const node of [elsewhere, asker]) await isShown(node, id, { ...NOT_HERE, heldBy: null });
  });

  it('is answered by the clock where it was found out otherwise', async () => {
    const caseId = randomUUID();
    await referred(caseId);
    const id = await asked(caseId, { urgency: 'LIFE_SAVING' });
    const [by, now] = ['cr-border-intake', clock.now()];
    const release = { term: 2, from: by, to: 'mx-comar', number: null, at: now, referralId: randomUUID() };
    await record(
      custodian,
      caseId,
      { type: 'OpenCustody', by, now, caseId },
      { type: 'RecordRelease', caseId, ...release },
    );
    expect((await show(custodian, id)).granted).toBeNull();
    await nothingHappensFor(1);
    expect(await show(custodian, id)).toMatchObject({ ...NOT_HERE, heldBy: null, escalatedAt: null });
  });
});

it('the read model is rebuilt as it was', async () => {
  for (const { pool, node } of [custodian, asker]) {
    const rows = async () => (await pool.query('SELECT * FROM transfer_request ORDER BY transfer_request_id')).rows;
    const before = await rows();
    expect(before.length).toBeGreaterThan(5);
    await rebuildInlineProjections(node.runtime.store, [transferRequestProjection], pool);
    expect(await rows()).toEqual(before);
  }
});
