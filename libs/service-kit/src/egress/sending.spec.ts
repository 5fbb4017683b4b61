import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { MemoryEventLog, MemoryLogStore } from '@acogida/event-log';
import { eventually } from '@acogida/testing';
import { createTestNetwork, startTestNode, type TestNode, type TestReply } from '@acogida/testing/node';
import type { NodeDefinition } from '../node-definition.ts';
import { deskNode } from '../testing/desk-node.ts';
import { agencyEntry, type ListedEntry, listingNode } from '../testing/listing-node.ts';
import { Egress } from './egress.ts';

const TODAY = new Date().toISOString().slice(0, 10);
const STAFF = { roles: ['caseworker'] } as const;
const OVERRIDING = { roles: ['caseworker', 'consent-override'] } as const;
const ANSWERING = { roles: ['referral-officer'] } as const;
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
const CONSENT = {
  ...{ purposes: ['REFERRAL'], fields: ['FACTS'], recipients: ['cr-conatt'], services: ['TRAFFICKING_SCREENING'] },
  ...{ history: 'CURRENT', basis: 'CONSENT', form: 'ORAL_WITNESSED', givenBy: 'SELF', childAssent: 'NOT_APPLICABLE' },
  ...{ language: 'hat', interpretation: 'IN_PERSON', explained: true, understandingChecked: true },
  ...{ withoutPenalty: true, ageStatus: 'ADULT' },
};
const NATURES = [
  ['ht-consulate', { nature: 'CONSULATE', authorityOf: 'HT', participation: 'LINK' }],
  ['ht-ministry', { nature: 'PUBLIC_AUTHORITY', authorityOf: 'HT', participation: 'LINK' }],
  ['cr-police', { nature: 'ENFORCEMENT', authorityOf: 'CR', participation: 'LINK' }],
] as const;

let directory: TestNode;
let intake: TestNode;
let conatt: TestNode;
let aheadMs = 0;
const clock = { now: (): string => new Date(Date.now() + aheadMs).toISOString() };

beforeAll(async () => {
  const network = await createTestNetwork();
  const store = new MemoryLogStore();
  const start = (definition: NodeDefinition) =>
    startTestNode(definition, { network, clock, log: new MemoryEventLog(store) });
  directory = await start(listingNode());
  intake = await start(deskNode('intake'));
  conatt = await start(deskNode('counter-trafficking'));
  const entries: readonly ListedEntry[] = NATURES.map(([agencyId, change]) => agencyEntry(agencyId, change));
  for (const entry of entries) await directory.post('/v1/listings', { entry }, { roles: ['coordinator'] });
  await eventually(async () => {
    const { rows } = await intake.pool.query('SELECT FROM known_entry');
    expect(rows).toHaveLength(NATURES.length);
  });
});

afterAll(async () => {
  await directory?.stop();
  await intake?.stop();
  await conatt?.stop();
});

async function grant(caseId: string, change: object = {}): Promise<string> {
  const reply = await intake.post('/v1/consents', { ...CONSENT, caseId, ...change }, STAFF);
  expect([reply.status, reply.body.code]).toEqual([201, undefined]);
  return (reply.body as { id: string }).id;
}

function send(
  caseId: string,
  change: object = {},
  options: Parameters<TestNode['post']>[2] = STAFF,
): Promise<TestReply> {
  const request = { receiver: 'cr-conatt', service: 'TRAFFICKING_SCREENING', urgency: 'URGENT', facts: FACTS };
  return intake.post('/v1/referrals', { ...request, reason: 'TRAFFICKING_SUSPECTED', caseId, ...change }, options);
}

async function withdraw(consentId: string): Promise<void> {
  expect((await intake.post(`/v1/consents/${consentId}/withdrawal`, {}, STAFF)).status).toBe(200);
}

async function referralsOf(caseId: string): Promise<number> {
  return (await intake.get(`/v1/referrals?caseId=${caseId}`, STAFF)).body.items.length;
}

async function auditOf(
  caseId: string,
): Promise<readonly { kind: string; details: string[]; consent_id: string | null }[]> {
  const { rows } = await intake.pool.query(
    'SELECT kind, details, consent_id FROM audit.entry WHERE case_id = $1 ORDER BY id',
    [caseId],
  );
  return rows;
}

async function eventsOf(caseId: string): Promise<readonly { type: string; data: Record<string, unknown> }[]> {
  const events = await intake.node.runtime.store.readStream(`consent-${caseId}`);
  return events.map(({ type, data }) => ({ type, data }));
}

it('INV-19 is not sent to an agency that is listed with a node and has none in the network yet', async () => {
  const entry = agencyEntry('cr-newcomer', { nature: 'NGO', participation: 'NODE' });
  await directory.post('/v1/listings', { entry }, { roles: ['coordinator'] });
  const caseId = randomUUID();
  const consentId = await grant(caseId, { services: ['SHELTER'], recipients: ['cr-newcomer'] });
  await eventually(async () => {
    const asked = { receiver: 'cr-newcomer', service: 'SHELTER', reason: 'URGENT_NEED', consentId };
    const { status, body } = await send(caseId, asked);
    expect([status, body.code]).toEqual([409, 'REFERRAL.RECEIVER_UNREADY']);
  });
  expect(await referralsOf(caseId)).toBe(0);
});

describe('a referral under a recorded consent', () => {
  it('is sent in the words of its record, and names it', async () => {
    const caseId = randomUUID();
    const consentId = await grant(caseId);
    const sent = await send(caseId, { consentId });
    expect([sent.status, sent.body.code]).toEqual([201, undefined]);
    const shown = await intake.get(`/v1/referrals/${sent.body.id}`, STAFF);
    expect(shown.body).toMatchObject({
      consentBasis: 'CONSENT',
      consentForm: 'ORAL_WITNESSED',
      consentLanguage: 'hat',
    });
    const [requested] = await intake.node.runtime.store.readStream(`referral-${sent.body.id}`);
    expect(requested?.data['consent']).toMatchObject({ consentId, grantedOn: TODAY });
    expect(await auditOf(caseId)).toEqual([]);
  });

  it('is answered again as before, though the consent was withdrawn since', async () => {
    const caseId = randomUUID();
    const consentId = await grant(caseId);
    const options = { ...STAFF, idempotencyKey: randomUUID() };
    const first = await send(caseId, { consentId }, options);
    await withdraw(consentId);
    const again = await send(caseId, { consentId }, options);
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(again.headers['idempotency-replayed']).toBe('true');
  });

  it.each([
    ['neither a consent nor words', {}, 400, 'VALIDATION_FAILED'],
    ['both', { consentId: randomUUID(), consent: WORDS }, 422, 'REFERRAL.CONSENT_STATED_TWICE'],
    ['a consent that nobody here knows', { consentId: randomUUID() }, 409, 'CONSENT.NONE'],
    ['a receiver that does not take part', { receiver: 'xx-nobody', consent: WORDS }, 409, 'SHARING.RECIPIENT_UNKNOWN'],
  ])('is refused with %s', async (_, change, status, code) => {
    const caseId = randomUUID();
    const refused = await send(caseId, change);
    expect([refused.status, refused.body.code]).toEqual([status, code]);
    expect(await referralsOf(caseId)).toBe(0);
  });

  it('is put on record without the name of a receiver that nobody knows: it is only what was typed in', async () => {
    const caseId = randomUUID();
    await send(caseId, { receiver: 'maria-perez', consent: WORDS });
    const details = ['way:OFFER', 'RECIPIENT_UNKNOWN'];
    expect(await auditOf(caseId)).toEqual([{ kind: 'DENIED_EGRESS', details, consent_id: null }]);
  });

  it('is refused for whom or what it does not cover, with all that is missing, and nothing has changed', async () => {
    const caseId = randomUUID();
    const consentId = await grant(caseId);
    const refused = await send(caseId, { consentId, receiver: 'cr-refugee-unit' });
    expect([refused.status, refused.body.code]).toEqual([409, 'CONSENT.OTHER_RECIPIENT']);
    expect(refused.body.details).toMatchObject({ refusals: ['CONSENT.OTHER_RECIPIENT'], needs: [] });
    expect(await referralsOf(caseId)).toBe(0);
    const details = ['way:OFFER', 'recipient:cr-refugee-unit', 'CONSENT.OTHER_RECIPIENT'];
    expect(await auditOf(caseId)).toEqual([{ kind: 'DENIED_EGRESS', details, consent_id: consentId }]);
  });

  it('is refused after the withdrawal, and so is one in words after a withdrawal of everything', async () => {
    const caseId = randomUUID();
    const consentId = await grant(caseId);
    await withdraw(consentId);
    const refused = await send(caseId, { consentId });
    expect([refused.status, refused.body.code]).toEqual([409, 'CONSENT.WITHDRAWN']);
    await intake.post('/v1/consents/withdrawals', { caseId }, STAFF);
    expect((await send(caseId, { consent: WORDS })).body.code).toBe('CONSENT.WITHDRAWN');
    expect(await referralsOf(caseId)).toBe(0);
  });
});

describe('a referral of an earlier register', () => {
  const IMPORTING = { roles: ['import'] } as const;
  const OLD = { ...WORDS, grantedOn: '2019-05' };

  it('has its consent put on record, from now on, with what that register tells', async () => {
    const caseId = randomUUID();
    const sent = await send(caseId, { consent: OLD }, IMPORTING);
    expect([sent.status, sent.body.code]).toEqual([201, undefined]);
    const { items } = (await intake.get(`/v1/consents?caseId=${caseId}`, STAFF)).body;
    expect(items).toEqual([
      expect.objectContaining({ state: 'GRANTED', form: 'NOT_RECORDED', recipients: ['cr-conatt'] }),
    ]);
    const [requested] = await intake.node.runtime.store.readStream(`referral-${sent.body.id}`);
    expect(requested?.data['consent']).toEqual({ ...OLD, consentId: items[0].id });
    expect((await send(caseId, { consent: OLD }, IMPORTING)).status).toBe(201);
    expect((await intake.get(`/v1/consents?caseId=${caseId}`, STAFF)).body.items).toHaveLength(1);
    await withdraw(items[0].id);
    expect((await intake.get(`/v1/referrals/${sent.body.id}`, STAFF)).body.state).toBe('CANCELLED');
  });

  it('is due from when it was recorded here, however old it is', async () => {
    const before = new Date().toISOString();
    const { status, body } = await send(randomUUID(), { consent: OLD }, IMPORTING);
    expect(status).toBe(201);
    const shown = (await intake.get(`/v1/referrals/${String(body.id)}`, STAFF)).body as Record<string, string>;
    const { requestedAt = '', acknowledgeBy = '', consentGrantedOn } = shown;
    expect([consentGrantedOn, requestedAt >= before]).toEqual(['2019-05', true]);
    expect(Date.parse(acknowledgeBy) - Date.parse(requestedAt)).toBe(24 * 60 * 60 * 1000); // URGENT
  });

  it('is sent by nobody else under a consent as old as that', async () => {
    expect((await send(randomUUID(), { consent: OLD })).body.code).toBe('CONSENT.EXPIRED');
  });

  it('on another basis has no consent to record', async () => {
    const caseId = randomUUID();
    expect((await send(caseId, { consent: VITAL }, IMPORTING)).status).toBe(201);
    expect((await intake.get(`/v1/consents?caseId=${caseId}`, STAFF)).body.items).toEqual([]);
  });
});

describe('a withdrawal in the moment of sending', () => {
  const group = { receiver: 'cr-conatt', service: 'TRAFFICKING_SCREENING', urgency: 'URGENT', facts: FACTS };

  it.each([
    ['/v1/referrals', (body: object) => body],
    ['/v1/referral-groups', (body: object) => ({ requests: [body] })],
  ])('takes back at once what was judged before it and recorded after: %s', async (path, bodyOf) => {
    const caseId = randomUUID();
    const consentId = await grant(caseId);
    const egress = intake.node.app.get(Egress, { strict: false });
    const judged = jest.spyOn(egress, 'clear').mockImplementationOnce(async (departure) => {
      const clearance = await Egress.prototype.clear.call(egress, departure);
      await withdraw(consentId);
      return clearance;
    });
    const sent = await intake.post(
      path,
      bodyOf({ ...group, reason: 'TRAFFICKING_SUSPECTED', caseId, consentId }),
      STAFF,
    );
    judged.mockRestore();
    expect([sent.status, sent.body.code]).toEqual([201, undefined]);
    const { body } = await intake.get(`/v1/referrals?caseId=${caseId}`, STAFF);
    expect(body.items).toMatchObject([{ requestStatus: 'CANCELLED', cancelReason: 'CONSENT_WITHDRAWN' }]);
  });
});

describe('an override', () => {
  const override = { consent: WORDS, overrideReason: 'LIFE_AT_RISK' };

  async function withdrawnCase(): Promise<string> {
    const caseId = randomUUID();
    await intake.post('/v1/consents/withdrawals', { caseId }, STAFF);
    return caseId;
  }

  it('sends past a missing consent for a coded reason, on record and in the audit, and says so on its way', async () => {
    const caseId = await withdrawnCase();
    const sent = await send(caseId, override, OVERRIDING);
    expect([sent.status, sent.body.code]).toEqual([201, undefined]);
    expect((await eventsOf(caseId)).at(-1)).toEqual({
      type: 'SharingOverridden',
      data: {
        ...{ recipient: 'cr-conatt', purpose: 'REFERRAL', fields: ['FACTS'], refusals: ['CONSENT.WITHDRAWN'] },
        ...{ reason: 'LIFE_AT_RISK', overriddenBy: 'cr-border-intake.caseworker', overriddenAt: expect.any(String) },
      },
    });
    const details = ['way:OFFER', 'recipient:cr-conatt', 'reason:LIFE_AT_RISK', 'CONSENT.WITHDRAWN'];
    expect(await auditOf(caseId)).toEqual([{ kind: 'OVERRIDE', details, consent_id: null }]);
    const id = sent.body.id as string;
    await eventually(async () => expect((await conatt.get(`/v1/referrals/${id}`, ANSWERING)).status).toBe(200));
    const [received] = await conatt.node.runtime.store.readStream(`referral-${id}`);
    expect(received?.data['consent']).toMatchObject({ overriddenFor: 'LIFE_AT_RISK' });
  });

  it('needs the role, and changes nothing without it', async () => {
    const caseId = await withdrawnCase();
    const refused = await send(caseId, override);
    expect([refused.status, refused.body.code]).toEqual([403, 'CONSENT.OVERRIDE_NOT_PERMITTED']);
    expect(await referralsOf(caseId)).toBe(0);
    expect((await auditOf(caseId)).map(({ kind }) => kind)).toEqual(['DENIED_EGRESS']);
  });

  it('is none where the consent allows it', async () => {
    const caseId = randomUUID();
    expect((await send(caseId, override, OVERRIDING)).status).toBe(201);
    expect(await auditOf(caseId)).toEqual([]);
  });

  it.each(NATURES.map(([receiver]) => receiver))(
    'INV-05 INV-17 never reaches past a deny rule: %s',
    async (receiver) => {
      const caseId = randomUUID();
      const refused = await send(caseId, { ...override, consent: VITAL, receiver }, OVERRIDING);
      expect([refused.status, refused.body.code.startsWith('DENY.')]).toEqual([403, true]);
      expect(await referralsOf(caseId)).toBe(0);
    },
  );
});

describe('INV-05 the country of origin', () => {
  it.each([
    ['ht-consulate', 'DENY.CONSULATE'],
    ['ht-ministry', 'DENY.COUNTRY_OF_ORIGIN'],
  ])('is sent nothing, also where a life is at stake: %s; the try is on record', async (receiver, code) => {
    const caseId = randomUUID();
    const refused = await send(caseId, { receiver, consent: VITAL });
    expect([refused.status, refused.body.code]).toEqual([403, code]);
    expect(await referralsOf(caseId)).toBe(0);
    expect(await eventsOf(caseId)).toMatchObject([
      { type: 'ContactAttempted', data: { recipient: receiver, allowed: false, refusals: [code] } },
    ]);
  });

  it('is sent it by an express consent that names it, after a second person said yes', async () => {
    const caseId = randomUUID();
    const consentId = await grant(caseId, {
      ...{ purposes: ['CONSULAR_CONTACT'], services: [], recipients: ['ht-consulate'] },
    });
    const asked = { receiver: 'ht-consulate', service: 'DOCUMENTATION', reason: 'PERSON_REQUEST', consentId };
    const alone = await send(caseId, asked);
    expect([alone.status, alone.body.code, alone.body.details.needs]).toEqual([
      ...[403, 'DENY.SECOND_PERSON', ['SECOND_PERSON']],
    ]);
    const confirmation = { recipient: 'ht-consulate' };
    await intake.post(`/v1/consents/${consentId}/contact-confirmations`, confirmation, { roles: ['supervisor'] });
    expect((await send(caseId, asked)).status).toBe(201);
    const attempts = (await eventsOf(caseId)).filter(({ type }) => type === 'ContactAttempted');
    expect(attempts.map(({ data }) => data['allowed'])).toEqual([false, true]);
    expect((await auditOf(caseId)).map(({ kind, details }) => [kind, details[0]])).toEqual([
      ...[
        ['DENIED_EGRESS', 'way:OFFER'],
        ['SECOND_PERSON', 'way:OFFER'],
        ['SECOND_PERSON', 'AGREED'],
      ],
    ]);
  });
});

describe('at acceptance', () => {
  async function acknowledged(caseId: string, consent: object): Promise<string> {
    const { id } = (await send(caseId, consent)).body as { id: string };
    await eventually(async () => expect((await conatt.get(`/v1/referrals/${id}`, ANSWERING)).status).toBe(200));
    expect((await conatt.post(`/v1/referrals/${id}/acknowledgement`, undefined, ANSWERING)).status).toBe(200);
    return id;
  }

  it('a consent that stands lets the receiver accept', async () => {
    const caseId = randomUUID();
    const id = await acknowledged(caseId, { consentId: await grant(caseId) });
    expect((await conatt.post(`/v1/referrals/${id}/acceptance`, undefined, ANSWERING)).status).toBe(200);
  });

  it('a consent that ended since is refused, and the referral is back with its sender', async () => {
    const caseId = randomUUID();
    const endsAt = new Date(Date.parse(clock.now()) + 600_000).toISOString();
    const id = await acknowledged(caseId, { consentId: await grant(caseId, { expiresAt: endsAt }) });
    aheadMs += 600_000;
    const refused = await conatt.post(`/v1/referrals/${id}/acceptance`, undefined, ANSWERING);
    expect([refused.status, refused.body.code]).toEqual([409, 'CONSENT.EXPIRED']);
    await eventually(async () => {
      const back = await intake.get(`/v1/referrals/${id}`, STAFF);
      expect(back.body).toMatchObject({ state: 'REJECTED', rejectReason: 'NO_CONSENT', senderTask: 'REOPENED' });
    });
  });
});

describe('what goes out of a referral that was sent', () => {
  async function sentUnder(change: object = {}): Promise<{ readonly id: string; readonly consentId: string }> {
    const caseId = randomUUID();
    const consentId = await grant(caseId, change);
    const sent = await send(caseId, { consentId });
    expect([sent.status, sent.body.code]).toEqual([201, undefined]);
    return { id: (sent.body as { id: string }).id, consentId };
  }

  it('FHIR_EXPORT: is exported while its consent stands, and not after the withdrawal', async () => {
    const { id, consentId } = await sentUnder();
    expect((await intake.get(`/v1/referrals/${id}/fhir`, STAFF)).status).toBe(200);
    await withdraw(consentId);
    const refused = await intake.get(`/v1/referrals/${id}/fhir`, STAFF);
    expect([refused.status, refused.body.code]).toEqual([409, 'CONSENT.WITHDRAWN']);
  });

  it('FHIR_EXPORT: nor at the receiver', async () => {
    const { id, consentId } = await sentUnder();
    await eventually(async () => expect((await conatt.get(`/v1/referrals/${id}/fhir`, ANSWERING)).status).toBe(200));
    await withdraw(consentId);
    await eventually(async () => {
      const refused = await conatt.get(`/v1/referrals/${id}/fhir`, ANSWERING);
      expect([refused.status, refused.body.code]).toEqual([409, 'CONSENT.WITHDRAWN']);
    });
  });

  it('FHIR_EXPORT: one that is not here is not found', async () => {
    expect((await intake.get(`/v1/referrals/${randomUUID()}/fhir`, STAFF)).status).toBe(404);
  });

  it('CHANNEL_WORD: documents that the consent does not cover are not told of, and nothing has changed', async () => {
    const { id } = await sentUnder();
    await eventually(async () => expect((await conatt.get(`/v1/referrals/${id}`, ANSWERING)).status).toBe(200));
    await conatt.post(`/v1/referrals/${id}/acknowledgement`, undefined, ANSWERING);
    const hold = { reason: 'INFORMATION_REQUESTED', information: ['HEALTH'] };
    expect((await conatt.post(`/v1/referrals/${id}/hold`, hold, ANSWERING)).status).toBe(200);
    await eventually(async () => expect((await intake.get(`/v1/referrals/${id}`, STAFF)).body.state).toBe('ON_HOLD'));
    const attachment = { attachmentId: randomUUID(), kind: 'MEDICAL_REPORT', sha256: 'a'.repeat(64) };
    const told = { information: ['HEALTH'], attachments: [attachment] };
    const refused = await intake.post(`/v1/referrals/${id}/information`, told, STAFF);
    expect([refused.status, refused.body.code]).toEqual([409, 'CONSENT.OTHER_FIELDS']);
    expect((await intake.post(`/v1/referrals/${id}/information`, { information: ['HEALTH'] }, STAFF)).status).toBe(200);
  });
});
