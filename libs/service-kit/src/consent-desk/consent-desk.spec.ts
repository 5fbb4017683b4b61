import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { MemoryEventLog, MemoryLogStore } from '@acogida/event-log';
import { rebuildInlineProjections } from '@acogida/event-store';
import { eventually } from '@acogida/testing';
import { createTestNetwork, startTestNode, type TestNode, type TestReply } from '@acogida/testing/node';
import type { ServiceKind } from '../node-definition.ts';
import { deskNode } from '../testing/desk-node.ts';
import { consentProjection } from './consent-projection.ts';

const STAFF = { roles: ['caseworker'] } as const;
const BODY = {
  ...{ purposes: ['REFERRAL'], fields: ['SEX', 'FACTS'], recipients: ['cr-conatt'] },
  ...{ services: ['TRAFFICKING_SCREENING'], history: 'CURRENT', basis: 'CONSENT', form: 'ORAL_WITNESSED' },
  ...{ givenBy: 'SELF', childAssent: 'NOT_APPLICABLE', language: 'hat', interpretation: 'IN_PERSON' },
  ...{ explained: true, understandingChecked: true, withoutPenalty: true, ageStatus: 'ADULT' },
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

async function grant(caseId: string = randomUUID(), change: object = {}): Promise<string> {
  const reply = await intake.post('/v1/consents', { ...BODY, caseId, ...change }, STAFF);
  expect([reply.status, reply.body.code]).toEqual([201, undefined]);
  return (reply.body as { id: string }).id;
}

function stateAt(node: TestNode, id: string, state: string): Promise<TestReply> {
  return eventually(async () => {
    const reply = await node.get(`/v1/consents/${id}`, STAFF);
    expect([reply.status, reply.body.state]).toEqual([200, state]);
    return reply;
  });
}

describe('a consent', () => {
  it('given at one agency is known at the others, as it was given', async () => {
    const caseId = randomUUID();
    const reply = await intake.post('/v1/consents', { ...BODY, caseId }, STAFF);
    const { id, expiresAt } = reply.body;
    expect([reply.status, reply.body]).toEqual([201, { id, version: 1, state: 'GRANTED', expiresAt }]);
    expect(reply.headers['location']).toBe(`/v1/consents/${id}`);
    const shown = await intake.get(`/v1/consents/${id}`, STAFF);
    expect(shown.headers['etag']).toBe('"1"');
    expect(shown.body).toEqual({
      ...{ id, caseId, version: 1, state: 'GRANTED', agency: 'cr-border-intake', recordedHere: true },
      ...{ purposes: ['REFERRAL'], fields: ['SEX', 'FACTS'], recipients: ['cr-conatt'] },
      ...{ services: ['TRAFFICKING_SCREENING'], history: 'CURRENT', basis: 'CONSENT', form: 'ORAL_WITNESSED' },
      ...{ givenBy: 'SELF', childAssent: 'NOT_APPLICABLE', language: 'hat', interpretation: 'IN_PERSON' },
      ...{ grantedAt: shown.body.grantedAt, expiresAt, withdrawnAt: null, lodgedAt: null },
      ...{ acknowledgements: [], awaiting: [] },
    });
    for (const node of [conatt, asylum]) {
      const { body } = await stateAt(node, id, 'GRANTED');
      expect(body).toEqual({ ...shown.body, recordedHere: false });
    }
  });

  it('is asked for, then given in part, and no more than was asked', async () => {
    const caseId = randomUUID();
    const { ageStatus: _, ...asked } = BODY;
    const { purposes, fields, recipients, services, history, language, interpretation } = asked;
    const request = { caseId, purposes, fields, recipients, services, history, language, interpretation };
    const { body } = await intake.post('/v1/consents/requests', request, STAFF);
    expect(body).toMatchObject({ version: 1, state: 'REQUESTED' });
    const path = `/v1/consents/${body.id}/grant`;
    const more = await intake.post(path, { ...BODY, caseId, fields: ['NAME'] }, STAFF);
    expect([more.status, more.body.code]).toEqual([422, 'CONSENT.MORE_THAN_ASKED']);
    const other = await intake.post(path, { ...BODY, caseId: randomUUID() }, STAFF);
    expect([other.status, other.body.code]).toEqual([422, 'CONSENT.OTHER_CASE']);
    const given = await intake.post(path, { ...BODY, caseId, fields: ['SEX'] }, STAFF);
    expect([given.status, given.body.state]).toEqual([200, 'GRANTED']);
    expect((await stateAt(conatt, body.id, 'GRANTED')).body.fields).toEqual(['SEX']);
  });

  it('is asked for and refused: nobody else hears of it', async () => {
    const caseId = randomUUID();
    const { purposes, fields, recipients, services, history, language, interpretation } = BODY;
    const request = { caseId, purposes, fields, recipients, services, history, language, interpretation };
    const { body } = await intake.post('/v1/consents/requests', request, STAFF);
    const refused = await intake.post(`/v1/consents/${body.id}/refusal`, { language, interpretation }, STAFF);
    expect([refused.status, refused.body.state]).toEqual([200, 'REFUSED']);
    const receipt = await intake.get(`/v1/consents/${body.id}/receipt`, STAFF);
    expect([receipt.status, receipt.body.code]).toEqual([409, 'CONSENT.NO_RECEIPT']);
    await stateAt(conatt, await grant(caseId), 'GRANTED');
    expect((await conatt.get(`/v1/consents/${body.id}`, STAFF)).body.code).toBe('CONSENT.UNKNOWN');
  });

  it('INV-18 is refused without its language, INV-08 and of a person whose age is in doubt without a guardian', async () => {
    const caseId = randomUUID();
    const mute = await intake.post('/v1/consents', { ...BODY, caseId, language: null }, STAFF);
    expect([mute.status, mute.body.code]).toEqual([422, 'CONSENT.LANGUAGE_MISSING']);
    const { ageStatus: _, ...unsaid } = BODY;
    const doubt = await intake.post('/v1/consents', { ...unsaid, caseId }, STAFF);
    expect([doubt.status, doubt.body.code]).toEqual([422, 'CONSENT.GUARDIAN_MISSING']);
  });

  it('is listed by case, the latest first', async () => {
    const caseId = randomUUID();
    const first = await grant(caseId);
    const second = await grant(caseId, { fields: ['FACTS'] });
    const { body } = await intake.get(`/v1/consents?caseId=${caseId}`, STAFF);
    expect(new Set(body.items.map(({ id }: { id: string }) => id))).toEqual(new Set([first, second]));
    expect(body.items[0].grantedAt >= body.items[1].grantedAt).toBe(true);
    expect((await intake.get(`/v1/consents?caseId=${randomUUID()}`, STAFF)).body).toEqual({ items: [] });
    expect((await intake.get('/v1/consents', STAFF)).status).toBe(400);
  });

  it('is recorded by those who speak with people, and read by no auditor here', async () => {
    const auditor = { roles: ['auditor'] } as const;
    expect((await intake.post('/v1/consents', { ...BODY, caseId: randomUUID() }, auditor)).status).toBe(403);
    expect((await intake.get(`/v1/consents?caseId=${randomUUID()}`, auditor)).status).toBe(403);
  });
});

describe('a withdrawal', () => {
  it('is lodged at a third agency; every party says what it keeps and on which basis, and both ends collect that', async () => {
    const caseId = randomUUID();
    const id = await grant(caseId);
    await stateAt(asylum, id, 'GRANTED');
    await stateAt(conatt, id, 'GRANTED');
    const reply = await asylum.post(`/v1/consents/${id}/withdrawal`, { reason: 'SAFETY_CONCERN' }, STAFF);
    expect([reply.status, reply.body.state]).toEqual([200, 'WITHDRAWN']);
    const retained = [{ category: 'CONSENT_RECORD', legalBasis: 'PROOF_OF_CONSENT', until: null }];
    for (const node of [asylum, intake]) {
      await eventually(async () => {
        const { body } = await node.get(`/v1/consents/${id}`, STAFF);
        expect(body).toMatchObject({ state: 'WITHDRAWN', lodgedAt: 'cr-refugee-unit', awaiting: [] });
        expect(body.acknowledgements).toEqual([
          { agency: 'cr-border-intake', acknowledgedAt: expect.any(String), destroyed: [], retained },
          { agency: 'cr-conatt', acknowledgedAt: expect.any(String), destroyed: [], retained },
        ]);
      });
    }
    const again = await conatt.post(`/v1/consents/${id}/withdrawal`, {}, STAFF);
    expect([again.status, again.body.state]).toEqual([200, 'WITHDRAWN']);
  });

  it('says that the record of a referral is kept, where there is one', async () => {
    const caseId = randomUUID();
    const id = await grant(caseId);
    const referral = {
      ...{ caseId, receiver: 'cr-conatt', service: 'TRAFFICKING_SCREENING', urgency: 'URGENT' },
      reason: 'TRAFFICKING_SUSPECTED',
      consent: {
        ...{ basis: 'CONSENT', form: 'ORAL_WITNESSED', givenBy: 'GUARDIAN', childAssent: 'YES' },
        ...{ language: 'hat', grantedOn: null },
      },
    };
    expect((await intake.post('/v1/referrals', referral, STAFF)).status).toBe(201);
    await intake.post(`/v1/consents/${id}/withdrawal`, {}, STAFF);
    const { body } = await intake.get(`/v1/consents/${id}`, STAFF);
    expect(body.acknowledgements[0]).toMatchObject({
      agency: 'cr-border-intake',
      retained: [
        { category: 'CONSENT_RECORD', legalBasis: 'PROOF_OF_CONSENT' },
        { category: 'REFERRAL_RECORD', legalBasis: 'LEGAL_CLAIMS' },
      ],
    });
    expect(body.awaiting).toEqual(expect.not.arrayContaining(['cr-border-intake']));
  });

  it('of a consent that is not known here needs the case, and takes effect where it is heard of later', async () => {
    const id = randomUUID();
    const unknown = await asylum.post(`/v1/consents/${id}/withdrawal`, {}, STAFF);
    expect([unknown.status, unknown.body.code]).toEqual([404, 'CONSENT.UNKNOWN']);
    const caseId = randomUUID();
    const lodged = await asylum.post(`/v1/consents/${id}/withdrawal`, { caseId }, STAFF);
    expect([lodged.status, lodged.body.state]).toEqual([200, 'WITHDRAWN']);
    expect((await stateAt(conatt, id, 'WITHDRAWN')).body).toMatchObject({ agency: null, caseId, purposes: [] });
  });

  it('under the wrong case is refused where the case is known, and stands in nobody’s way where it is not', async () => {
    const caseId = randomUUID();
    const id = await grant(caseId);
    const mistaken = { caseId: randomUUID() };
    const refused = await intake.post(`/v1/consents/${id}/withdrawal`, mistaken, STAFF);
    expect([refused.status, refused.body.code]).toEqual([422, 'CONSENT.OTHER_CASE']);
    const unheardOf = randomUUID();
    for (const body of [mistaken, { caseId }]) {
      const reply = await asylum.post(`/v1/consents/${unheardOf}/withdrawal`, body, STAFF);
      expect([reply.status, reply.body.state]).toEqual([200, 'WITHDRAWN']);
    }
    await eventually(async () => {
      const { body } = await conatt.get(`/v1/consents?caseId=${caseId}`, STAFF);
      expect(body.items).toContainEqual(expect.objectContaining({ id: unheardOf, state: 'WITHDRAWN' }));
    });
  });

  it('ends the consent in whatever case its number is written', async () => {
    const caseId = randomUUID();
    const id = await grant(caseId.toUpperCase());
    const path = `/v1/consents/${id.toUpperCase()}`;
    expect((await intake.get(path, STAFF)).body).toMatchObject({ id, caseId });
    const reply = await intake.post(`${path}/withdrawal`, {}, STAFF);
    expect([reply.status, reply.body.id]).toEqual([200, id]);
    expect((await intake.get(`/v1/consents?caseId=${caseId}`, STAFF)).body.items).toMatchObject([
      { id, state: 'WITHDRAWN' },
    ]);
  });

  it('is awaited where the answers are collected, and nowhere else', async () => {
    const id = await grant(randomUUID(), { recipients: ['cr-clinic'] });
    await stateAt(conatt, id, 'GRANTED');
    await intake.post(`/v1/consents/${id}/withdrawal`, {}, STAFF);
    expect((await intake.get(`/v1/consents/${id}`, STAFF)).body.awaiting).toEqual(['cr-clinic']);
    expect((await stateAt(conatt, id, 'WITHDRAWN')).body.awaiting).toEqual([]);
  });

  it('of everything ends each consent of the case, everywhere', async () => {
    const caseId = randomUUID();
    const ids = [await grant(caseId), await grant(caseId, { fields: ['FACTS'] })];
    for (const id of ids) await stateAt(conatt, id, 'GRANTED');
    const reply = await conatt.post('/v1/consents/withdrawals', { caseId, language: 'hat' }, STAFF);
    expect([reply.status, reply.body.id]).toEqual([200, caseId]);
    for (const id of ids) {
      expect((await stateAt(intake, id, 'WITHDRAWN')).body.lodgedAt).toBe('cr-conatt');
      await eventually(async () => {
        const { body } = await intake.get(`/v1/consents/${id}`, STAFF);
        expect(body.awaiting).toEqual([]);
      });
    }
  });
});

describe('INV-05 a second person', () => {
  const path = (id: string): string => `/v1/consents/${id}/contact-confirmations`;

  it('is a supervisor, and only where the person named the recipient for contact', async () => {
    const express = { purposes: ['CONSULAR_CONTACT'], services: [], recipients: ['ht-consulate'] };
    const id = await grant(randomUUID(), express);
    const body = { recipient: 'ht-consulate' };
    expect((await intake.post(path(id), body, STAFF)).status).toBe(403);
    const reply = await intake.post(path(id), body, { roles: ['supervisor'] });
    expect([reply.status, reply.body.version]).toEqual([200, 2]);
    const other = await intake.post(path(await grant()), body, { roles: ['supervisor'] });
    expect([other.status, other.body.code]).toEqual([409, 'CONSENT.NOT_EXPRESS']);
  });
});

describe('the receipt', () => {
  it('is in the language that was spoken, or the one that is asked for', async () => {
    const id = await grant();
    const reply = await intake.get(`/v1/consents/${id}/receipt`, STAFF);
    expect([reply.status, reply.body.language, reply.headers['content-language']]).toEqual([200, 'ht', 'ht']);
    for (const language of ['es', 'en', 'pt', 'fr', 'ht']) {
      const { body } = await intake.get(`/v1/consents/${id}/receipt?language=${language}`, STAFF);
      expect(body).toMatchObject({ language, title: expect.any(String) });
      expect(body.sections.length).toBeGreaterThan(6);
    }
    expect((await intake.get(`/v1/consents/${id}/receipt?language=xx`, STAFF)).status).toBe(400);
  });

  it('is a page without scripts for a browser; INV-20 without name and case', async () => {
    const caseId = randomUUID();
    const id = await grant(caseId);
    const headers = { accept: 'text/html,*/*;q=0.8' };
    const page = await intake.get(`/v1/consents/${id}/receipt?language=en`, { ...STAFF, headers });
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers).toMatchObject({ 'content-language': 'en', vary: 'Accept', 'cache-control': 'no-store' });
    expect(page.headers['content-security-policy']).toMatch(/default-src 'none'.*style-src 'sha256-/);
    expect(page.text).toContain('<h1>What you agreed to share</h1>');
    expect(page.text).toContain('cr-conatt');
    expect(page.text).toContain('cr-ombudsman');
    expect(page.text).toContain(id);
    expect(page.text).not.toContain(caseId);
  });

  it('says after a withdrawal what is kept', async () => {
    const id = await grant();
    await intake.post(`/v1/consents/${id}/withdrawal`, {}, STAFF);
    const { body } = await intake.get(`/v1/consents/${id}/receipt?language=en`, STAFF);
    expect(body.title).toBe('What you had agreed to share');
    const kept = body.sections.find(({ heading }: { heading: string }) => heading === 'What is kept');
    expect(kept.items[0]).toMatch(/^cr-border-intake keeps the note that you agreed/);
  });

  it('of an unknown consent is not found', async () => {
    const reply = await intake.get(`/v1/consents/${randomUUID()}/receipt`, STAFF);
    expect([reply.status, reply.body.code]).toEqual([404, 'CONSENT.UNKNOWN']);
  });
});

describe('the read model', () => {
  it('is the same after a rebuild', async () => {
    for (const node of [intake, conatt, asylum]) {
      const rows = async (): Promise<unknown[]> =>
        (await node.pool.query('SELECT * FROM consent ORDER BY consent_id')).rows;
      const before = await rows();
      expect(before.length).toBeGreaterThan(0);
      await rebuildInlineProjections(node.node.runtime.store, [consentProjection], node.pool);
      expect(await rows()).toEqual(before);
    }
  });
});
