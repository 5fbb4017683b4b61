import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { MemoryEventLog, MemoryLogStore } from '@acogida/event-log';
import { eventually } from '@acogida/testing';
import { createTestNetwork, startTestNode, type TestNode } from '@acogida/testing/node';
import type { ServiceKind } from '../node-definition.ts';
import { deskNode } from '../testing/desk-node.ts';

const TODAY = new Date().toISOString().slice(0, 10);
const STAFF = { roles: ['caseworker'] } as const;
const ANSWERING = { roles: ['referral-officer'] } as const;
const WORDS = { basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', language: 'hat', grantedOn: TODAY };
const VITAL = {
  basis: 'VITAL_INTEREST',
  form: 'NOT_RECORDED',
  givenBy: 'NOT_APPLICABLE',
  language: null,
  grantedOn: null,
};
const CONSENT = {
  ...{ purposes: ['REFERRAL'], fields: ['FACTS'], recipients: ['cr-conatt'], history: 'CURRENT', basis: 'CONSENT' },
  ...{ services: ['TRAFFICKING_SCREENING', 'SHELTER', 'HEALTH'], form: 'ORAL_WITNESSED', givenBy: 'SELF' },
  ...{ childAssent: 'NOT_APPLICABLE', language: 'hat', interpretation: 'IN_PERSON', explained: true },
  ...{ understandingChecked: true, withoutPenalty: true, ageStatus: 'ADULT' },
};

let intake: TestNode;
let conatt: TestNode;
let asylum: TestNode;

beforeAll(async () => {
  const network = await createTestNetwork();
  const store = new MemoryLogStore();
  const start = (kind: ServiceKind) => startTestNode(deskNode(kind), { network, log: new MemoryEventLog(store) });
  intake = await start('intake');
  conatt = await start('counter-trafficking');
  asylum = await start('asylum');
});

afterAll(async () => {
  await intake?.stop();
  await conatt?.stop();
  await asylum?.stop();
});

async function grant(caseId: string): Promise<string> {
  const reply = await intake.post('/v1/consents', { ...CONSENT, caseId }, STAFF);
  expect([reply.status, reply.body.code]).toEqual([201, undefined]);
  return (reply.body as { id: string }).id;
}

async function send(caseId: string, service: string, allowed: object): Promise<string> {
  const facts = {
    ...{ sex: 'FEMALE', ageStatus: 'ADULT', ageBand: null, nationalities: ['HT'], nationalityStatus: 'DECLARED' },
  };
  const request = { caseId, receiver: 'cr-conatt', service, urgency: 'URGENT', reason: 'SPECIFIC_NEED', facts };
  const sent = await intake.post('/v1/referrals', { ...request, ...allowed }, STAFF);
  expect([sent.status, sent.body.code]).toEqual([201, undefined]);
  const { id } = sent.body as { id: string };
  await stateAt(conatt, id, 'REQUESTED');
  return id;
}

function stateAt(node: TestNode, id: string, state: string): Promise<Record<string, unknown>> {
  return eventually(async () => {
    const reply = await node.get(`/v1/referrals/${id}`, node === intake ? STAFF : ANSWERING);
    expect([reply.status, reply.body.state]).toEqual([200, state]);
    return reply.body as Record<string, unknown>;
  });
}

async function answer(id: string, ...steps: readonly string[]): Promise<void> {
  for (const step of steps)
    expect((await conatt.post(`/v1/referrals/${id}/${step}`, undefined, ANSWERING)).status).toBe(200);
}

async function typesAt(node: TestNode, id: string): Promise<readonly string[]> {
  return (await node.node.runtime.store.readStream(`referral-${id}`)).map(({ type }) => type);
}

describe('a withdrawal lodged at a third agency', () => {
  it('ends what rests on the consent at both ends, and leaves what does not', async () => {
    const caseId = randomUUID();
    const consentId = await grant(caseId);
    const waiting = await send(caseId, 'TRAFFICKING_SCREENING', { consentId });
    const begun = await send(caseId, 'SHELTER', { consentId });
    const vital = await send(caseId, 'HEALTH', { consent: VITAL });
    await answer(begun, 'acknowledgement', 'acceptance', 'start');
    await stateAt(intake, begun, 'IN_PROGRESS');
    await eventually(async () => expect((await asylum.get(`/v1/consents/${consentId}`, STAFF)).status).toBe(200));

    expect((await asylum.post(`/v1/consents/${consentId}/withdrawal`, {}, STAFF)).status).toBe(200);
    await eventually(async () => {
      const sent = await intake.get(`/v1/referrals/${begun}`, STAFF);
      expect(sent.body).toMatchObject({ requestStatus: 'CANCELLED', fulfilmentStatus: 'FAILED' });
      expect(sent.body).toMatchObject({ cancelReason: 'CONSENT_WITHDRAWN', failureReason: 'CONSENT_WITHDRAWN' });
      const received = await conatt.get(`/v1/referrals/${begun}`, ANSWERING);
      expect(received.body).toMatchObject({ requestStatus: 'CANCELLED', fulfilmentStatus: 'FAILED' });
      const asked = await intake.get(`/v1/referrals/${waiting}`, STAFF);
      expect(asked.body).toMatchObject({ requestStatus: 'CANCELLED', fulfilmentStatus: 'REJECTED' });
    });
    expect((await intake.get(`/v1/referrals/${vital}`, STAFF)).body.state).toBe('REQUESTED');
    const register = await intake.get(`/v1/consents/${consentId}`, STAFF);
    expect(register.body.state).toBe('WITHDRAWN');
  });
});

describe('a withdrawal of everything lodged at the sender', () => {
  it('takes back what was sent, also in its own words, at once and once', async () => {
    const caseId = randomUUID();
    const inWords = await send(caseId, 'SHELTER', { consent: WORDS });
    expect((await intake.post('/v1/consents/withdrawals', { caseId }, STAFF)).status).toBe(200);
    const sent = await intake.get(`/v1/referrals/${inWords}`, STAFF);
    expect(sent.body).toMatchObject({ requestStatus: 'CANCELLED', cancelReason: 'CONSENT_WITHDRAWN' });
    expect((await intake.post('/v1/consents/withdrawals', { caseId }, STAFF)).status).toBe(200);
    await eventually(async () => expect(await typesAt(intake, inWords)).toContain('RejectionNoted'));
    expect(await typesAt(intake, inWords)).toEqual(['ReferralRequested', 'ReferralCancelled', 'RejectionNoted']);
  });
});

describe('a withdrawal lodged at the receiver', () => {
  it('returns what waits there, says what is retained and why, and the sender hears of both', async () => {
    const caseId = randomUUID();
    const consentId = await grant(caseId);
    const id = await send(caseId, 'SHELTER', { consentId });
    await eventually(async () => expect((await conatt.get(`/v1/consents/${consentId}`, STAFF)).status).toBe(200));
    expect((await conatt.post(`/v1/consents/${consentId}/withdrawal`, {}, STAFF)).status).toBe(200);
    expect((await conatt.get(`/v1/referrals/${id}`, ANSWERING)).body).toMatchObject({ rejectReason: 'NO_CONSENT' });
    await eventually(async () => {
      const { body } = await intake.get(`/v1/consents/${consentId}`, STAFF);
      const [answered] = body.acknowledgements as { agency: string; retained: unknown }[];
      expect(answered).toMatchObject({ agency: 'cr-border-intake' });
      expect(body.acknowledgements).toContainEqual(
        expect.objectContaining({
          agency: 'cr-conatt',
          retained: [
            { category: 'CONSENT_RECORD', legalBasis: 'PROOF_OF_CONSENT', until: null },
            { category: 'REFERRAL_RECORD', legalBasis: 'LEGAL_CLAIMS', until: null },
          ],
        }),
      );
      expect((await intake.get(`/v1/referrals/${id}`, STAFF)).body).toMatchObject({ fulfilmentStatus: 'REJECTED' });
    });
  });
});
