import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_REFERRAL_DEADLINES, RIGHTS_TOPICS, URGENT_NEEDS } from '@acogida/reference';
import { referralProcedure, type ReferralRequest } from '@acogida/referral';
import { startTestNode, type TestNode, type TestReply } from '@acogida/testing/node';
import { intakeNode } from '../intake.module.ts';

const officer = { roles: ['border-officer'] } as const;
const supervisor = { roles: ['supervisor'] } as const;
const TODAY = new Date().toISOString().slice(0, 10);
const UNKNOWN_CASE = '3f0c3f3e-9a4b-4a0d-8f5e-7d9c1b2a3f40';
const GIVEN_CASE = '8e6f0d3c-71c5-4f5e-9a27-0b4d1e5c6a12';

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

describe('complaints', () => {
  it('are read and ended by a supervisor only, and stay out of the case', async () => {
    const caseId = await openCase();
    const filed = await record(caseId, 'complaints', { subject: 'EXTORTION', filedBy: 'ANONYMOUS' });
    const complaintId = filed.body.complaintId as string;
    expect(filed.body).toEqual({ id: caseId, version: 2, complaintId: expect.any(String) });
    const path = `/v1/cases/${caseId}/complaints`;

    expect((await node.get(path, officer)).status).toBe(403);
    expect((await node.post(`${path}/${complaintId}/resolution`, { outcome: 'UPHELD' }, officer)).status).toBe(403);
    expect((await node.get(path, supervisor)).body).toEqual({
      items: [{ complaintId, subject: 'EXTORTION', filedBy: 'ANONYMOUS', outcome: null }],
    });
    const resolved = await node.post(`${path}/${complaintId}/resolution`, { outcome: 'UPHELD' }, supervisor);
    expect([resolved.status, resolved.body]).toEqual([200, { id: caseId, version: 3, complaintId }]);
    const unknown = await node.post(`${path}/${UNKNOWN_CASE}/resolution`, { outcome: 'UPHELD' }, supervisor);
    expect([unknown.status, unknown.body.code]).toEqual([404, 'INTAKE.COMPLAINT_UNKNOWN']);
    expect((await node.get(`/v1/cases/${caseId}`, officer)).text).not.toContain(complaintId);
    expect((await node.get(`/v1/cases/${UNKNOWN_CASE}/complaints`, supervisor)).status).toBe(404);
  });
});

describe('the list of cases', () => {
  it('pages from the newest, and ends', async () => {
    const place = 'PAGING_POST';
    const opened: string[] = [];
    for (let n = 0; n < 3; n += 1) opened.unshift(await openCase({ ...firstContact, place, channel: 'HOTLINE' }));

    const first = await node.get('/v1/cases?channel=HOTLINE&limit=2', officer);
    expect(first.body.items.map((row: { caseId: string }) => row.caseId)).toEqual(opened.slice(0, 2));
    const next = /<([^>]+)>; rel="next"/.exec(first.headers['link'] ?? '')?.[1] ?? '';
    const second = await node.get(next, officer);
    expect(second.body.items.map((row: { caseId: string }) => row.caseId)).toEqual(opened.slice(2));
    expect(second.headers['link']).toBeUndefined();
    expect(second.body.items[0]).toEqual({
      caseId: opened[2],
      version: 1,
      stage: 'CONTACTED',
      place,
      channel: 'HOTLINE',
      contactedOn: '2024-05',
      entryMode: 'IRREGULAR',
      openedAt: expect.stringMatching(/Z$/),
      changedAt: expect.stringMatching(/Z$/),
      sex: null,
      ageStatus: null,
      ageFromYears: null,
      ageToYears: null,
      nationalities: [],
      nationalityStatus: null,
      lifeSaving: null,
      asylumIntent: false,
      childBasis: null,
      careStatus: null,
      traffickingFlagged: false,
    });
  });

  it('narrows by each coded fact', async () => {
    const caseId = await openCase({ ...firstContact, channel: 'SEA', entryMode: 'INTERCEPTED_AT_SEA' });
    await record(caseId, 'rights-information', rightsInformation);
    await record(caseId, 'registration', { ...registration, sex: 'OTHER', nationalities: ['HT', 'CL'] });
    await record(caseId, 'urgent-needs', urgentNeeds);
    await record(caseId, 'asylum-intent', { expressedOn: null, manner: 'CONDUCT' });
    await record(caseId, 'trafficking-flag', { source: 'SELF', indicators: [] });
    const matching = [
      'stage=NEEDS_SCREENED',
      'channel=SEA',
      'entryMode=INTERCEPTED_AT_SEA',
      'sex=OTHER',
      'ageStatus=ADULT',
      'nationality=CL',
      'lifeSaving=true',
      'asylumIntent=true',
      'trafficking=true',
    ];
    const others = [
      'stage=CONTACTED',
      'channel=AIRPORT',
      'entryMode=REGULAR',
      'sex=MALE',
      'ageStatus=CHILD',
      'nationality=NI',
      'lifeSaving=false',
      'asylumIntent=false',
      'trafficking=false',
    ];
    const listed = async (query: string): Promise<boolean> => {
      const { body } = await node.get(`/v1/cases?${query}&limit=200`, officer);
      return (body.items as { caseId: string }[]).some((row) => row.caseId === caseId);
    };
    for (const query of matching) expect([query, await listed(query)]).toEqual([query, true]);
    for (const query of others) expect([query, await listed(query)]).toEqual([query, false]);
    expect(await listed(matching.join('&'))).toBe(true);
  });

  it('refuses a filter or a page that it does not know', async () => {
    const page = Buffer.from(JSON.stringify(["1'; --"])).toString('base64url');
    for (const query of ['sex=FEMININE', 'trafficking=yes', 'name=x', 'limit=0', `page=${page}`, 'page=x']) {
      expect([query, (await node.get(`/v1/cases?${query}`, officer)).status]).toEqual([query, 400]);
    }
  });
});

describe('a referral from intake', () => {
  const referral = {
    receiver: 'cr-conatt',
    service: 'TRAFFICKING_SCREENING',
    urgency: 'URGENT',
    reason: 'TRAFFICKING_SUSPECTED',
    consent: {
      ...{ basis: 'CONSENT', form: 'WRITTEN', givenBy: 'GUARDIAN', childAssent: 'YES' }, // of a child, or who may be one
      ...{ language: 'spa', grantedOn: TODAY },
    },
  };

  async function factsSentFor(caseId: string, more: object = {}): Promise<unknown> {
    const sent = await node.post('/v1/referrals', { ...referral, caseId, ...more }, officer);
    expect([sent.status, sent.body.code]).toEqual([201, undefined]);
    const { body } = await node.get(`/v1/referrals/${sent.body.id}`, officer);
    const { sex, ageStatus, ageFromYears, ageToYears, nationalities, nationalityStatus } = body;
    return { sex, ageStatus, ageFromYears, ageToYears, nationalities, nationalityStatus };
  }

  it('carries the registration as it stands now', async () => {
    const caseId = await openCase();
    await record(caseId, 'rights-information', rightsInformation);
    await record(caseId, 'registration', registration);
    await record(caseId, 'child-flag', { basis: 'DOUBT', careStatus: 'UNKNOWN' });
    expect(await factsSentFor(caseId)).toEqual({
      sex: 'FEMALE',
      ageStatus: 'DISPUTED',
      ageFromYears: 18,
      ageToYears: 20,
      nationalities: ['NI'],
      nationalityStatus: 'DECLARED',
    });
  });

  it('does not wait for the registration', async () => {
    expect(await factsSentFor(await openCase())).toEqual({
      sex: 'UNKNOWN',
      ageStatus: 'DISPUTED',
      ageFromYears: null,
      ageToYears: null,
      nationalities: [],
      nationalityStatus: 'UNDETERMINED',
    });
  });

  it('INV-08 does not talk away the doubt on record, nor a child of whom nothing else is known', async () => {
    const { sex, nationalities, nationalityStatus } = registration;
    const facts = { sex, ageStatus: 'ADULT', ageBand: null, nationalities, nationalityStatus };
    const flagged = await openCase();
    await record(flagged, 'child-flag', { basis: 'AGE', careStatus: 'UNKNOWN' });
    expect(await factsSentFor(flagged)).toMatchObject({ ageStatus: 'CHILD' });
    const doubted = await openCase();
    await record(doubted, 'child-flag', { basis: 'DOUBT', careStatus: 'UNKNOWN' });
    expect(await factsSentFor(doubted, { facts })).toMatchObject({ ageStatus: 'DISPUTED', sex: 'FEMALE' });
  });

  it.each([
    ['its own word', { givenBy: 'SELF', childAssent: undefined }, 'CONSENT.GUARDIAN_MISSING'],
    ['a guardian’s word alone', { childAssent: undefined }, 'CONSENT.ASSENT_MISSING'],
    ['a guardian’s word against its own', { childAssent: 'NO' }, 'CONSENT.CHILD_DOES_NOT_ASSENT'],
  ])('INV-08 of a child on record is not sent on %s, whatever age the request names', async (_, change, code) => {
    const { sex, nationalities, nationalityStatus } = registration;
    const facts = { sex, ageStatus: 'ADULT', ageBand: null, nationalities, nationalityStatus };
    const caseId = await openCase();
    await record(caseId, 'child-flag', { basis: 'AGE', careStatus: 'UNKNOWN' });
    const consent = { ...referral.consent, ...change };
    for (const body of [
      { ...referral, caseId, consent },
      { ...referral, caseId, consent, facts },
    ]) {
      const refused = await node.post('/v1/referrals', body, officer);
      expect([refused.status, refused.body.code]).toEqual([422, code]);
    }
    expect((await node.get(`/v1/referrals?caseId=${caseId}`, officer)).body.items).toEqual([]);
  });

  it('is refused for a case that is not here', async () => {
    for (const more of [{}, { transfer: true }]) {
      const refused = await node.post('/v1/referrals', { ...referral, ...more, caseId: UNKNOWN_CASE }, officer);
      expect([refused.status, refused.body.code]).toEqual([404, 'REFERRAL.CASE_UNKNOWN']);
    }
    expect((await node.get(`/v1/custody/${UNKNOWN_CASE}`, officer)).status).toBe(404);
  });

  it('is sent, and consent to it recorded, of a case that another agency gave it: with what that one told', async () => {
    const [referralId, caseId, at] = ['5b1d2f77-0f7e-4b6e-8d0a-3c9a4f6d2c11', GIVEN_CASE, '2026-11-20T09:00:00.000Z'];
    const facts = { sex: 'MALE', ageStatus: 'ADULT', ageBand: null, nationalities: ['HT'] } as const;
    const request: ReferralRequest = {
      ...{ referralId, caseId, sender: 'cr-conatt', receiver: node.agencyId, service: 'SHELTER', urgency: 'URGENT' },
      ...{ reason: 'SPECIFIC_NEED', requestedAt: at, acknowledgeBy: at, transfer: false, groupId: null },
      consent: { basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', language: 'spa', grantedOn: TODAY },
      ...{ facts: { ...facts, nationalityStatus: 'DECLARED' }, attachments: [] },
      deadlines: DEFAULT_REFERRAL_DEADLINES.URGENT,
    };
    const acting = { by: node.agencyId, now: at };
    const consent = { ...referral.consent, givenBy: 'SELF', childAssent: 'NOT_APPLICABLE' };
    const refused = await node.post('/v1/referrals', { ...referral, caseId, consent }, officer);
    expect([refused.status, refused.body.code]).toEqual([404, 'REFERRAL.CASE_UNKNOWN']);
    for (const command of [
      { type: 'ReceiveReferral', by: node.agencyId, publishedBy: 'cr-conatt', request },
      { type: 'AcknowledgeReferral', ...acting },
      { type: 'AcceptReferral', ...acting },
    ] as const) {
      const asked = { actor: 'spec', correlationId: 'spec', causation: null };
      const { handler } = node.node.runtime.context;
      await handler.execute({ procedure: referralProcedure, id: referralId, command, ...asked });
    }
    expect(await factsSentFor(caseId, { consent })).toMatchObject({
      sex: 'MALE',
      ageStatus: 'ADULT',
      nationalities: ['HT'],
    });
    const asked = { caseId, purposes: ['REFERRAL'], fields: ['SEX'], recipients: ['cr-conatt'], services: ['SHELTER'] };
    const talk = { language: 'spa', interpretation: 'NONE_NEEDED', history: 'CURRENT' };
    const requested = await node.post('/v1/consents/requests', { ...asked, ...talk }, officer);
    expect([requested.status, requested.body.code]).toEqual([201, undefined]);
    const other = await node.post('/v1/consents/requests', { ...asked, ...talk, caseId: UNKNOWN_CASE }, officer);
    expect([other.status, other.body.code]).toEqual([404, 'CONSENT.CASE_UNKNOWN']);
    const moved = await node.post('/v1/referrals', { ...referral, caseId, consent, transfer: true }, officer);
    expect([moved.status, moved.body.code]).toEqual([409, 'CUSTODY.NOT_THE_CUSTODIAN']);
  });
});
