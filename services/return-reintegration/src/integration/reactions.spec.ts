import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@acogida/core';
import type { ReceivedEvent } from '@acogida/event-log';
import { inTransaction } from '@acogida/event-store';
import { COUNSELLED_OPTIONS } from '@acogida/reference';
import { ManualAlarmClock } from '@acogida/service-kit';
import { createTestNetwork, startTestNode, type TestNode } from '@acogida/testing/node';
import { returnReintegrationNode } from '../return-reintegration.module.ts';

const AGENCY = 'cr-return-unit';
const BEGIN = '2026-11-20T15:00:00.000Z';
const COOLED = '2026-11-22T15:00:00.000Z';
const counsellor = { roles: ['caseworker'] } as const;
const time = { now: BEGIN };
const clock = { now: () => time.now };
/** Nothing comes due by itself. */
const alarm = new ManualAlarmClock();
const talk = { language: 'spa', interpretation: 'IN_PERSON', isDetained: false };

let node: TestNode;

beforeAll(async () => {
  const network = await createTestNetwork([AGENCY, 'return-reintegration', 'CR']);
  node = await startTestNode(returnReintegrationNode, { network, agencyId: AGENCY, clock, alarm });
  await node.node.runtime.deadlines?.runDue(); // the look at the start is over
});
afterAll(() => node.stop());

/** Lets the policy of this name react to a word of another agency. */
async function hear(
  name: string,
  type: string,
  caseId: string | null,
  data: JsonObject,
  source = 'cr-border-intake',
): Promise<void> {
  const { context, definition, pool } = node.node.runtime;
  const policy = definition.policies(context).find((one) => one.name === name);
  if (policy === undefined) throw new RangeError('no such policy');
  const event: ReceivedEvent = {
    ...{ id: randomUUID(), source, class: 'case', subject: 'subject', number: 7 },
    ...{ time: COOLED, clockAhead: false },
    payload: {
      ...{ type, schemaVersion: 1, caseId, data, occurredAt: COOLED, recordedAt: COOLED, version: 1 },
      ...{ stream: 'said-elsewhere', publishedHead: '', privateHead: '', clock: '1795338000000-000000' },
      ...{ correlationId: randomUUID(), causation: null },
    },
  };
  await inTransaction(pool, (transaction) => Promise.resolve(policy.react(event, transaction)));
}

const identifyChild = (caseId: string, careStatus: string): Promise<void> =>
  hear('when-child-identified-then-note-child', 'ChildIdentified', caseId, { basis: 'DOUBT', careStatus });

const withdrawElsewhere = (caseId: string | null, consentId: string | null): Promise<void> =>
  hear('when-consent-withdrawn-then-withdraw-return-consent', 'ConsentWithdrawn', caseId, {
    ...{ consentId, withdrawnAt: COOLED, lodgedAt: 'cr-border-intake', form: 'ORAL_WITNESSED' },
    ...{ language: 'spa', interpretation: 'IN_PERSON' },
  });

/** A return whose consent an officer has confirmed: H-17 is lifted. */
async function confirmed(caseId: string): Promise<string> {
  time.now = BEGIN;
  const applied = await node.post('/v1/return-cases', { caseId, destination: 'NI', ageStatus: 'ADULT' }, counsellor);
  expect(applied.status).toBe(201);
  const id = applied.body.id as string;
  const step = (name: string, body: object) => node.post(`/v1/return-cases/${id}/${name}`, body, counsellor);
  await step('counselling', { ...talk, heldAt: BEGIN, options: COUNSELLED_OPTIONS });
  const given = { form: 'WRITTEN', givenBy: 'SELF', assent: 'NOT_APPLICABLE', hasIndependentWitness: false, ties: [] };
  await step('consent', { ...talk, ...given, signedAt: BEGIN });
  time.now = COOLED;
  expect((await step('voluntariness', {})).body).toMatchObject({ stage: 'CONSENTED' });
  return id;
}

/** Version and stage of a return case, and how many holds stand on the case. */
async function standing(id: string, caseId: string): Promise<readonly unknown[]> {
  const { body } = await node.get(`/v1/return-cases/${id}`, counsellor);
  const { body: protection } = await node.get(`/v1/cases/${caseId}/protection`, counsellor);
  return [body.version, body.stage, body.careStatus, protection.holds.length];
}

describe('when another agency identifies a child', () => {
  it('INV-08 INV-11 the consent ends and H-17 stands again, once, on that case alone', async () => {
    const [caseId, other] = [randomUUID(), randomUUID()];
    const id = await confirmed(caseId);
    const elsewhere = await confirmed(other);
    await identifyChild(caseId, 'UNACCOMPANIED');
    await identifyChild(caseId, 'ACCOMPANIED');
    expect(await standing(id, caseId)).toEqual([5, 'SUBMITTED', 'UNACCOMPANIED', 1]);
    expect(await standing(elsewhere, other)).toEqual([4, 'CONSENTED', null, 0]);
    const stream = await node.node.runtime.store.readStream(`return-case-${id}`);
    expect(stream.at(-1)?.metadata.actor).toBe(`${AGENCY}.when-child-identified-then-note-child`);
  });
});

describe('when a consent is withdrawn', () => {
  /** A consent of the consent desk. */
  async function consentFor(caseId: string, ...purposes: string[]): Promise<string> {
    const { status, body } = await node.post(
      '/v1/consents',
      {
        ...{ caseId, purposes, fields: ['FACTS'], recipients: ['cr-clinic'], services: [], history: 'CURRENT' },
        ...{ basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', childAssent: 'NOT_APPLICABLE', ageStatus: 'ADULT' },
        ...{ language: 'spa', interpretation: 'NONE_NEEDED' },
        ...{ explained: true, understandingChecked: true, withoutPenalty: true },
      },
      counsellor,
    );
    expect(status).toBe(201);
    return body.id as string;
  }

  it('INV-14 that was for returning, at another agency, the person does not want to return; of any other nothing follows', async () => {
    const caseId = randomUUID();
    const id = await confirmed(caseId);
    const [medical, forReturn] = [await consentFor(caseId, 'MEDICAL'), await consentFor(caseId, 'RETURN')];
    await withdrawElsewhere(caseId, medical);
    expect(await standing(id, caseId)).toEqual([4, 'CONSENTED', null, 0]);
    await withdrawElsewhere(caseId, forReturn);
    await withdrawElsewhere(caseId, forReturn);
    expect(await standing(id, caseId)).toEqual([5, 'WITHDRAWN', null, 1]);
  });

  it('INV-14 of which nobody here has heard yet what it was for, it is the same', async () => {
    const caseId = randomUUID();
    const id = await confirmed(caseId);
    await withdrawElsewhere(caseId, randomUUID());
    expect(await standing(id, caseId)).toEqual([5, 'WITHDRAWN', null, 1]);
  });

  it('INV-14 at this agency’s own desk, it is the same', async () => {
    const caseId = randomUUID();
    const id = await confirmed(caseId);
    const [medical, forReturn] = [await consentFor(caseId, 'MEDICAL'), await consentFor(caseId, 'RETURN')];
    const once = { roles: ['border-officer'], idempotencyKey: randomUUID() } as const;
    expect((await node.post(`/v1/consents/${medical}/withdrawal`, {}, counsellor)).status).toBe(200);
    expect(await standing(id, caseId)).toEqual([4, 'CONSENTED', null, 0]);
    expect((await node.post(`/v1/consents/${forReturn}/withdrawal`, {}, once)).status).toBe(200);
    expect((await node.post(`/v1/consents/${forReturn}/withdrawal`, {}, once)).status).toBe(200);
    expect(await standing(id, caseId)).toEqual([5, 'WITHDRAWN', null, 1]);
    expect((await node.post('/v1/consents/withdrawals', { caseId }, counsellor)).status).toBe(200);
    expect((await standing(id, caseId))[0]).toBe(5);
  });

  it('INV-14 with all others of the case, it is the same', async () => {
    const caseId = randomUUID();
    const id = await confirmed(caseId);
    await withdrawElsewhere(caseId, null);
    expect(await standing(id, caseId)).toEqual([5, 'WITHDRAWN', null, 1]);
    await withdrawElsewhere(null, null);
  });

  it('INV-14 and passed on by another agency when the person has consented anew, it ends nothing more', async () => {
    const caseId = randomUUID();
    const first = await confirmed(caseId);
    const data = { consentId: null, withdrawnAt: COOLED, form: 'WRITTEN', language: null, interpretation: null };
    const said = async (source: string, withdrawnAt = COOLED): Promise<void> => {
      for (const policy of ['acknowledge-withdrawal', 'withdraw-return-consent'])
        await hear(
          `when-consent-withdrawn-then-${policy}`,
          'ConsentWithdrawn',
          caseId,
          { ...data, withdrawnAt, lodgedAt: source },
          source,
        );
    };
    await said('cr-border-intake');
    expect(await standing(first, caseId)).toEqual([5, 'WITHDRAWN', null, 1]);
    const anew = { ...talk, heldAt: COOLED, options: COUNSELLED_OPTIONS };
    expect((await node.post(`/v1/return-cases/${first}/counselling`, anew, counsellor)).status).toBe(200);
    await said('cr-conatt');
    expect((await standing(first, caseId))[1]).toBe('COUNSELLED');
    await said('cr-conatt', '2026-11-22T16:00:00.000Z');
    expect((await standing(first, caseId))[1]).toBe('WITHDRAWN');
  });
});
