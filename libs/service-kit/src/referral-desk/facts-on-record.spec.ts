import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { MemoryEventLog, MemoryLogStore } from '@acogida/event-log';
import { DEFAULT_REFERRAL_DEADLINES } from '@acogida/reference';
import { type ReferralCommand, type ReferralFacts, referralProcedure } from '@acogida/referral';
import { eventually } from '@acogida/testing';
import { createTestNetwork, startTestNode, type TestNode, type TestReply } from '@acogida/testing/node';
import { deskNode } from '../testing/desk-node.ts';
import { agencyEntry, listingNode, serviceEntry } from '../testing/listing-node.ts';
import { NOTHING_KNOWN } from './case-facts.ts';
import { FactsOnRecord, judgedFacts, withAllNationalities } from './facts-on-record.ts';

const SENDER = 'cr-border-intake';
const HERE = 'cr-refugee-unit';
const STAFF = { roles: ['caseworker'] } as const;
const CONSENT = { basis: 'VITAL_INTEREST', form: 'NOT_RECORDED', givenBy: 'NOT_APPLICABLE', language: null } as const;
const FACTS: ReferralFacts = {
  ...{ sex: 'FEMALE', ageStatus: 'ADULT', ageBand: { fromYears: 30, toYears: 38 } },
  ...{ nationalities: ['MX'], nationalityStatus: 'DECLARED' },
};
const WITHOUT: ReferralFacts = { ...FACTS, nationalities: ['HN'], nationalityStatus: 'DOCUMENTED' };
const TYPED = [
  ['without naming facts', {}],
  ['with facts that name another nationality', { facts: WITHOUT }],
  ['with facts that name none', { facts: { ...FACTS, nationalities: [], nationalityStatus: 'UNDETERMINED' } }],
] as const;
const ENTRIES = [
  agencyEntry('mx-comar', { jurisdiction: 'MX', nature: 'PUBLIC_AUTHORITY', authorityOf: 'MX' }),
  agencyEntry('cr-ombudsman'),
  agencyEntry(HERE, { nature: 'PUBLIC_AUTHORITY', authorityOf: 'CR' }),
  serviceEntry(randomUUID(), 'mx-comar'),
  serviceEntry(randomUUID(), 'cr-ombudsman'),
];

let directory: TestNode;
/** Has no register of its own. */
let unit: TestNode;

beforeAll(async () => {
  const network = await createTestNetwork();
  const store = new MemoryLogStore();
  directory = await startTestNode(listingNode(), { network, log: new MemoryEventLog(store) });
  unit = await startTestNode(deskNode('asylum'), { network, agencyId: HERE, log: new MemoryEventLog(store) });
  for (const entry of ENTRIES) await directory.post('/v1/listings', { entry }, { roles: ['coordinator'] });
  await eventually(async () => {
    const { rows } = await unit.pool.query('SELECT FROM known_entry');
    expect(rows).toHaveLength(ENTRIES.length);
  });
});

afterAll(async () => {
  await directory?.stop();
  await unit?.stop();
});

async function run(referralId: string, command: ReferralCommand): Promise<void> {
  const asked = { procedure: referralProcedure, actor: 'spec', correlationId: 'spec', causation: null };
  await unit.node.runtime.context.handler.execute({ ...asked, id: referralId, command });
}

/** A case comes by a referral that tells this. */
async function receive(
  facts: ReferralFacts,
  caseId = randomUUID(),
  requestedAt = '2026-11-19T15:00:00.000Z',
  sender = SENDER,
) {
  const referralId = randomUUID();
  await run(referralId, {
    ...{ type: 'ReceiveReferral', by: HERE, publishedBy: sender },
    request: {
      ...{ referralId, caseId, sender, receiver: HERE, service: 'ASYLUM', urgency: 'ROUTINE' },
      ...{ reason: 'ASYLUM_INTENT', requestedAt, acknowledgeBy: '2026-11-26T15:00:00.000Z', facts },
      consent: { basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', language: 'spa', grantedOn: '2026-11-19' },
      ...{ transfer: false, groupId: null, attachments: [], deadlines: DEFAULT_REFERRAL_DEADLINES.ROUTINE },
    },
  });
  return { referralId, caseId };
}

function bodyOf(caseId: string, change: object): object {
  const asked = { caseId, receiver: 'mx-comar', service: 'SHELTER', urgency: 'URGENT', reason: 'URGENT_NEED' };
  return { ...asked, consent: { ...CONSENT, grantedOn: null }, ...change };
}

const send = (caseId: string, change: object = {}): Promise<TestReply> =>
  unit.post('/v1/referrals', bodyOf(caseId, change), STAFF);

async function attemptsOf(caseId: string): Promise<readonly object[]> {
  const events = await unit.node.runtime.store.readStream(`consent-${caseId}`);
  return events.filter(({ type }) => type === 'ContactAttempted').map(({ data }) => data);
}

async function factsSent(reply: TestReply): Promise<unknown> {
  expect([reply.status, reply.body.code]).toEqual([201, undefined]);
  const [requested] = await unit.node.runtime.store.readStream(`referral-${reply.body.id}`);
  return requested?.data['facts'];
}

describe('INV-05 an agency that knows a case only by a referral', () => {
  it.each(TYPED)(
    'sends nothing on to an authority of the country of origin %s; the try is on record',
    async (_, typed) => {
      const { caseId } = await receive(FACTS);
      const refused = await send(caseId, typed);
      expect([refused.status, refused.body.code]).toEqual([403, 'DENY.COUNTRY_OF_ORIGIN']);
      expect((await unit.get(`/v1/referrals?direction=sent&caseId=${caseId}`, STAFF)).body.items).toEqual([]);
      expect(await attemptsOf(caseId)).toMatchObject([
        { recipient: 'mx-comar', allowed: false, refusals: ['DENY.COUNTRY_OF_ORIGIN'] },
      ]);
    },
  );

  it('nor in a group, nor a draft, however its id is written', async () => {
    const caseId = (await receive(FACTS)).caseId.toUpperCase();
    const request = bodyOf(caseId, { facts: WITHOUT });
    const group = await unit.post('/v1/referral-groups', { requests: [request] }, STAFF);
    expect([group.status, group.body.errors[0].code]).toEqual([409, 'DENY.COUNTRY_OF_ORIGIN']);
    const draft = await unit.post('/v1/referral-drafts', request, STAFF);
    expect(draft.status).toBe(201);
    const sent = await unit.post(`/v1/referral-drafts/${draft.body.id}/sending`, {}, STAFF);
    expect([sent.status, sent.body.code]).toEqual([403, 'DENY.COUNTRY_OF_ORIGIN']);
    expect(await attemptsOf(caseId.toLowerCase())).toHaveLength(2);
  });

  it('nor when a later referral of the case tells less', async () => {
    const { caseId } = await receive(FACTS);
    await receive(NOTHING_KNOWN, caseId, '2026-11-20T15:00:00.000Z');
    expect((await send(caseId, { facts: WITHOUT })).body.code).toBe('DENY.COUNTRY_OF_ORIGIN');
  });

  it('judges by what is typed as well, and by what it sent before where nobody referred the case', async () => {
    const { caseId } = await receive(WITHOUT);
    expect((await send(caseId, { facts: FACTS })).body.code).toBe('DENY.COUNTRY_OF_ORIGIN');
    const own = randomUUID();
    await factsSent(await send(own, { receiver: 'cr-ombudsman', facts: FACTS }));
    expect((await send(own, { facts: WITHOUT })).body.code).toBe('DENY.COUNTRY_OF_ORIGIN');
    expect((await send(own)).body.code).toBe('DENY.COUNTRY_OF_ORIGIN');
  });

  it('sends it to others, and to an authority of a State that nothing on record names', async () => {
    const { caseId } = await receive(FACTS);
    expect(await factsSent(await send(caseId, { receiver: 'cr-ombudsman' }))).toEqual(FACTS);
    expect(await attemptsOf(caseId)).toEqual([]);
    expect((await send((await receive(WITHOUT)).caseId)).status).toBe(201);
  });

  it('sends it nowhere else there when a receiver names such an authority instead of itself', async () => {
    const { caseId } = await receive(FACTS);
    const { id } = (await send(caseId, { receiver: 'cr-ombudsman', facts: WITHOUT })).body as { id: string };
    const rejection = { reason: 'NO_CAPACITY', alternativeAgency: 'mx-comar' } as const;
    await run(id, { type: 'NoteRejection', by: 'cr-ombudsman', at: '2026-11-24T16:00:00.000Z', ...rejection });
    const refused = await unit.post(`/v1/referrals/${id}/rerouting`, {}, STAFF);
    expect([refused.status, refused.body.code]).toEqual([403, 'DENY.COUNTRY_OF_ORIGIN']);
  });

  it('hands nothing more out of a referral that went there before the nationality was known', async () => {
    const { caseId } = await receive(WITHOUT);
    const { id } = (await send(caseId)).body as { id: string };
    expect((await unit.get(`/v1/referrals/${id}/fhir`, STAFF)).status).toBe(200);
    await receive(FACTS, caseId, '2026-11-20T15:00:00.000Z');
    const word = await unit.post(`/v1/referrals/${id}/information`, { information: ['HEALTH'] }, STAFF);
    expect([word.status, word.body.code]).toEqual([403, 'DENY.COUNTRY_OF_ORIGIN']);
    const bundle = await unit.get(`/v1/referrals/${id}/fhir`, STAFF);
    expect([bundle.status, bundle.body.code]).toEqual([403, 'DENY.COUNTRY_OF_ORIGIN']);
  });

  it('passes over what a referral of the wrong person told', async () => {
    const { caseId, referralId } = await receive(FACTS);
    const at = '2026-11-19T16:00:00.000Z';
    await run(referralId, { type: 'NoteEntryError', by: SENDER, at, reason: 'WRONG_PERSON' });
    expect(await factsSent(await send(caseId))).toEqual(NOTHING_KNOWN);
  });

  const answering = { by: HERE, now: '2026-11-20T09:00:00.000Z' } as const;
  const reject = (id: string) =>
    run(id, { type: 'RejectReferral', ...answering, reason: 'NO_CAPACITY', alternativeAgency: null });

  it('passes over what a referral told that it rejected: nothing is kept of it', async () => {
    const { caseId, referralId } = await receive(FACTS);
    await receive(WITHOUT, caseId, '2026-11-18T15:00:00.000Z');
    await reject(referralId);
    expect(await factsSent(await send(caseId))).toEqual(WITHOUT);
  });

  it('goes on to judge by what a referral told that it accepted, also when it was cancelled; others are told nothing of it', async () => {
    const { caseId, referralId } = await receive(FACTS);
    await run(referralId, { type: 'AcknowledgeReferral', ...answering });
    await run(referralId, { type: 'AcceptReferral', ...answering });
    await run(referralId, { type: 'NoteCancellation', by: SENDER, at: answering.now, reason: 'PERSON_MOVED_ON' });
    await run(referralId, { type: 'FailReferral', ...answering, reason: 'CANCELLED_BY_SENDER' });
    expect((await send(caseId)).body.code).toBe('DENY.COUNTRY_OF_ORIGIN');
    expect((await send(caseId, { facts: WITHOUT })).body.code).toBe('DENY.COUNTRY_OF_ORIGIN');
    expect(await factsSent(await send(caseId, { receiver: 'cr-ombudsman' }))).toEqual(NOTHING_KNOWN);
  });

  it.each(TYPED)('proposes no such authority %s', async (_, typed) => {
    const { caseId } = await receive(FACTS);
    const question = { caseId, service: 'SHELTER', urgency: 'LIFE_SAVING', reason: 'URGENT_NEED', ...typed };
    const { body } = await unit.post('/v1/candidates', question, STAFF);
    const candidates = body.candidates as { agencyId: string; can: boolean; refusals: string[] }[];
    expect(candidates.map(({ agencyId, can, refusals }) => [agencyId, can, refusals])).toEqual([
      ['cr-ombudsman', true, []],
      ['mx-comar', false, ['DENY.COUNTRY_OF_ORIGIN']],
    ]);
  });
});

describe('what a receiver is told', () => {
  it('is what the latest referral told by which the case came, with all nationalities, where the request names nothing', async () => {
    const { caseId } = await receive({ ...WITHOUT, sex: 'UNKNOWN', ageBand: null });
    await receive(FACTS, caseId, '2026-11-20T15:00:00.000Z');
    const told = await factsSent(await send(caseId, { receiver: 'cr-ombudsman' }));
    expect(told).toEqual({ ...FACTS, nationalities: ['MX', 'HN'] });
  });

  it('is what the request names, where it does', async () => {
    const { caseId } = await receive(FACTS);
    expect(await factsSent(await send(caseId, { receiver: 'cr-ombudsman', facts: WITHOUT }))).toEqual(WITHOUT);
  });

  it('is that nothing is known, where nothing is', async () => {
    expect(await factsSent(await send(randomUUID(), { receiver: 'cr-ombudsman' }))).toEqual(NOTHING_KNOWN);
  });
});

describe('INV-08 an agency that knows a case only by a referral says of nobody that they are an adult', () => {
  const doubted: ReferralFacts = { ...FACTS, ageStatus: 'DISPUTED', ageBand: { fromYears: 16, toYears: 20 } };
  const later = '2026-11-20T15:00:00.000Z';
  const answering = { by: HERE, now: later } as const;
  async function failUnwanted(id: string): Promise<void> {
    await run(id, { type: 'AcknowledgeReferral', ...answering });
    await run(id, { type: 'AcceptReferral', ...answering });
    await run(id, { type: 'FailReferral', ...answering, reason: 'CONSENT_WITHDRAWN' });
  }
  const ageSent = async (caseId: string, change: object = {}): Promise<unknown> =>
    ((await factsSent(await send(caseId, { receiver: 'cr-ombudsman', ...change }))) as ReferralFacts).ageStatus;

  it.each(['DISPUTED', 'CHILD'] as const)('who was told to be %s, whatever is typed', async (ageStatus) => {
    const { caseId } = await receive({ ...doubted, ageStatus });
    expect(await ageSent(caseId, { facts: FACTS })).toBe('DISPUTED');
  });

  it('whom one agency has in doubt and another, later, not', async () => {
    const { caseId } = await receive(doubted);
    await receive(FACTS, caseId, later, 'cr-conatt');
    expect(await ageSent(caseId)).toBe('DISPUTED');
    expect(await ageSent(caseId, { facts: FACTS, service: 'HEALTH' })).toBe('DISPUTED');
  });

  it('whom an agency had in doubt that says nothing of the person later', async () => {
    const { caseId } = await receive(doubted);
    await receive(NOTHING_KNOWN, caseId, later);
    expect(await ageSent(caseId, { facts: FACTS })).toBe('DISPUTED');
  });

  it('whom a referral told to be a child that was accepted once, until its sender says otherwise', async () => {
    const { caseId } = await receive(FACTS);
    await failUnwanted((await receive({ ...doubted, ageStatus: 'CHILD' }, caseId, later, 'cr-conatt')).referralId);
    expect(await ageSent(caseId, { facts: FACTS })).toBe('DISPUTED');
    await receive(FACTS, caseId, '2026-11-21T15:00:00.000Z', 'cr-conatt');
    expect(await ageSent(caseId, { facts: FACTS, service: 'HEALTH' })).toBe('ADULT');
  });

  it('but of whom the agency that was in doubt is so no more, and of whom nobody said anything', async () => {
    const { caseId } = await receive(doubted);
    await receive(FACTS, caseId, later);
    expect(await ageSent(caseId, { facts: FACTS })).toBe('ADULT');
    expect(await ageSent((await receive(NOTHING_KNOWN)).caseId, { facts: FACTS })).toBe('ADULT');
  });
});

describe('a service with a register', () => {
  const registered: ReferralFacts = { ...NOTHING_KNOWN, ageStatus: 'CHILD', nationalities: ['HT'] };
  const withRegister = (facts: ReferralFacts | null): FactsOnRecord =>
    new FactsOnRecord(unit.pool, unit.node.runtime.context, { factsOf: async () => facts });

  it('tells what it says, and adds what others told; not what it told itself', async () => {
    const { caseId } = await receive(FACTS);
    await factsSent(await send(caseId, { receiver: 'cr-ombudsman', facts: WITHOUT }));
    const record = withRegister(registered);
    expect(await record.toldOf(caseId)).toEqual({ ...registered, nationalities: ['HT', 'MX'] });
    expect(await record.judgedWith(caseId, WITHOUT)).toEqual({
      ...{ nationalities: ['HT', 'MX', 'HN'], nationalityStatus: 'UNDETERMINED' },
    });
  });

  it('INV-08 says of nobody that they are an adult whose age is in doubt there', async () => {
    expect(await withRegister(registered).toldOf(randomUUID(), FACTS)).toEqual({ ...FACTS, ageStatus: 'DISPUTED' });
    expect(await withRegister(FACTS).toldOf(randomUUID(), FACTS)).toEqual(FACTS);
  });

  it('tells what others told of a case that it does not have itself', async () => {
    const { caseId } = await receive(FACTS);
    expect(await withRegister(null).toldOf(caseId)).toEqual(FACTS);
    expect(await withRegister(null).toldOf(caseId, WITHOUT)).toEqual(WITHOUT);
  });
});

describe('facts that are put together', () => {
  it('are as the first says them, with the nationalities of all', () => {
    expect(withAllNationalities([FACTS, WITHOUT, FACTS])).toEqual({ ...FACTS, nationalities: ['MX', 'HN'] });
    expect(withAllNationalities([])).toBeNull();
  });

  it.each([
    ['DECLARED', 'STATELESS', 'STATELESS'],
    ['UNDETERMINED', 'DECLARED', 'UNDETERMINED'],
    ['AT_RISK_OF_STATELESSNESS', 'DOCUMENTED', 'AT_RISK_OF_STATELESSNESS'],
  ] as const)('keep a doubt that is on record: %s, told %s', (known, told, judged) => {
    const facts = judgedFacts(
      { nationalities: ['MX'], nationalityStatus: known },
      { nationalities: ['HN', 'MX'], nationalityStatus: told },
    );
    expect(facts).toEqual({ nationalities: ['MX', 'HN'], nationalityStatus: judged });
  });

  it('are what is told where nothing is on record', () => {
    expect(judgedFacts(null, WITHOUT)).toBe(WITHOUT);
  });
});
