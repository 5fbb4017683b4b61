import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MemoryEventLog, MemoryLogStore, type ReceivedEvent } from '@acogida/event-log';
import { eventually } from '@acogida/testing';
import { createTestNetwork, startTestNode, type TestNode } from '@acogida/testing/node';
import { besideDesks } from '../testing/desk-node.ts';
import { listingNode } from '../testing/listing-node.ts';
import * as bench from './testing/authority-bench.ts';

const { asks, BORDER, questionOf, REFUGE, RETURNS } = bench;
const OFFICER = { roles: ['eligibility-officer'] } as const;
const SUPERVISOR = { roles: ['supervisor'] } as const;

const world = new bench.AuthorityBench();
const heard: ReceivedEvent[] = [];
let authority: TestNode;
let gate: TestNode;

beforeAll(async () => {
  const network = await createTestNetwork([RETURNS, 'return-reintegration', 'CR']);
  const store = new MemoryLogStore();
  const options = () => ({ network, log: new MemoryEventLog(store), keysMode: 'cases' as const });
  const listening = ['HoldPlaced', 'HoldLifted', 'HaltOrdered'].map((on) => ({
    ...{ name: `when-${on}-then-keep-it`, on },
    react: async (event: ReceivedEvent) => void heard.push(event),
  }));
  authority = await startTestNode(besideDesks(world.definition()), options());
  gate = await startTestNode({ ...listingNode('intake'), policies: () => listening }, options());
  await eventually(() => {
    for (const node of [authority, gate]) {
      const { context } = node.node.runtime;
      expect(context.peers?.isReady(node === gate ? REFUGE : BORDER)).toBe(true);
    }
  });
});
afterAll(async () => {
  for (const node of [gate, authority]) await node?.stop();
});

describe('a gate that is in no circle', () => {
  it('S1 INV-17 hears of a halt, of later holds and of their lifting, not which they are, and nobody else’s copies', async () => {
    const question = questionOf(world.newCase());
    const { caseId, clearanceId } = question;
    await asks(authority.node, question);
    const holds = `/v1/cases/${caseId}/holds`;
    const placed = await authority.post(holds, { kind: 'ASYLUM_INTENT', groundId: randomUUID() }, OFFICER);
    const holdId = placed.body.id as string;
    const lift = { reason: 'INFORMED_WAIVER' };
    expect((await authority.post(`${holds}/${holdId}/lifting/proposal`, lift, OFFICER)).status).toBe(200);
    expect((await authority.post(`${holds}/${holdId}/lifting/confirmation`, lift, SUPERVISOR)).status).toBe(200);
    await eventually(() => expect(heard).toHaveLength(3));
    const since = expect.any(String);
    expect(heard.map(({ source, payload }) => [source, payload.caseId, payload.type, payload.data])).toEqual([
      [REFUGE, caseId, 'HoldPlaced', { holdId, kind: null, groundId: null, takenOverFrom: null, since }],
      [REFUGE, caseId, 'HaltOrdered', { holdId, gate: BORDER, clearanceIds: [clearanceId], since }],
      [REFUGE, caseId, 'HoldLifted', { holdId, reason: null, replacedBy: null, liftedAt: since }],
    ]);
  });

  it('S4 does not keep anybody from being protected where nothing can be sealed to it', async () => {
    const question = questionOf(world.newCase());
    await asks(authority.node, question, RETURNS); // which has no node that runs, and so no key
    const { status, body } = await authority.post(
      ...[`/v1/cases/${question.caseId}/holds`, { kind: 'ASYLUM_INTENT' }, OFFICER],
    );
    expect([status, body.isOpen, body.isProtected]).toEqual([201, true, false]);
  });
});
