import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { ReceivedEvent } from '@acogida/event-log';
import { inTransaction } from '@acogida/event-store';
import { DEFAULT_REFERRAL_DEADLINES } from '@acogida/reference';
import { custodyProcedure, type CustodyState, referralProcedure, type ReferralRequest } from '@acogida/referral';
import { startTestNode, type TestNode } from '@acogida/testing/node';
import { whenCustodyReleasedThenTakeCustody } from './custody-policies.ts';
import { referralDesk } from './referral-desk.ts';
import { whenSuccessionOrderedThenTakeCustody } from './succession-policy.ts';

const AT = '2026-11-22T10:00:00.000Z';
const STAFF = { roles: ['caseworker'] } as const;

let heir: TestNode;
let gone = 0;

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
  const policies = [whenSuccessionOrderedThenTakeCustody(context), whenCustodyReleasedThenTakeCustody(context)];
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

/** A new agency, and a case of which it said here that it has it under the term. */
async function referredBy(custodyTerm: number | undefined, transfer = false): Promise<ReferralRequest> {
  const request: ReferralRequest = {
    ...{ referralId: randomUUID(), caseId: randomUUID(), sender: `cr-agency-${(gone += 1)}`, receiver: 'cr-conatt' },
    ...{ service: 'SHELTER', urgency: 'URGENT', reason: 'SPECIFIC_NEED', requestedAt: AT, acknowledgeBy: AT },
    consent: { basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', language: 'hat', grantedOn: '2026-11-22' },
    facts: { sex: 'FEMALE', ageStatus: 'ADULT', ageBand: null, nationalities: ['HT'], nationalityStatus: 'DECLARED' },
    ...{ transfer, groupId: null, attachments: [], deadlines: DEFAULT_REFERRAL_DEADLINES.URGENT },
    ...(custodyTerm !== undefined && { custodyTerm }),
  };
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
    const other = `cr-agency-${(gone += 1)}`;
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
});
