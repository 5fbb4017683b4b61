import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Role } from '@acogida/service-kit';
import { startTestNode, type TestNode, type TestReply } from '@acogida/testing/node';
import { counterTraffickingNode } from '../counter-trafficking.module.ts';
import { consentBySelf, interviewOfAdult } from '../domain/screening-examples.ts';

let node: TestNode;
beforeAll(async () => {
  node = await startTestNode(counterTraffickingNode);
});
afterAll(() => node?.stop());

const post = (path: string, body: object, role: Role = 'screening-officer'): Promise<TestReply> =>
  node.post(path, body, { roles: [role] });

interface Screening {
  readonly caseId: string;
  readonly path: string;
}

async function open(role: Role = 'screening-officer'): Promise<Screening> {
  const caseId = randomUUID();
  const { status, body } = await post('/v1/screenings', { caseId, referralId: null }, role);
  expect([status, body.version]).toEqual([201, 1]);
  return { caseId, path: `/v1/screenings/${body.id}` };
}

async function screen(interview: object = interviewOfAdult): Promise<Screening> {
  const screening = await open();
  await post(`${screening.path}/safety`, { setting: 'PRIVATE', urgentNeeds: 'MET' });
  await post(`${screening.path}/consent`, { decision: 'GIVEN', ...consentBySelf });
  expect((await post(`${screening.path}/interview`, interview)).status).toBe(200);
  return screening;
}

/** Open holds on the screen: which, and what is to be done next. */
async function heldBy({ caseId }: Screening): Promise<readonly (readonly [string, string])[]> {
  const { body } = await node.get(`/v1/cases/${caseId}/protection`, { roles: ['caseworker'] });
  const holds = body.holds as { kind: string; mustAct: readonly { step: string }[] }[];
  return holds.map(({ kind, mustAct }) => [kind, mustAct[0]?.step ?? '']);
}

const outcome = async ({ path }: Screening, body: object, role: Role = 'screening-officer') =>
  (await post(`${path}/outcome`, body, role)).status;

const CONFIRMED = { outcome: 'CONFIRMED', reason: 'ELEMENTS_ESTABLISHED' };
const NOTHING_FOUND = { outcome: 'NOT_IDENTIFIED', reason: 'ELEMENTS_ABSENT' };

describe('H-07', () => {
  it('INV-02 stands from the first suspicion on, that is the screening, whoever opens it and however often', async () => {
    for (const role of ['screening-officer', 'import'] as const) {
      const screening = await open(role);
      await post('/v1/screenings', { caseId: screening.caseId, referralId: null }, role);
      expect(await heldBy(screening)).toEqual([['TRAFFICKING_SCREENING', 'AUTHORITY_DECIDES']]);
      const [placed] = await node.node.runtime.store.readStream(`hold-ledger-${screening.caseId}`);
      expect(placed?.data).toMatchObject({ groundId: screening.path.split('/').at(-1) });
    }
  });

  it('INV-02 stays through safety, consent and interview', async () => {
    expect(await heldBy(await screen())).toEqual([['TRAFFICKING_SCREENING', 'AUTHORITY_DECIDES']]);
  });

  it.each([
    ['CONFIRMED', 'ELEMENTS_ESTABLISHED', 'REFLECTION_PERIOD'],
    ['PRESUMED', 'REASONABLE_GROUNDS', 'REFLECTION_PERIOD'],
  ])('INV-02 becomes another hold with the outcome %s, and leaves no moment without one', async (one, reason, kind) => {
    const screening = await screen();
    expect(await outcome(screening, { outcome: one, reason })).toBe(200);
    expect(await heldBy(screening)).toEqual([[kind, 'AUTHORITY_DECIDES']]);
    const ledger = await node.node.runtime.store.readStream(`hold-ledger-${screening.caseId}`);
    expect(ledger.map(({ type }) => type).slice(2)).toEqual(['HoldPlaced', 'HoldProtected', 'HoldLifted']);
    expect(ledger.at(-1)?.data).toMatchObject({ reason: 'OUTCOME_RECORDED', proposedBy: null });
  });

  it('INV-02 becomes H-09 for whoever is at risk', async () => {
    const nothing = { acts: [], means: [], purposes: [], indicators: [] };
    const screening = await screen({ ...interviewOfAdult, ...nothing });
    expect(await outcome(screening, { outcome: 'AT_RISK', reason: 'RISK_FACTORS_ONLY' })).toBe(200);
    expect(await heldBy(screening)).toEqual([['TRAFFICKING_RISK', 'AUTHORITY_DECIDES']]);
  });

  it('is lifted where nobody was identified and a second officer had agreed', async () => {
    const screening = await screen();
    await post(`${screening.path}/second-review`, { outcome: 'NOT_IDENTIFIED' }, 'supervisor');
    expect(await outcome(screening, NOTHING_FOUND)).toBe(200);
    expect(await heldBy(screening)).toEqual([]);
    const ledger = await node.node.runtime.store.readStream(`hold-ledger-${screening.caseId}`);
    const officers = { liftedBy: `${node.agencyId}.screening-officer`, proposedBy: `${node.agencyId}.supervisor` };
    expect(ledger.at(-1)).toMatchObject({ type: 'HoldLifted', data: { reason: 'OUTCOME_RECORDED', ...officers } });
  });

  it('waits for a second officer where the suggestion itself was that nobody is identified', async () => {
    const nothing = { acts: [], means: [], purposes: [] };
    const answered = interviewOfAdult.indicators.map((indicator) => ({ ...indicator, observed: 'NO' }));
    const screening = await screen({ ...interviewOfAdult, ...nothing, indicators: answered });
    expect(await outcome(screening, NOTHING_FOUND)).toBe(200);
    expect(await heldBy(screening)).toEqual([['TRAFFICKING_SCREENING', 'SECOND_OFFICER_DECIDES']]);
    const [{ holdId }] = (await node.get(`/v1/cases/${screening.caseId}/protection`, { roles: ['caseworker'] })).body
      .holds;
    const lifting = `/v1/cases/${screening.caseId}/holds/${holdId}/lifting/confirmation`;
    expect((await post(lifting, { reason: 'OUTCOME_RECORDED' })).status).toBe(403);
    expect((await post(lifting, { reason: 'OUTCOME_RECORDED' }, 'supervisor')).status).toBe(200);
    expect(await heldBy(screening)).toEqual([]);
  });

  it('INV-02 stays with an outcome that was taken over from an earlier register', async () => {
    const screening = await screen();
    expect(await outcome(screening, CONFIRMED, 'import')).toBe(200);
    expect(await heldBy(screening)).toEqual([['TRAFFICKING_SCREENING', 'AUTHORITY_DECIDES']]);
  });

  it('INV-02 is not all: what an earlier outcome placed stays when another one follows', async () => {
    const screening = await screen();
    await outcome(screening, CONFIRMED);
    await post(`${screening.path}/second-review`, { outcome: 'NOT_IDENTIFIED' }, 'supervisor');
    expect(await outcome(screening, NOTHING_FOUND)).toBe(200);
    expect(await heldBy(screening)).toEqual([['REFLECTION_PERIOD', 'AUTHORITY_DECIDES']]);
  });
});
