import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { MemoryEventLog, MemoryLogStore } from '@acogida/event-log';
import { eventually } from '@acogida/testing';
import { createTestNetwork, startTestNode, type TestNode, type TestReply } from '@acogida/testing/node';
import type { NodeDefinition, ServiceKind } from '../node-definition.ts';
import { openedBySending } from '../testing/opened-by-sending.ts';
import { referralDesk } from './referral-desk.ts';

// What a sender does besides asking for one service: several in one go, drafts, and what came back goes to another agency.

function deskNode(kind: ServiceKind): NodeDefinition {
  const desk = { providers: [], contractProjections: [], ownCases: openedBySending, ...referralDesk() };
  return { kind, description: 'A referral desk.', ...desk };
}

const SENDING = { roles: ['caseworker'] } as const;
const ANSWERING = { roles: ['referral-officer'] } as const;
const WORDS = { basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', language: 'hat', grantedOn: '2026-11-22' };
const VITAL = {
  basis: 'VITAL_INTEREST',
  form: 'NOT_RECORDED',
  givenBy: 'NOT_APPLICABLE',
  language: null,
  grantedOn: null,
};
const FACTS = {
  sex: 'FEMALE',
  ageStatus: 'ADULT',
  ageBand: null,
  nationalities: ['HT'],
  nationalityStatus: 'DECLARED',
};

let sender: TestNode;
let receiver: TestNode;

beforeAll(async () => {
  const network = await createTestNetwork();
  const store = new MemoryLogStore();
  sender = await startTestNode(deskNode('intake'), { network, log: new MemoryEventLog(store) });
  receiver = await startTestNode(deskNode('counter-trafficking'), { network, log: new MemoryEventLog(store) });
});

afterAll(async () => {
  await sender?.stop();
  await receiver?.stop();
});

function asking(caseId: string, service: string, change: object = {}): object {
  const asked = { caseId, receiver: 'cr-conatt', service, urgency: 'URGENT', reason: 'SPECIFIC_NEED' };
  return { ...asked, consent: WORDS, facts: FACTS, ...change };
}

const show = async (id: string): Promise<TestReply['body']> => (await sender.get(`/v1/referrals/${id}`, SENDING)).body;
const sentOf = async (caseId: string): Promise<readonly { readonly id: string }[]> =>
  (await sender.get(`/v1/referrals?caseId=${caseId}`, SENDING)).body.items;

describe('several services asked for in one go', () => {
  const post = (body: object, options: object = {}) =>
    sender.post('/v1/referral-groups', body, { ...SENDING, ...options });

  it('are all sent under one group, once', async () => {
    const caseId = randomUUID();
    const body = { requests: [asking(caseId, 'SHELTER'), asking(caseId, 'HEALTH'), asking(caseId, 'LEGAL_AID')] };
    const key = { idempotencyKey: `group-${caseId}` };
    const { status, body: group } = await post(body, key);
    expect([status, group.code]).toEqual([201, undefined]);
    expect(group.referrals.map(({ version, state }: { version: number; state: string }) => [version, state])).toEqual(
      Array.from({ length: 3 }, () => [1, 'REQUESTED']),
    );
    const [first] = group.referrals;
    expect(await show(first.id)).toMatchObject({ groupId: group.id, service: 'SHELTER', separationReason: null });
    await eventually(async () =>
      expect((await receiver.get(`/v1/referrals?caseId=${caseId}`, ANSWERING)).body.items).toHaveLength(3),
    );
    const again = await post(body, key);
    expect([again.status, again.body, again.headers['idempotency-replayed']]).toEqual([201, group, 'true']);
    expect(await sentOf(caseId)).toHaveLength(3);
  });

  it('are not sent at all when one is refused, and every refusal is told', async () => {
    const caseId = randomUUID();
    const pending = await sender.post('/v1/referrals', asking(caseId, 'HEALTH'), SENDING);
    expect(pending.status).toBe(201);
    const judged = await post({
      requests: [
        asking(caseId, 'SHELTER'),
        asking(caseId, 'FOOD', { receiver: 'nobody-here' }),
        asking(caseId, 'EDUCATION', { consent: { ...WORDS, grantedOn: '2019' } }),
      ],
    });
    expect([judged.status, judged.body.code]).toEqual([409, 'REFERRAL.GROUP_REFUSED']);
    expect(judged.body.errors).toMatchObject([
      { pointer: '/requests/1', code: 'SHARING.RECIPIENT_UNKNOWN' },
      { pointer: '/requests/2', code: 'CONSENT.EXPIRED' },
    ]);
    const decided = await post({
      requests: [
        asking(caseId, 'HEALTH', { urgency: 'ROUTINE' }),
        asking(caseId, 'SHELTER'),
        asking(caseId, 'LEGAL_AID', { consent: { ...WORDS, language: null } }),
      ],
    });
    expect(decided.body.errors).toMatchObject([
      { pointer: '/requests/0', code: 'REFERRAL.ALREADY_PENDING' },
      { pointer: '/requests/2', code: 'REFERRAL.CONSENT_LANGUAGE_MISSING' },
    ]);
    expect(await sentOf(caseId)).toMatchObject([{ id: pending.body.id }]);
  });

  it('INV-24 a family is separated for a reason only, which goes with what separates it', async () => {
    const [mother, child] = [randomUUID(), randomUUID()];
    const requests = [
      asking(mother, 'SHELTER'),
      asking(child, 'SHELTER', { receiver: 'cr-refugee-unit' }),
      asking(child, 'HEALTH'),
    ];
    const refused = await post({ requests });
    expect([refused.status, refused.body.code]).toEqual([409, 'REFERRAL.GROUP_REFUSED']);
    expect(refused.body.errors).toMatchObject([
      { pointer: '/requests/0', code: 'REFERRAL.SEPARATES_FAMILY' },
      { pointer: '/requests/1', code: 'REFERRAL.SEPARATES_FAMILY' },
    ]);
    expect(await sentOf(mother)).toEqual([]);

    const { status, body } = await post({ requests, separationReason: 'PROTECTION_RISK' });
    expect([status, body.code]).toEqual([201, undefined]);
    const reasons = await Promise.all(
      body.referrals.map(async ({ id }: { id: string }) => (await show(id)).separationReason),
    );
    expect(reasons).toEqual(['PROTECTION_RISK', 'PROTECTION_RISK', null]);
    await eventually(async () => {
      const { body: there } = await receiver.get(`/v1/referrals/${body.referrals[0].id}`, ANSWERING);
      expect(there.separationReason).toBe('PROTECTION_RISK');
    });
    const together = await post({ requests: [asking(mother, 'FOOD'), asking(child, 'FOOD')] });
    expect(together.status).toBe(201);
  });

  it('INV-24 who comes back alone goes elsewhere than the family for a reason only', async () => {
    const [mother, child] = [randomUUID(), randomUUID()];
    const vital = { consent: VITAL };
    const { body: group } = await post({
      requests: [asking(mother, 'SHELTER', vital), asking(child, 'SHELTER', vital)],
    });
    const { id } = group.referrals[1] as { id: string };
    await eventually(async () => {
      const rejection = { reason: 'NO_CAPACITY', alternativeAgency: 'cr-refugee-unit' };
      expect((await receiver.post(`/v1/referrals/${id}/rejection`, rejection, ANSWERING)).status).toBe(200);
    });
    await eventually(async () => expect(await show(id)).toMatchObject({ state: 'REJECTED' }));
    const elsewhere = (body: object) => sender.post(`/v1/referrals/${id}/rerouting`, body, SENDING);
    const refused = await elsewhere({});
    expect([refused.status, refused.body.code]).toEqual([409, 'REFERRAL.SEPARATES_FAMILY']);
    expect(await show(id)).toMatchObject({ senderTask: 'REOPENED' });
    const { status, body } = await elsewhere({ separationReason: 'CHILD_INTERESTS' });
    expect(status).toBe(201);
    expect(await show(body.id)).toMatchObject({ separationReason: 'CHILD_INTERESTS', groupId: group.id });
  });

  it('are asked for by those who send', async () => {
    const body = { requests: [asking(randomUUID(), 'HEALTH')] };
    expect((await post(body, { roles: ['referral-officer'] })).status).toBe(403);
    expect((await post({ requests: [] })).status).toBe(400);
    expect((await post({ ...body, separationReason: 'BECAUSE' })).status).toBe(400);
  });
});

describe('a draft', () => {
  const PATH = '/v1/referral-drafts';

  it('is kept and changed by its sender alone, stands on its task list, and is sent', async () => {
    const caseId = randomUUID();
    const kept = await sender.post(PATH, asking(caseId, 'HEALTH', { urgency: 'ROUTINE' }), SENDING);
    expect([kept.status, kept.body]).toMatchObject([201, { version: 1, state: 'DRAFT' }]);
    const { id } = kept.body as { readonly id: string };
    const changed = await sender.post(PATH, asking(caseId, 'HEALTH'), SENDING);
    expect(changed.body).toEqual({ id, version: 2, state: 'DRAFT' });
    const due = { nextDueKind: 'SEND', awaits: 'SENDER', lists: expect.arrayContaining(['awaiting-us']) };
    expect(await show(id)).toMatchObject({ ...due, urgency: 'URGENT', senderTask: 'OPEN', state: 'DRAFT' });
    expect((await sender.get(`/v1/referrals?list=awaiting-us&caseId=${caseId}`, SENDING)).body.items).toMatchObject([
      { id },
    ]);

    const sent = await sender.post(`${PATH}/${id}/sending`, {}, SENDING);
    expect([sent.status, sent.body]).toMatchObject([200, { id, state: 'REQUESTED' }]);
    await eventually(async () =>
      expect((await receiver.get(`/v1/referrals/${id}`, ANSWERING)).body).toMatchObject({
        state: 'REQUESTED',
        urgency: 'URGENT',
      }),
    );
    const again = await sender.post(`${PATH}/${id}/sending`, {}, SENDING);
    expect([again.status, again.body.code]).toEqual([409, 'REFERRAL.NOT_A_DRAFT']);
  });

  it('is judged when it is sent', async () => {
    const old = { consent: { ...WORDS, grantedOn: '2019' } };
    const { body } = await sender.post(PATH, asking(randomUUID(), 'HEALTH', old), SENDING);
    const refused = await sender.post(`${PATH}/${body.id}/sending`, {}, SENDING);
    expect([refused.status, refused.body.code]).toEqual([409, 'CONSENT.EXPIRED']);
    expect(await show(body.id)).toMatchObject({ state: 'DRAFT' });
  });

  it('is dropped, and nobody ever hears of it', async () => {
    const caseId = randomUUID();
    const { body } = await sender.post(PATH, asking(caseId, 'FOOD'), SENDING);
    const dropped = await sender.post(`${PATH}/${body.id}/dropping`, undefined, SENDING);
    expect([dropped.status, dropped.body]).toMatchObject([200, { state: 'CANCELLED' }]);
    expect(await show(body.id)).toMatchObject({ lists: [], nextDueKind: null });
    const { rows } = await sender.pool.query('SELECT FROM es.outbox WHERE stream = $1', [`referral-${body.id}`]);
    expect(rows).toEqual([]);
    const next = await sender.post('/v1/referrals', asking(caseId, 'FOOD'), SENDING);
    expect([next.status, next.body.id === body.id]).toEqual([201, false]);
    const unknown = await sender.post(`${PATH}/${randomUUID()}/dropping`, undefined, SENDING);
    expect([unknown.status, unknown.body.code]).toEqual([404, 'REFERRAL.UNKNOWN']);
  });
});

describe('what came back', () => {
  async function rejected(change: object = {}, rejection: object = {}): Promise<string> {
    const { body } = await sender.post('/v1/referrals', asking(randomUUID(), 'SHELTER', change), SENDING);
    const path = `/v1/referrals/${body.id}/rejection`;
    await eventually(async () => {
      const reply = await receiver.post(path, { reason: 'NO_CAPACITY', ...rejection }, ANSWERING);
      expect(reply.status).toBe(200);
    });
    await eventually(async () => expect(await show(body.id)).toMatchObject({ state: 'REJECTED' }));
    return body.id as string;
  }
  const reroute = (id: string, body: object = {}) => sender.post(`/v1/referrals/${id}/rerouting`, body, SENDING);

  it('goes to the agency that the receiver named, in one step', async () => {
    const id = await rejected({ consent: VITAL }, { alternativeAgency: 'cr-refugee-unit' });
    const { status, body } = await reroute(id);
    expect([status, body]).toMatchObject([201, { state: 'REQUESTED', receiver: 'cr-refugee-unit', causedBy: id }]);
    const closed = { requestStatus: 'LOOP_CLOSED', loopOutcome: 'REFERRED_ELSEWHERE', nextReferralId: body.id };
    expect(await show(id)).toMatchObject({ ...closed, senderTask: 'DONE' });
    expect(await show(body.id)).toMatchObject({ causedBy: id, service: 'SHELTER', consentBasis: 'VITAL_INTEREST' });
    await eventually(async () =>
      expect((await receiver.get(`/v1/referrals/${id}`, ANSWERING)).body).toMatchObject(closed),
    );
    const again = await reroute(id);
    expect([again.status, again.body.code]).toEqual([409, 'REFERRAL.NOT_RETURNED']);
  });

  it('does not go where the consent was not given for: it is stated anew', async () => {
    const id = await rejected();
    const nowhere = await reroute(id);
    expect([nowhere.status, nowhere.body.code]).toEqual([422, 'REFERRAL.RECEIVER_MISSING']);
    const refused = await reroute(id, { receiver: 'cr-refugee-unit' });
    expect([refused.status, refused.body.code]).toEqual([409, 'CONSENT.OTHER_RECIPIENT']);
    expect(await show(id)).toMatchObject({ requestStatus: 'REQUESTED', senderTask: 'REOPENED' });
    const stated = await reroute(id, { receiver: 'cr-refugee-unit', consent: WORDS });
    expect([stated.status, stated.body.code]).toEqual([201, undefined]);
  });

  it('is of its sender, and has come back', async () => {
    const id = await rejected({}, { alternativeAgency: 'mx-comar' });
    const there = await receiver.post(`/v1/referrals/${id}/rerouting`, {}, SENDING);
    expect([there.status, there.body.code]).toEqual([403, 'REFERRAL.NOT_THE_SENDER']);
    const { body } = await sender.post('/v1/referrals', asking(randomUUID(), 'FOOD'), SENDING);
    expect((await reroute(body.id as string)).body.code).toBe('REFERRAL.NOT_RETURNED');
    expect((await reroute(randomUUID())).body.code).toBe('REFERRAL.UNKNOWN');
  });
});
