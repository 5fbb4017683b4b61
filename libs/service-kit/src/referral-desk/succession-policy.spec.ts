import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { ReceivedEvent } from '@acogida/event-log';
import { inTransaction } from '@acogida/event-store';
import { DEFAULT_REFERRAL_DEADLINES } from '@acogida/reference';
import { custodyProcedure, type CustodyState, referralProcedure, type ReferralRequest } from '@acogida/referral';
import { startTestNode, type TestNode } from '@acogida/testing/node';
import { whenCustodyReleasedThenTakeCustody } from './custody-policies.ts';
import { whenReferralRequestedThenReceiveReferral } from './policies.ts';
import { referralDesk } from './referral-desk.ts';
import {
  whenReferralOfAgencyThatIsGoneThenTakeCustody,
  whenSuccessionOrderedThenTakeCustody,
} from './succession-policy.ts';

const AT = '2026-11-22T10:00:00.000Z';
const STAFF = { roles: ['caseworker'] } as const;

let heir: TestNode;
let agencies = 0;
const newAgency = (): string => `cr-agency-${(agencies += 1)}`;

beforeAll(async () => {
  const desk = { description: 'A referral desk.', providers: [], contractProjections: [], ...referralDesk() };
  heir = await startTestNode({ kind: 'counter-trafficking', ...desk });
});

afterAll(() => heir?.stop());

function received(type: string, source: string, number: number, caseId: string | null, data: object): ReceivedEvent {
  const payload = { type, schemaVersion: 1, caseId, data, occurredAt: AT, recordedAt: AT, correlationId: randomUUID() };
  return { id: randomUUID(), source, number, class: 'referral', subject: 's', payload } as unknown as ReceivedEvent;
}

async function hear(event: ReceivedEvent): Promise<void> {
  const { context, pool } = heir.node.runtime;
  const policies = [
    whenReferralRequestedThenReceiveReferral(context),
    whenReferralOfAgencyThatIsGoneThenTakeCustody(context),
    whenSuccessionOrderedThenTakeCustody(context),
    whenCustodyReleasedThenTakeCustody(context),
  ];
  for (const policy of policies.filter(({ on }) => on === event.payload.type)) {
    await inTransaction(pool, (transaction) => policy.react(event, transaction));
  }
}

const order = (agency: string, lastGoodNumber = 9): ReceivedEvent =>
  received('SuccessionOrdered', 'regional-directory', 40, null, {
    statement: { agency, successor: 'cr-conatt', lastGoodNumber },
  });
const release = (caseId: string, from: string, to: string, term: number, number: number): ReceivedEvent =>
  received('CustodyReleased', from, number, caseId, { referralId: randomUUID(), term, to });

/** A request by an agency that says that it has the case under the term. */
function requestBy(sender: string, caseId: string, custodyTerm: number | undefined, transfer = false): ReferralRequest {
  return {
    ...{ referralId: randomUUID(), caseId, sender, receiver: 'cr-conatt' },
    ...{ service: 'SHELTER', urgency: 'URGENT', reason: 'SPECIFIC_NEED', requestedAt: AT, acknowledgeBy: AT },
    consent: { basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', language: 'hat', grantedOn: '2026-11-22' },
    facts: { sex: 'FEMALE', ageStatus: 'ADULT', ageBand: null, nationalities: ['HT'], nationalityStatus: 'DECLARED' },
    ...{ transfer, groupId: null, attachments: [], deadlines: DEFAULT_REFERRAL_DEADLINES.URGENT },
    ...(custodyTerm !== undefined && { custodyTerm }),
  };
}

/** A new agency, and a case of which it said here that it has it under the term. */
async function referredBy(custodyTerm: number | undefined): Promise<ReferralRequest> {
  const request = requestBy(newAgency(), randomUUID(), custodyTerm);
  const { referralId: id, sender: publishedBy } = request;
  const { handler } = heir.node.runtime.context;
  await handler.execute({
    ...{ procedure: referralProcedure, id, actor: 'spec', correlationId: randomUUID(), causation: null },
    command: { type: 'ReceiveReferral', by: 'cr-conatt', publishedBy, request },
  });
  return request;
}

const custodyOf = async (caseId: string): Promise<CustodyState> =>
  (await heir.node.runtime.context.handler.load(custodyProcedure, caseId)).state;

describe('when the roots order a succession', () => {
  it('the successor takes the next term of a case that it knows from the agency that is gone, once', async () => {
    const { caseId, referralId, sender } = await referredBy(3);
    expect((await heir.get(`/v1/referrals/${referralId}`, STAFF)).body).toMatchObject({ succeededBy: null });
    await hear(order(sender));
    await hear(order(sender));
    const taken = { term: 4, holder: 'cr-conatt', basis: 'SUCCESSION', from: sender, lastGoodNumber: 9 };
    expect(await custodyOf(caseId)).toMatchObject(taken);
    const { body } = await heir.get(`/v1/custody/${caseId}`, STAFF);
    expect(body).toMatchObject({ term: 4, holder: 'cr-conatt', isOurs: true, basis: 'SUCCESSION', since: AT });
    const { rows } = await heir.pool.query('SELECT version FROM es.stream WHERE name = $1', [`custody-${caseId}`]);
    expect(rows.map(({ version }) => Number(version))).toEqual([1]);
    expect((await heir.get(`/v1/referrals/${referralId}`, STAFF)).body).toMatchObject({ succeededBy: 'cr-conatt' });
    expect((await heir.get(`/v1/referrals?caseId=${caseId}`, STAFF)).body.items[0].succeededBy).toBe('cr-conatt');
  });

  it('nothing happens with a case that the agency only referred: it never said that it has it', async () => {
    const { caseId, sender } = await referredBy(undefined);
    await hear(order(sender));
    expect(await custodyOf(caseId)).toBeNull();
  });

  it('what was given away in time stays so, whichever is heard first', async () => {
    const { caseId, sender } = await referredBy(1);
    await hear(order(sender));
    expect(await custodyOf(caseId)).toMatchObject({ term: 2, holder: 'cr-conatt' });
    await hear(release(caseId, sender, 'mx-comar', 2, 9));
    expect(await custodyOf(caseId)).toMatchObject({ term: 2, holder: 'mx-comar', basis: 'RELEASED', releasedBy: 9 });
  });

  it('what was given away after the last good number is void, and all that followed from it', async () => {
    const { caseId, sender } = await referredBy(1);
    const other = newAgency();
    await hear(order(other)); // of whom nothing is known here yet
    await hear(release(caseId, 'mx-comar', 'cr-refugee-unit', 3, 5)); // nothing is known of the case yet
    expect(await custodyOf(caseId)).toBeNull();
    await hear(order(sender, 4));
    await hear(release(caseId, sender, 'mx-comar', 2, 9));
    await hear(release(caseId, 'mx-comar', 'cr-refugee-unit', 3, 5)).catch(() => {}); // quarantined
    expect(await custodyOf(caseId)).toMatchObject({ term: 2, holder: 'cr-conatt', basis: 'SUCCESSION' });
    await hear(release(caseId, 'cr-conatt', other, 3, 1));
    expect(await custodyOf(caseId)).toMatchObject({ term: 4, holder: 'cr-conatt', from: other });
  });

  it('what was heard before anything was known of the case counts as what is heard after it', async () => {
    const { caseId, sender } = await referredBy(1);
    await hear(release(caseId, sender, 'mx-comar', 2, 9));
    expect(await custodyOf(caseId)).toBeNull();
    expect((await heir.get(`/v1/custody/${caseId}`, STAFF)).status).toBe(404);
    await hear(order(sender));
    expect(await custodyOf(caseId)).toMatchObject({ term: 2, holder: 'mx-comar', basis: 'RELEASED', releasedBy: 9 });
  });

  it('the successor of an agency that was given the case has it, though nobody ever referred the case here', async () => {
    const [caseId, giver, gone] = [randomUUID(), newAgency(), newAgency()];
    await hear(release(caseId, giver, gone, 2, 3));
    await hear(order(gone));
    expect(await custodyOf(caseId)).toMatchObject({ term: 3, holder: 'cr-conatt', basis: 'SUCCESSION', from: gone });
    const other = randomUUID();
    await hear(release(other, giver, gone, 5, 4)); // after the order
    expect(await custodyOf(other)).toMatchObject({ term: 6, holder: 'cr-conatt', basis: 'SUCCESSION', from: gone });
  });

  it('nothing happens with a case that was given away between others before', async () => {
    const [caseId, gone] = [randomUUID(), newAgency()];
    await hear(release(caseId, newAgency(), newAgency(), 2, 3));
    await hear(order(gone));
    expect(await custodyOf(caseId)).toBeNull();
  });

  it('whoever has the case in the end has it whatever is heard first', async () => {
    const ends: unknown[] = [];
    for (const sequence of interleavings<Heard>([['referral', 'given'], ['passed on'], ['order']])) {
      const [caseId, sender, next, last] = [randomUUID(), newAgency(), newAgency(), newAgency()];
      const { requestedAt: _, caseId: __, ...said } = requestBy(sender, caseId, 4);
      const heard: Readonly<Record<Heard, ReceivedEvent>> = {
        referral: received('ReferralRequested', sender, 3, caseId, { causedBy: null, separationReason: null, ...said }),
        given: release(caseId, sender, next, 5, 8),
        'passed on': release(caseId, next, last, 6, 2),
        order: order(sender),
      };
      for (const name of sequence) await hear(heard[name]);
      const custody = await custodyOf(caseId);
      ends.push([custody?.term, custody?.holder === last, custody?.orders.map(({ from }) => from === sender)]);
    }
    expect(ends).toHaveLength(12);
    expect(new Set(ends.map((end) => JSON.stringify(end)))).toEqual(new Set([JSON.stringify([6, true, [true]])]));
  });
});

type Heard = 'referral' | 'given' | 'passed on' | 'order';

/** All orders in which several topics can be heard, each in its own order. */
function interleavings<T>(topics: readonly (readonly T[])[]): readonly (readonly T[])[] {
  const waiting = topics.filter((topic) => topic.length > 0);
  if (waiting.length === 0) return [[]];
  return waiting.flatMap((topic) => {
    const [first, ...rest] = topic as readonly [T, ...T[]];
    return interleavings(waiting.map((one) => (one === topic ? rest : one))).map((later) => [first, ...later]);
  });
}
