import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MemoryEventLog, MemoryLogStore } from '@acogida/event-log';
import { DEFAULT_REFERRAL_DEADLINES } from '@acogida/reference';
import { referralProcedure } from '@acogida/referral';
import { eventually } from '@acogida/testing';
import { createTestNetwork, startTestNode, type TestNode, type TestReply } from '@acogida/testing/node';
import { asylumNode } from '../asylum.module.ts';

const officer = { roles: ['eligibility-officer'] } as const;
const CASE_ID = '7d1c9a3e-53ac-4d0f-9f3a-1b9a4f6d2c10';
const UNKNOWN = '3f0c3f3e-9a4b-4a0d-8f5e-7d9c1b2a3f40';
const clock = { now: () => '2026-11-22T15:00:00.000Z' };

const lodging = {
  caseId: CASE_ID,
  form: 'ORAL',
  lodgedBy: 'SELF',
  lodgedOn: '2026-11-13',
  enteredOn: '2026-09-01',
};
const registration = { registeredOn: '2026-11-20', fileNumber: 'F-2026/000123' };

const TODAY = new Date().toISOString().slice(0, 10);
let costaRica: TestNode;
let mexico: TestNode;

beforeAll(async () => {
  const network = await createTestNetwork();
  const store = new MemoryLogStore();
  const start = (agencyId: string): Promise<TestNode> =>
    startTestNode(asylumNode, { network, agencyId, clock, log: new MemoryEventLog(store) });
  costaRica = await start('cr-refugee-unit');
  mexico = await start('mx-comar');
});
afterAll(async () => {
  await costaRica.stop();
  await mexico.stop();
});

async function lodge(node: TestNode, more: object = {}): Promise<string> {
  const reply = await node.post('/v1/applications', { ...lodging, ...more }, officer);
  expect(reply.status).toBe(201);
  return reply.body.applicationId as string;
}

function record(node: TestNode, id: string, step: string, body: object): Promise<TestReply> {
  return node.post(`/v1/applications/${id}/${step}`, body, officer);
}

describe('the same service under two countries', () => {
  it('Costa Rica: never late, three months to decide', async () => {
    const lodged = await costaRica.post('/v1/applications', lodging, officer);
    const id = lodged.body.applicationId as string;
    expect(lodged.status).toBe(201);
    expect(lodged.headers['location']).toBe(`/v1/applications/${id}`);
    expect(lodged.headers['etag']).toBe('"1"');
    expect(lodged.body).toEqual({
      id,
      version: 1,
      applicationId: id,
      caseId: CASE_ID,
      late: false,
      fileBy: null,
      ratifyBy: null,
    });
    const registered = await record(costaRica, id, 'registration', registration);
    expect([registered.status, registered.body]).toEqual([200, { id, version: 2, decideBy: '2027-02-22' }]);
    const late = await record(costaRica, id, 'late-filing-justification', { reason: 'FEAR', accepted: true });
    expect([late.status, late.body.code]).toEqual([409, 'ASYLUM.NOT_LATE']);
  });

  it('Mexico: late after 30 working days, justified, registered, 45 working days to decide', async () => {
    const lodged = await mexico.post('/v1/applications', { ...lodging, lodgedBy: 'THIRD_PARTY' }, officer);
    const id = lodged.body.applicationId as string;
    expect(lodged.body).toEqual({
      id,
      version: 1,
      applicationId: id,
      caseId: CASE_ID,
      late: true,
      fileBy: '2026-10-14',
      ratifyBy: '2026-11-19',
    });
    const early = await record(mexico, id, 'registration', registration);
    expect([early.status, early.body.code]).toEqual([409, 'ASYLUM.NOT_RATIFIED']);
    const ratified = await record(mexico, id, 'ratification', { ratifiedOn: '2026-11-20' });
    expect([ratified.status, ratified.body]).toEqual([200, { id, version: 2, late: true }]);
    const justified = await record(mexico, id, 'late-filing-justification', {
      reason: 'NOT_INFORMED',
      accepted: false,
    });
    expect([justified.status, justified.body]).toEqual([200, { id, version: 3, lateFiling: 'REFUSED' }]);
    const registered = await record(mexico, id, 'registration', registration);
    expect([registered.status, registered.body]).toEqual([200, { id, version: 4, decideBy: '2027-01-26' }]);

    const shown = await mexico.get(`/v1/applications/${id}`, officer);
    expect(shown.headers['etag']).toBe('"4"');
    expect(shown.body).toEqual({
      id,
      applicationId: id,
      version: 4,
      stage: 'REGISTERED',
      caseId: CASE_ID,
      referralId: null,
      country: 'MX',
      form: 'ORAL',
      lodgedBy: 'THIRD_PARTY',
      lodgedOn: '2026-11-13',
      enteredOn: '2026-09-01',
      fileBy: '2026-10-14',
      late: true,
      lateFiling: 'REFUSED',
      lateFilingReason: 'NOT_INFORMED',
      ratifyBy: '2026-11-19',
      ratifiedOn: '2026-11-20',
      ratifiedLate: true,
      fileNumber: 'F-2026/000123',
      registeredOn: '2026-11-20',
      decideBy: '2027-01-26',
    });
  });

  it('neither sees the applications of the other', async () => {
    const id = await lodge(mexico);
    const shown = await costaRica.get(`/v1/applications/${id}`, officer);
    expect([shown.status, shown.body.code]).toEqual([404, 'ASYLUM.APPLICATION_UNKNOWN']);
    const token = await mexico.tokenFor('eligibility-officer');
    expect((await costaRica.get('/v1/applications', { token })).status).toBe(403);
  });
});

describe('an application that follows a referral', () => {
  const referralId = '5c1d2e3f-4a5b-4c6d-8e7f-8091a2b3c4d5';

  async function execute(command: object): Promise<void> {
    await costaRica.node.runtime.context.handler.execute({
      procedure: referralProcedure,
      id: referralId,
      command: command as never,
      actor: 'spec',
      correlationId: 'spec',
      causation: null,
    });
  }

  it('waits for the acceptance, and is for the same case', async () => {
    const body = { ...lodging, referralId };
    const unknown = await costaRica.post('/v1/applications', body, officer);
    expect([unknown.status, unknown.body.code]).toEqual([404, 'ASYLUM.REFERRAL_UNKNOWN']);

    await execute({
      type: 'ReceiveReferral',
      by: 'cr-refugee-unit',
      publishedBy: 'mx-comar',
      request: {
        referralId,
        caseId: CASE_ID,
        sender: 'mx-comar',
        receiver: 'cr-refugee-unit',
        service: 'ASYLUM',
        urgency: 'ROUTINE',
        reason: 'ASYLUM_INTENT',
        requestedAt: '2026-11-20T15:00:00.000Z',
        acknowledgeBy: '2026-11-27T15:00:00.000Z',
        consent: { basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', language: 'spa', grantedOn: TODAY },
        facts: {
          sex: 'FEMALE',
          ageStatus: 'ADULT',
          ageBand: null,
          nationalities: ['NI'],
          nationalityStatus: 'DECLARED',
        },
        ...{ transfer: false, groupId: null, attachments: [], deadlines: DEFAULT_REFERRAL_DEADLINES.ROUTINE },
      },
    });
    const early = await costaRica.post('/v1/applications', body, officer);
    expect([early.status, early.body.code]).toEqual([409, 'ASYLUM.REFERRAL_NOT_ACCEPTED']);

    const referralOfficer = { roles: ['referral-officer'] } as const;
    // sealed to whoever referred, once its key has been heard of
    await eventually(async () => {
      const path = `/v1/referrals/${referralId}/acknowledgement`;
      expect((await costaRica.post(path, undefined, referralOfficer)).status).toBe(200);
    });
    expect((await costaRica.post(`/v1/referrals/${referralId}/acceptance`, undefined, referralOfficer)).status).toBe(
      200,
    );

    const other = await costaRica.post('/v1/applications', { ...body, caseId: UNKNOWN }, officer);
    expect([other.status, other.body.code]).toEqual([422, 'ASYLUM.REFERRAL_OF_OTHER_CASE']);
    const lodged = await costaRica.post('/v1/applications', body, officer);
    expect(lodged.status).toBe(201);
    expect((await costaRica.get(`/v1/applications/${lodged.body.id}`, officer)).body.referralId).toBe(referralId);
  });
});

describe('a referral by this agency', () => {
  const transfer = (caseId: string): Promise<TestReply> => {
    const asked = { receiver: 'mx-comar', service: 'SHELTER', urgency: 'URGENT', reason: 'SPECIFIC_NEED' };
    const consent = {
      basis: 'VITAL_INTEREST',
      form: 'NOT_RECORDED',
      givenBy: 'NOT_APPLICABLE',
      language: null,
      grantedOn: null,
    };
    return costaRica.post('/v1/referrals', { ...asked, consent, caseId, transfer: true }, officer);
  };

  it('is of somebody who applied here, whose case it then has, and of nobody else', async () => {
    const caseId = '0d5a1c6e-2b0f-4a57-8f0a-6d0c4b5e9a11';
    const unknown = await transfer(caseId);
    expect([unknown.status, unknown.body.code]).toEqual([404, 'REFERRAL.CASE_UNKNOWN']);
    await lodge(costaRica, { caseId });
    const { status, body } = await transfer(caseId);
    expect([status, body.code]).toEqual([201, undefined]);
    expect((await costaRica.get(`/v1/custody/${caseId}`, officer)).body).toMatchObject({ term: 1, isOurs: true });
  });
});

describe('refusals', () => {
  it('400 on a request that does not fit', async () => {
    for (const more of [
      { caseId: 'x' },
      { referralId: 'x' },
      { form: 'SUNG' },
      { lodgedBy: undefined },
      { lodgedOn: '2026-11' },
      { enteredOn: undefined },
      { enteredOn: 'May' },
      { narrative: 'free text' },
    ]) {
      const reply = await costaRica.post('/v1/applications', { ...lodging, ...more }, officer);
      expect([more, reply.status]).toEqual([more, 400]);
    }
    const id = await lodge(costaRica);
    for (const [step, body] of [
      ['registration', { ...registration, fileNumber: 'with spaces' }],
      ['registration', { ...registration, fileNumber: 'Somebody.Somewhere' }],
      ['registration', { registeredOn: '2026-11-20' }],
      ['ratification', { ratifiedOn: null }],
      ['late-filing-justification', { reason: 'FEAR', accepted: 'yes' }],
    ] as const) {
      expect([step, (await record(costaRica, id, step, body)).status]).toEqual([step, 400]);
    }
  });

  it('401 without a token, 403 for roles that are not named (INV-17)', async () => {
    expect((await costaRica.post('/v1/applications', lodging, { token: null })).status).toBe(401);
    for (const role of ['border-officer', 'referral-officer', 'auditor', 'operator'] as const) {
      expect((await costaRica.post('/v1/applications', lodging, { roles: [role] })).status).toBe(403);
      expect((await costaRica.get('/v1/applications', { roles: [role] })).status).toBe(403);
    }
    expect((await costaRica.post('/v1/applications', lodging, { roles: ['caseworker'] })).status).toBe(403);
  });

  it('403 for the importer where an officer decides or hears the person', async () => {
    const id = await lodge(costaRica);
    for (const [step, body] of [
      ['ratification', { ratifiedOn: '2026-11-20' }],
      ['late-filing-justification', { reason: 'FEAR', accepted: false }],
    ] as const) {
      const reply = await costaRica.post(`/v1/applications/${id}/${step}`, body, { roles: ['import'] });
      expect([step, reply.status]).toEqual([step, 403]);
    }
  });

  it('404 for an application that is not here', async () => {
    expect((await costaRica.get(`/v1/applications/${UNKNOWN}`, officer)).status).toBe(404);
    const reply = await record(costaRica, UNKNOWN, 'registration', registration);
    expect([reply.status, reply.body.code]).toEqual([404, 'ASYLUM.APPLICATION_UNKNOWN']);
  });

  it('412 when it has changed since the version in If-Match, 422 when a rule refuses the facts', async () => {
    const id = await lodge(costaRica);
    const path = `/v1/applications/${id}/registration`;
    const stale = await costaRica.post(path, registration, { ...officer, headers: { 'if-match': '"3"' } });
    expect([stale.status, stale.body.code]).toEqual([412, 'VERSION_MISMATCH']);
    const early = await costaRica.post(path, { ...registration, registeredOn: '2026-11-12' }, officer);
    expect([early.status, early.body.code]).toEqual([422, 'ASYLUM.DATE_BEFORE_LODGING']);
    const future = await costaRica.post('/v1/applications', { ...lodging, lodgedOn: '2026-11-23' }, officer);
    expect([future.status, future.body.code]).toEqual([422, 'ASYLUM.DATE_IN_FUTURE']);
  });
});

describe('a repeated request', () => {
  it('gets the kept answer', async () => {
    const options = { ...officer, idempotencyKey: 'row-17:lodge' };
    const first = await costaRica.post('/v1/applications', lodging, options);
    const again = await costaRica.post('/v1/applications', lodging, options);
    expect([again.status, again.body, again.headers['idempotency-replayed']]).toEqual([201, first.body, 'true']);
  });
});

describe('the list of applications', () => {
  it('narrows and pages from the newest', async () => {
    const caseId = 'aa0c3f3e-9a4b-4a0d-8f5e-7d9c1b2a3f40';
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) ids.unshift(await lodge(mexico, { caseId }));
    await record(mexico, ids[0] ?? '', 'registration', registration);
    const listed = async (query: string): Promise<string[]> => {
      const { body } = await mexico.get(`/v1/applications?caseId=${caseId}&${query}`, officer);
      return (body.items as { applicationId: string }[]).map((row) => row.applicationId);
    };
    expect(await listed('late=true')).toEqual(ids);
    expect(await listed('late=false')).toEqual([]);
    expect(await listed('stage=REGISTERED')).toEqual(ids.slice(0, 1));

    const first = await mexico.get(`/v1/applications?caseId=${caseId}&limit=2`, officer);
    const next = /<([^>]+)>; rel="next"/.exec(first.headers['link'] ?? '')?.[1] ?? '';
    const second = await mexico.get(next, officer);
    expect(second.headers['link']).toBeUndefined();
    expect(second.body.items).toEqual([
      {
        applicationId: ids[2],
        version: 1,
        stage: 'LODGED',
        caseId,
        referralId: null,
        form: 'ORAL',
        lodgedBy: 'SELF',
        lodgedOn: '2026-11-13',
        fileBy: '2026-10-14',
        late: true,
        lateFiling: 'OPEN',
        ratifyBy: null,
        ratifiedOn: null,
        registeredOn: null,
        decideBy: null,
        changedAt: '2026-11-22T15:00:00.000Z',
      },
    ]);
    for (const key of [['x'], ['1', '2'], ['9'.repeat(30)]]) {
      const page = Buffer.from(JSON.stringify(key)).toString('base64url');
      const forged = await mexico.get(`/v1/applications?page=${page}`, officer);
      expect([forged.status, forged.body.code]).toEqual([400, 'VALIDATION_FAILED']);
    }
    expect(JSON.stringify(first.body)).not.toContain(registration.fileNumber);
  });
});
