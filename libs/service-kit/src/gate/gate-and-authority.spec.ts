import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { MemoryEventLog, MemoryLogStore } from '@acogida/event-log';
import { inTransaction } from '@acogida/event-store';
import type { RemovalHold } from '@acogida/reference';
import { LONGEST_LEASE_MS } from '@acogida/safeguards';
import { eventually } from '@acogida/testing';
import { createTestNetwork, startTestNode, type TestNode, type TestReply } from '@acogida/testing/node';
import type { NodeDefinition } from '../node-definition.ts';
import { randomIds } from '../node/system-time.ts';
import { ForgottenLeases } from '../safeguards/forgotten-leases.ts';
import { holdDeadlines } from '../safeguards/hold-deadlines.ts';
import { holdDesk } from '../safeguards/hold-desk.ts';
import { type MonotonicClock, processClock } from '../safeguards/monotonic-clock.ts';
import { ManualMonotonicClock } from '../safeguards/testing/manual-monotonic-clock.ts';
import { besideDesks } from '../testing/desk-node.ts';
import { listingNode } from '../testing/listing-node.ts';
import { DepartureGate } from './departure-gate.ts';
import { gateDesk } from './gate-desk.ts';

const OFFICER = { roles: ['border-officer'] } as const;
const CASEWORKER = { roles: ['caseworker'] } as const;

const none = { description: 'Safeguards.', entities: [] } as const;
const authorityNode: NodeDefinition = { kind: 'asylum', ...none, ...holdDesk(['STATELESSNESS_PENDING']) };

function gateNode(): NodeDefinition {
  const holds = holdDesk(['NEEDS_NOT_ASSESSED']);
  const gate = gateDesk(['EXPULSION']);
  return {
    ...{ kind: 'intake', ...none, ...holds, procedures: [...holds.procedures, ...gate.procedures] },
    controllers: [...holds.controllers, ...gate.controllers],
    providers: [...holds.providers, ...gate.providers],
    policies: (context) => [...holds.policies(context), ...gate.policies(context)],
  };
}

let gate: TestNode;
let authority: TestNode;
let directory: TestNode;

beforeAll(async () => {
  const network = await createTestNetwork();
  const store = new MemoryLogStore();
  const options = () => ({ network, log: new MemoryEventLog(store), keysMode: 'cases', withChannel: true }) as const;
  directory = await startTestNode(listingNode(), options());
  authority = await startTestNode(besideDesks(authorityNode), options());
  gate = await startTestNode(besideDesks(gateNode()), options());
  const authorities = [{ agencyId: authority.agencyId, holds: ['STATELESSNESS_PENDING'] }];
  const frame = { class: 'directory', caseId: null, type: 'ClearanceAuthoritiesListed', schemaVersion: 1 };
  const entry = { ...frame, data: { jurisdiction: 'CR', authorities } };
  expect((await directory.post('/v1/listings', { entry }, { roles: ['coordinator'] })).status).toBe(201);
  await eventually(async () => {
    const { body } = await ask(randomUUID());
    const refusals = (body.obstacles as { refusal: string }[]).map(({ refusal }) => refusal);
    expect(refusals).toEqual(['NOT_SEARCHED']); // both hear each other, and nothing is known of the case
  });
});
afterAll(async () => {
  for (const node of [gate, authority, directory]) await node?.stop();
});

const at = (caseId: string, path = ''): string => `/v1/cases/${caseId}/departures${path}`;
const ask = (caseId: string): Promise<TestReply> => gate.post(at(caseId), { removal: 'EXPULSION' }, OFFICER);
const confirm = (caseId: string, id: string): Promise<TestReply> =>
  gate.post(at(caseId, `/${id}/confirmation`), {}, OFFICER);
const screenAt = async (node: TestNode, caseId: string): Promise<TestReply['body']> =>
  (await node.get(`/v1/cases/${caseId}/protection`, CASEWORKER)).body;

async function place(node: TestNode, caseId: string, kind: RemovalHold): Promise<string> {
  const { status, body } = await node.post(`/v1/cases/${caseId}/holds`, { kind }, CASEWORKER);
  expect(status).toBe(201);
  return body.id as string;
}

/** A case that the authority knows, and of which nothing stands against a departure any more. */
async function clearedCase(): Promise<string> {
  const caseId = randomUUID();
  const holdId = await place(authority, caseId, 'STATELESSNESS_PENDING');
  const refused = await ask(caseId);
  expect(refused.body.obstacles).toMatchObject([{ refusal: 'HOLD_ACTIVE', authority: authority.agencyId }]);
  const path = `/v1/cases/${caseId}/holds/${holdId}/lifting`;
  expect((await authority.post(path, { reason: 'FINAL_DECISION' }, CASEWORKER)).status).toBe(200);
  return caseId;
}

/** What the gate's own ledger does once the time of its leases has come. */
async function leasesAreOver(caseId: string, monotonic: MonotonicClock = processClock(randomIds)): Promise<void> {
  const { context, clock } = gate.node.runtime;
  const now = clock.now();
  const metadata = { actor: 'a-deadline', correlationId: randomUUID(), causation: null };
  await inTransaction(gate.pool, (transaction) =>
    holdDeadlines(monotonic, new ForgottenLeases(monotonic)).handle(
      { stream: `hold-ledger-${caseId}`, id: caseId, kind: 'LEASES_END', dueAt: now },
      {
        ...{ now, node: context, transaction, lookAgainAt: () => {} },
        run: (command) => context.handler.executeWithin(transaction, { ...command, ...metadata }),
      },
    ),
  );
}

describe('a gate and an authority, over the channel and the log', () => {
  it('INV-02 S1 a hold that is placed under a warrant halts it, and protects once the gate has answered', async () => {
    const caseId = await clearedCase();
    const { body } = await ask(caseId);
    expect([body.status, body.obstacles]).toEqual(['WARRANTED', []]);
    const holdId = await place(authority, caseId, 'STATELESSNESS_PENDING');
    await eventually(async () => {
      const { status, holds } = await screenAt(authority, caseId);
      expect(status).toBe('PROTECTED');
      expect(holds).toMatchObject([{ holdId, basis: 'HALTED', isOvertaken: false }]);
    });
    expect((await confirm(caseId, body.id)).body.code).toBe('GATE.NO_WARRANT');
    expect((await ask(caseId)).body.obstacles).toMatchObject([
      { refusal: 'HOLD_HEARD', authority: authority.agencyId },
      { refusal: 'HOLD_ACTIVE', authority: gate.agencyId }, // it has heard of the hold as well
      { refusal: 'HOLD_ACTIVE', authority: authority.agencyId },
    ]);
    const path = `/v1/cases/${caseId}/holds/${holdId}/lifting`;
    await authority.post(path, { reason: 'FINAL_DECISION' }, CASEWORKER);
    await eventually(async () => expect((await ask(caseId)).body.status).toBe('WARRANTED'));
  });

  it('S3 a hold that comes after the departure is shown as overtaken', async () => {
    const caseId = await clearedCase();
    const { body } = await ask(caseId);
    expect((await confirm(caseId, body.id)).status).toBe(200);
    const holdId = await place(authority, caseId, 'STATELESSNESS_PENDING');
    await eventually(async () =>
      expect((await screenAt(authority, caseId)).holds).toMatchObject([
        { holdId, basis: 'OVERTAKEN', isOvertaken: true },
      ]),
    );
  });

  it('S3 a restored gate answers no halt before the attestation, and what waits stands against a departure', async () => {
    const caseId = await clearedCase();
    await ask(caseId);
    const { recovery, quarantine } = gate.node.runtime;
    const restored = jest.spyOn(recovery, 'awaitsAttestation').mockReturnValue(true);
    const holdId = await place(authority, caseId, 'STATELESSNESS_PENDING');
    await eventually(async () => {
      const { obstacles } = (await ask(caseId)).body;
      for (const refusal of ['EVENT_QUARANTINED', 'AWAITS_ATTESTATION'])
        expect(obstacles).toContainEqual(expect.objectContaining({ refusal, authority: null }));
    });
    expect((await ask(randomUUID())).body.obstacles).not.toContainEqual(
      expect.objectContaining({ refusal: 'EVENT_QUARANTINED' }),
    );
    expect((await screenAt(authority, caseId)).status).toBe('NOT_YET_PROTECTED');
    restored.mockRestore();
    await quarantine.retry();
    await eventually(async () =>
      expect((await screenAt(authority, caseId)).holds).toMatchObject([{ holdId, basis: 'HALTED' }]),
    );
  });

  it('S3 a halt of a case that was erased at the gate is answered: nobody can leave by it', async () => {
    const caseId = await clearedCase();
    expect((await ask(caseId)).body.status).toBe('WARRANTED');
    const { ring, keyStore } = gate.node.runtime.keys;
    ring.drop(await inTransaction(gate.pool, (transaction) => keyStore.forget(transaction, { caseIds: [caseId] })));
    const holdId = await place(authority, caseId, 'STATELESSNESS_PENDING');
    await eventually(async () =>
      expect((await screenAt(authority, caseId)).holds).toMatchObject([
        { holdId, isProtected: true, basis: 'HALTED', isOvertaken: false },
      ]),
    );
    expect((await ask(caseId)).body.code).toBe('CASE_ERASED');
  });

  it('S1 S3 a hold of the gate’s own agency ends its attempt, or learns that the person had left', async () => {
    const [stays, leaves] = [await clearedCase(), await clearedCase()];
    const [first, second] = [(await ask(stays)).body.id as string, (await ask(leaves)).body.id as string];
    expect((await confirm(leaves, second)).status).toBe(200);
    for (const caseId of [stays, leaves]) await place(gate, caseId, 'NEEDS_NOT_ASSESSED');
    expect((await confirm(stays, first)).body.code).toBe('GATE.NO_WARRANT');
    await leasesAreOver(leaves);
    const own = async (caseId: string) => (await screenAt(gate, caseId)).holds[0];
    expect(await own(stays)).toMatchObject({ isProtected: true, basis: 'HALTED', isOvertaken: false });
    expect(await own(leaves)).toMatchObject({ basis: 'OVERTAKEN', isOvertaken: true });
    expect((await ask(stays)).body.obstacles).toMatchObject([{ refusal: 'HOLD_ACTIVE', authority: gate.agencyId }]);
  });

  it('S3 the gate’s own agency learns that a departure was taken back, also where the first try of that failed half way', async () => {
    const caseId = await clearedCase();
    const { body } = await ask(caseId);
    expect((await confirm(caseId, body.id)).status).toBe(200);
    await place(gate, caseId, 'NEEDS_NOT_ASSESSED');
    await leasesAreOver(caseId);
    const own = async () => (await screenAt(gate, caseId)).holds[0];
    expect(await own()).toMatchObject({ isOvertaken: true });
    const answering = jest.spyOn(gate.node.app.get(DepartureGate), 'answerOwnHolds');
    answering.mockRejectedValueOnce(new Error('the connection is gone'));
    const once = { roles: ['supervisor'] as const, idempotencyKey: randomUUID() };
    const end = () => gate.post(at(caseId, `/${body.id}/end`), {}, once);
    expect((await end()).status).toBe(500);
    expect(await own()).toMatchObject({ isOvertaken: true });
    const again = await end();
    expect([again.status, again.body.status]).toEqual([200, 'ENDED']);
    expect(await own()).toMatchObject({ isOvertaken: false });
    answering.mockRestore();
  });

  it('S3 a restored gate tells its own agency after the attestation, however long the leases are over', async () => {
    const caseId = await clearedCase();
    const { body } = await ask(caseId);
    expect((await confirm(caseId, body.id)).status).toBe(200);
    const holdId = await place(gate, caseId, 'NEEDS_NOT_ASSESSED');
    const own = async () => (await screenAt(gate, caseId)).holds[0];
    const restored = jest.spyOn(gate.node.runtime.recovery, 'awaitsAttestation').mockReturnValue(true);
    const later = new ManualMonotonicClock();
    later.pass(10 * LONGEST_LEASE_MS);
    await leasesAreOver(caseId, later);
    expect(await own()).toMatchObject({ holdId, isProtected: false });
    restored.mockRestore();
    await leasesAreOver(caseId, later);
    expect(await own()).toMatchObject({ holdId, basis: 'OVERTAKEN', isOvertaken: true });
  });
});
