import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { MemoryEventLog, MemoryLogStore, type ReceivedEvent } from '@acogida/event-log';
import { inTransaction, rebuildInlineProjections } from '@acogida/event-store';
import { eventually } from '@acogida/testing';
import { createTestNetwork, startTestNode, type TestNode } from '@acogida/testing/node';
import type { NodeDefinition, ServiceKind } from '../node-definition.ts';
import { openedBySending } from '../testing/opened-by-sending.ts';
import { custodyProjection } from './custody-projection.ts';
import { referralDesk } from './referral-desk.ts';
import { whenTransferRequestedThenReceiveIt } from './transfer-policies.ts';
import { transferRequestProjection } from './transfer-request-projection.ts';

function deskNode(kind: ServiceKind): NodeDefinition {
  const desk = { providers: [], contractProjections: [], ownCases: openedBySending, ...referralDesk() };
  return { kind, description: 'A referral desk.', ...desk };
}

const STAFF = { roles: ['caseworker'] } as const;
const ANSWERING = { roles: ['referral-officer'] } as const;
const PATH = '/v1/transfer-requests';
const DAY_MS = 24 * 3_600_000;

let custodian: TestNode;
let asker: TestNode;

beforeAll(async () => {
  const network = await createTestNetwork();
  const store = new MemoryLogStore();
  custodian = await startTestNode(deskNode('intake'), { network, log: new MemoryEventLog(store) });
  asker = await startTestNode(deskNode('counter-trafficking'), { network, log: new MemoryEventLog(store) });
});

afterAll(async () => {
  await custodian?.stop();
  await asker?.stop();
});

/** A case that the asker knows by a referral; as a transfer, one by which it can be given. */
async function referred(caseId: string, change: object = {}): Promise<string> {
  const consent = { basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', language: 'hat', grantedOn: '2026-11-22' };
  const facts = {
    sex: 'FEMALE',
    ageStatus: 'ADULT',
    ageBand: null,
    nationalities: ['HT'],
    nationalityStatus: 'DECLARED',
  };
  const asked = { caseId, receiver: 'cr-conatt', service: 'LEGAL_AID', urgency: 'URGENT', reason: 'SPECIFIC_NEED' };
  const { status, body } = await custodian.post('/v1/referrals', { ...asked, consent, facts, ...change }, STAFF);
  expect([status, body.code]).toEqual([201, undefined]);
  await eventually(async () => expect((await asker.get(`/v1/referrals/${body.id}`, ANSWERING)).status).toBe(200));
  return body.id as string;
}

async function ask(caseId: string): Promise<string> {
  const { status, body } = await asker.post(PATH, { caseId, custodian: 'cr-border-intake' }, STAFF);
  expect([status, body.code]).toEqual([201, undefined]);
  return body.id as string;
}

const isShown = (node: TestNode, id: string, expected: object): Promise<void> =>
  eventually(async () => expect((await node.get(`${PATH}/${id}`, STAFF)).body).toMatchObject(expected));

describe('a request for transfer', () => {
  it('is refused with its reason, and may be made again', async () => {
    const caseId = randomUUID();
    await referred(caseId);
    const id = await ask(caseId);
    expect(await ask(caseId)).toBe(id); // it waits
    const asked = { caseId, asker: 'cr-conatt', custodian: 'cr-border-intake', granted: null };
    await isShown(custodian, id, { ...asked, direction: 'received' });
    await isShown(asker, id, { ...asked, direction: 'sent' });
    const waiting = async () => (await custodian.get(`${PATH}?answered=false&caseId=${caseId}`, STAFF)).body.items;
    expect(await waiting()).toMatchObject([{ id }]);

    const refusal = await custodian.post(`${PATH}/${id}/refusal`, { reason: 'CARE_GOES_ON_HERE' }, STAFF);
    expect([refusal.status, refusal.body]).toMatchObject([200, { id, granted: false }]);
    await isShown(asker, id, { granted: false, reason: 'CARE_GOES_ON_HERE', referralId: null });
    expect(await waiting()).toEqual([]);
    const other = await custodian.post(`${PATH}/${id}/refusal`, { reason: 'NO_CONSENT' }, STAFF);
    expect([other.status, other.body.code]).toEqual([409, 'TRANSFER.ALREADY_ANSWERED']);
    expect(await ask(caseId)).not.toBe(id);
  });

  it('is granted by a transfer of that case, whose acceptance moves custody', async () => {
    const caseId = randomUUID();
    const plain = await referred(caseId);
    const id = await ask(caseId);
    await isShown(custodian, id, { granted: null });
    const early = await custodian.post(`${PATH}/${id}/grant`, { referralId: plain }, STAFF);
    expect([early.status, early.body.code]).toEqual([409, 'TRANSFER.REFERRAL_UNFIT']);

    const referralId = await referred(caseId, { service: 'SHELTER', transfer: true });
    const grant = await custodian.post(`${PATH}/${id}/grant`, { referralId }, STAFF);
    expect([grant.status, grant.body]).toMatchObject([200, { granted: true }]);
    await isShown(asker, id, { granted: true, referralId });
    for (const step of ['acknowledgement', 'acceptance']) {
      expect((await asker.post(`/v1/referrals/${referralId}/${step}`, undefined, ANSWERING)).status).toBe(200);
    }
    const custodyAt = async (node: TestNode) => (await node.get(`/v1/custody/${caseId}`, STAFF)).body;
    const moved = { caseId, term: 2, holder: 'cr-conatt', basis: 'RELEASED', laterTermHeard: null };
    await eventually(async () => expect(await custodyAt(custodian)).toMatchObject({ ...moved, isOurs: false }));
    await eventually(async () => expect(await custodyAt(asker)).toMatchObject({ ...moved, isOurs: true }));
    const { since, asOf } = await custodyAt(custodian);
    expect(since <= asOf).toBe(true);
    const again = await asker.post(PATH, { caseId, custodian: 'cr-border-intake' }, STAFF);
    expect([again.status, again.body.code]).toEqual([409, 'TRANSFER.ALREADY_CUSTODIAN']);
  });

  it('is not made of a case that one has nothing to do with; nothing is known of its custody', async () => {
    const caseId = randomUUID();
    const reply = await asker.post(PATH, { caseId, custodian: 'cr-border-intake' }, STAFF);
    expect([reply.status, reply.body.code]).toEqual([404, 'TRANSFER.CASE_UNKNOWN']);
    const custody = await asker.get(`/v1/custody/${caseId}`, STAFF);
    expect([custody.status, custody.body.code]).toEqual([404, 'CUSTODY.UNKNOWN']);
  });

  it('of a case that went elsewhere is answered at once: another agency has it', async () => {
    const { context, pool } = custodian.node.runtime;
    const { rows } = await custodian.pool.query<{ case_id: string }>(
      "SELECT case_id FROM custody WHERE holder = 'cr-conatt'",
    );
    const caseId = rows[0]?.case_id ?? null;
    const [id, at] = [randomUUID(), new Date().toISOString()];
    const hear = (asker: string): Promise<void> => {
      const asked = { transferRequestId: id, asker, custodian: 'cr-border-intake' };
      const data = { ...asked, urgency: 'ROUTINE', answerBy: null };
      const payload = { type: 'TransferRequested', caseId, data, occurredAt: at, correlationId: randomUUID() };
      const event = { id: randomUUID(), source: 'mx-comar', number: 1, payload } as unknown as ReceivedEvent;
      return inTransaction(pool, (transaction) =>
        whenTransferRequestedThenReceiveIt(context).react(event, transaction),
      );
    };
    await expect(hear('cr-refugee-unit')).rejects.toMatchObject({ code: 'TRANSFER.NOT_THE_ASKER' });
    await hear('mx-comar');
    await hear('mx-comar');
    const answer = { granted: false, reason: 'NOT_THE_CUSTODIAN', heldBy: null };
    const answerBy = new Date(Date.parse(at) + 7 * DAY_MS).toISOString(); // by the time limits of who is asked
    await isShown(custodian, id, { asker: 'mx-comar', ...answer, version: 2, urgency: 'ROUTINE', answerBy, lists: [] });
  });

  it('is answered by those who decide, on a known request', async () => {
    const path = `${PATH}/${randomUUID()}`;
    const body = { referralId: randomUUID() };
    expect((await custodian.post(`${path}/grant`, body, { roles: ['import'] })).status).toBe(403);
    for (const [name, content] of [
      ['grant', body],
      ['refusal', { reason: 'NO_CONSENT' }],
    ] as const) {
      const reply = await custodian.post(`${path}/${name}`, content, STAFF);
      expect([reply.status, reply.body.code]).toEqual([404, 'TRANSFER.UNKNOWN']);
    }
    expect((await custodian.get(path, STAFF)).status).toBe(404);
    expect((await custodian.post(`${path}/refusal`, { reason: 'BECAUSE' }, STAFF)).status).toBe(400);
  });

  it('a retried request with a transfer gets its kept reply after custody has moved', async () => {
    const caseId = randomUUID();
    const consent = {
      basis: 'VITAL_INTEREST',
      form: 'NOT_RECORDED',
      givenBy: 'NOT_APPLICABLE',
      language: null,
      grantedOn: null,
    };
    const asked = {
      caseId,
      receiver: 'cr-conatt',
      service: 'HEALTH',
      urgency: 'URGENT',
      reason: 'SPECIFIC_NEED',
      consent,
    };
    const send = () =>
      custodian.post('/v1/referrals', { ...asked, transfer: true }, { ...STAFF, idempotencyKey: `transfer-${caseId}` });
    const first = await send();
    expect([first.status, first.body.code]).toEqual([201, undefined]);
    const { id } = first.body as { readonly id: string };
    for (const step of ['acknowledgement', 'acceptance']) {
      await eventually(async () =>
        expect((await asker.post(`/v1/referrals/${id}/${step}`, undefined, ANSWERING)).status).toBe(200),
      );
    }
    await eventually(async () =>
      expect((await custodian.get(`/v1/custody/${caseId}`, STAFF)).body).toMatchObject({ term: 2, isOurs: false }),
    );
    const retried = await send();
    expect([retried.status, retried.body]).toEqual([201, first.body]);
    expect(retried.headers['idempotency-replayed']).toBe('true');
  });

  it('the read models are rebuilt as they were', async () => {
    const rows = async () => [
      (await custodian.pool.query('SELECT * FROM transfer_request ORDER BY transfer_request_id')).rows,
      (await custodian.pool.query('SELECT case_id, term, holder, basis, since FROM custody ORDER BY case_id')).rows,
    ];
    const before = await rows();
    expect(before.map(({ length }) => length > 1)).toEqual([true, true]);
    const projections = [custodyProjection, transferRequestProjection];
    await rebuildInlineProjections(custodian.node.runtime.store, projections, custodian.pool);
    expect(await rows()).toEqual(before);
  });
});
