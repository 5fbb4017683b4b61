import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MemoryEventLog, MemoryLogStore } from '@acogida/event-log';
import type { RemovalHold } from '@acogida/reference';
import { eventually } from '@acogida/testing';
import { createTestNetwork, startTestNode, type TestNode, type TestReply } from '@acogida/testing/node';
import type { Role } from '../auth/roles.ts';
import { gateDesk } from '../gate/gate-desk.ts';
import type { NodeDefinition, ServiceKind } from '../node-definition.ts';
import { besideDesks } from '../testing/desk-node.ts';
import { listingNode } from '../testing/listing-node.ts';
import { withVault } from '../vault/with-vault.ts';
import { holdDesk } from './hold-desk.ts';

const OFFICER = { roles: ['border-officer'] } as const;
const CASEWORKER = { roles: ['caseworker'] } as const;

function authorityNode(kind: ServiceKind, hold: RemovalHold): NodeDefinition {
  return withVault(besideDesks({ kind, description: 'An authority.', entities: [], ...holdDesk([hold]) }));
}

function gateNode(): NodeDefinition {
  const holds = holdDesk(['NEEDS_NOT_ASSESSED']);
  const gate = gateDesk(['EXPULSION']);
  const definition = {
    ...{ kind: 'intake', description: 'A gate.', entities: [], ...holds },
    procedures: [...holds.procedures, ...gate.procedures],
    controllers: [...holds.controllers, ...gate.controllers],
    providers: [...holds.providers, ...gate.providers],
    policies: (context) => [...holds.policies(context), ...gate.policies(context)],
  } satisfies NodeDefinition;
  return withVault(besideDesks(definition));
}

let gate: TestNode;
let refuge: TestNode;
let trafficking: TestNode;
let directory: TestNode;
let auditor: TestNode;

beforeAll(async () => {
  const network = await createTestNetwork();
  const store = new MemoryLogStore();
  const options = () => ({ network, log: new MemoryEventLog(store), keysMode: 'cases', withChannel: true }) as const;
  directory = await startTestNode(listingNode(), options());
  auditor = await startTestNode(besideDesks(listingNode('timeline')), options());
  refuge = await startTestNode(authorityNode('asylum', 'STATELESSNESS_PENDING'), options());
  trafficking = await startTestNode(authorityNode('counter-trafficking', 'MEDICAL_UNFIT'), options());
  gate = await startTestNode(gateNode(), options());
  const authorities = [
    { agencyId: refuge.agencyId, holds: ['STATELESSNESS_PENDING'] },
    { agencyId: trafficking.agencyId, holds: ['MEDICAL_UNFIT'] },
  ];
  const frame = { class: 'directory', caseId: null, type: 'ClearanceAuthoritiesListed', schemaVersion: 1 };
  const entry = { ...frame, data: { jurisdiction: 'CR', authorities } };
  expect((await directory.post('/v1/listings', { entry }, { roles: ['coordinator'] })).status).toBe(201);
  const caseId = await knownAt(gate, 'NEEDS_NOT_ASSESSED', 'Nobody Whosoever');
  await eventually(async () => expect((await ask(caseId)).body.status).toBe('WARRANTED'));
});
afterAll(async () => {
  for (const node of [gate, refuge, trafficking, auditor, directory]) await node?.stop();
});

const ask = (caseId: string): Promise<TestReply> =>
  gate.post(`/v1/cases/${caseId}/departures`, { removal: 'EXPULSION' }, OFFICER);
const confirm = (caseId: string, id: string): Promise<TestReply> =>
  gate.post(`/v1/cases/${caseId}/departures/${id}/confirmation`, {}, OFFICER);
const departures = async (caseId: string) => (await gate.get(`/v1/cases/${caseId}/departures`, OFFICER)).body;
const screenAt = async (node: TestNode, caseId: string) =>
  (await node.get(`/v1/cases/${caseId}/protection`, CASEWORKER)).body;
const refusalsOf = async (caseId: string): Promise<readonly string[]> =>
  ((await ask(caseId)).body.obstacles as { refusal: string; authority: string }[]).map(
    ({ refusal, authority }) => `${authority} ${refusal}`,
  );

async function place(node: TestNode, caseId: string, kind: RemovalHold): Promise<string> {
  const { status, body } = await node.post(`/v1/cases/${caseId}/holds`, { kind }, CASEWORKER);
  expect(status).toBe(201);
  return body.id as string;
}

async function lift(node: TestNode, caseId: string, holdId: string): Promise<void> {
  const path = `/v1/cases/${caseId}/holds/${holdId}/lifting`;
  const reason = node === gate ? 'NEEDS_ASSESSED' : node === refuge ? 'FINAL_DECISION' : 'FITNESS_CERTIFIED';
  expect((await node.post(path, { reason }, CASEWORKER)).status).toBe(200);
}

async function isCalled(node: TestNode, caseId: string, names: string): Promise<void> {
  expect((await node.put(`/v1/cases/${caseId}/identity`, { identity: { names } }, CASEWORKER)).status).toBe(200);
}

/** A case of a node of which nothing is open. */
async function knownAt(node: TestNode, kind: RemovalHold, names: string): Promise<string> {
  const caseId = randomUUID();
  const holdId = await place(node, caseId, kind);
  await isCalled(node, caseId, names);
  await lift(node, caseId, holdId);
  return caseId;
}

const matchesOf = async (caseId: string, role: Role) =>
  (await refuge.get(`/v1/cases/${caseId}/possible-matches`, { roles: [role] })).body.matches;
const decide = async (caseId: string, matchId: string, decision: string, role: Role): Promise<void> => {
  const path = `/v1/cases/${caseId}/possible-matches/${matchId}/decision`;
  expect((await refuge.put(path, { decision, reason: 'DOCUMENTS_COMPARED' }, { roles: [role] })).status).toBe(200);
};

/** Officers of the refugee unit find that a case of theirs is of the person about whom the gate asks. */
async function found(own: string, asked: string): Promise<string> {
  expect(await refusalsOf(asked)).toContain(`${refuge.agencyId} POSSIBLE_MATCH`);
  const [{ matchId }] = await matchesOf(own, 'supervisor');
  await decide(own, matchId, 'SAME_PERSON', 'supervisor');
  return matchId;
}

const hasHeardLink = (caseId: string, linkedCaseIds: readonly string[]) =>
  eventually(async () => expect(await departures(caseId)).toMatchObject({ linkedCaseIds }));

describe('two cases of one person, under keys of cases', () => {
  it('S2 INV-17 a hold of the one stands against departures under the other, and shows there as one that is', async () => {
    const [asked, own] = [await knownAt(gate, 'NEEDS_NOT_ASSESSED', 'Rosa Urdaneta'), randomUUID()];
    const holdId = await place(refuge, own, 'STATELESSNESS_PENDING');
    await isCalled(refuge, own, 'Rosa Urdaneta');
    await found(own, asked);
    await hasHeardLink(asked, [own]);
    expect(await refusalsOf(asked)).toEqual([`${refuge.agencyId} HOLD_ACTIVE`]);
    const seen = { holdId, isOurs: true, isOfLinkedCase: true, kind: null, isProtected: true };
    expect(await screenAt(refuge, asked)).toMatchObject({ status: 'PROTECTED', holds: [seen] });
    const ownHold = { holdId, isOfLinkedCase: false, kind: 'STATELESSNESS_PENDING' };
    expect(await screenAt(refuge, own)).toMatchObject({ status: 'PROTECTED', holds: [ownHold] });
    await lift(refuge, own, holdId);
    expect((await ask(asked)).body.status).toBe('WARRANTED'); // no match any more: it is known whose case it is
    expect(await screenAt(refuge, asked)).toMatchObject({ status: 'NO_HOLD_KNOWN', holds: [] });
  });

  it('are told of to auditors, under the pseudonym of one alone', async () => {
    await eventually(async () => {
      const { rows } = await auditor.pool.query(
        `SELECT state, subject ~ '^[0-9a-f]{32}$' AS "hasPseudonym" FROM inbox.event
         WHERE source = $1 AND stream LIKE 'case-link-%' ORDER BY number`,
        [refuge.agencyId],
      );
      expect(rows).toEqual([
        { state: 'applied', hasPseudonym: true },
        { state: 'applied', hasPseudonym: false },
      ]);
    });
  });

  it('S1 a hold of the one that is placed under a warrant of the other halts it, and protects once that is answered', async () => {
    const [asked, own] = [
      await knownAt(gate, 'NEEDS_NOT_ASSESSED', 'Yadira Zambrano'),
      await knownAt(refuge, 'STATELESSNESS_PENDING', 'Yadira Zambrano'),
    ];
    await found(own, asked);
    await hasHeardLink(asked, [own]);
    const { body } = await ask(asked);
    expect(body.status).toBe('WARRANTED');
    const holdId = await place(refuge, own, 'STATELESSNESS_PENDING');
    await eventually(async () =>
      expect((await screenAt(refuge, own)).holds).toMatchObject([{ holdId, basis: 'HALTED', isOvertaken: false }]),
    );
    expect(await departures(asked)).toMatchObject({ attempt: { status: 'ENDED' } });
    expect((await confirm(asked, body.id)).body.code).toBe('GATE.NO_WARRANT');
  });

  it('S1 S3 what was given on the one before they were linked is halted for an open hold of the other', async () => {
    const [stays, leaves] = [
      await knownAt(gate, 'NEEDS_NOT_ASSESSED', 'Wilner Metellus'),
      await knownAt(gate, 'NEEDS_NOT_ASSESSED', 'Guerda Pierre Louis'),
    ];
    const left = (await ask(leaves)).body.id as string;
    expect((await confirm(leaves, left)).status).toBe(200);
    expect((await ask(stays)).body.status).toBe('WARRANTED');
    const holds: [asked: string, own: string, basis: string][] = [];
    for (const [asked, names, basis] of [
      [stays, 'Wilner Metellus', 'HALTED'],
      [leaves, 'Guerda Pierre Louis', 'OVERTAKEN'],
    ] as const) {
      const own = randomUUID();
      await place(refuge, own, 'STATELESSNESS_PENDING');
      await isCalled(refuge, own, names);
      expect((await screenAt(refuge, own)).status).toBe('PROTECTED');
      await found(own, asked);
      holds.push([asked, own, basis]);
    }
    for (const [asked, own, basis] of holds) {
      await eventually(async () =>
        expect((await screenAt(refuge, own)).holds).toMatchObject([
          { isProtected: true, basis, isOvertaken: basis === 'OVERTAKEN' },
        ]),
      );
      await hasHeardLink(asked, [own]);
    }
  });

  it('INV-02 count at authorities that have not heard of it, by the word of the gate that asks', async () => {
    const [asked, own] = [
      await knownAt(gate, 'NEEDS_NOT_ASSESSED', 'Marisela Colmenares'),
      await knownAt(refuge, 'STATELESSNESS_PENDING', 'Marisela Colmenares'),
    ];
    const holdId = await place(trafficking, own, 'MEDICAL_UNFIT');
    await found(own, asked);
    await hasHeardLink(asked, [own]);
    expect(await refusalsOf(asked)).toContain(`${trafficking.agencyId} HOLD_ACTIVE`);
    await lift(trafficking, own, holdId);
    await eventually(async () => expect((await ask(asked)).body.status).toBe('WARRANTED'));
    const again = await place(trafficking, own, 'MEDICAL_UNFIT');
    await eventually(async () =>
      expect((await screenAt(trafficking, own)).holds).toMatchObject([{ holdId: again, basis: 'HALTED' }]),
    );
    expect(await departures(asked)).toMatchObject({ attempt: { status: 'ENDED' } });
  });

  it('that were linked wrongly stand for themselves again once two officers say so', async () => {
    const [asked, own] = [await knownAt(gate, 'NEEDS_NOT_ASSESSED', 'Jean Baptiste Charles'), randomUUID()];
    await place(refuge, own, 'STATELESSNESS_PENDING');
    await isCalled(refuge, own, 'Jean Baptiste Charles');
    const matchId = await found(own, asked);
    await hasHeardLink(asked, [own]);
    expect(await refusalsOf(asked)).toEqual([`${refuge.agencyId} HOLD_ACTIVE`]);
    for (const role of ['eligibility-officer', 'supervisor'] as const) {
      expect(await matchesOf(own, role)).toMatchObject([{ matchId, decision: 'SAME_PERSON' }]);
      await hasHeardLink(asked, [own]); // one is not enough
      await decide(own, matchId, 'OTHER_PERSON', role);
    }
    await hasHeardLink(asked, []);
    expect((await ask(asked)).body.status).toBe('WARRANTED');
    expect(await screenAt(refuge, asked)).toMatchObject({ status: 'NO_HOLD_KNOWN', holds: [] });
    expect((await screenAt(refuge, own)).status).toBe('PROTECTED');
  });
});
