import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ReceivedEvent } from '@acogida/event-log';
import { inTransaction } from '@acogida/event-store';
import type { CareStatus } from '@acogida/reference';
import { ManualAlarmClock } from '@acogida/service-kit';
import { createTestNetwork, startTestNode, type TestNode } from '@acogida/testing/node';
import { childProtectionNode } from '../child-protection.module.ts';

const AGENCY = 'cr-child-welfare';
const POLICY = 'when-child-identified-then-report-child';
const SAID_AT = '2026-11-20T15:00:00.000Z';
const DUE = '2026-11-23T16:00:00.000Z';
const officer = { roles: ['caseworker'] } as const;
const supervisor = { roles: ['supervisor'] } as const;
const clock = { now: () => '2026-11-20T16:00:00.000Z' };

let node: TestNode;

beforeAll(async () => {
  const network = await createTestNetwork([AGENCY, 'child-protection', 'CR']);
  node = await startTestNode(childProtectionNode, { network, agencyId: AGENCY, clock, alarm: new ManualAlarmClock() });
});
afterAll(() => node.stop());

/** Lets the node hear that another agency identified a child. */
async function hear(caseId: string | null, careStatus: CareStatus): Promise<void> {
  const { context, definition, pool } = node.node.runtime;
  const policy = definition.policies(context).find(({ name }) => name === POLICY);
  if (policy === undefined) throw new RangeError('no such policy');
  const event: ReceivedEvent = {
    ...{ id: randomUUID(), source: 'cr-border-intake', class: 'case', subject: 'subject', number: 7 },
    ...{ time: SAID_AT, clockAhead: false },
    payload: {
      ...{ type: 'ChildIdentified', schemaVersion: 1, caseId, data: { basis: 'DOUBT', careStatus } },
      ...{ occurredAt: SAID_AT, recordedAt: SAID_AT, version: 1, stream: 'said-elsewhere' },
      ...{ publishedHead: '', privateHead: '', clock: '1795338000000-000000' },
      ...{ correlationId: randomUUID(), causation: null },
    },
  };
  await inTransaction(pool, (transaction) => Promise.resolve(policy.react(event, transaction)));
}

async function rowsOf(caseId: string): Promise<readonly Record<string, unknown>[]> {
  const { body } = await node.get(`/v1/child-cases?caseId=${caseId}`, officer);
  return body.items as Record<string, unknown>[];
}

async function kindsOn(caseId: string): Promise<readonly string[]> {
  const { body } = await node.get(`/v1/cases/${caseId}/protection`, officer);
  return (body.holds as { kind: string }[]).map(({ kind }) => kind).sort();
}

describe('when another agency identifies a child', () => {
  it('INV-08 INV-11 it is held at once where it is alone, or nobody knows with whom it is, and an officer finds it', async () => {
    for (const [careStatus, situation] of [
      ['UNACCOMPANIED', 'UNACCOMPANIED'],
      ['SEPARATED', 'SEPARATED'],
      ['UNKNOWN', 'NOT_ESTABLISHED'],
    ] as const) {
      const caseId = randomUUID();
      await hear(caseId, careStatus);
      await hear(caseId, careStatus);
      expect(await rowsOf(caseId)).toMatchObject([
        { version: 1, stage: 'REPORTED', situation, urgency: null, guardianDueAt: DUE },
      ]);
      expect(await kindsOn(caseId)).toEqual(['CHILD_NO_BID', 'CHILD_NO_GUARDIAN']);
    }
    const reported = await node.get('/v1/child-cases?stage=REPORTED', officer);
    expect(reported.body.items).toHaveLength(3);
  });

  it('it is not held where it is with somebody, until another one knows better', async () => {
    const caseId = randomUUID();
    await hear(caseId, 'ACCOMPANIED');
    expect(await rowsOf(caseId)).toMatchObject([{ stage: 'REPORTED', situation: 'ACCOMPANIED_AT_RISK' }]);
    expect(await kindsOn(caseId)).toEqual([]);
    await hear(caseId, 'SEPARATED');
    await hear(caseId, 'ACCOMPANIED');
    expect(await rowsOf(caseId)).toMatchObject([{ version: 2, stage: 'REPORTED', situation: 'SEPARATED' }]);
    expect(await kindsOn(caseId)).toEqual(['CHILD_NO_BID', 'CHILD_NO_GUARDIAN']);
  });

  it('an officer who meets it takes the same case, and the holds stay the same', async () => {
    const caseId = randomUUID();
    await hear(caseId, 'UNACCOMPANIED');
    const [row] = await rowsOf(caseId);
    const found = { caseId, basis: 'AGE', situation: 'UNACCOMPANIED', urgency: 'URGENT' };
    const { status, body } = await node.post('/v1/child-cases', found, officer);
    expect([status, body.id, body.version]).toEqual([201, row?.['id'], 2]);
    const ledger = await node.node.runtime.store.readStream(`hold-ledger-${caseId}`);
    expect(ledger.map(({ type }) => type)).toEqual(['HoldPlaced', 'HoldProtected', 'HoldPlaced', 'HoldProtected']);
    expect(ledger[0]?.data).toMatchObject({ placedBy: `${AGENCY}.${POLICY}`, groundId: body.id });
  });

  it('INV-11 what was said before a supervisor found less, and is heard after, has that decided again', async () => {
    const caseId = randomUUID();
    const found = { caseId, basis: 'AGE', situation: 'SEPARATED', urgency: 'URGENT' };
    const { body } = await node.post('/v1/child-cases', found, officer);
    const path = `/v1/child-cases/${body.id}`;
    const verified = { situation: 'ACCOMPANIED_AT_RISK', basis: 'RELATIVE_VERIFIED' };
    expect((await node.post(`${path}/situation`, verified, supervisor)).status).toBe(200);
    await hear(caseId, 'ACCOMPANIED');
    const confirm = async () => {
      const [{ holdId }] = (await node.get(`/v1/cases/${caseId}/protection`, officer)).body.holds;
      const lifting = `/v1/cases/${caseId}/holds/${holdId}/lifting/confirmation`;
      const reply = await node.post(lifting, { reason: 'PLACED_IN_ERROR' }, officer);
      return reply.status === 200 ? reply.status : [reply.status, reply.body.code];
    };
    expect(await confirm()).toBe(200); // nobody has said more
    await hear(caseId, 'UNACCOMPANIED');
    await hear(caseId, 'UNACCOMPANIED');
    expect(await confirm()).toEqual([409, 'HOLD.NOT_PROPOSED']);
    const shown = (await node.get(path, officer)).body;
    expect(shown).toMatchObject({ version: 3, situation: 'ACCOMPANIED_AT_RISK' });
    expect(shown.heardLate).toEqual([{ careStatus: 'UNACCOMPANIED', saidAt: SAID_AT, heardAt: clock.now() }]);
    expect(await kindsOn(caseId)).toHaveLength(1);
  });

  it('what belongs to no case is nobody’s', async () => {
    const before = await node.get('/v1/child-cases', officer);
    await hear(null, 'UNACCOMPANIED');
    expect((await node.get('/v1/child-cases', officer)).body).toEqual(before.body);
  });
});

describe('a referral by this agency', () => {
  const refer = async (caseId: string, transfer: boolean): Promise<readonly unknown[]> => {
    const asked = { receiver: 'cr-border-intake', service: 'SHELTER', urgency: 'URGENT', reason: 'CHILD_AT_RISK' };
    const consent = {
      basis: 'VITAL_INTEREST',
      form: 'NOT_RECORDED',
      givenBy: 'NOT_APPLICABLE',
      language: null,
      grantedOn: null,
    };
    const { status, body } = await node.post('/v1/referrals', { ...asked, consent, caseId, transfer }, officer);
    return [status, body.code];
  };

  it('is of a child that an officer met, whose case it then has, and of no other', async () => {
    const caseId = randomUUID();
    expect(await refer(caseId, false)).toEqual([404, 'REFERRAL.CASE_UNKNOWN']);
    const met = { caseId, basis: 'AGE', situation: 'UNACCOMPANIED', urgency: 'URGENT' };
    expect((await node.post('/v1/child-cases', met, officer)).status).toBe(201);
    expect(await refer(caseId, true)).toEqual([201, undefined]);
    expect((await node.get(`/v1/custody/${caseId}`, officer)).body).toMatchObject({ term: 1, isOurs: true });
  });

  it('is also of one that was reported, whose case stays with who has it, whoever met the child since', async () => {
    const caseId = randomUUID();
    await hear(caseId, 'UNACCOMPANIED');
    expect(await refer(caseId, false)).toEqual([201, undefined]);
    const met = { caseId, basis: 'AGE', situation: 'UNACCOMPANIED', urgency: 'URGENT' };
    expect((await node.post('/v1/child-cases', met, officer)).status).toBe(201);
    expect(await refer(caseId, true)).toEqual([409, 'CUSTODY.NOT_THE_CUSTODIAN']);
  });
});
