import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { MemoryEventLog, MemoryLogStore } from '@acogida/event-log';
import { rebuildInlineProjections } from '@acogida/event-store';
import { DEFAULT_REFERRAL_DEADLINES } from '@acogida/reference';
import { custodyProcedure, referralProcedure, type ReferralRequest } from '@acogida/referral';
import { eventually } from '@acogida/testing';
import { createTestNetwork, startTestNode, type TestNode, type TestReply } from '@acogida/testing/node';
import type { NodeDefinition, ServiceKind } from '../node-definition.ts';
import { openedBySending } from '../testing/opened-by-sending.ts';
import { referralDesk } from './referral-desk.ts';
import { referralProjection } from './referral-projection.ts';

// The steps of the protocol between two nodes; request, answer and completion are in referral-desk.spec.ts.

function deskNode(kind: ServiceKind): NodeDefinition {
  const desk = { providers: [], contractProjections: [], ownCases: openedBySending, ...referralDesk() };
  return { kind, description: 'A referral desk.', ...desk };
}

const TODAY = new Date().toISOString().slice(0, 10);
const SENDING = { roles: ['caseworker'] } as const;
const ANSWERING = { roles: ['referral-officer'] } as const;
const FACTS = {
  ...{ sex: 'FEMALE', ageStatus: 'ADULT', ageBand: { fromYears: 30, toYears: 38 } },
  ...{ nationalities: ['HT'], nationalityStatus: 'DECLARED' },
};
const ATTACHMENT = {
  attachmentId: '6ba7b810-9dad-41d1-80b4-00c04fd430c8',
  kind: 'ASSESSMENT',
  sha256: '0f'.repeat(32),
};
const INFORMATION = { information: ['HEALTH'], attachments: [ATTACHMENT] };

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

async function send(change: object = {}): Promise<string> {
  const body = {
    ...{ caseId: randomUUID(), receiver: 'cr-conatt', service: 'SHELTER', urgency: 'URGENT', reason: 'SPECIFIC_NEED' },
    consent: { basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', language: 'hat', grantedOn: TODAY },
    ...{ facts: FACTS, ...change },
  };
  const reply = await sender.post('/v1/referrals', body, SENDING);
  expect([reply.status, reply.body.code]).toEqual([201, undefined]);
  return (reply.body as { id: string }).id;
}

const show = (node: TestNode, id: string): Promise<TestReply> =>
  node.get(`/v1/referrals/${id}`, node === sender ? SENDING : ANSWERING);

function isShown(node: TestNode, id: string, expected: object): Promise<TestReply> {
  return eventually(async () => {
    const reply = await show(node, id);
    expect(reply.body).toMatchObject(expected);
    return reply;
  });
}

/** A step at one side, once it knows enough for it; both sides then show the same. */
async function step(node: TestNode, id: string, name: string, body: object | undefined, state: string): Promise<void> {
  const options = node === sender ? SENDING : ANSWERING;
  await eventually(async () => {
    const reply = await node.post(`/v1/referrals/${id}/${name}`, body, options);
    expect([reply.status, reply.body]).toEqual([200, expect.objectContaining({ id, state })]);
  });
  await isShown(node === sender ? receiver : sender, id, { state });
}

async function taken(change: object = {}): Promise<string> {
  const id = await send(change);
  await step(receiver, id, 'acknowledgement', undefined, 'ACKNOWLEDGED');
  await step(receiver, id, 'acceptance', undefined, 'ACCEPTED');
  return id;
}

describe('between acknowledgement and the last word', () => {
  it('a hold is answered, and the service starts, fails and is closed with the next step', async () => {
    const id = await send();
    await step(receiver, id, 'acknowledgement', undefined, 'ACKNOWLEDGED');
    const hold = { reason: 'INFORMATION_REQUESTED', information: ['HEALTH'] };
    await step(receiver, id, 'hold', hold, 'ON_HOLD');
    await isShown(sender, id, {
      ...{ businessStatus: 'INFORMATION_REQUESTED', holdInformation: ['HEALTH'] },
      ...{ nextDueKind: 'PROVIDE_INFORMATION', awaits: 'SENDER', lists: expect.arrayContaining(['awaiting-us']) },
    });
    await step(sender, id, 'information', INFORMATION, 'ON_HOLD');
    await isShown(receiver, id, { nextDueKind: 'RESUME', awaits: 'RECEIVER', informationAttachments: [ATTACHMENT] });
    await step(receiver, id, 'resumption', undefined, 'ACKNOWLEDGED');
    await step(receiver, id, 'acceptance', undefined, 'ACCEPTED');
    await step(receiver, id, 'start', undefined, 'IN_PROGRESS');
    await step(receiver, id, 'failure', { reason: 'NO_SHOW' }, 'FAILED');
    await isShown(sender, id, { senderTask: 'REOPENED', failureReason: 'NO_SHOW', nextDueKind: 'CLOSE_LOOP' });
    const early = await sender.post(`/v1/referrals/${id}/loop-closure`, { outcome: 'NEED_MET' }, SENDING);
    expect([early.status, early.body.code]).toEqual([422, 'REFERRAL.NEXT_STEP_MISSING']);
    await step(sender, id, 'loop-closure', { outcome: 'CONTINUES_HERE' }, 'FAILED');
    const closed = {
      requestStatus: 'LOOP_CLOSED',
      loopOutcome: 'CONTINUES_HERE',
      senderTask: 'DONE',
      nextDueKind: null,
    };
    await isShown(receiver, id, { ...closed, lists: [] });
    const { body } = await isShown(sender, id, { ...closed, lists: [], holdReason: null, informedAt: null });
    expect(body.startedAt <= body.failedAt && body.failedAt <= body.endedAt).toBe(true);
  });

  it('waitlisted, then full', async () => {
    const id = await send();
    await step(receiver, id, 'acknowledgement', undefined, 'ACKNOWLEDGED');
    const expectedBy = new Date(Date.now() + 86_400_000).toISOString();
    await step(receiver, id, 'hold', { reason: 'WAITLIST', expectedBy }, 'ON_HOLD');
    await isShown(sender, id, { businessStatus: 'WAITLISTED', holdExpectedBy: expectedBy, nextDueAt: expectedBy });
    await step(receiver, id, 'rejection', { reason: 'NO_CAPACITY', alternativeAgency: 'mx-comar' }, 'REJECTED');
    await isShown(sender, id, { senderTask: 'REOPENED', alternativeAgency: 'mx-comar', holdReason: null });
  });

  it('a request that was entered in error is nobody’s any more', async () => {
    const id = await send();
    await step(sender, id, 'entered-in-error', { reason: 'WRONG_PERSON' }, 'ENTERED_IN_ERROR');
    const late = await receiver.post(`/v1/referrals/${id}/acknowledgement`, undefined, ANSWERING);
    expect([late.status, late.body.code]).toEqual([409, 'REFERRAL.ALREADY_ENTERED_IN_ERROR']);
    await isShown(receiver, id, { entryError: 'WRONG_PERSON', lists: [] });
  });

  it('what it told of the person is at its receiver no more once it was rejected, and at its sender still', async () => {
    const caseId = randomUUID();
    const id = await send({ caseId, attachments: [ATTACHMENT] });
    const told = ['FEMALE', 'ADULT', 'HT', 'DECLARED', 'SPECIFIC_NEED', 'WRITTEN', 'hat', ATTACHMENT.attachmentId];
    const shown = async (node: TestNode): Promise<readonly string[]> => {
      const paths = [`/v1/referrals/${id}`, `/v1/referrals?caseId=${caseId}`, `/v1/referrals/${id}/fhir`];
      const replies = await Promise.all(paths.map((path) => node.get(path, { roles: ['supervisor'] })));
      expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
      const { rows } = await node.pool.query('SELECT * FROM referral WHERE referral_id = $1', [id]);
      const text = JSON.stringify([replies.map(({ body }) => body), rows]);
      return told.filter((one) => text.includes(`"${one}"`));
    };
    await isShown(receiver, id, { state: 'REQUESTED', factsKept: true });
    expect(await shown(receiver)).toEqual(told);
    await step(receiver, id, 'rejection', { reason: 'NO_CAPACITY' }, 'REJECTED');
    expect(await shown(receiver)).toEqual([]);
    expect(await shown(sender)).toEqual(told);
    await isShown(receiver, id, {
      ...{
        factsKept: false,
        reason: 'NOT_KEPT',
        sex: 'NOT_KEPT',
        ageStatus: 'NOT_KEPT',
        nationalityStatus: 'NOT_KEPT',
      },
      ...{ consentBasis: 'NOT_KEPT', consentForm: 'NOT_KEPT', consentGivenBy: 'NOT_KEPT', consentLanguage: null },
      ...{
        ageFromYears: null,
        nationalities: [],
        attachments: [],
        caseId,
        service: 'SHELTER',
        rejectReason: 'NO_CAPACITY',
      },
    });
  });

  it('a cancellation after acceptance is followed by its receiver', async () => {
    const id = await taken();
    const failure = { reason: 'CANCELLED_BY_SENDER' };
    const early = await receiver.post(`/v1/referrals/${id}/failure`, failure, ANSWERING);
    expect([early.status, early.body.code]).toEqual([409, 'REFERRAL.NOT_CANCELLED']);
    await step(sender, id, 'cancellation', { reason: 'PERSON_MOVED_ON' }, 'CANCELLED');
    const due = {
      businessStatus: 'CANCELLATION_TO_FOLLOW',
      cancelReason: 'PERSON_MOVED_ON',
      nextDueKind: 'COMPENSATE',
    };
    await isShown(receiver, id, due);
    await step(receiver, id, 'failure', failure, 'CANCELLED');
    await isShown(sender, id, { fulfilmentStatus: 'FAILED', businessStatus: 'CANCELLED', lists: [] });
  });

  it('changes nothing on a version that is not the one seen', async () => {
    const id = await send();
    const path = `/v1/referrals/${id}/cancellation`;
    const reply = await sender.post(path, { reason: 'SUPERSEDED' }, { ...SENDING, headers: { 'if-match': '"7"' } });
    expect([reply.status, (await show(sender, id)).body.requestStatus]).toEqual([412, 'REQUESTED']);
  });
});

describe('a transfer', () => {
  const custodyAt = async (node: TestNode, caseId: string): Promise<object | null> =>
    (await node.node.runtime.context.handler.load(custodyProcedure, caseId)).state;

  it('moves custody once its acceptance was seen; then nobody else moves it', async () => {
    const caseId = randomUUID();
    const id = await taken({ caseId, transfer: true });
    await isShown(sender, id, { custodyTerm: 2 });
    await isShown(receiver, id, { custodyTerm: 2, transfer: true });
    for (const node of [sender, receiver])
      expect(await custodyAt(node, caseId)).toMatchObject({ term: 2, holder: 'cr-conatt' });
    const cancel = await sender.post(`/v1/referrals/${id}/cancellation`, { reason: 'SUPERSEDED' }, SENDING);
    expect([cancel.status, cancel.body.code]).toEqual([409, 'REFERRAL.CUSTODY_RELEASED']);
    const again = await sender.post('/v1/referrals', { ...(await bodyOf(caseId)), transfer: true }, SENDING);
    expect([again.status, again.body.code]).toEqual([409, 'CUSTODY.NOT_THE_CUSTODIAN']);
  });

  it('is of the same case however its id is written', async () => {
    const caseId = randomUUID();
    const id = await taken({ caseId, transfer: true });
    await isShown(receiver, id, { custodyTerm: 2 });
    const body = { ...(await bodyOf(caseId.toUpperCase())), transfer: true };
    const reply = await sender.post('/v1/referrals', body, SENDING);
    expect([reply.status, reply.body.code]).toEqual([409, 'CUSTODY.NOT_THE_CUSTODIAN']);
  });

  it('is asked for by who opened the case, also when it was referred back', async () => {
    const caseId = randomUUID();
    await taken({ caseId });
    const back = { ...(await bodyOf(caseId)), receiver: 'cr-border-intake' };
    const { body } = await receiver.post('/v1/referrals', back, SENDING);
    await isShown(sender, body.id as string, { direction: 'received' });
    const reply = await sender.post('/v1/referrals', { ...(await bodyOf(caseId)), transfer: true }, SENDING);
    expect([reply.status, reply.body.code]).toEqual([201, undefined]);
  });

  it('is not asked for by an agency to which the case was only referred', async () => {
    const caseId = randomUUID();
    await taken({ caseId });
    const body = { ...(await bodyOf(caseId)), receiver: 'cr-border-intake', transfer: true };
    const reply = await receiver.post('/v1/referrals', body, SENDING);
    expect([reply.status, reply.body.code]).toEqual([409, 'CUSTODY.NOT_THE_CUSTODIAN']);
  });

  it('is not asked for by such an agency after it sent the case on, whatever clock the first sender goes by', async () => {
    const caseId = randomUUID();
    const ahead = new Date(Date.now() + 3_600_000).toISOString();
    const request: ReferralRequest = {
      ...{ referralId: randomUUID(), caseId, sender: 'cr-border-intake', receiver: 'cr-conatt', service: 'SHELTER' },
      ...{ urgency: 'URGENT', reason: 'SPECIFIC_NEED', requestedAt: ahead, acknowledgeBy: ahead, transfer: false },
      consent: { basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', language: 'hat', grantedOn: TODAY },
      facts: { ...FACTS, sex: 'FEMALE', ageStatus: 'ADULT', nationalityStatus: 'DECLARED' },
      ...{ groupId: null, attachments: [], deadlines: DEFAULT_REFERRAL_DEADLINES.URGENT },
    };
    const publishedBy = request.sender;
    await receiver.node.runtime.context.handler.execute({
      ...{ procedure: referralProcedure, id: request.referralId, correlationId: randomUUID(), causation: null },
      ...{ actor: 'spec', command: { type: 'ReceiveReferral', by: 'cr-conatt', publishedBy, request } },
    });
    const on = await receiver.post('/v1/referrals', await bodyOf(caseId), SENDING);
    expect([on.status, on.body.code]).toEqual([201, undefined]);
    const asked = { ...(await bodyOf(caseId)), receiver: 'cr-border-intake', transfer: true };
    const reply = await receiver.post('/v1/referrals', asked, SENDING);
    expect([reply.status, reply.body.code]).toEqual([409, 'CUSTODY.NOT_THE_CUSTODIAN']);
  });

  async function bodyOf(caseId: string): Promise<object> {
    const consent = { basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', language: 'hat', grantedOn: null };
    return {
      caseId,
      receiver: 'mx-comar',
      service: 'HEALTH',
      urgency: 'ROUTINE',
      reason: 'SPECIFIC_NEED',
      consent,
      facts: FACTS,
    };
  }
});

describe('task lists', () => {
  const listed = async (node: TestNode, list: string, caseId: string): Promise<readonly string[]> => {
    const path = `/v1/referrals?list=${list}&caseId=${caseId}`;
    const { body } = await node.get(path, node === sender ? SENDING : ANSWERING);
    return body.items.map((item: { id: string }) => item.id);
  };

  it('say at each side whose turn it is, and nothing of what is settled', async () => {
    const caseId = randomUUID();
    const id = await send({ caseId });
    await isShown(receiver, id, { state: 'REQUESTED' });
    expect([await listed(sender, 'awaiting-them', caseId), await listed(sender, 'awaiting-us', caseId)]).toEqual([
      [id],
      [],
    ]);
    expect([await listed(receiver, 'awaiting-us', caseId), await listed(receiver, 'awaiting-them', caseId)]).toEqual([
      [id],
      [],
    ]);
    expect(await listed(receiver, 'overdue', caseId)).toEqual([]);
    await step(sender, id, 'cancellation', { reason: 'SUPERSEDED' }, 'CANCELLED');
    for (const list of ['awaiting-us', 'awaiting-them', 'due-today', 'overdue']) {
      expect([list, await listed(sender, list, caseId), await listed(receiver, list, caseId)]).toEqual([list, [], []]);
    }
  });

  it('INV-19 an unanswered request escalates, expires, and is back on its sender’s list', async () => {
    const caseId = randomUUID();
    const referralId = randomUUID();
    const { handler } = sender.node.runtime.context;
    const [first] = (await sender.get('/v1/referrals?limit=1', SENDING)).body.items;
    const known = await handler.load(referralProcedure, first.id);
    const request = known.state?.request;
    if (request === undefined) throw new Error('nothing was sent before');
    const { sender: by, requestedAt: _, acknowledgeBy: __, ...asked } = request;
    await handler.execute({
      ...{ procedure: referralProcedure, id: referralId, actor: 'spec', correlationId: randomUUID(), causation: null },
      command: {
        ...{ type: 'RequestReferral', ...asked, referralId, caseId, by, takenOver: false },
        now: new Date(Date.now() - 48 * 3_600_000).toISOString(),
      },
    });
    await isShown(receiver, referralId, { escalatedAt: expect.any(String), nextDueKind: 'ANSWER_ESCALATION' });
    await isShown(sender, referralId, { state: 'REQUESTED', nextDueKind: 'ANSWER_ESCALATION' });
    const supervised = async (node: TestNode) =>
      (await node.get(`/v1/referrals?escalated=true&caseId=${caseId}`, { roles: ['supervisor'] })).body.items;
    expect([await supervised(receiver), await supervised(sender)]).toMatchObject([[{ id: referralId }], []]);
    // Whom it escalated to can answer, and is not only shown it.
    const answered = await receiver.post(`/v1/referrals/${referralId}/acknowledgement`, {}, { roles: ['supervisor'] });
    expect(answered.status).toBe(200);
    await isShown(sender, referralId, { state: 'ACKNOWLEDGED' });
  });
});

describe('who may do what', () => {
  it.each([
    ['cancellation', { reason: 'SUPERSEDED' }],
    ['entered-in-error', { reason: 'WRONG_PERSON' }],
    ['information', { information: ['HEALTH'] }],
    ['loop-closure', { outcome: 'CONTINUES_HERE' }],
  ])('%s is of those who send, on a known referral', async (name, body) => {
    const path = `/v1/referrals/${randomUUID()}/${name}`;
    expect((await sender.post(path, body, { roles: ['referral-officer', 'auditor', 'import'] })).status).toBe(403);
    const reply = await sender.post(path, body, SENDING);
    expect([reply.status, reply.body.code]).toEqual([404, 'REFERRAL.UNKNOWN']);
  });

  it.each([
    ['hold', { reason: 'WAITLIST' }],
    ['resumption', undefined],
    ['start', undefined],
    ['failure', { reason: 'NO_SHOW' }],
  ])('%s is of those who answer, on a known referral', async (name, body) => {
    const path = `/v1/referrals/${randomUUID()}/${name}`;
    expect((await receiver.post(path, body, { roles: ['caseworker', 'auditor', 'import'] })).status).toBe(403);
    const reply = await receiver.post(path, body, ANSWERING);
    expect([reply.status, reply.body.code]).toEqual([404, 'REFERRAL.UNKNOWN']);
  });

  it('the receiver does not take back, the sender does not start', async () => {
    const id = await send();
    await isShown(receiver, id, { state: 'REQUESTED' });
    const cancel = await receiver.post(`/v1/referrals/${id}/cancellation`, { reason: 'SUPERSEDED' }, SENDING);
    expect([cancel.status, cancel.body.code]).toEqual([403, 'REFERRAL.NOT_THE_SENDER']);
    const start = await sender.post(`/v1/referrals/${id}/start`, undefined, ANSWERING);
    expect([start.status, start.body.code]).toEqual([403, 'REFERRAL.NOT_THE_RECEIVER']);
  });

  it.each([
    ['cancellation', { reason: 'BECAUSE' }, '/reason'],
    ['hold', { reason: 'WAITLIST', expectedBy: 'soon' }, '/expectedBy'],
    ['information', { information: [] }, '/information'],
    [
      'information',
      { information: ['HEALTH'], attachments: [{ ...ATTACHMENT, sha256: 'x' }] },
      '/attachments/0/sha256',
    ],
    ['loop-closure', { outcome: 'CONTINUES_HERE', nextReferralId: 'x' }, '/nextReferralId'],
  ])('%s refuses a body that is none', async (name, body, pointer) => {
    const options = { roles: ['caseworker', 'referral-officer'] } as const;
    const reply = await sender.post(`/v1/referrals/${randomUUID()}/${name}`, body, options);
    expect([reply.status, reply.body.errors?.[0]?.pointer]).toEqual([400, pointer]);
  });
});

describe('the read model', () => {
  it('is the same after a rebuild', async () => {
    for (const node of [sender, receiver]) {
      const rows = async (): Promise<unknown[]> =>
        (await node.pool.query('SELECT * FROM referral ORDER BY referral_id')).rows;
      const before = await rows();
      expect(before.length).toBeGreaterThan(5);
      await rebuildInlineProjections(node.node.runtime.store, [referralProjection], node.pool);
      expect(await rows()).toEqual(before);
    }
  });
});
