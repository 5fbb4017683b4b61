import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { MemoryEventLog, MemoryLogStore } from '@acogida/event-log';
import { custodyProcedure, referralProcedure } from '@acogida/referral';
import { eventually } from '@acogida/testing';
import { createTestNetwork, startTestNode, type TestNode, type TestReply } from '@acogida/testing/node';
import { ManualAlarmClock } from '../deadlines/manual-alarm-clock.ts';
import { LocalDirectory } from '../directory-view/local-directory.ts';
import { agencyEntry, agreementEntry, listingNode, serviceEntry } from '../testing/listing-node.ts';
import { openedBySending } from '../testing/opened-by-sending.ts';
import type { OwnCases } from './own-cases.ts';
import { referralDesk } from './referral-desk.ts';

const STAFF = { roles: ['caseworker'] } as const;
const VITAL = {
  basis: 'VITAL_INTEREST',
  form: 'NOT_RECORDED',
  givenBy: 'NOT_APPLICABLE',
  language: null,
  grantedOn: null,
};
const WORDS = { basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', language: 'hat', grantedOn: '2026-11-22' };
const FACTS = {
  sex: 'FEMALE',
  ageStatus: 'ADULT',
  ageBand: null,
  nationalities: ['HT'],
  nationalityStatus: 'DECLARED',
};
const HOUR_MS = 3_600_000;

let directory: TestNode;
let sender: TestNode;
let reserved: TestNode;
/** Cases of which the procedures here have nothing any more. */
const forgotten = new Set<string>();
let aheadMs = 0;
const clock = { now: (): string => new Date(Date.now() + aheadMs).toISOString() };

beforeAll(async () => {
  const network = await createTestNetwork();
  const store = new MemoryLogStore();
  const desk = { description: 'A referral desk.', providers: [], contractProjections: [] };
  const ownCases: OwnCases = (lookup, caseId, known) =>
    forgotten.has(caseId) ? Promise.resolve(null) : openedBySending(lookup, caseId, known);
  const node = { network, log: new MemoryEventLog(store), clock, alarm: new ManualAlarmClock() };
  directory = await startTestNode(listingNode(), { network, log: new MemoryEventLog(store) });
  sender = await startTestNode({ ...desk, ownCases, kind: 'intake', ...referralDesk() }, node);
  reserved = await startTestNode(
    { ...desk, ownCases, kind: 'counter-trafficking', ...referralDesk({ reroutesUnanswered: false }) },
    { ...node, log: new MemoryEventLog(store), alarm: new ManualAlarmClock() },
  );
  const agencies = ['cr-border-intake', 'cr-conatt', 'cr-refugee-unit', 'cr-ombudsman'] as const;
  for (const entry of [
    ...agencies.map((agencyId) => agencyEntry(agencyId)),
    agencyEntry('mx-comar', { jurisdiction: 'MX', nature: 'PUBLIC_AUTHORITY', authorityOf: 'MX' }),
    agencyEntry('cr-albergue', { participation: 'LINK' }), // a link has to be handed to it: by nobody's clock
    agreementEntry(randomUUID(), [...agencies, 'cr-albergue', 'mx-comar'] as unknown as [string, string]),
    serviceEntry(randomUUID(), 'cr-albergue'),
    serviceEntry(randomUUID(), 'cr-conatt'),
    serviceEntry(randomUUID(), 'cr-refugee-unit'),
    serviceEntry(randomUUID(), 'mx-comar', { type: 'HEALTH' }),
  ]) {
    const { status, body } = await directory.post('/v1/listings', { entry }, { roles: ['coordinator'] });
    expect([status, body.code]).toEqual([201, undefined]);
  }
  for (const { node: known, pool } of [sender, reserved]) {
    await eventually(async () => {
      const { services } = await new LocalDirectory(known.runtime.context, pool).view();
      expect(services).toHaveLength(4);
    });
  }
});

afterAll(async () => {
  await directory?.stop();
  await sender?.stop();
  await reserved?.stop();
});

async function send(node: TestNode, change: object = {}): Promise<string> {
  const receiver = node === sender ? 'cr-conatt' : 'cr-border-intake';
  const asked = { caseId: randomUUID(), receiver, service: 'SHELTER', urgency: 'URGENT', reason: 'SPECIFIC_NEED' };
  const { status, body } = await node.post(
    '/v1/referrals',
    { ...asked, consent: VITAL, facts: FACTS, ...change },
    STAFF,
  );
  expect([status, body.code]).toEqual([201, undefined]);
  return body.id as string;
}

const show = async (node: TestNode, id: string): Promise<TestReply['body']> =>
  (await node.get(`/v1/referrals/${id}`, STAFF)).body;

/** Nobody acts for so long. */
async function nothingHappensFor(hours: number): Promise<void> {
  aheadMs += hours * HOUR_MS;
  for (const node of [sender, reserved]) await node.node.runtime.deadlines?.runDue();
}

it('INV-19 what nobody answers goes on to the next who can take it, then comes back to its sender', async () => {
  const id = await send(sender);
  await nothingHappensFor(24);
  expect(await show(sender, id)).toMatchObject({ state: 'REQUESTED', nextDueKind: 'ANSWER_ESCALATION' });
  await nothingHappensFor(12);
  const first = await show(sender, id);
  expect(first).toMatchObject({ state: 'EXPIRED', requestStatus: 'LOOP_CLOSED', loopOutcome: 'REFERRED_ELSEWHERE' });
  const next = await show(sender, first.nextReferralId);
  expect(next).toMatchObject({ receiver: 'cr-refugee-unit', causedBy: id, state: 'REQUESTED', service: 'SHELTER' });

  await nothingHappensFor(24);
  await nothingHappensFor(12);
  const second = await show(sender, next.id);
  expect(second).toMatchObject({
    state: 'EXPIRED',
    requestStatus: 'EXPIRED',
    senderTask: 'REOPENED',
    nextReferralId: null,
  });
  expect(second).toMatchObject({ nextDueKind: 'CLOSE_LOOP', lists: expect.arrayContaining(['awaiting-us']) });
});

it('goes on under the term under which its sender has the case now, or none', async () => {
  const [kept, given] = [randomUUID(), randomUUID()];
  const ids = [await send(sender, { caseId: kept }), await send(sender, { caseId: given })];
  const { handler, agencyId: by } = sender.node.runtime.context;
  const now = clock.now();
  for (const command of [
    { type: 'OpenCustody', by, now, caseId: given },
    { type: 'RecordRelease', caseId: given, referralId: randomUUID(), term: 2, from: by, to: 'cr-ombudsman' },
  ] as const) {
    await handler.execute({
      ...{ procedure: custodyProcedure, id: given, actor: 'spec', correlationId: randomUUID(), causation: null },
      command: command.type === 'RecordRelease' ? { ...command, number: null, at: now } : command,
    });
  }
  await nothingHappensFor(24);
  await nothingHappensFor(12);
  const terms = ids.map(async (id) => {
    const { nextReferralId } = await show(sender, id);
    return (await handler.load(referralProcedure, nextReferralId)).state?.request.custodyTerm;
  });
  expect(await Promise.all(terms)).toEqual([1, undefined]);
});

it.each([
  ['a consent that was stated for the first receiver alone', { consent: WORDS }],
  ['a service that only the authority of another State offers', { service: 'HEALTH' }],
])('comes back to its sender with %s', async (_, change) => {
  const id = await send(sender, change);
  await nothingHappensFor(24);
  await nothingHappensFor(12);
  expect(await show(sender, id)).toMatchObject({
    requestStatus: 'EXPIRED',
    senderTask: 'REOPENED',
    nextReferralId: null,
  });
});

it('comes back to its sender where the case is not known here any more', async () => {
  const caseId = randomUUID();
  const id = await send(sender, { caseId });
  forgotten.add(caseId);
  await nothingHappensFor(24);
  await nothingHappensFor(12);
  const back = { requestStatus: 'EXPIRED', senderTask: 'REOPENED', nextReferralId: null };
  expect(await show(sender, id)).toMatchObject(back);
});

it('comes back to its sender where the agency has it so', async () => {
  const id = await send(reserved);
  await nothingHappensFor(24);
  await nothingHappensFor(12);
  expect(await show(reserved, id)).toMatchObject({ requestStatus: 'EXPIRED', senderTask: 'REOPENED' });
});
