import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { startTestNode, type TestNode, type TestReply } from '@acogida/testing/node';
import { withAnswerLinks } from '../answer-links/with-answer-links.ts';
import { deskNode } from '../testing/desk-node.ts';
import { listAt } from '../testing/listing-node.ts';

const STAFF = { roles: ['caseworker', 'consent-override'] } as const;
const TODAY = new Date().toISOString().slice(0, 10);
const WORDS = { basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', language: 'hat', grantedOn: TODAY };
const VITAL = {
  basis: 'VITAL_INTEREST',
  form: 'NOT_RECORDED',
  givenBy: 'NOT_APPLICABLE',
  language: null,
  grantedOn: null,
};
const FACTS = {
  ...{ sex: 'FEMALE', ageStatus: 'ADULT', ageBand: { fromYears: 30, toYears: 38 } },
  ...{ nationalities: ['HT'], nationalityStatus: 'DECLARED' },
};
const SHELTER = { service: 'SHELTER', reason: 'SPECIFIC_NEED' };
const CASA = { name: 'Casa', participation: 'LINK', nature: 'NGO', authorityOf: null } as const;
const CONSULATE = { ...CASA, nature: 'CONSULATE', authorityOf: 'HT' } as const;

let node: TestNode;
let aheadMs = 0;
const clock = { now: (): string => new Date(Date.now() + aheadMs).toISOString() };

beforeAll(async () => {
  node = await startTestNode(withAnswerLinks(deskNode('intake')), { clock, withAnswerLinks: true });
  await listAt(node, 'ht-consulate', { nature: 'CONSULATE', authorityOf: 'HT' });
  await listAt(node, 'ht-ministry', { nature: 'PUBLIC_AUTHORITY', authorityOf: 'HT' });
  await listAt(node, 'cr-police', { nature: 'ENFORCEMENT', authorityOf: 'CR', participation: 'LINK' });
  await listAt(node, 'cr-retornos', { nature: 'RETURN', authorityOf: 'CR' });
  await listAt(node, 'cr-casa', CASA);
});
afterAll(() => node?.stop());
beforeEach(() => {
  aheadMs += 2 * 60 * 1000; // requests of pages are counted by the minute
});

const asked = (caseId: string, change: object = {}): object => ({
  ...{ caseId, receiver: 'cr-casa', urgency: 'URGENT', facts: FACTS, consent: WORDS, ...SHELTER, ...change },
});

async function sent(change: object = {}): Promise<{ readonly id: string; readonly caseId: string }> {
  const caseId = randomUUID();
  const reply = await node.post('/v1/referrals', asked(caseId, change), STAFF);
  expect([reply.status, reply.body.code]).toEqual([201, undefined]);
  return { id: reply.body.id as string, caseId };
}

const codeOf = ({ status, body }: TestReply): unknown[] => [status, body.code];

async function linkOf(id: string): Promise<{ readonly path: string; readonly code: string }> {
  const { body } = await node.post(`/v1/referrals/${id}/links`, { language: 'en' }, STAFF);
  const { url, code } = body as { url: string; code: string };
  return { path: url.replace('https://node.test', ''), code };
}

function submit(path: string, fields: Readonly<Record<string, string>>): Promise<TestReply> {
  return node.post(path, new URLSearchParams(fields).toString(), {
    ...{ token: null, idempotencyKey: null },
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
}

async function expectRefused(
  caseId: string,
  ids: readonly string[],
  { way, receiver, code }: { readonly way: string; readonly receiver: string; readonly code: string },
): Promise<void> {
  const { items } = (await node.get(`/v1/referrals?caseId=${caseId}`, STAFF)).body as { items: { id: string }[] };
  expect(items.map(({ id }) => id)).toEqual(ids);
  const { rows } = await node.pool.query('SELECT kind, details FROM audit.entry WHERE case_id = $1', [caseId]);
  expect(rows).toContainEqual({ kind: 'DENIED_EGRESS', details: [`way:${way}`, `recipient:${receiver}`, code] });
  expect(rows.filter(({ kind }) => kind === 'OVERRIDE')).toEqual([]);
  const isOrigin = ['DENY.CONSULATE', 'DENY.COUNTRY_OF_ORIGIN'].includes(code);
  const tried = { type: 'ContactAttempted', data: { recipient: receiver, allowed: false, refusals: [code] } };
  const events = await node.node.runtime.store.readStream(`consent-${caseId}`);
  expect(events).toMatchObject(isOrigin ? [tried] : []);
}

describe.each([
  ['INV-05', 'ht-consulate', 'DENY.CONSULATE', SHELTER],
  ['INV-05', 'ht-ministry', 'DENY.COUNTRY_OF_ORIGIN', SHELTER],
  ['INV-17', 'cr-police', 'DENY.ENFORCEMENT', { service: 'TRAFFICKING_SCREENING', reason: 'TRAFFICKING_SUSPECTED' }],
  ['INV-17', 'cr-retornos', 'DENY.RETURN', { service: 'ASYLUM', reason: 'ASYLUM_INTENT' }],
] as const)('%s %s is refused what it must not have (%s), also where a life is at stake', (_, receiver, code, what) => {
  const past = { receiver, consent: VITAL, overrideReason: 'LIFE_AT_RISK' };

  it('OFFER: as a referral', async () => {
    const caseId = randomUUID();
    expect(codeOf(await node.post('/v1/referrals', asked(caseId, { ...what, ...past }), STAFF))).toEqual([403, code]);
    await expectRefused(caseId, [], { way: 'OFFER', receiver, code });
  });

  it('OFFER: as a draft that is sent', async () => {
    const caseId = randomUUID();
    const kept = await node.post('/v1/referral-drafts', asked(caseId, { ...what, receiver }), STAFF);
    expect(codeOf(kept)).toEqual([201, undefined]);
    const id = kept.body.id as string;
    const said = { overrideReason: 'LIFE_AT_RISK' };
    expect(codeOf(await node.post(`/v1/referral-drafts/${id}/sending`, said, STAFF))).toEqual([403, code]);
    await expectRefused(caseId, [id], { way: 'OFFER', receiver, code });
    expect((await node.get(`/v1/referrals/${id}`, STAFF)).body).toMatchObject({ state: 'DRAFT' });
  });

  it('OFFER: as one of a group, of which none is sent', async () => {
    const caseId = randomUUID();
    const requests = [asked(caseId, what), asked(caseId, { ...what, ...past })];
    const refused = await node.post('/v1/referral-groups', { requests }, STAFF);
    expect(codeOf(refused)).toEqual([409, 'REFERRAL.GROUP_REFUSED']);
    expect(refused.body.errors).toMatchObject([{ pointer: '/requests/1', code }]);
    await expectRefused(caseId, [], { way: 'OFFER', receiver, code });
  });

  it('REROUTE: as what another agency could not take', async () => {
    const { id, caseId } = await sent(what);
    const link = await linkOf(id);
    const answer = { code: link.code, step: 'answer', answer: 'REJECT.NO_CAPACITY', confirmed: 'yes' };
    expect((await submit(link.path, answer)).status).toBe(200);
    expect(codeOf(await node.post(`/v1/referrals/${id}/rerouting`, past, STAFF))).toEqual([403, code]);
    await expectRefused(caseId, [id], { way: 'REROUTE', receiver, code });
    expect((await node.get(`/v1/referrals/${id}`, STAFF)).body).toMatchObject({ senderTask: 'REOPENED' });
  });
});

describe('INV-05 an agency that turns out to be a consulate of the country of origin', () => {
  const receiver = 'cr-oficina';
  const code = 'DENY.CONSULATE';
  let referral: { readonly id: string; readonly caseId: string };

  beforeEach(async () => {
    await listAt(node, receiver, CASA);
    referral = await sent({ receiver });
  });

  it('CHANNEL_WORD: is told nothing more', async () => {
    await listAt(node, receiver, CONSULATE);
    const { id, caseId } = referral;
    const told = await node.post(`/v1/referrals/${id}/information`, { information: ['HEALTH'] }, STAFF);
    expect(codeOf(told)).toEqual([403, code]);
    await expectRefused(caseId, [id], { way: 'CHANNEL_WORD', receiver, code });
  });

  it('FHIR_EXPORT: nor is what it was asked exported', async () => {
    const { id, caseId } = referral;
    expect((await node.get(`/v1/referrals/${id}/fhir`, STAFF)).status).toBe(200);
    await listAt(node, receiver, CONSULATE);
    expect(codeOf(await node.get(`/v1/referrals/${id}/fhir`, STAFF))).toEqual([403, code]);
    await expectRefused(caseId, [id], { way: 'FHIR_EXPORT', receiver, code });
  });

  it('LINK_PAGE: its page shows nothing of the person any more', async () => {
    const { id, caseId } = referral;
    const link = await linkOf(id);
    const open = async () => (await submit(link.path, { code: link.code })).text;
    expect(await open()).toContain('Haiti');
    await listAt(node, receiver, CONSULATE);
    const shown = await open();
    expect(shown).toContain('Nothing about the person');
    for (const told of ['Haiti', 'female', '30 to 38']) expect(shown).not.toContain(told);
    await expectRefused(caseId, [id], { way: 'LINK_PAGE', receiver, code });
  });
});

it('INV-17 CHANNEL_WORD: enforcement is given no report on health, though it was asked for something else', async () => {
  const { id, caseId } = await sent({ receiver: 'cr-police' });
  const attachment = { attachmentId: randomUUID(), kind: 'MEDICAL_REPORT', sha256: 'a'.repeat(64) };
  const told = { information: ['HEALTH'], attachments: [attachment] };
  const refused = await node.post(`/v1/referrals/${id}/information`, told, STAFF);
  expect(codeOf(refused)).toEqual([403, 'DENY.ENFORCEMENT']);
  await expectRefused(caseId, [id], { way: 'CHANNEL_WORD', receiver: 'cr-police', code: 'DENY.ENFORCEMENT' });
});

describe('TRANSFER_REQUEST: an agency that is asked for a case', () => {
  const ask = (caseId: string, custodian: string): Promise<TestReply> =>
    node.post('/v1/transfer-requests', { caseId, custodian }, STAFF);

  async function requestsOf(caseId: string): Promise<number> {
    return (await node.get(`/v1/transfer-requests?caseId=${caseId}`, STAFF)).body.items.length;
  }

  it.each([
    ['ht-consulate', 'DENY.CONSULATE'],
    ['ht-ministry', 'DENY.COUNTRY_OF_ORIGIN'],
  ])('INV-05 is none of the country of origin: %s; the try is on record', async (receiver, code) => {
    const { id, caseId } = await sent();
    expect(codeOf(await ask(caseId, receiver))).toEqual([403, code]);
    expect(await requestsOf(caseId)).toBe(0);
    await expectRefused(caseId, [id], { way: 'TRANSFER_REQUEST', receiver, code });
  });

  it('takes part in the network, and does so now', async () => {
    const { caseId } = await sent();
    await listAt(node, 'cr-cerrada', { status: 'CLOSED' });
    expect(codeOf(await ask(caseId, 'cr-cerrada'))).toEqual([409, 'SHARING.AGENCY_CLOSED']);
    expect(codeOf(await ask(caseId, 'maria-perez'))).toEqual([409, 'SHARING.RECIPIENT_UNKNOWN']);
    const { rows } = await node.pool.query('SELECT details FROM audit.entry WHERE case_id = $1 ORDER BY id', [caseId]);
    expect(rows.map(({ details }) => details)).toEqual([
      ['way:TRANSFER_REQUEST', 'recipient:cr-cerrada', 'AGENCY_CLOSED'],
      ['way:TRANSFER_REQUEST', 'RECIPIENT_UNKNOWN'],
    ]);
    expect(await requestsOf(caseId)).toBe(0);
  });

  it('needs no consent: whoever has the case has it already', async () => {
    const { caseId } = await sent();
    expect((await node.post('/v1/consents/withdrawals', { caseId }, STAFF)).status).toBe(200);
    expect(codeOf(await ask(caseId, 'cr-police'))).toEqual([201, undefined]);
    expect(await requestsOf(caseId)).toBe(1);
  });
});
