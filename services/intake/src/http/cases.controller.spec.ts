import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RIGHTS_TOPICS, URGENT_NEEDS } from '@acogida/reference';
import { startTestNode, type TestNode, type TestReply } from '@acogida/testing/node';
import { intakeNode } from '../intake.module.ts';

const officer = { roles: ['border-officer'] } as const;
const UNKNOWN_CASE = '3f0c3f3e-9a4b-4a0d-8f5e-7d9c1b2a3f40';

const firstContact = { place: 'PASO_CANOAS', channel: 'BORDER', contactedOn: '2024-05', entryMode: 'IRREGULAR' };
const rightsInformation = {
  language: 'spa',
  understood: true,
  interpretation: 'NONE_NEEDED',
  topics: RIGHTS_TOPICS,
  packageVersion: 'cr-spa-2026.1',
};
const registration = {
  sex: 'FEMALE',
  ageBand: { fromYears: 18, toYears: 20 },
  dobPrecision: 'ESTIMATED',
  nationalities: ['NI'],
  nationalityStatus: 'DECLARED',
  languages: ['spa'],
};
const urgentNeeds = {
  needs: URGENT_NEEDS.map((need) => ({ need, answer: need === 'SAFETY' ? 'YES' : 'UNKNOWN' })),
};

let node: TestNode;

beforeAll(async () => {
  node = await startTestNode(intakeNode);
});
afterAll(() => node.stop());

async function openCase(body: object = firstContact): Promise<string> {
  const reply = await node.post('/v1/cases', body, officer);
  expect(reply.status).toBe(201);
  return reply.body.caseId as string;
}

function record(caseId: string, step: string, body: object): Promise<TestReply> {
  return node.post(`/v1/cases/${caseId}/${step}`, body, officer);
}

describe('a case from first contact to the screening of urgent needs', () => {
  it('answers each step with the version, and shows the whole', async () => {
    const opened = await node.post('/v1/cases', { ...firstContact, entryOn: '2024-05-01' }, officer);
    expect(opened.status).toBe(201);
    const caseId = opened.body.caseId as string;
    expect(opened.body).toEqual({ id: caseId, caseId, version: 1 });
    expect(opened.headers['location']).toBe(`/v1/cases/${caseId}`);
    expect(opened.headers['etag']).toBe('"1"');

    const steps: readonly (readonly [string, object, number])[] = [
      ['interpreter', { language: 'hat', mode: 'REMOTE', interpreter: null }, 2],
      ['rights-information', rightsInformation, 3],
      ['registration', registration, 4],
      ['urgent-needs', urgentNeeds, 5],
      ['emergency-assistance', { kind: 'MEDICAL', providedOn: null }, 6],
      ['asylum-intent', { expressedOn: '2024', manner: 'ORAL' }, 7],
      ['child-flag', { basis: 'DOUBT', careStatus: 'UNACCOMPANIED' }, 8],
      ['trafficking-flag', { source: 'OBSERVED', indicators: [] }, 9],
      ['complaints', { subject: 'ABUSE', filedBy: 'ANONYMOUS' }, 10],
    ];
    for (const [step, body, version] of steps) {
      const reply = await record(caseId, step, body);
      expect([step, reply.status, reply.body.version, reply.headers['etag']]).toEqual([
        step,
        200,
        version,
        `"${version}"`,
      ]);
    }

    const shown = await node.get(`/v1/cases/${caseId}`, officer);
    expect(shown.status).toBe(200);
    expect(shown.headers['etag']).toBe('"10"');
    expect(shown.body).toEqual({
      id: caseId,
      caseId,
      version: 10,
      stage: 'NEEDS_SCREENED',
      firstContact: { caseId, ...firstContact, entryOn: '2024-05-01' },
      interpreters: [],
      interpreterGaps: [{ language: 'hat', mode: 'REMOTE' }],
      rightsInformation: [
        {
          language: 'spa',
          interpretation: 'NONE_NEEDED',
          interpreterId: null,
          topics: RIGHTS_TOPICS,
          packageVersion: 'cr-spa-2026.1',
        },
      ],
      person: { ...registration, ageStatus: 'DISPUTED' },
      urgentNeeds: { ...urgentNeeds, lifeSaving: true },
      assistance: [{ assistanceId: expect.any(String), kind: 'MEDICAL', providedOn: null }],
      asylumIntents: [{ expressedOn: '2024', manner: 'ORAL' }],
      child: { basis: 'DOUBT', careStatus: 'UNACCOMPANIED' },
      traffickingFlags: [{ source: 'OBSERVED', indicators: [] }],
    });
  });

  it('INV-08 identifies a child in the registration itself', async () => {
    const caseId = await openCase();
    await record(caseId, 'rights-information', rightsInformation);
    const reply = await record(caseId, 'registration', { ...registration, ageBand: null, careStatus: 'SEPARATED' });
    expect(reply.body).toEqual({ id: caseId, version: 4 });
    const shown = await node.get(`/v1/cases/${caseId}`, officer);
    expect(shown.body.person.ageStatus).toBe('DISPUTED');
    expect(shown.body.child).toEqual({ basis: 'DOUBT', careStatus: 'SEPARATED' });
  });

  it('INV-18 gives information through an assigned interpreter', async () => {
    const caseId = await openCase();
    const spoken = { ...rightsInformation, language: 'hat', interpretation: 'REMOTE' };
    expect((await record(caseId, 'rights-information', spoken)).body.code).toBe('INTAKE.INTERPRETER_NOT_ASSIGNED');
    const interpreter = { interpreterId: 'pool-17', relation: 'INDEPENDENT' };
    expect((await record(caseId, 'interpreter', { language: 'hat', mode: 'REMOTE', interpreter })).status).toBe(200);
    expect((await record(caseId, 'rights-information', spoken)).status).toBe(200);
  });
});

describe('refusals', () => {
  it('400 on a request that does not fit, with the place and never the value', async () => {
    const bad: readonly (readonly [string, object, string])[] = [
      ['rights-information', { ...rightsInformation, language: 'Juana' }, '/language'],
      ['registration', { ...registration, ageBand: [] }, '/ageBand'],
      ['registration', { ...registration, ageStatus: 'ADULT' }, ''],
      ['registration', { ...registration, ageBand: undefined }, '/ageBand'],
      ['urgent-needs', { needs: [null] }, '/needs'],
      ['urgent-needs', { needs: [{ need: 'MEDICAL', answer: 'Juana' }] }, '/needs/0/answer'],
      ['trafficking-flag', { source: 'SELF', indicators: [null] }, '/indicators'],
      ['interpreter', { language: 'hat', mode: 'REMOTE' }, '/interpreter'],
      [
        'interpreter',
        { language: 'hat', mode: 'REMOTE', interpreter: { interpreterId: 'Juana.Sosa', relation: 'INDEPENDENT' } },
        '/interpreter/interpreterId',
      ],
      ['rights-information', { ...rightsInformation, packageVersion: 'Juana' }, '/packageVersion'],
      ['asylum-intent', { manner: 'ORAL' }, '/expressedOn'],
    ];
    const caseId = await openCase();
    for (const [step, body, pointer] of bad) {
      const reply = await record(caseId, step, body);
      expect([step, reply.status, reply.body.code]).toEqual([step, 400, 'VALIDATION_FAILED']);
      expect((reply.body.errors as { pointer: string }[]).map((error) => error.pointer)).toContain(pointer);
      expect(reply.text).not.toContain('Juana');
    }
    expect((await node.post('/v1/cases', { ...firstContact, name: 'Juana' }, officer)).status).toBe(400);
    expect((await node.get('/v1/cases/not-a-uuid', officer)).status).toBe(400);
    expect((await node.post('/v1/cases', firstContact, { ...officer, idempotencyKey: null })).status).toBe(400);
  });

  it('401 without a token, 403 for roles that are not named', async () => {
    expect((await node.post('/v1/cases', firstContact, { token: null })).status).toBe(401);
    expect((await node.get('/v1/cases', { token: null })).status).toBe(401);
    for (const role of ['auditor', 'operator', 'coordinator', 'screening-officer'] as const) {
      expect((await node.post('/v1/cases', firstContact, { roles: [role] })).status).toBe(403);
      expect((await node.get('/v1/cases', { roles: [role] })).status).toBe(403);
      expect((await node.get(`/v1/cases/${UNKNOWN_CASE}`, { roles: [role] })).status).toBe(403);
    }
  });

  it('404 for a case that is not here', async () => {
    const shown = await node.get(`/v1/cases/${UNKNOWN_CASE}`, officer);
    expect([shown.status, shown.body.code]).toEqual([404, 'INTAKE.CASE_UNKNOWN']);
    const recorded = await record(UNKNOWN_CASE, 'rights-information', rightsInformation);
    expect([recorded.status, recorded.body.code]).toEqual([404, 'INTAKE.CASE_UNKNOWN']);
  });

  it('409 when the state does not allow it, 422 when a rule refuses the facts', async () => {
    const caseId = await openCase();
    const early = await record(caseId, 'registration', registration);
    expect([early.status, early.body.code]).toEqual([409, 'INTAKE.RIGHTS_INFORMATION_MISSING']);
    const notUnderstood = await record(caseId, 'rights-information', { ...rightsInformation, understood: false });
    expect([notUnderstood.status, notUnderstood.body.code]).toEqual([422, 'INTAKE.LANGUAGE_NOT_UNDERSTOOD']);
    const future = await node.post('/v1/cases', { ...firstContact, contactedOn: '2999' }, officer);
    expect([future.status, future.body.code]).toEqual([422, 'INTAKE.DATE_IN_FUTURE']);
  });

  it('412 when the case has changed since the version in If-Match', async () => {
    const caseId = await openCase();
    const path = `/v1/cases/${caseId}/rights-information`;
    const stale = await node.post(path, rightsInformation, { ...officer, headers: { 'if-match': '"7"' } });
    expect([stale.status, stale.body.code]).toEqual([412, 'VERSION_MISMATCH']);
    const current = await node.post(path, rightsInformation, { ...officer, headers: { 'if-match': '"1"' } });
    expect([current.status, current.body.version]).toEqual([200, 2]);
  });
});

describe('a repeated request', () => {
  it('gets the kept answer, with the first case id', async () => {
    const options = { ...officer, idempotencyKey: 'row-17:first-contact' };
    const first = await node.post('/v1/cases', firstContact, options);
    const again = await node.post('/v1/cases', firstContact, options);
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect(again.headers['idempotency-replayed']).toBe('true');
    const other = await node.post('/v1/cases', { ...firstContact, channel: 'SEA' }, options);
    expect([other.status, other.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  });

  it('changes nothing under another key when the fact is recorded', async () => {
    const caseId = await openCase();
    expect((await record(caseId, 'rights-information', rightsInformation)).body.version).toBe(2);
    expect((await record(caseId, 'rights-information', rightsInformation)).body.version).toBe(2);
  });
});
