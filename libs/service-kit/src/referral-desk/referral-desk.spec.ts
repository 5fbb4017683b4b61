import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { MemoryEventLog, MemoryLogStore } from '@acogida/event-log';
import { rebuildInlineProjections } from '@acogida/event-store';
import { eventually } from '@acogida/testing';
import { createTestNetwork, startTestNode, type TestNode, type TestReply } from '@acogida/testing/node';
import type { NodeDefinition, ServiceKind } from '../node-definition.ts';
import { openedBySending } from '../testing/opened-by-sending.ts';
import { referralDesk } from './referral-desk.ts';
import { referralProjection } from './referral-projection.ts';

function deskNode(kind: ServiceKind): NodeDefinition {
  const desk = { providers: [], contractProjections: [], ownCases: openedBySending, ...referralDesk() };
  return { kind, description: 'A referral desk.', ...desk };
}

const TODAY = new Date().toISOString().slice(0, 10);
const SENDING = { roles: ['caseworker'] } as const;
const ANSWERING = { roles: ['referral-officer'] } as const;

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

const FORGED_ID = 'a8098c1a-f86e-11da-bd1a-00112444be1e';
const FACTS = {
  sex: 'FEMALE',
  ageStatus: 'ADULT',
  ageBand: { fromYears: 30, toYears: 38 },
  nationalities: ['HT'],
  nationalityStatus: 'DECLARED',
};

const STATED = { basis: 'CONSENT', form: 'ORAL_WITNESSED', givenBy: 'SELF', language: 'hat', grantedOn: TODAY };

function requestFor(caseId: string, change: object = {}): Record<string, unknown> {
  return {
    caseId,
    receiver: 'cr-conatt',
    service: 'TRAFFICKING_SCREENING',
    urgency: 'URGENT',
    reason: 'TRAFFICKING_SUSPECTED',
    consent: STATED,
    facts: FACTS,
    ...change,
  };
}

async function send(caseId: string = randomUUID()): Promise<string> {
  const reply = await sender.post('/v1/referrals', requestFor(caseId), SENDING);
  expect(reply.status).toBe(201);
  return (reply.body as { id: string }).id;
}

function stateAt(node: TestNode, id: string, state: string): Promise<TestReply> {
  return eventually(async () => {
    const reply = await node.get(`/v1/referrals/${id}`, node === sender ? SENDING : ANSWERING);
    expect([reply.status, reply.body.state]).toEqual([200, state]);
    return reply;
  });
}

describe('a referral from sender to receiver', () => {
  it('is acknowledged, accepted and completed, and both sides say the same', async () => {
    const caseId = randomUUID();
    const id = await send(caseId);
    const received = await stateAt(receiver, id, 'REQUESTED');
    const sent = await sender.get(`/v1/referrals/${id}`, SENDING);
    const request = {
      ...{ id, caseId, sender: 'cr-border-intake', receiver: 'cr-conatt', service: 'TRAFFICKING_SCREENING' },
      ...{ urgency: 'URGENT', reason: 'TRAFFICKING_SUSPECTED', state: 'REQUESTED', version: 1, overdue: false },
      ...{ factsKept: true, sex: 'FEMALE', ageStatus: 'ADULT', ageFromYears: 30, ageToYears: 38 },
      ...{ nationalities: ['HT'], nationalityStatus: 'DECLARED', senderTask: 'WAITING' },
      ...{ consentBasis: 'CONSENT', consentForm: 'ORAL_WITNESSED', consentGivenBy: 'SELF' },
      ...{ consentLanguage: 'hat', consentGrantedOn: TODAY },
      ...{ rejectReason: null, alternativeAgency: null, result: null },
      ...{ acknowledgedAt: null, acceptedAt: null, rejectedAt: null, completedAt: null },
      ...{ requestStatus: 'REQUESTED', fulfilmentStatus: 'NONE', businessStatus: 'AWAITING_ACKNOWLEDGEMENT' },
      ...{ transfer: false, custodyTerm: null, groupId: null, attachments: [], startedAt: null, failedAt: null },
      ...{ holdReason: null, holdInformation: null, holdExpectedBy: null, heldAt: null, informedAt: null },
      ...{ informationAttachments: null, failureReason: null, cancelReason: null, entryError: null, endedAt: null },
      ...{ loopOutcome: null, nextReferralId: null, escalatedAt: null, answerBy: null },
      ...{ causedBy: null, separationReason: null, succeededBy: null },
      ...{ awaits: 'RECEIVER', nextDueKind: 'ACKNOWLEDGE', nextDueAt: sent.body.acknowledgeBy },
      requestedAt: sent.body.requestedAt,
      acknowledgeBy: new Date(Date.parse(sent.body.requestedAt) + 86_400_000).toISOString(),
    };
    expect(sent.body).toEqual({ ...request, direction: 'sent', lists: expect.arrayContaining(['awaiting-them']) });
    expect(sent.headers['etag']).toBe('"1"');
    expect(received.body).toEqual({
      ...request,
      direction: 'received',
      lists: expect.arrayContaining(['awaiting-us']),
    });

    const acknowledged = await receiver.post(`/v1/referrals/${id}/acknowledgement`, undefined, ANSWERING);
    expect([acknowledged.status, acknowledged.body]).toEqual([200, { id, version: 2, state: 'ACKNOWLEDGED' }]);
    await stateAt(sender, id, 'ACKNOWLEDGED');
    const accepted = await receiver.post(`/v1/referrals/${id}/acceptance`, undefined, ANSWERING);
    expect([accepted.status, accepted.body]).toEqual([200, { id, version: 3, state: 'ACCEPTED' }]);
    await stateAt(sender, id, 'ACCEPTED');
    const completed = await receiver.post(`/v1/referrals/${id}/completion`, { result: 'SERVICE_PROVIDED' }, ANSWERING);
    expect([completed.status, completed.body]).toEqual([200, { id, version: 4, state: 'COMPLETED' }]);
    const atSender = await stateAt(sender, id, 'COMPLETED');
    const atReceiver = await stateAt(receiver, id, 'COMPLETED');
    expect(atReceiver.body.lists).toEqual(['awaiting-them']);
    expect(atSender.body).toEqual({ ...atReceiver.body, direction: 'sent', lists: ['awaiting-us'] });
    expect(atSender.body).toMatchObject({ result: 'SERVICE_PROVIDED', senderTask: 'DONE', version: 4 });
    expect(atSender.body.completedAt >= atSender.body.acceptedAt).toBe(true);
    expect(atSender.body.acceptedAt >= atSender.body.acknowledgedAt).toBe(true);
  });

  it('INV-19 a rejection reopens the sender’s task and names an alternative; it can be asked again', async () => {
    const caseId = randomUUID();
    const id = await send(caseId);
    await stateAt(receiver, id, 'REQUESTED');
    const rejection = { reason: 'NO_CAPACITY', alternativeAgency: 'mx-comar' };
    await receiver.post(`/v1/referrals/${id}/rejection`, rejection, ANSWERING);
    const { body } = await stateAt(sender, id, 'REJECTED');
    expect(body).toMatchObject({ senderTask: 'REOPENED', rejectReason: 'NO_CAPACITY', alternativeAgency: 'mx-comar' });
    const again = await send(caseId);
    expect(again).not.toBe(id);
    await stateAt(receiver, again, 'REQUESTED');
  });
});

describe('POST /v1/referrals', () => {
  it('has one pending request per case, receiver and service', async () => {
    const caseId = randomUUID();
    const id = await send(caseId);
    expect(await send(caseId)).toBe(id);
    const other = await sender.post('/v1/referrals', requestFor(caseId, { urgency: 'ROUTINE' }), SENDING);
    expect([other.status, other.body.code]).toEqual([409, 'REFERRAL.ALREADY_PENDING']);
    const service = await sender.post('/v1/referrals', requestFor(caseId, { service: 'SHELTER' }), SENDING);
    expect(service.status).toBe(201);
    expect(service.body.id).not.toBe(id);
  });

  it('has one even when it is asked many times at once', async () => {
    const caseId = randomUUID();
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => sender.post('/v1/referrals', requestFor(caseId), SENDING)),
    );
    expect(replies.map((reply) => reply.status)).toEqual(Array.from({ length: 8 }, () => 201));
    expect(new Set(replies.map((reply) => reply.body.id)).size).toBe(1);
    const { body } = await sender.get(`/v1/referrals?caseId=${caseId}`, SENDING);
    expect(body.items).toHaveLength(1);
  });

  it('replays the reply under the same key, also after the answer', async () => {
    const caseId = randomUUID();
    const options = { ...SENDING, idempotencyKey: `row-1:refer:${caseId}` };
    const first = await sender.post('/v1/referrals', requestFor(caseId), options);
    await stateAt(receiver, first.body.id, 'REQUESTED');
    await receiver.post(`/v1/referrals/${first.body.id}/rejection`, { reason: 'DUPLICATE' }, ANSWERING);
    await stateAt(sender, first.body.id, 'REJECTED');
    const second = await sender.post('/v1/referrals', requestFor(caseId), options);
    expect([second.status, second.body]).toEqual([201, first.body]);
    expect(second.headers['idempotency-replayed']).toBe('true');
  });

  it('says that nothing is known when no facts are named: INV-08 doubt on age', async () => {
    const byGuardian = { ...STATED, givenBy: 'GUARDIAN', childAssent: 'YES' };
    const { facts: _, ...body } = requestFor(randomUUID(), { consent: byGuardian });
    const reply = await sender.post('/v1/referrals', body, SENDING);
    const shown = await sender.get(`/v1/referrals/${reply.body.id}`, SENDING);
    expect(shown.body).toMatchObject({ sex: 'UNKNOWN', ageStatus: 'DISPUTED', nationalities: [], ageFromYears: null });
  });

  it.each([
    ['no consent', { consent: undefined }, '/consent'],
    ['a code that is none', { urgency: 'SOON' }, '/urgency'],
    ['an unknown property', { fullName: 'Somebody' }, ''],
    [
      'consent without language',
      { consent: { basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', grantedOn: null } },
      '/consent/language',
    ],
  ])('refuses %s', async (_, change, pointer) => {
    const reply = await sender.post('/v1/referrals', requestFor(randomUUID(), change), SENDING);
    expect([reply.status, reply.body.code]).toEqual([400, 'VALIDATION_FAILED']);
    expect(reply.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([pointer]);
  });

  it('refuses itself as the receiver', async () => {
    const body = requestFor(randomUUID(), { receiver: 'cr-border-intake' });
    const reply = await sender.post('/v1/referrals', body, SENDING);
    expect([reply.status, reply.body.code]).toEqual([422, 'REFERRAL.TO_SELF']);
  });
});

describe('who may do what', () => {
  it('the sender does not answer its own referral', async () => {
    const id = await send();
    const reply = await sender.post(`/v1/referrals/${id}/acknowledgement`, undefined, ANSWERING);
    expect([reply.status, reply.body.code]).toEqual([403, 'REFERRAL.NOT_THE_RECEIVER']);
  });

  it.each([
    ['acknowledgement', {}],
    ['acceptance', {}],
    ['rejection', { reason: 'DUPLICATE' }],
    ['completion', { result: 'SERVICE_PROVIDED' }],
  ])('%s needs a referral officer and a known referral', async (step, body) => {
    const path = `/v1/referrals/${randomUUID()}/${step}`;
    expect((await receiver.post(path, body, { roles: ['caseworker', 'auditor'] })).status).toBe(403);
    const reply = await receiver.post(path, body, ANSWERING);
    expect([reply.status, reply.body.code]).toEqual([404, 'REFERRAL.UNKNOWN']);
  });

  it('auditors neither send nor read here', async () => {
    expect((await sender.post('/v1/referrals', requestFor(randomUUID()), { roles: ['auditor'] })).status).toBe(403);
    expect((await sender.get('/v1/referrals', { roles: ['auditor'] })).status).toBe(403);
  });
});

describe('GET /v1/referrals', () => {
  it('narrows by direction, state and case, newest first, in pages', async () => {
    const caseId = randomUUID();
    const ids: string[] = [];
    for (const service of ['SHELTER', 'HEALTH', 'FOOD']) {
      const reply = await sender.post('/v1/referrals', requestFor(caseId, { service }), SENDING);
      ids.unshift(reply.body.id);
    }
    const seen: string[] = [];
    let path = `/v1/referrals?direction=sent&state=REQUESTED&caseId=${caseId}&limit=2`;
    while (path !== '') {
      const reply = await sender.get(path, SENDING);
      seen.push(...reply.body.items.map((item: { id: string }) => item.id));
      path = /<([^>]+)>/.exec(reply.headers['link'] ?? '')?.[1] ?? '';
    }
    expect(new Set(seen)).toEqual(new Set(ids));
    expect(seen).toHaveLength(3);
    const none = await sender.get(`/v1/referrals?direction=received&caseId=${caseId}`, SENDING);
    expect(none.body).toEqual({ items: [] });
  });

  const instant = '2026-11-22T09:00:00.000Z';

  it.each([{ key: ['x'] }, { key: [instant] }, { key: ['x', FORGED_ID] }, { key: [instant, 'x'] }])(
    'refuses a page that it did not write: $key',
    async ({ key }) => {
      const page = Buffer.from(JSON.stringify(key)).toString('base64url');
      const reply = await sender.get(`/v1/referrals?page=${page}`, SENDING);
      expect([reply.status, reply.body.code, reply.body.errors[0].code]).toEqual([
        400,
        'VALIDATION_FAILED',
        'PAGE_MALFORMED',
      ]);
    },
  );

  it('answers 404 for a referral that is not here', async () => {
    const reply = await sender.get(`/v1/referrals/${randomUUID()}`, SENDING);
    expect([reply.status, reply.body.code]).toEqual([404, 'REFERRAL.UNKNOWN']);
  });
});

describe('the read model', () => {
  it('is the same after a rebuild', async () => {
    for (const node of [sender, receiver]) {
      const rows = async (): Promise<unknown[]> =>
        (await node.pool.query('SELECT * FROM referral ORDER BY referral_id')).rows;
      const before = await rows();
      expect(before.length).toBeGreaterThan(0);
      await rebuildInlineProjections(node.node.runtime.store, [referralProjection], node.pool);
      expect(await rows()).toEqual(before);
    }
  });
});
