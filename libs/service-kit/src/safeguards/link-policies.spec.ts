import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { inTransaction } from '@acogida/event-store';
import { gateProcedure, holdLedgerProcedure } from '@acogida/safeguards';
import { startTestNode, type TestNode } from '@acogida/testing/node';
import { ManualAlarmClock } from '../deadlines/manual-alarm-clock.ts';
import { hearLinkAtGate } from '../gate/linked-gates.ts';
import { heard } from '../gate/testing/gate-bench.ts';
import { IDENTITY_INDEX, type IdentityIndex } from '../identity-search/identity-index.ts';
import { CaseLinks } from './case-links.ts';
import * as bench from './testing/authority-bench.ts';
import { authorityWithGate, LINK_ID, sayOfLink } from './testing/linked-authority.ts';

const { asks, BORDER, CONATT, questionOf } = bench;
const OFFICER = { roles: ['eligibility-officer'] } as const;
const DPO = { roles: ['data-protection-officer'] } as const;
const NOW = '2026-11-22T09:00:00.000Z';
const GRANTED = { isGranted: true };
const refusedFor = (...reasons: string[]) => ({ isGranted: false, reasons });

const world = new bench.AuthorityBench();
let node: TestNode;

beforeAll(async () => {
  const options = { clock: { now: () => NOW }, alarm: new ManualAlarmClock(), keysMode: 'cases' } as const;
  node = await startTestNode(authorityWithGate(world), options);
});
afterEach(() => void jest.restoreAllMocks());
afterAll(() => node?.stop());

const typesOf = async (caseId: string, procedure = 'hold-ledger'): Promise<readonly string[]> =>
  (await node.node.runtime.store.readStream(`${procedure}-${caseId}`)).map(({ type }) => type);

async function place(caseId: string): Promise<void> {
  const { status } = await node.post(`/v1/cases/${caseId}/holds`, { kind: 'ASYLUM_INTENT' }, OFFICER);
  expect(status).toBe(201);
}

const say = (...word: Parameters<typeof sayOfLink> extends [TestNode, ...infer W] ? W : never): Promise<void> =>
  sayOfLink(node, ...word);

describe('when cases are linked', () => {
  it('S1 an open hold of either waits for what is out on the other, and its gate is halted; heard again it changes nothing', async () => {
    const [one, other] = [world.newCase(), world.newCase()];
    expect(await asks(node.node, questionOf(one))).toMatchObject(GRANTED);
    await place(other);
    await say('CasesLinked', [one, other]);
    const linked = ['HoldPlaced', 'HoldProtected', 'LedgerLinked', 'HoldExposed', 'HaltOrdered'];
    expect(await typesOf(other)).toEqual(linked);
    expect((await node.node.runtime.store.readStream(`hold-ledger-${other}`)).at(-1)?.data).toMatchObject({
      isToGateAlone: true, // beside the word of another case of the person
    });
    expect(await typesOf(one)).toEqual(['ClearanceGranted', 'LedgerLinked']);
    await say('CasesLinked', [other, one]); // the copy that names them the other way round
    expect(await typesOf(other)).toEqual(linked);
    expect(await typesOf(one)).toEqual(['ClearanceGranted', 'LedgerLinked']);
    for (const id of [one, other]) expect(await typesOf(id, 'gate')).toEqual(['CaseLinkHeard']);
    expect(await asks(node.node, questionOf(one))).toMatchObject(refusedFor('HOLD_ACTIVE'));
  });

  it('lets the case of a hold alone answer to its circle: another one that answers as well is told of to the authority', async () => {
    const [one, other] = [world.newCase(), world.newCase()];
    await say('CasesLinked', [one, other]);
    const { context, definition: running, pool, store } = node.node.runtime;
    const halt = { holdId: randomUUID(), gate: node.agencyId, clearanceIds: [], since: NOW };
    const event = heard('HaltOrdered', CONATT, 8, one, halt);
    await inTransaction(pool, async (transaction) => {
      for (const policy of running.policies(context))
        if (policy.on === 'HaltOrdered') await policy.react(event, transaction);
    });
    const answers = await Promise.all([one, other].map(async (id) => (await store.readStream(`gate-${id}`)).at(-1)));
    expect(answers.map((answer) => [answer?.type, answer?.data['isToAuthorityAlone']])).toEqual([
      ['HaltAcknowledged', undefined],
      ['HaltAcknowledged', true],
    ]);
  });

  it('counts by its revision when it is heard late, and again when they are linked anew', async () => {
    const [one, other] = [world.newCase(), world.newCase()];
    await place(other);
    await say('CasesUnlinked', [one, other], 2);
    await say('CasesLinked', [one, other], 1);
    expect(await asks(node.node, questionOf(one))).toMatchObject(GRANTED);
    await say('CasesLinked', [one, other], 3);
    expect(await asks(node.node, questionOf(one))).toMatchObject(refusedFor('HOLD_ACTIVE'));
    await say('CasesUnlinked', [one, other], 4);
    expect(await asks(node.node, questionOf(one))).toMatchObject(GRANTED);
    expect(await typesOf(one, 'gate')).toEqual(['CaseUnlinkHeard', 'CaseLinkHeard', 'CaseUnlinkHeard']);
  });

  it('another agency’s word is its own: neither takes back what the other says', async () => {
    const [one, other] = [world.newCase(), world.newCase()];
    await place(other);
    await say('CasesLinked', [one, other]);
    await say('CasesUnlinked', [one, other], 2, { source: BORDER });
    expect(await asks(node.node, questionOf(one))).toMatchObject(refusedFor('HOLD_ACTIVE'));
  });

  it('S1 S2 counts over any number of links', async () => {
    const [one, two, three] = [world.newCase(), world.newCase(), world.newCase()];
    await place(three);
    await say('CasesLinked', [two, three]);
    expect(await asks(node.node, questionOf(one))).toMatchObject(GRANTED);
    await say('CasesLinked', [one, two], 1, { linkId: randomUUID() });
    expect((await typesOf(three)).slice(-3)).toEqual(['LedgerLinked', 'HoldExposed', 'HaltOrdered']);
    expect(await asks(node.node, questionOf(one))).toMatchObject(refusedFor('HOLD_ACTIVE'));
    const { body } = await node.get(`/v1/cases/${one}/protection`, OFFICER);
    expect(body.holds).toMatchObject([{ isOfLinkedCase: true, kind: null, isProtected: false }]);
  });

  it('is refused and kept where it names one case, or none', async () => {
    const caseId = world.newCase();
    for (const type of ['CasesLinked', 'CasesUnlinked'] as const) {
      await expect(say(type, [caseId, caseId.toUpperCase()])).rejects.toMatchObject({ code: 'LINK.ONE_CASE' });
      await expect(say(type, [null, caseId])).rejects.toMatchObject({ code: 'LINK.CASE_MISSING' });
    }
    expect(await typesOf(caseId)).toEqual([]);
  });
});

/** Something else is committed once a transaction has read a ledger, and before it writes. */
function onceRead(caseId: string, meanwhile: () => Promise<unknown>, of = 'hold-ledger'): void {
  const { handler } = node.node.runtime.context;
  const load = handler.load.bind(handler) as (...read: readonly unknown[]) => Promise<never>;
  let isDue = true;
  const reading = async (procedure: { readonly name: string }, id: string, transaction?: unknown): Promise<never> => {
    const loaded = await load(procedure, id, transaction);
    if (!isDue || transaction === undefined || `${procedure.name}-${id}` !== `${of}-${caseId}`) return loaded;
    isDue = false;
    await meanwhile();
    return loaded;
  };
  jest.spyOn(handler, 'load').mockImplementation(reading);
}

describe('what is decided at the same moment', () => {
  it('S2 clears nobody while a hold is placed on a linked case', async () => {
    const [one, other] = [world.newCase(), world.newCase()];
    await say('CasesLinked', [one, other]);
    onceRead(other, () => place(other));
    expect(await asks(node.node, questionOf(one))).toMatchObject(refusedFor('HOLD_ACTIVE'));
    expect(await typesOf(other)).toEqual(['LedgerLinked', 'HoldPlaced', 'HoldProtected']);
  });

  it('S2 clears nobody while the case is linked to one that has a hold', async () => {
    const [one, other] = [world.newCase(), world.newCase()];
    await place(other);
    onceRead(one, () => say('CasesLinked', [one, other]));
    expect(await asks(node.node, questionOf(one))).toMatchObject(refusedFor('HOLD_ACTIVE'));
    expect(await typesOf(one)).toEqual(['LedgerLinked', 'ClearanceRefused']);
  });

  it('S2 clears nobody by a search that passed over a case which is no longer the person’s', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    await say('CasesLinked', [one, other]);
    const index: Pick<IdentityIndex, 'search'> = node.node.app.get(IDENTITY_INDEX, { strict: false });
    jest.spyOn(index, 'search').mockImplementationOnce(async () => {
      await say('CasesUnlinked', [one, other], 2);
      return 'NO_MATCH';
    });
    const [first, second] = [
      questionOf(one, { identity: bench.IDENTITY }),
      questionOf(one, { identity: bench.IDENTITY }),
    ];
    expect(await asks(node.node, first)).toMatchObject(refusedFor('NOT_SEARCHED'));
    expect(await asks(node.node, second)).toMatchObject(GRANTED);
  });

  it('S1 links no ledger beside a clearance that the others would not wait for', async () => {
    const [one, other] = [world.newCase(), world.newCase()];
    await place(other);
    onceRead(one, () => asks(node.node, questionOf(one)));
    await expect(say('CasesLinked', [one, other])).rejects.toMatchObject({ code: '40001' }); // its inbox tries again
    await say('CasesLinked', [one, other]);
    expect((await typesOf(other)).slice(-2)).toEqual(['HoldExposed', 'HaltOrdered']);
  });
});

describe('two links that a gate hears of at the same moment', () => {
  it('INV-02 are taken in one after the other: the third case would go on with what is under way', async () => {
    const [one, other, third] = [world.newCase(), world.newCase(), world.newCase()];
    const { context, pool } = node.node.runtime;
    const hear = (linkedCaseId: string, by: string) =>
      inTransaction(pool, (transaction) =>
        hearLinkAtGate(
          context,
          { link: { by, linkId: LINK_ID, revision: 1 }, caseId: one, linkedCaseId, isLinked: true },
          {
            ...{ transaction, now: NOW },
            run: (command) =>
              context.handler.executeWithin(transaction, {
                ...command,
                ...{ actor: 'a-policy', correlationId: one, causation: null },
              }),
          },
        ),
      );
    onceRead(one, () => hear(third, BORDER), 'gate');
    await expect(hear(other, CONATT)).rejects.toMatchObject({ code: '40001' }); // its inbox tries again
    expect(await typesOf(other, 'gate')).toEqual([]);
    await hear(other, CONATT);
    expect(await typesOf(one, 'gate')).toEqual(['CaseLinkHeard', 'CaseLinkHeard']);
  });
});

describe('a member that links case after case', () => {
  it('is not taken at its word without end, however it strings them together', async () => {
    const cases = Array.from({ length: 22 }, () => world.newCase()) as [string, string, ...string[]];
    const pairs = cases.slice(1).map((caseId, index) => [cases[index] ?? '', caseId] as const);
    for (const pair of pairs.slice(0, 20)) await say('CasesLinked', pair);
    const beyond = pairs.at(-1) ?? ['', ''];
    await expect(say('CasesLinked', beyond)).rejects.toMatchObject({ code: 'LINK.TOO_MANY' });
    for (const id of ['hold-ledger', 'gate']) expect(await typesOf(beyond[1], id)).toEqual([]);
    await say('CasesLinked', beyond, 1, { source: BORDER });
    await say('CasesUnlinked', pairs[0] ?? ['', ''], 2);
    await say('CasesLinked', [cases[1], world.newCase()]);
  });
});

describe('a gate that does not ask here', () => {
  afterEach(() => node.pool.query('TRUNCATE known_entry'));

  it('S1 is waited for where cases turn out to be one person’s, and no more by whoever says so after', async () => {
    const [one, other] = [world.newCase(), world.newCase()];
    await place(other);
    const authorities = [{ agencyId: CONATT, holds: ['TRAFFICKING_RISK'] }];
    await node.pool.query(`INSERT INTO known_entry SELECT unnest($1::text[]), 'CLEARANCE', 'CR', 1, $2::jsonb`, [
      node.node.runtime.context.members().flatMap(({ agencyId, kind }) => (kind === 'directory' ? [agencyId] : [])),
      {
        jurisdiction: 'CR',
        authorities,
      },
    ]);
    await say('CasesLinked', [one, other]);
    const waiting = ['HoldPlaced', 'HoldProtected', 'LedgerLinked', 'HoldExposed', 'HaltOrdered'];
    expect(await typesOf(other)).toEqual(waiting);
    await say('CasesLinked', [one, other], 1, { source: bench.RETURNS });
    expect(await typesOf(other)).toEqual([...waiting, 'LedgerLinked']);
  });
});

describe('cases that a gate names with its question', () => {
  it('S2 count for it though nothing links them here, and link nothing', async () => {
    const [one, other] = [world.newCase(), world.newCase()];
    const naming = (caseId: string, linkedCaseId: string) => ({ ...questionOf(caseId), linkedCaseIds: [linkedCaseId] });
    expect(await asks(node.node, naming(one, other))).toMatchObject(GRANTED);
    await place(other);
    expect(await typesOf(other)).toEqual(['LedgerLinked', 'HoldPlaced', 'HaltOrdered']);
    expect(await asks(node.node, naming(one, other))).toMatchObject(refusedFor('HOLD_ACTIVE'));
    expect(await asks(node.node, questionOf(one))).toMatchObject(GRANTED);
  });

  it('are not searched for, and make nobody known', async () => {
    const [one, other] = [randomUUID(), world.newCase()];
    const question = { ...questionOf(one), linkedCaseIds: [other.toUpperCase(), one] };
    expect(await asks(node.node, question)).toMatchObject(refusedFor('NOT_SEARCHED'));
    world.searches.length = 0;
    const again = { ...questionOf(one, { identity: bench.IDENTITY }), linkedCaseIds: [other] };
    expect(await asks(node.node, again)).toMatchObject(GRANTED);
    expect(world.searches).toEqual([[bench.IDENTITY, { by: BORDER, caseId: one, linked: [other] }]]);
  });

  it('S2 are searched for by each name that the gate keeps, as what it keeps it', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    const identity = { ...bench.IDENTITY, names: ['Rosa Urdaneta'] };
    const question = { ...questionOf(one, { identity: bench.IDENTITY }), linkedCaseIds: [other] };
    world.searches.length = 0;
    expect(
      await asks(node.node, { ...question, linkedIdentities: [{ caseId: other, identity }] } as never),
    ).toMatchObject({
      found: 'SEARCHED_NO_MATCH',
    });
    expect(world.searches).toEqual([
      [bench.IDENTITY, { by: BORDER, caseId: one, linked: [other] }],
      [identity, { by: BORDER, caseId: other, linked: [one] }],
    ]);
    const index: Pick<IdentityIndex, 'search'> = node.node.app.get(IDENTITY_INDEX, { strict: false });
    jest
      .spyOn(index, 'search')
      .mockImplementation(async ({ names }) => (names.includes('Rosa Urdaneta') ? 'POSSIBLE_MATCH' : 'NO_MATCH'));
    const again = { ...question, clearanceId: randomUUID(), linkedIdentities: [{ caseId: other, identity }] };
    expect(await asks(node.node, again)).toMatchObject(refusedFor('POSSIBLE_MATCH'));
  });
});

describe('a case that nobody has here', () => {
  it('S2 is made known by no link of others, the asking gate’s own among them, but by one of the own officers', async () => {
    const [own, asked] = [world.newCase(), randomUUID()];
    for (const source of [BORDER, CONATT]) await say('CasesLinked', [asked, own], 1, { source });
    expect(await asks(node.node, questionOf(asked))).toMatchObject(refusedFor('NOT_SEARCHED'));
    const match = { matchId: randomUUID(), caseId: own, askedCaseId: asked, askedBy: BORDER } as const;
    const decided = { ...match, decision: 'SAME_PERSON', reason: 'DOCUMENTS_COMPARED', officers: ['one'] } as const;
    await inTransaction(node.pool, (transaction) => node.node.app.get(CaseLinks).decided(transaction, decided));
    expect(await asks(node.node, questionOf(asked))).toMatchObject(GRANTED);
  });
});

describe('a link that officers of this agency decide', () => {
  it('takes effect at its ledgers and its own gate, and is told again to a gate that does not name it; only two unlink', async () => {
    const [own, asked] = [world.newCase(), world.newCase()];
    const { runtime } = node.node;
    const match = { matchId: randomUUID(), caseId: own, askedCaseId: asked, askedBy: BORDER } as const;
    const decide = (decision: 'SAME_PERSON' | 'OTHER_PERSON', ...officers: string[]) =>
      inTransaction(node.pool, (transaction) =>
        node.node.app
          .get(CaseLinks)
          .decided(transaction, { ...match, decision, reason: 'DOCUMENTS_COMPARED', officers }),
      );
    await decide('SAME_PERSON', 'one');
    const { state } = await runtime.context.handler.load(holdLedgerProcedure, asked);
    expect(state.links).toMatchObject([{ by: node.agencyId, linkedCaseId: own, revision: 1, isLinked: true }]);
    const link = state.links[0]?.linkId ?? '';
    for (const id of [own, asked]) expect(await typesOf(id, 'gate')).toEqual(['CaseLinkHeard']);
    await asks(node.node, { ...questionOf(asked), linkedCaseIds: [own] } as ReturnType<typeof questionOf>);
    expect(await typesOf(link, 'case-link')).toEqual(['CasesLinked']);
    await asks(node.node, questionOf(asked));
    expect(await typesOf(link, 'case-link')).toEqual(['CasesLinked', 'LinkTold']);
    await decide('OTHER_PERSON', 'one');
    expect(await typesOf(link, 'case-link')).toEqual(['CasesLinked', 'LinkTold']);
    await decide('OTHER_PERSON', 'one', 'two');
    expect((await typesOf(link, 'case-link')).at(-1)).toBe('CasesUnlinked');
    expect((await runtime.context.handler.load(holdLedgerProcedure, own)).state.linkedCaseIds).toEqual([]);
    expect(await typesOf(asked, 'gate')).toEqual(['CaseLinkHeard', 'CaseUnlinkHeard']);
  });

  it('INV-02 is told once to a gate that answers a halt of either case: it may have the other one, and ask others alone', async () => {
    const [own, asked] = [world.newCase(), world.newCase()];
    const { runtime } = node.node;
    const match = { matchId: randomUUID(), caseId: own, askedCaseId: asked, askedBy: BORDER } as const;
    const decided = { ...match, decision: 'SAME_PERSON', reason: 'DOCUMENTS_COMPARED', officers: ['one'] } as const;
    await inTransaction(node.pool, (transaction) => node.node.app.get(CaseLinks).decided(transaction, decided));
    const placing = {
      ...({ type: 'PlaceHold', by: node.agencyId, reading: world.monotonic.read(), now: NOW, caseId: own } as const),
      ...({ holdId: randomUUID(), kind: 'ASYLUM_INTENT', mandate: ['ASYLUM_INTENT'], groundId: null } as const),
      ...{ placedBy: 'one', unawareGates: [bench.RETURNS], unknownLeases: null },
    };
    const placed = { procedure: holdLedgerProcedure, id: own, command: placing, actor: 'one', correlationId: own };
    const { state } = await runtime.context.handler.execute({ ...placed, causation: null });
    const answer = async (gate: string, number: number): Promise<void> => {
      const said = { holdId: state.holds[0]?.holdId, authority: node.agencyId, clearanceIds: [] };
      const event = heard('HaltAcknowledged', gate, number, own, { ...said, outcome: 'VOIDED', departedAt: null });
      await inTransaction(runtime.pool, async (transaction) => {
        for (const policy of runtime.definition.policies(runtime.context))
          if (policy.on === 'HaltAcknowledged') await policy.react(event, transaction);
      });
    };
    for (const [gate, number] of [
      [CONATT, 8], // nobody asked it
      [bench.RETURNS, 8],
      [bench.RETURNS, 9],
    ] as const)
      await answer(gate, number);
    const told = await runtime.store.readStream(`case-link-${state.links[0]?.linkId}`);
    expect(told.map(({ type }) => type)).toEqual(['CasesLinked', 'LinkTold']);
    expect(told.at(-1)?.data).toMatchObject({ agencies: [bench.RETURNS] });
  });
});

describe('a case that is erased', () => {
  it('INV-02 is not erased while a hold on a linked case would no longer stand for the others', async () => {
    const [one, other, third] = [world.newCase(), world.newCase(), world.newCase()];
    await place(third);
    await say('CasesLinked', [one, other]);
    await say('CasesLinked', [other, third]);
    expect((await node.post('/v1/erasures', { caseId: other, basis: 'PERSON_REQUEST' }, DPO)).status).toBe(201);
    await node.node.runtime.deadlines?.runDue();
    expect((await node.get(`/v1/cases/${other}/protection`, OFFICER)).status).toBe(200);
    expect(await asks(node.node, questionOf(one))).toMatchObject(refusedFor('HOLD_ACTIVE'));
  });

  it('leaves no link that counts, and takes none in', async () => {
    const [one, other, third] = [world.newCase(), world.newCase(), world.newCase()];
    await say('CasesLinked', [one, other]);
    await say('CasesLinked', [other, third]);
    expect((await node.post('/v1/erasures', { caseId: other, basis: 'PERSON_REQUEST' }, DPO)).status).toBe(201);
    await node.node.runtime.deadlines?.runDue();
    expect((await node.get(`/v1/cases/${other}/protection`, OFFICER)).body.code).toBe('CASE_ERASED');
    expect(await asks(node.node, questionOf(one))).toMatchObject(GRANTED); // nothing links through it
    const { body } = await node.get(`/v1/cases/${one}/departures`, { roles: ['border-officer'] });
    expect(body.linkedCaseIds).toEqual([]);
    await expect(say('CasesLinked', [one, other], 3)).rejects.toMatchObject({ code: 'CASE_ERASED' });
    const { handler } = node.node.runtime.context;
    expect((await handler.load(gateProcedure, one)).state.links).toMatchObject([{ by: CONATT, revision: 1 }]);
  });
});
