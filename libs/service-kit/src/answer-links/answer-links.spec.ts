import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Clock } from '@acogida/core';
import { referralProcedure } from '@acogida/referral';
import { startTestNode, type TestNode, type TestReply } from '@acogida/testing/node';
import { consentDesk } from '../consent-desk/consent-desk.ts';
import type { NodeDefinition } from '../node-definition.ts';
import { referralDesk } from '../referral-desk/referral-desk.ts';
import { openedBySending } from '../testing/opened-by-sending.ts';
import { agencyEntry } from '../testing/listing-node.ts';
import { withAnswerLinks } from './with-answer-links.ts';

const HOUR_MS = 60 * 60 * 1000;
const TODAY = new Date().toISOString().slice(0, 10);
const OFFICER = { roles: ['referral-officer'] } as const;
const desk = referralDesk();
const consents = consentDesk([]);

const definition: NodeDefinition = withAnswerLinks({
  ...{ kind: 'intake', description: 'A desk that refers to agencies without a node.', contractProjections: [] },
  ownCases: openedBySending,
  procedures: [...desk.procedures, ...consents.procedures],
  controllers: [...desk.controllers, ...consents.controllers],
  providers: consents.providers,
  entities: [...desk.entities, ...consents.entities],
  migrations: [...desk.migrations, ...consents.migrations],
  inlineProjections: [...desk.inlineProjections, ...consents.inlineProjections],
  policies: (context) => [...desk.policies(context), ...consents.policies(context)],
  deadlines: [...desk.deadlines, ...consents.deadlines],
});

let offsetMs = 0;
const clock: Clock = { now: () => new Date(Date.now() + offsetMs).toISOString() };
let node: TestNode;

async function list(agencyId: string, changes: object): Promise<void> {
  const { data } = agencyEntry(agencyId, { participation: 'LINK', ...changes } as never);
  await node.pool.query(
    `INSERT INTO known_entry (source, kind, entry_id, number, entry) VALUES ($1, 'AGENCY', $2, 1, $3)
     ON CONFLICT (kind, entry_id, source) DO UPDATE SET entry = excluded.entry`,
    [node.network.agencyOf('directory'), agencyId, JSON.stringify(data)],
  );
}

beforeAll(async () => {
  node = await startTestNode(definition, { clock, withAnswerLinks: true, logLevel: 'info' });
  await list('cr-casa-esperanza', { name: 'Casa Esperanza', nature: 'NGO', authorityOf: null });
});
afterAll(() => node?.stop());
beforeEach(() => {
  offsetMs += 2 * 60 * 1000; // the rate of requests is counted by the minute
});

function ask(changes: object): Promise<TestReply> {
  const consent = { basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', language: 'spa', grantedOn: TODAY };
  const facts = {
    ...{ sex: 'FEMALE', ageStatus: 'ADULT', ageBand: { fromYears: 30, toYears: 38 } },
    ...{ nationalities: ['VE'], nationalityStatus: 'DECLARED' },
  };
  const request = { service: 'SHELTER', urgency: 'URGENT', reason: 'URGENT_NEED', consent, facts, ...changes };
  const body = { caseId: randomUUID(), receiver: 'cr-casa-esperanza', ...request };
  return node.post('/v1/referrals', body, { roles: ['caseworker'] });
}

async function refer(changes: object = {}): Promise<string> {
  const reply = await ask(changes);
  expect([reply.status, reply.body]).toEqual([201, expect.anything()]);
  return (reply.body as { id: string }).id;
}

interface Issued {
  readonly id: string;
  readonly path: string;
  readonly code: string;
}

async function issue(referralId: string): Promise<Issued> {
  const reply = await node.post(`/v1/referrals/${referralId}/links`, { language: 'en' }, OFFICER);
  expect([reply.status, reply.body]).toEqual([201, expect.anything()]);
  const { id, url, code } = reply.body as { id: string; url: string; code: string };
  return { id, path: url.replace('https://node.test', ''), code };
}

function submit(path: string, fields: Readonly<Record<string, string>>): Promise<TestReply> {
  return node.post(path, new URLSearchParams(fields).toString(), {
    ...{ token: null, idempotencyKey: null },
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
}

const visit = (path: string): Promise<TestReply> => node.get(path, { token: null });

const answering = (code: string, answer: string) => ({ code, step: 'answer', answer, confirmed: 'yes' });

async function stateOf(id: string): Promise<string> {
  return ((await node.get(`/v1/referrals/${id}`, OFFICER)).body as { state: string }).state;
}

async function auditOf(kind: string, linkId: string): Promise<readonly { details: string[]; actor: string }[]> {
  const { rows } = await node.pool.query<{ details: string[]; actor: string }>(
    'SELECT details, actor FROM audit.entry WHERE kind = $1 AND $2 = ANY(details) ORDER BY id',
    [kind, `link:${linkId}`],
  );
  return rows;
}

const CODE_PAGE = '<input type="text" id="code"';
const ANSWER_PAGE = '<input type="radio"';

describe('a link for an agency without a node', () => {
  it('shows who asks, then with the code what is asked, and takes the answer down as proxied', async () => {
    const referralId = await refer();
    const link = await issue(referralId);
    const first = await visit(link.path);
    expect([first.status, first.text]).toEqual([200, expect.stringContaining(CODE_PAGE)]);
    expect(first.text).toContain('Casa Esperanza');
    for (const told of ['Venezuela', 'Shelter', 'female', '30 to']) expect(first.text).not.toContain(told);
    const opened = await submit(link.path, { code: link.code });
    expect([opened.status, opened.text]).toEqual([200, expect.stringContaining(ANSWER_PAGE)]);
    for (const told of ['Venezuela', 'Shelter', 'female', '30 to 38 years']) expect(opened.text).toContain(told);
    const thanks = await submit(link.path, answering(link.code, 'ACKNOWLEDGE'));
    expect([thanks.status, thanks.text]).toEqual([200, expect.stringContaining('taken down')]);
    expect(await stateOf(referralId)).toBe('ACKNOWLEDGED');
    const published = await node.node.runtime.store.readStream(`${referralProcedure.name}-${referralId}`);
    expect(published.at(-1)).toMatchObject({
      type: 'ProxiedAnswerRecorded',
      data: { linkId: link.id, answer: { type: 'ReferralAcknowledged' } },
    });
    expect(await auditOf('LINK_ISSUED', link.id)).toMatchObject([{ actor: 'cr-border-intake.referral-officer' }]);
    expect(await auditOf('LINK_ANSWERED', link.id)).toMatchObject([
      { actor: 'cr-border-intake.answer-link', details: expect.arrayContaining(['ACKNOWLEDGE']) },
    ]);
  });

  it('leads from one answer to the next with fresh addresses and one code, to the end', async () => {
    const referralId = await refer();
    const { path, code } = await issue(referralId);
    let next: string | undefined = path;
    const steps = ['ACKNOWLEDGE', 'HOLD', 'ACCEPT', 'START', 'COMPLETE.SERVICE_PROVIDED'];
    const states = ['ACKNOWLEDGED', 'ON_HOLD', 'ACCEPTED', 'IN_PROGRESS', 'COMPLETED'];
    for (const [index, step] of steps.entries()) {
      const thanks: TestReply = await submit(next ?? '', answering(code, step));
      expect([step, thanks.status, await stateOf(referralId)]).toEqual([step, 200, states[index]]);
      next = /href="https:\/\/node\.test(\/answer\/[^"]+)"/.exec(thanks.text)?.[1];
      expect(next === undefined).toBe(step === steps.at(-1));
    }
    const list = await node.get(`/v1/referrals/${referralId}/links`, OFFICER);
    expect((list.body.items as { endedBy: string }[]).map(({ endedBy }) => endedBy)).toEqual(
      steps.map(() => 'ANSWERED'),
    );
  });

  it('opens as often as it is looked at, and answers once', async () => {
    const referralId = await refer();
    const { path, code } = await issue(referralId);
    for (let time = 0; time < 3; time += 1) expect((await visit(path)).status).toBe(200);
    expect((await submit(path, { code })).status).toBe(200);
    expect(await stateOf(referralId)).toBe('REQUESTED');
    const answers = await Promise.all([
      submit(path, answering(code, 'ACKNOWLEDGE')),
      submit(path, answering(code, 'REJECT.NO_CAPACITY')),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404]);
  });

  it('gives one and the same answer whether it is used, over, replaced, unknown, or the code is wrong', async () => {
    const referralId = await refer();
    const replaced = await issue(referralId);
    const over = await issue(await refer());
    const current = await issue(referralId);
    const wrong = await submit(current.path, { code: '12' });
    await submit(current.path, answering(current.code, 'REJECT.NO_CAPACITY'));
    offsetMs += 49 * HOUR_MS;
    const unknown = `/answer/${'x'.repeat(43)}?language=en`;
    const refused = [
      wrong,
      await visit(current.path),
      await submit(current.path, { code: current.code }),
      await visit(replaced.path),
      await submit(over.path, { code: over.code }),
      await visit(unknown),
      await submit(unknown, { code: '123456' }),
      await visit('/answer/short?language=en'),
    ];
    for (const { status, text, headers } of refused) {
      expect([status, text]).toEqual([404, wrong.text]);
      expect(headers['content-security-policy']).toBe(wrong.headers['content-security-policy']);
    }
  });

  it('bears five wrong codes, counts them in the audit, and is then of no use to anybody', async () => {
    const link = await issue(await refer());
    for (let time = 0; time < 5; time += 1) expect((await submit(link.path, { code: '000-00' })).status).toBe(404);
    expect((await submit(link.path, { code: link.code })).status).toBe(404);
    expect(await auditOf('LINK_REFUSED', link.id)).toHaveLength(5);
  });

  it('says what is missing, in a summary that leads to it, and consumes nothing by that', async () => {
    const { path, code } = await issue(await refer());
    const bare = await submit(path, { code, step: 'answer' });
    expect(bare.status).toBe(422);
    expect(bare.text).toContain('<title>Error: ');
    expect(bare.text).toContain('href="#answer-0"');
    expect(bare.text).toContain('href="#confirmed"');
    const invented = await submit(path, answering(code, 'COMPLETE.SERVICE_PROVIDED')); // not before it was accepted
    expect(invented.status).toBe(422);
    expect((await submit(path, answering(code, 'ACKNOWLEDGE'))).status).toBe(200);
  });

  it('takes ten requests a minute', async () => {
    const { path } = await issue(await refer());
    for (let time = 0; time < 10; time += 1) expect((await visit(path)).status).toBe(200);
    expect((await visit(path)).status).toBe(429);
    offsetMs += 61_000;
    expect((await visit(path)).status).toBe(200);
  });

  async function withdrawConsentOf(referralId: string): Promise<void> {
    const { body } = await node.get(`/v1/referrals/${referralId}`, OFFICER);
    const { caseId } = body as { caseId: string };
    const said = { caseId, form: 'WRITTEN', language: 'spa', interpretation: 'NONE_NEEDED' };
    const withdrawn = await node.post('/v1/consents/withdrawals', said, { roles: ['caseworker'] });
    expect([withdrawn.status, withdrawn.body]).toEqual([200, expect.anything()]);
  }

  it('is of no use once the consent was withdrawn and nobody has the person', async () => {
    const referralId = await refer();
    const link = await issue(referralId);
    await withdrawConsentOf(referralId);
    expect((await submit(link.path, { code: link.code })).status).toBe(404);
  });

  it('shows nothing of the person once the consent was withdrawn, and lets whoever has the person end it', async () => {
    const referralId = await refer();
    const { path, code } = await issue(referralId);
    let next = path;
    for (const step of ['ACKNOWLEDGE', 'ACCEPT']) {
      const { text } = await submit(next, answering(code, step));
      next = /href="https:\/\/node\.test(\/answer\/[^"]+)"/.exec(text)?.[1] ?? '';
    }
    await withdrawConsentOf(referralId);
    const opened = await submit(next, { code });
    expect([opened.status, opened.text]).toEqual([200, expect.stringContaining('Nothing about the person')]);
    for (const told of ['Venezuela', 'female', '30 to 38']) expect(opened.text).not.toContain(told);
    expect((await submit(next, answering(code, 'FAIL.CONSENT_WITHDRAWN'))).status).toBe(200);
  });

  it('lets nobody take a person on whose consent has come to its end since it was sent', async () => {
    const caseId = randomUUID();
    const expiresAt = new Date(Date.parse(clock.now()) + HOUR_MS).toISOString();
    const given = {
      ...{ purposes: ['REFERRAL'], fields: ['FACTS'], recipients: ['cr-casa-esperanza'], services: ['SHELTER'] },
      ...{ history: 'CURRENT', basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', childAssent: 'NOT_APPLICABLE' },
      ...{ language: 'spa', interpretation: 'NONE_NEEDED', explained: true, understandingChecked: true },
      ...{ withoutPenalty: true, ageStatus: 'ADULT', expiresAt, caseId },
    };
    const granted = await node.post('/v1/consents', given, { roles: ['caseworker'] });
    expect([granted.status, granted.body]).toEqual([201, expect.anything()]);
    const consentId = (granted.body as { id: string }).id;
    const receipt = await node.get(`/v1/consents/${consentId}/receipt?language=en`, { roles: ['caseworker'] });
    expect(JSON.stringify(receipt.body)).toContain('Casa Esperanza');
    expect(JSON.stringify(receipt.body)).not.toContain('cr-casa-esperanza');
    const referralId = await refer({ caseId, consent: undefined, consentId });
    const { path, code } = await issue(referralId);
    const { text } = await submit(path, answering(code, 'ACKNOWLEDGE'));
    const next = /href="https:\/\/node\.test(\/answer\/[^"]+)"/.exec(text)?.[1] ?? '';
    expect((await submit(next, { code })).text).toContain('value="ACCEPT"');
    offsetMs += 2 * HOUR_MS;
    const opened = await submit(next, { code });
    expect([opened.status, opened.text]).toEqual([200, expect.stringContaining('value="REJECT.NO_CONSENT"')]);
    expect(opened.text).not.toContain('value="ACCEPT"');
    expect((await submit(next, answering(code, 'ACCEPT'))).status).toBe(422);
    expect(await stateOf(referralId)).toBe('ACKNOWLEDGED');
    expect((await submit(next, answering(code, 'REJECT.NO_CONSENT'))).status).toBe(200);
  });

  it('is not to be stored, framed, indexed or told of to other sites, and runs nothing', async () => {
    const { headers, text } = await visit((await issue(await refer())).path);
    expect(headers).toMatchObject({
      ...{ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-frame-options': 'DENY' },
      ...{ 'x-robots-tag': 'noindex', 'content-type': 'text/html; charset=utf-8' },
    });
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; style-src 'sha256-[^']+'$/,
    );
    expect(text).not.toMatch(/<script|javascript:|\son[a-z]+=/i);
  });

  it('stands nowhere with what it can be used by: neither in tables nor in logs', async () => {
    const referralId = await refer();
    const { path, code } = await issue(referralId);
    const token = /\/answer\/([^?]+)/.exec(path)?.[1] ?? '';
    await visit(path);
    await submit(path, answering(code, 'ACKNOWLEDGE'));
    const { rows } = await node.pool.query('SELECT * FROM answer_link');
    const { rows: replies } = await node.pool.query('SELECT * FROM es.idempotency_reply');
    const { rows: events } = await node.pool.query(`SELECT *, encode(sealed, 'escape') AS sealed FROM es.event`);
    const kept = JSON.stringify([rows, replies, events]) + node.logLines.join('\n');
    expect(node.logLines.join('\n')).toContain('/answer/');
    for (const secret of [token, `"${code}"`]) expect(kept).not.toContain(secret);
  });
});

describe('issuing a link', () => {
  it('tells address and code once: the same request again is told of the same link without them', async () => {
    const referralId = await refer();
    const idempotencyKey = randomUUID();
    const path = `/v1/referrals/${referralId}/links`;
    const first = await node.post(path, {}, { ...OFFICER, idempotencyKey });
    const again = await node.post(path, {}, { ...OFFICER, idempotencyKey });
    const { id, version, expiresAt } = first.body as Record<string, unknown>;
    expect([again.status, again.body]).toEqual([201, { id, version, expiresAt }]);
    expect(again.headers['idempotency-replayed']).toBe('true');
    const other = await node.post(path, { language: 'fr' }, { ...OFFICER, idempotencyKey });
    expect([other.status, other.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  });

  it('gives a day after the deadline', async () => {
    const reply = await node.post(`/v1/referrals/${await refer()}/links`, {}, OFFICER);
    const lengthMs = Date.parse((reply.body as { expiresAt: string }).expiresAt) - Date.parse(clock.now());
    expect(Math.round(lengthMs / HOUR_MS)).toBe(48);
  });

  it('is refused for what nobody answers by a link', async () => {
    const attempt = async (id: string): Promise<unknown> => {
      const { status, body } = await node.post(`/v1/referrals/${id}/links`, {}, OFFICER);
      return [status, body.code];
    };
    expect(await attempt(randomUUID())).toEqual([404, 'REFERRAL.UNKNOWN']);
    expect(await attempt(await refer({ receiver: 'cr-conatt' }))).toEqual([409, 'REFERRAL.RECEIVER_HAS_A_NODE']);
    const rejected = await refer();
    const { path, code } = await issue(rejected);
    await submit(path, answering(code, 'REJECT.OUT_OF_MANDATE'));
    expect(await attempt(rejected)).toEqual([409, 'REFERRAL.NOTHING_TO_ANSWER']);
  });

  it('is never of a transfer: nobody without a node can take a person over', async () => {
    const reply = await ask({ transfer: true });
    expect([reply.status, reply.body.code]).toEqual([409, 'REFERRAL.NO_CUSTODY_BY_LINK']);
  });

  it('is for staff who refer', async () => {
    const reply = await node.post(`/v1/referrals/${randomUUID()}/links`, {}, { roles: ['operator'] });
    expect([reply.status, reply.body.code]).toEqual([403, 'AUTH.ROLE_MISSING']);
  });

  it('ends with the directory’s word: an agency that has a node now answers by itself', async () => {
    await list('mx-casa-puente', { name: 'Casa Puente', nature: 'NGO', authorityOf: null });
    const link = await issue(await refer({ receiver: 'mx-casa-puente' }));
    await list('mx-casa-puente', { name: 'Casa Puente', nature: 'NGO', authorityOf: null, participation: 'NODE' });
    expect((await submit(link.path, answering(link.code, 'ACKNOWLEDGE'))).status).toBe(404);
  });
});

describe('forms', () => {
  it('are read on the pages alone', async () => {
    const reply = await node.post('/v1/referrals', 'caseId=1', {
      ...OFFICER,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(reply.status).toBe(415);
  });

  it('are of a few fields only', async () => {
    const { path, code } = await issue(await refer());
    expect((await submit(path, { code, answer: 'x'.repeat(5000) })).status).toBe(413);
  });
});

describe('a node without answer links', () => {
  it('issues none and answers on none', async () => {
    const silent = await startTestNode(definition);
    try {
      const issued = await silent.post(`/v1/referrals/${randomUUID()}/links`, {}, OFFICER);
      expect([issued.status, issued.body.code]).toEqual([404, 'ANSWER_LINKS.OFF']);
      expect((await silent.get(`/answer/${'x'.repeat(43)}`, { token: null })).status).toBe(404);
    } finally {
      await silent.stop();
    }
  });
});
