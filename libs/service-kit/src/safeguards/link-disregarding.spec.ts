import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inTransaction } from '@acogida/event-store';
import { gateProcedure } from '@acogida/safeguards';
import { startTestNode, type TestNode, type TestReply } from '@acogida/testing/node';
import type { Role } from '../auth/roles.ts';
import { ManualAlarmClock } from '../deadlines/manual-alarm-clock.ts';
import { CaseLinks } from './case-links.ts';
import * as bench from './testing/authority-bench.ts';
import { authorityWithGate, LINK_ID, sayOfLink } from './testing/linked-authority.ts';

const { asks, BORDER, CONATT, questionOf } = bench;
const OFFICER = { roles: ['eligibility-officer'] } as const;
const NOW = '2026-11-22T09:00:00.000Z';
const REASON = { reason: 'DOCUMENTS_COMPARED' };
const GRANTED = { isGranted: true };
const HELD = { isGranted: false, reasons: ['HOLD_ACTIVE'] };

const world = new bench.AuthorityBench();
let node: TestNode;

beforeAll(async () => {
  const options = { clock: { now: () => NOW }, alarm: new ManualAlarmClock(), keysMode: 'cases' } as const;
  node = await startTestNode(authorityWithGate(world), options);
});
afterAll(() => node?.stop());

/** Two cases that another agency says are one person's; the second one is held here. */
async function linkedToHeld(): Promise<readonly [caseId: string, heldCaseId: string]> {
  const [caseId, heldCaseId] = [world.newCase(), world.newCase()];
  const { status } = await node.post(`/v1/cases/${heldCaseId}/holds`, { kind: 'ASYLUM_INTENT' }, OFFICER);
  expect(status).toBe(201);
  await sayOfLink(node, 'CasesLinked', [caseId, heldCaseId]);
  return [caseId, heldCaseId];
}

const linksOf = async (caseId: string): Promise<TestReply['body']> =>
  (await node.get(`/v1/cases/${caseId}/links`, OFFICER)).body.links;
const decide = async (
  caseId: string,
  act: 'proposal' | 'confirmation' | 'refusal',
  role: Role,
  { by = CONATT, linkId = LINK_ID }: { readonly by?: string; readonly linkId?: string } = {},
): Promise<readonly unknown[]> => {
  const body = act === 'proposal' ? { by, ...REASON } : { by };
  const reply = await node.post(`/v1/cases/${caseId}/links/${linkId}/disregard/${act}`, body, { roles: [role] });
  return [reply.status, reply.body.code ?? reply.body.isDisregarded];
};
const linkedAtGate = async (caseId: string): Promise<readonly string[]> =>
  (await node.node.runtime.context.handler.load(gateProcedure, caseId)).state.linkedCaseIds;

describe('a link that another agency has said', () => {
  it('is disregarded by two officers: a hold of the other case keeps nobody from leaving any more, whatever its source says then', async () => {
    const [caseId, heldCaseId] = await linkedToHeld();
    const shown = { linkId: LINK_ID, by: CONATT, linkedCaseId: heldCaseId, isLinked: true, isDisregarded: false };
    const unproposed = { proposedReason: null, proposedAt: null };
    expect(await linksOf(caseId)).toEqual([{ ...shown, ...unproposed }]);
    expect(await decide(caseId, 'proposal', 'eligibility-officer')).toEqual([200, false]);
    const proposed = { proposedReason: REASON.reason, proposedAt: NOW };
    expect(await linksOf(heldCaseId)).toEqual([{ ...shown, ...proposed, linkedCaseId: caseId }]);
    expect(await decide(caseId, 'confirmation', 'eligibility-officer')).toEqual([403, 'LINK.SAME_OFFICER']);
    expect(await asks(node.node, questionOf(caseId))).toMatchObject(HELD);
    expect(await linkedAtGate(caseId)).toEqual([heldCaseId]);

    expect(await decide(heldCaseId, 'confirmation', 'supervisor')).toEqual([200, true]);
    expect(await asks(node.node, questionOf(caseId))).toMatchObject(GRANTED);
    expect(await asks(node.node, questionOf(heldCaseId))).toMatchObject(HELD);
    for (const id of [caseId, heldCaseId]) expect(await linkedAtGate(id)).toEqual([]);
    expect(await linksOf(caseId)).toEqual([{ ...shown, ...unproposed, isLinked: false, isDisregarded: true }]);

    await sayOfLink(node, 'CasesUnlinked', [caseId, heldCaseId], 2);
    await sayOfLink(node, 'CasesLinked', [caseId, heldCaseId], 3);
    expect(await asks(node.node, questionOf(caseId))).toMatchObject(GRANTED);
    await sayOfLink(node, 'CasesLinked', [caseId, heldCaseId], 1, { source: BORDER });
    expect(await asks(node.node, questionOf(caseId))).toMatchObject(HELD);
  });

  it('is disregarded beside another one that its source says under the same id', async () => {
    const [caseId] = await linkedToHeld();
    await sayOfLink(node, 'CasesLinked', [caseId, (await linkedToHeld())[1]]);
    for (const left of [1, 0]) {
      expect(await asks(node.node, questionOf(caseId))).toMatchObject(HELD);
      await decide(caseId, 'proposal', 'eligibility-officer');
      expect(await decide(caseId, 'confirmation', 'supervisor')).toEqual([200, true]);
      expect(await linkedAtGate(caseId)).toHaveLength(left);
    }
    expect(await asks(node.node, questionOf(caseId))).toMatchObject(GRANTED);
  });

  it('goes on to count where the second officer declines', async () => {
    const [caseId] = await linkedToHeld();
    expect(await decide(caseId, 'confirmation', 'supervisor')).toEqual([409, 'LINK.NOT_PROPOSED']);
    await decide(caseId, 'proposal', 'eligibility-officer');
    expect(await decide(caseId, 'refusal', 'supervisor')).toEqual([200, false]);
    expect(await decide(caseId, 'confirmation', 'supervisor')).toEqual([409, 'LINK.NOT_PROPOSED']);
    expect(await asks(node.node, questionOf(caseId))).toMatchObject(HELD);
  });

  it('INV-01 is not disregarded by enforcement staff, nor is one that was never said, or that this agency itself has said', async () => {
    const [caseId, heldCaseId] = await linkedToHeld();
    for (const role of ['border-officer', 'auditor', 'operator'] as const) {
      expect((await decide(caseId, 'proposal', role))[0]).toBe(403);
      expect((await node.get(`/v1/cases/${caseId}/links`, { roles: [role] })).status).toBe(403);
    }
    const unknown = [404, 'LINK.UNKNOWN'];
    expect(await decide(caseId, 'proposal', 'supervisor', { linkId: randomUUID() })).toEqual(unknown);
    expect(await decide(caseId, 'proposal', 'supervisor', { by: BORDER })).toEqual(unknown);
    const match = { matchId: randomUUID(), caseId, askedCaseId: heldCaseId, askedBy: BORDER, officers: ['one'] };
    await inTransaction(node.pool, (transaction) =>
      node.node.app
        .get(CaseLinks)
        .decided(transaction, { ...match, decision: 'SAME_PERSON', reason: 'DOCUMENTS_COMPARED' }),
    );
    const own = (await linksOf(caseId)).find(({ by }: { readonly by: string }) => by === node.agencyId);
    expect(await decide(caseId, 'proposal', 'supervisor', own)).toEqual(unknown);
  });
});
