import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestNode, type TestNode, type TestReply, type TestRequestOptions } from '@acogida/testing/node';
import { asylumNode } from '../asylum.module.ts';

const OFFICER = { roles: ['eligibility-officer'] } as const;
const IMPORT = { roles: ['import'] } as const;
const NOW = '2026-11-22T15:00:00.000Z';
const LODGING = { form: 'ORAL', lodgedBy: 'SELF', lodgedOn: '2026-11-13', enteredOn: '2026-09-01' };

let node: TestNode;
beforeAll(async () => {
  node = await startTestNode(asylumNode, { agencyId: 'cr-refugee-unit', clock: { now: () => NOW } });
});
afterAll(() => node?.stop());

const lodge = (caseId: string, who: TestRequestOptions = OFFICER): Promise<TestReply> =>
  node.post('/v1/applications', { ...LODGING, caseId }, who);

const ledgerOf = async (caseId: string) =>
  (await node.node.runtime.store.readStream(`hold-ledger-${caseId}`)).map(({ type, data }) => [
    ...[type, (data as { kind?: string }).kind ?? null],
  ]);

async function intend(caseId: string): Promise<void> {
  expect((await node.post(`/v1/cases/${caseId}/holds`, { kind: 'ASYLUM_INTENT' }, OFFICER)).status).toBe(201);
}

describe('an application that is lodged', () => {
  it('INV-02 holds the person in the same step, for this application', async () => {
    const caseId = randomUUID();
    const { status, body } = await lodge(caseId);
    expect([status, body.version]).toEqual([201, 1]);
    const screen = (await node.get(`/v1/cases/${caseId}/protection`, { roles: ['caseworker'] })).body;
    expect(screen).toMatchObject({ status: 'PROTECTED', since: NOW, holds: [{ kind: 'ASYLUM_PENDING', since: NOW }] });
    const [placed] = await node.node.runtime.store.readStream(`hold-ledger-${caseId}`);
    expect(placed?.data).toMatchObject({
      groundId: body.applicationId,
      placedBy: 'cr-refugee-unit.eligibility-officer',
    });
    expect(placed?.data).not.toHaveProperty('referredBy');
  });

  it('holds once, however often the request comes, in either case of letters; and once for each application', async () => {
    const caseId = randomUUID();
    const once = { ...OFFICER, idempotencyKey: randomUUID() };
    const first = await lodge(caseId, once);
    expect((await lodge(caseId, once)).body).toEqual(first.body);
    const one = [
      ['HoldPlaced', 'ASYLUM_PENDING'],
      ['HoldProtected', null],
    ];
    expect(await ledgerOf(caseId)).toEqual(one);
    expect((await lodge(caseId.toUpperCase())).body.caseId).toBe(caseId);
    expect(await ledgerOf(caseId)).toEqual([...one, ...one]);
  });

  it('INV-02 lets an intent of this authority become it, without a moment in between', async () => {
    const caseId = randomUUID();
    await intend(caseId);
    await lodge(caseId);
    expect((await ledgerOf(caseId)).slice(2)).toEqual([
      ['HoldPlaced', 'ASYLUM_PENDING'],
      ['HoldProtected', null],
      ['HoldLifted', null],
    ]);
  });

  it('INV-01 lifts nothing by an import, in which no officer decides', async () => {
    const caseId = randomUUID();
    await intend(caseId);
    expect((await lodge(caseId, IMPORT)).status).toBe(201);
    expect((await ledgerOf(caseId)).slice(2)).toEqual([
      ['HoldPlaced', 'ASYLUM_PENDING'],
      ['HoldProtected', null],
    ]);
  });

  it('holds nobody where it was refused', async () => {
    const caseId = randomUUID();
    const early = await node.post('/v1/applications', { ...LODGING, caseId, lodgedOn: '2026-11-23' }, OFFICER);
    expect([early.status, await ledgerOf(caseId)]).toEqual([422, []]);
  });
});
