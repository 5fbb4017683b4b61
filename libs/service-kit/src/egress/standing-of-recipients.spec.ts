import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { MemoryEventLog, MemoryLogStore } from '@acogida/event-log';
import { eventually } from '@acogida/testing';
import { createTestNetwork, startTestNode, type TestNode, type TestReply } from '@acogida/testing/node';
import { deskNode } from '../testing/desk-node.ts';
import { listAt } from '../testing/listing-node.ts';

const STAFF = { roles: ['caseworker'] } as const;
const ANSWERING = { roles: ['referral-officer'] } as const;
const OVERRIDING = { roles: ['caseworker', 'consent-override'] } as const;
const TODAY = new Date().toISOString().slice(0, 10);
const WORDS = { basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', language: 'hat', grantedOn: TODAY };
const FACTS = {
  ...{ sex: 'FEMALE', ageStatus: 'ADULT', ageBand: { fromYears: 30, toYears: 38 } },
  ...{ nationalities: ['HT'], nationalityStatus: 'DECLARED' },
};
const [SUSPENDED, CLOSED, REVOKED, ORIGIN] = ['cr-suspendida', 'cr-cerrada', 'cr-refugee-unit', 'ht-ministry'];
const GONE = [
  [SUSPENDED, 'AGENCY_SUSPENDED'],
  [CLOSED, 'AGENCY_CLOSED'],
  [REVOKED, 'KEY_REVOKED'],
] as const;

let intake: TestNode;
let conatt: TestNode;

beforeAll(async () => {
  const network = await createTestNetwork();
  const store = new MemoryLogStore();
  const start = (kind: string) => startTestNode(deskNode(kind), { network, log: new MemoryEventLog(store) });
  intake = await start('intake');
  conatt = await start('counter-trafficking');
  await listAt(intake, SUSPENDED, { status: 'SUSPENDED' });
  await listAt(intake, CLOSED, { status: 'CLOSED' });
  await listAt(intake, ORIGIN, { status: 'CLOSED', nature: 'PUBLIC_AUTHORITY', authorityOf: 'HT' });
  const { trust } = intake.node.runtime;
  const admitted = trust.agencies();
  jest.spyOn(trust, 'agencies').mockImplementation(() =>
    admitted.map((agency) => {
      const keySets = agency.keySets.map((keys) => ({ ...keys, throughNumber: 7 }));
      return agency.agencyId === REVOKED ? { ...agency, keySets } : agency;
    }),
  );
});

afterAll(async () => {
  await intake?.stop();
  await conatt?.stop();
});

const asked = (caseId: string, change: object = {}): object => ({
  ...{ caseId, receiver: 'cr-conatt', service: 'SHELTER', urgency: 'URGENT', reason: 'SPECIFIC_NEED' },
  ...{ facts: FACTS, consent: WORDS, ...change },
});

async function sent(node: TestNode, receiver: string, to?: TestNode): Promise<{ id: string; caseId: string }> {
  const caseId = randomUUID();
  const reply = await node.post('/v1/referrals', asked(caseId, { receiver }), STAFF);
  expect([reply.status, reply.body.code]).toEqual([201, undefined]);
  const { id } = reply.body as { id: string };
  await eventually(async () => expect((await to?.get(`/v1/referrals/${id}`, ANSWERING))?.status ?? 200).toBe(200));
  return { id, caseId };
}

const codeOf = ({ status, body }: TestReply): unknown[] => [status, body.code];

/** Nothing of the case but these referrals, and of the refusal the audit alone. */
async function expectUntouched(caseId: string, ids: readonly string[], audited: readonly string[]): Promise<void> {
  const { items } = (await intake.get(`/v1/referrals?caseId=${caseId}`, STAFF)).body as { items: { id: string }[] };
  expect(items.map(({ id }) => id)).toEqual(ids);
  expect(await intake.node.runtime.store.readStream(`consent-${caseId}`)).toEqual([]);
  const { rows } = await intake.pool.query('SELECT kind, details FROM audit.entry WHERE case_id = $1', [caseId]);
  expect(rows).toEqual([{ kind: 'DENIED_EGRESS', details: audited }]);
}

describe.each(GONE)('%s, of which is known %s, is handed nothing new', (receiver, reason) => {
  const code = `SHARING.${reason}`;
  const details = (way = 'OFFER') => [`way:${way}`, `recipient:${receiver}`, reason];

  it.each([
    ['no referral', {}],
    ['no transfer', { transfer: true }],
    ['none past a missing consent either', { overrideReason: 'LIFE_AT_RISK' }],
  ])('%s', async (_, change) => {
    const caseId = randomUUID();
    const refused = await intake.post('/v1/referrals', asked(caseId, { receiver, ...change }), OVERRIDING);
    expect(codeOf(refused)).toEqual([409, code]);
    await expectUntouched(caseId, [], details());
  });

  it('no member of a group: none of them is sent', async () => {
    const caseId = randomUUID();
    const requests = [asked(caseId), asked(caseId, { receiver })];
    const refused = await intake.post('/v1/referral-groups', { requests }, STAFF);
    expect(codeOf(refused)).toEqual([409, 'REFERRAL.GROUP_REFUSED']);
    expect(refused.body.errors).toMatchObject([{ pointer: '/requests/1', code }]);
    await expectUntouched(caseId, [], details());
  });

  it('no draft: it is kept', async () => {
    const caseId = randomUUID();
    const { body } = await intake.post('/v1/referral-drafts', asked(caseId, { receiver }), STAFF);
    const { id } = body as { id: string };
    expect(codeOf(await intake.post(`/v1/referral-drafts/${id}/sending`, {}, STAFF))).toEqual([409, code]);
    await expectUntouched(caseId, [id], details());
    expect((await intake.get(`/v1/referrals/${id}`, STAFF)).body).toMatchObject({ state: 'DRAFT' });
  });

  it('nothing that came back from another agency', async () => {
    const { id, caseId } = await sent(intake, 'cr-conatt', conatt);
    await conatt.post(`/v1/referrals/${id}/acknowledgement`, undefined, ANSWERING);
    const rejected = await conatt.post(`/v1/referrals/${id}/rejection`, { reason: 'NO_CAPACITY' }, ANSWERING);
    expect(codeOf(rejected)).toEqual([200, undefined]);
    const isBack = { state: 'REJECTED', senderTask: 'REOPENED' };
    await eventually(async () => expect((await intake.get(`/v1/referrals/${id}`, STAFF)).body).toMatchObject(isBack));
    const rerouting = { receiver, consent: WORDS };
    expect(codeOf(await intake.post(`/v1/referrals/${id}/rerouting`, rerouting, STAFF))).toEqual([409, code]);
    await expectUntouched(caseId, [id], details('REROUTE'));
    expect((await intake.get(`/v1/referrals/${id}`, STAFF)).body).toMatchObject(isBack);
  });
});

it('INV-05 a deny rule comes first, and the try is on record whatever became of the agency', async () => {
  const caseId = randomUUID();
  const refused = await intake.post('/v1/referrals', asked(caseId, { receiver: ORIGIN }), STAFF);
  expect(codeOf(refused)).toEqual([403, 'DENY.COUNTRY_OF_ORIGIN']);
  const events = await intake.node.runtime.store.readStream(`consent-${caseId}`);
  expect(events).toMatchObject([{ type: 'ContactAttempted', data: { recipient: ORIGIN, allowed: false } }]);
});

describe('of what stood before an agency was suspended', () => {
  const suspend = (node: TestNode, agencyId: string, status: 'SUSPENDED' | 'ACTIVE') =>
    listAt(node, agencyId, { status, nature: 'PUBLIC_AUTHORITY', authorityOf: 'CR' });

  it('it is told no more of the person, but that the request is taken back', async () => {
    const { id } = await sent(intake, 'cr-conatt', conatt);
    await suspend(intake, 'cr-conatt', 'SUSPENDED');
    const told = await intake.post(`/v1/referrals/${id}/information`, { information: ['HEALTH'] }, STAFF);
    expect(codeOf(told)).toEqual([409, 'SHARING.AGENCY_SUSPENDED']);
    expect((await intake.get(`/v1/referrals/${id}/fhir`, STAFF)).status).toBe(200);
    const taken = await intake.post(`/v1/referrals/${id}/cancellation`, { reason: 'NO_LONGER_NEEDED' }, STAFF);
    expect(codeOf(taken)).toEqual([200, undefined]);
    await eventually(async () =>
      expect((await conatt.get(`/v1/referrals/${id}`, ANSWERING)).body).toMatchObject({ requestStatus: 'CANCELLED' }),
    );
    await suspend(intake, 'cr-conatt', 'ACTIVE');
    expect((await sent(intake, 'cr-conatt')).id).toBeTruthy();
  });

  it('its own request is acknowledged, and that the person withdrew reaches it', async () => {
    const { id, caseId } = await sent(conatt, 'cr-border-intake', intake);
    const open = await sent(intake, 'cr-conatt', conatt);
    await suspend(intake, 'cr-conatt', 'SUSPENDED');
    const acknowledged = await intake.post(`/v1/referrals/${id}/acknowledgement`, undefined, ANSWERING);
    expect(codeOf(acknowledged)).toEqual([200, undefined]);
    for (const one of [caseId, open.caseId]) {
      expect((await intake.post('/v1/consents/withdrawals', { caseId: one }, STAFF)).status).toBe(200);
    }
    await eventually(async () => {
      const ended = { requestStatus: 'CANCELLED', cancelReason: 'CONSENT_WITHDRAWN' };
      expect((await conatt.get(`/v1/referrals/${open.id}`, ANSWERING)).body).toMatchObject(ended);
      const { body } = await conatt.get(`/v1/referrals/${id}`, STAFF);
      expect(body).toMatchObject({ acknowledgedAt: expect.any(String) });
    });
    await suspend(intake, 'cr-conatt', 'ACTIVE');
  });
});
