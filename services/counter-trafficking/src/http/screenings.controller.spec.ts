import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { MemoryEventLog, MemoryLogStore } from '@acogida/event-log';
import { DEFAULT_REFERRAL_DEADLINES } from '@acogida/reference';
import { referralProcedure, type ReferralRequest } from '@acogida/referral';
import type { Role } from '@acogida/service-kit';
import { eventually } from '@acogida/testing';
import { createTestNetwork, startTestNode, type TestNode, type TestReply } from '@acogida/testing/node';
import { consentBySelf, consentTakenOver, interviewOfAdult } from '../domain/screening-examples.ts';
import { counterTraffickingNode } from '../counter-trafficking.module.ts';

/** What the routes answer, as far as single parts are looked at. */
interface Reply extends TestReply {
  readonly body: {
    readonly id: string;
    readonly code: string;
    readonly state: string;
    readonly suggested: string | null;
    readonly items: readonly { readonly id: string }[];
    readonly errors: readonly { readonly pointer: string }[];
  };
}

const safety = { setting: 'PRIVATE', urgentNeeds: 'MET' };
const completion = { result: 'SERVICE_PROVIDED' };
const consent = { decision: 'GIVEN', ...consentBySelf };

describe('/v1/screenings', () => {
  const TODAY = new Date().toISOString().slice(0, 10);
  let node: TestNode;
  // An answer is sealed to whoever referred: it has to have offered a key.
  let sender: TestNode;
  beforeAll(async () => {
    const network = await createTestNetwork();
    const store = new MemoryLogStore();
    node = await startTestNode(counterTraffickingNode, { network, log: new MemoryEventLog(store) });
    const log = new MemoryEventLog(store);
    sender = await startTestNode(counterTraffickingNode, { network, log, agencyId: 'cr-border-intake' });
  });
  afterAll(async () => {
    await sender.stop();
    await node.stop();
  });

  const post = (path: string, body: object, role: Role = 'screening-officer'): Promise<Reply> =>
    node.post(path, body, { roles: [role] });

  const get = (path: string, role: Role = 'screening-officer'): Promise<Reply> => node.get(path, { roles: [role] });

  async function receiveReferral(caseId: string, answers: readonly string[]): Promise<string> {
    const referralId = randomUUID();
    const request: ReferralRequest = {
      referralId,
      caseId,
      sender: sender.agencyId,
      receiver: node.agencyId,
      service: 'TRAFFICKING_SCREENING',
      urgency: 'URGENT',
      reason: 'TRAFFICKING_SUSPECTED',
      requestedAt: '2026-11-02T10:00:00.000Z',
      acknowledgeBy: '2026-11-03T10:00:00.000Z',
      consent: { basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', language: 'spa', grantedOn: TODAY },
      facts: { sex: 'FEMALE', ageStatus: 'ADULT', ageBand: null, nationalities: ['VE'], nationalityStatus: 'DECLARED' },
      ...{ transfer: false, groupId: null, attachments: [], deadlines: DEFAULT_REFERRAL_DEADLINES.URGENT },
    };
    await node.node.runtime.context.handler.execute({
      procedure: referralProcedure,
      id: referralId,
      command: { type: 'ReceiveReferral', by: node.agencyId, publishedBy: sender.agencyId, request },
      actor: 'spec',
      correlationId: randomUUID(),
      causation: null,
    });
    for (const answer of answers) {
      await eventually(async () => {
        const { status } = await post(`/v1/referrals/${referralId}/${answer}`, {}, 'referral-officer');
        expect([answer, status]).toEqual([answer, 200]);
      });
    }
    return referralId;
  }

  async function open(): Promise<string> {
    const { status, body } = await post('/v1/screenings', { caseId: randomUUID(), referralId: null });
    expect(status).toBe(201);
    return body.id;
  }

  async function screen(interview: object = interviewOfAdult): Promise<string> {
    const id = await open();
    expect((await post(`/v1/screenings/${id}/safety`, safety)).status).toBe(200);
    expect((await post(`/v1/screenings/${id}/consent`, consent)).status).toBe(200);
    expect((await post(`/v1/screenings/${id}/interview`, interview)).status).toBe(200);
    return id;
  }

  it('lets somebody be referred whom the agency identified itself, whose case it then has, and nobody else', async () => {
    const caseId = randomUUID();
    const asked = { receiver: sender.agencyId, service: 'SHELTER', urgency: 'URGENT', reason: 'SPECIFIC_NEED' };
    const consent = {
      basis: 'VITAL_INTEREST',
      form: 'NOT_RECORDED',
      givenBy: 'NOT_APPLICABLE',
      language: null,
      grantedOn: null,
    };
    const refer = () => post('/v1/referrals', { ...asked, consent, caseId, transfer: true });
    const unknown = await refer();
    expect([unknown.status, unknown.body.code]).toEqual([404, 'REFERRAL.CASE_UNKNOWN']);
    expect((await post('/v1/screenings', { caseId, referralId: null })).status).toBe(201);
    const { status, body } = await refer();
    expect([status, body.code]).toEqual([201, undefined]);
    expect((await get(`/v1/custody/${caseId}`)).body).toMatchObject({ term: 1, isOurs: true });
  });

  it('leads from an accepted referral to the outcome, and publishes coded facts only', async () => {
    const caseId = randomUUID();
    const referralId = await receiveReferral(caseId, ['acknowledgement', 'acceptance']);
    const opened = await post('/v1/screenings', { caseId, referralId });
    const id = opened.body.id;
    expect(opened.status).toBe(201);
    expect(opened.headers).toMatchObject({ etag: '"1"', location: `/v1/screenings/${id}` });
    const before = { suggested: null, dimensionResults: null, outcome: null };
    expect(opened.body).toEqual({ id, version: 1, state: 'FLAGGED', ...before });

    const secured = await post(`/v1/screenings/${id}/safety`, safety);
    expect([secured.status, secured.body]).toEqual([200, { id, version: 2, state: 'SAFE', ...before }]);
    const consented = await post(`/v1/screenings/${id}/consent`, consent);
    expect([consented.status, consented.body]).toEqual([200, { id, version: 3, state: 'CONSENTED', ...before }]);
    const interviewed = await post(`/v1/screenings/${id}/interview`, interviewOfAdult);
    const score = {
      suggested: 'PRESUMED',
      dimensionResults: {
        DR: 'NOT_ASSESSED',
        CR: 'NOT_ASSESSED',
        VR: 'NOT_ASSESSED',
        EX: 'NOT_POSITIVE',
        CD: 'POSITIVE',
        VD: 'NOT_ASSESSED',
      },
    };
    expect([interviewed.status, interviewed.body]).toEqual([
      200,
      { id, version: 5, state: 'SCREENED', ...score, outcome: null },
    ]);
    const recorded = await post(`/v1/screenings/${id}/outcome`, {
      outcome: 'CONFIRMED',
      reason: 'ELEMENTS_ESTABLISHED',
    });
    expect([recorded.status, recorded.body]).toEqual([
      200,
      { id, version: 6, state: 'IDENTIFIED', ...score, outcome: 'CONFIRMED' },
    ]);

    const shown = await get(`/v1/screenings/${id}`, 'supervisor');
    expect(shown.headers['etag']).toBe('"6"');
    expect(shown.body).toEqual({
      id,
      version: 6,
      state: 'IDENTIFIED',
      caseId,
      referralId,
      referredAs: 'ADULT',
      safety,
      consent,
      interview: interviewOfAdult,
      score: { ...score, ruleVersion: 'palermo-3/ilo-ec-adult-labour/1' },
      review: null,
      outcome: {
        outcome: 'CONFIRMED',
        reason: 'ELEMENTS_ESTABLISHED',
        officer: `${node.agencyId}.screening-officer`,
        secondReviewer: null,
      },
    });
    const listed = await get(`/v1/screenings?caseId=${caseId}`);
    expect(listed.body).toEqual({
      items: [
        {
          id,
          caseId,
          referralId,
          version: 6,
          state: 'IDENTIFIED',
          ageStatus: 'ADULT',
          suggested: 'PRESUMED',
          outcome: 'CONFIRMED',
          reason: 'ELEMENTS_ESTABLISHED',
          secondReviewed: false,
          openedAt: expect.any(String),
          updatedAt: expect.any(String),
        },
      ],
    });
  });

  it('INV-23 has one screening per referral: opening it again answers the same, and what was found stands', async () => {
    const caseId = randomUUID();
    const referralId = await receiveReferral(caseId, ['acknowledgement', 'acceptance']);
    const { body: first } = await post('/v1/screenings', { caseId, referralId });
    await post(`/v1/screenings/${first.id}/safety`, safety);
    const again = await post('/v1/screenings', { caseId, referralId });
    expect([again.status, again.body.id, again.body.state]).toEqual([201, first.id, 'SAFE']);
    const shouted = await post('/v1/screenings', {
      caseId: caseId.toUpperCase(),
      referralId: referralId.toUpperCase(),
    });
    expect([shouted.status, shouted.body.id]).toEqual([201, first.id]);
    const otherCase = await post('/v1/screenings', { caseId: randomUUID(), referralId });
    expect([otherCase.status, otherCase.body.code]).toEqual([409, 'SCREENING.ALREADY_OPENED']);
    expect((await post(`/v1/referrals/${referralId}/completion`, completion, 'referral-officer')).status).toBe(200);
    const afterwards = await post('/v1/screenings', { caseId, referralId });
    expect([afterwards.status, afterwards.body.id]).toEqual([201, first.id]);
    expect((await get(`/v1/screenings?caseId=${caseId}`)).body.items.map((item) => item.id)).toEqual([first.id]);
  });

  it('INV-23 has one screening per case that it identified itself, also when asked many times at once', async () => {
    const caseId = randomUUID();
    const replies = await Promise.all(
      Array.from({ length: 6 }, () => post('/v1/screenings', { caseId, referralId: null })),
    );
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(replies.map(({ body }) => body.id)).size).toBe(1);
    expect((await get(`/v1/screenings?caseId=${caseId}`)).body.items).toHaveLength(1);
  });

  it('refuses to screen on a referral that is not accepted, or not here', async () => {
    const caseId = randomUUID();
    const referralId = await receiveReferral(caseId, ['acknowledgement']);
    const early = await post('/v1/screenings', { caseId, referralId });
    expect([early.status, early.body.code]).toEqual([409, 'SCREENING.REFERRAL_NOT_ACCEPTED']);
    const unknown = await post('/v1/screenings', { caseId, referralId: randomUUID() });
    expect([unknown.status, unknown.body.code]).toEqual([422, 'SCREENING.REFERRAL_UNKNOWN']);
  });

  it('INV-23 takes a second person, with that person’s own token, to move away from protection', async () => {
    const id = await screen();
    const away = { outcome: 'NOT_IDENTIFIED', reason: 'ELEMENTS_ABSENT' };
    const refused = await post(`/v1/screenings/${id}/outcome`, away);
    expect([refused.status, refused.body.code]).toEqual([409, 'SCREENING.SECOND_REVIEW_REQUIRED']);
    const review = { outcome: 'NOT_IDENTIFIED' };
    expect((await post(`/v1/screenings/${id}/second-review`, review)).status).toBe(403);
    const token = await node.network.token({
      agency: node.agencyId,
      roles: ['supervisor', 'screening-officer'],
      subject: `${node.agencyId}.screening-officer`,
    });
    expect((await node.post(`/v1/screenings/${id}/second-review`, review, { token })).status).toBe(200);
    expect((await post(`/v1/screenings/${id}/outcome`, away)).status).toBe(409);
    expect((await post(`/v1/screenings/${id}/second-review`, review, 'supervisor')).status).toBe(200);
    const recorded = await post(`/v1/screenings/${id}/outcome`, away);
    expect([recorded.status, recorded.body.state]).toEqual([200, 'CLOSED_NOT_IDENTIFIED']);
  });

  it('lets only role import leave out what an earlier register did not record', async () => {
    const id = await open();
    const unknown = { setting: 'UNKNOWN', urgentNeeds: 'UNKNOWN' };
    const unsafe = await post(`/v1/screenings/${id}/safety`, unknown);
    expect([unsafe.status, unsafe.body.code]).toEqual([422, 'SCREENING.SETTING_REQUIRED']);
    expect((await post(`/v1/screenings/${id}/safety`, unknown, 'import')).status).toBe(200);
    const takenOver = { decision: 'GIVEN', ...consentTakenOver };
    const refused = await post(`/v1/screenings/${id}/consent`, takenOver);
    expect([refused.status, refused.body.code]).toEqual([422, 'SCREENING.CONSENT_FORM_REQUIRED']);
    expect((await post(`/v1/screenings/${id}/consent`, takenOver, 'import')).status).toBe(200);
    const interview = { ...interviewOfAdult, ageStatus: 'DISPUTED', language: null, interpretation: null };
    const today = await post(`/v1/screenings/${id}/interview`, interview);
    expect([today.status, today.body.code]).toEqual([409, 'SCREENING.CONSENT_FORM_REQUIRED']);
    const interviewed = await post(`/v1/screenings/${id}/interview`, interview, 'import');
    expect([interviewed.status, interviewed.body.suggested]).toEqual([200, 'PRESUMED']);
  });

  it.each([
    ['/v1/screenings', { caseId: 'x', referralId: null }, '/caseId'],
    ['/v1/screenings', { caseId: randomUUID() }, '/referralId'],
    [':id/safety', { setting: 'LOUD', urgentNeeds: 'MET' }, '/setting'],
    [':id/safety', { setting: 'PRIVATE' }, '/urgentNeeds'],
    [':id/consent', { ...consent, decision: 'MAYBE' }, '/decision'],
    [':id/consent', { ...consent, form: 'NOD' }, '/form'],
    [':id/consent', { ...consent, givenBy: 'OFFICER' }, '/givenBy'],
    [':id/consent', { ...consent, childAssent: null }, '/childAssent'],
    [':id/consent', { ...consent, language: 'es' }, '/language'],
    [':id/consent', { ...consent, interpretation: 'GUESSED' }, '/interpretation'],
    [':id/interview', { ...interviewOfAdult, ageStatus: 'UNKNOWN' }, '/ageStatus'],
    [':id/interview', { ...interviewOfAdult, acts: ['SMUGGLING'] }, '/acts'],
    [':id/interview', { ...interviewOfAdult, means: 'THREAT' }, '/means'],
    [':id/interview', { ...interviewOfAdult, purposes: ['OTHER', 'OTHER'] }, '/purposes'],
    [':id/interview', { ...interviewOfAdult, indicators: [{ list: 'X' }] }, '/indicators/0/list'],
    [':id/interview', { ...interviewOfAdult, indicators: undefined }, '/indicators'],
    [':id/interview', { ...interviewOfAdult, isInternal: 'no' }, '/isInternal'],
    [':id/interview', { ...interviewOfAdult, sector: 'Z' }, '/sector'],
    [':id/interview', { ...interviewOfAdult, notes: 'free text' }, ''],
    [':id/outcome', { outcome: 'VICTIM', reason: 'ELEMENTS_ESTABLISHED' }, '/outcome'],
    [':id/outcome', { outcome: 'CONFIRMED', reason: 'because' }, '/reason'],
  ])('refuses with 400 at %s the body %j: %s', async (route, body, pointer) => {
    const { status, body: problem } = await post(route.replace(':id', `/v1/screenings/${randomUUID()}`), body);
    expect([status, problem.code]).toEqual([400, 'VALIDATION_FAILED']);
    expect(problem.errors.map((error) => error.pointer)).toContain(pointer);
  });

  it('does not know a screening that is not there', async () => {
    const id = randomUUID();
    const shown = await get(`/v1/screenings/${id}`);
    expect([shown.status, shown.body.code]).toEqual([404, 'SCREENING.UNKNOWN']);
    const commanded = await post(`/v1/screenings/${id}/safety`, safety);
    expect([commanded.status, commanded.body.code]).toEqual([404, 'SCREENING.UNKNOWN']);
  });

  it.each([
    ['POST', '', ['screening-officer', 'import']],
    ['POST', '/:id/safety', ['screening-officer', 'import']],
    ['POST', '/:id/consent', ['screening-officer', 'import']],
    ['POST', '/:id/interview', ['screening-officer', 'import']],
    ['POST', '/:id/second-review', ['supervisor']],
    ['POST', '/:id/outcome', ['screening-officer', 'import']],
    ['GET', '', ['screening-officer', 'supervisor', 'import']],
    ['GET', '/:id', ['screening-officer', 'supervisor', 'import']],
  ])('opens %s /v1/screenings%s to %j only', async (method, route, allowed) => {
    const path = `/v1/screenings${route.replace(':id', randomUUID())}`;
    const roles: readonly Role[] = [
      'caseworker',
      'border-officer',
      'referral-officer',
      'screening-officer',
      'eligibility-officer',
    ];
    for (const role of [...roles, 'supervisor', 'coordinator', 'auditor', 'operator', 'import'] as const) {
      const { status } = await (method === 'GET' ? get(path, role) : post(path, {}, role));
      if (allowed.includes(role)) expect(status).not.toBe(403);
      else expect(status).toBe(403);
    }
  });

  it('pages through the list, the newest first, and narrows by state and outcome', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 3; i += 1) ids.unshift(await open());
    const seen: string[] = [];
    let path: string | undefined = '/v1/screenings?state=FLAGGED&limit=1';
    while (path !== undefined && seen.length < 3) {
      const { body, headers }: Reply = await get(path);
      seen.push(...body.items.map((item) => item.id));
      path = /^<([^>]+)>; rel="next"$/.exec(headers['link'] ?? '')?.[1];
    }
    expect(seen).toEqual(ids);
    const uuid = randomUUID();
    for (const key of [['x'], [uuid], ['x', uuid], ['2026-11-02T10:00:00.000Z', 'x'], [uuid, uuid, uuid]]) {
      const page = Buffer.from(JSON.stringify(key)).toString('base64url');
      const forged = await get(`/v1/screenings?page=${page}`);
      expect([forged.status, forged.body.code, forged.body.errors[0]?.pointer]).toEqual([
        400,
        'VALIDATION_FAILED',
        '/page',
      ]);
    }
    const atRisk = await screen({ ...interviewOfAdult, acts: [], means: [], purposes: [], indicators: [] });
    await post(`/v1/screenings/${atRisk}/outcome`, { outcome: 'AT_RISK', reason: 'RISK_FACTORS_ONLY' });
    const found = await get('/v1/screenings?outcome=AT_RISK');
    expect(found.body.items.map((item) => item.id)).toEqual([atRisk]);
  });
});
