import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryEventLog, MemoryLogStore, type ReceivedEvent } from '@acogida/event-log';
import { inTransaction } from '@acogida/event-store';
import { DEFAULT_LEASE_TERMS, holdLedgerProcedure, LONGEST_LEASE_MS } from '@acogida/safeguards';
import { createTestNetwork, startTestNode, type TestNode } from '@acogida/testing/node';
import { ClearanceService } from './clearance-service.ts';
import { knownHoldProjection } from './known-hold-projection.ts';
import * as bench from './testing/authority-bench.ts';

const { asks, BORDER, CONATT, IDENTITY, questionOf, REFUGE, RETURNS } = bench;
const OFFICER = { roles: ['eligibility-officer'] } as const;
const NOW = '2026-11-22T09:00:00.000Z';
const { leaseMs } = DEFAULT_LEASE_TERMS;
const GRANTED = { isGranted: true, found: 'NO_OPEN_HOLD', leaseMs };
const refusedFor = (...reasons: readonly string[]) => ({ isGranted: false, reasons });

const world = new bench.AuthorityBench();
let authority: TestNode;

beforeAll(async () => {
  const network = await createTestNetwork([RETURNS, 'return-reintegration', 'CR']);
  const log = new MemoryEventLog(new MemoryLogStore());
  authority = await startTestNode(world.definition(), { network, log, clock: { now: () => NOW }, logLevel: 'info' });
});
beforeEach(() => {
  world.obstacles = { obstacles: [], unknownHolds: [] };
  world.found = 'NO_MATCH';
  world.searches.length = 0;
});
afterAll(() => authority?.stop());

const ask = (question: bench.Question, gate?: string) => asks(authority.node, question, gate);
const ledgerOf = (caseId: string) => authority.node.runtime.store.readStream(`hold-ledger-${caseId}`);
const typesOf = async (caseId: string) => (await ledgerOf(caseId)).map(({ type }) => type);
const auditOf = async (caseId: string | null): Promise<readonly object[]> => {
  const text = `SELECT actor, details FROM audit.entry WHERE kind = 'CLEARANCE' AND case_id IS NOT DISTINCT FROM $1 ORDER BY id`;
  return (await authority.pool.query<{ actor: string; details: string[] }>(text, [caseId])).rows;
};
const place = async (caseId: string): Promise<string> => {
  const { status, body } = await authority.post(`/v1/cases/${caseId}/holds`, { kind: 'ASYLUM_INTENT' }, OFFICER);
  expect(status).toBe(201);
  return body.id as string;
};

describe('an authority that is asked for a clearance', () => {
  it('S2 grants one on an empty ledger, which is written before it is said, and audited', async () => {
    const question = questionOf(world.newCase(), { removal: 'RETURN_DEPARTURE' });
    expect(await ask(question)).toEqual({ clearanceId: question.clearanceId, ...GRANTED });
    const [granted, ...others] = await ledgerOf(question.caseId);
    expect([granted?.type, others]).toEqual(['ClearanceGranted', []]);
    const { caseId, clearanceId, removal } = question;
    expect(granted?.data).toEqual({
      ...{ caseId, clearanceId, removal, gate: BORDER, found: 'NO_OPEN_HOLD', leaseMs, grantedAt: NOW },
      count: { from: world.monotonic.read(), spanMs: expect.any(Number) },
    });
    expect(await auditOf(caseId)).toEqual([{ actor: BORDER, details: ['RETURN_DEPARTURE', 'GRANTED'] }]);
  });

  it('S2 refuses while a hold is open, without saying which (INV-17)', async () => {
    const question = questionOf(world.newCase());
    await place(question.caseId);
    expect(await ask(question)).toEqual({ clearanceId: question.clearanceId, ...refusedFor('HOLD_ACTIVE') });
    expect(await typesOf(question.caseId)).toEqual(['HoldPlaced', 'HoldProtected', 'ClearanceRefused']);
  });

  it('S1 refuses where its hold was handed over while the next one stands, which may not protect yet', async () => {
    const caseId = world.newCase();
    const holdId = await place(caseId);
    const next = randomUUID();
    const says = async (type: 'HoldPlaced' | 'HoldLifted', number: number) => {
      const data = { holdId: next, kind: 'ASYLUM_PENDING', takenOverFrom: null, since: NOW };
      const word = { source: CONATT, number, payload: { type, caseId, data } } as unknown as ReceivedEvent;
      await inTransaction(authority.pool, (client) =>
        knownHoldProjection.apply({ opened: [word], sealed: [] }, client),
      );
    };
    await says('HoldPlaced', 1);
    const to = { authority: CONATT, kind: 'ASYLUM_PENDING', mandated: [CONATT] } as const;
    const acting = { by: REFUGE, reading: world.monotonic.read(), now: NOW } as const;
    await authority.node.runtime.context.handler.execute({
      ...{ procedure: holdLedgerProcedure, id: caseId, actor: REFUGE, correlationId: randomUUID(), causation: null },
      command: { type: 'HandOverHold', ...acting, holdId, to, officer: REFUGE },
    });
    expect(await ask(questionOf(caseId))).toMatchObject(refusedFor('HOLD_ACTIVE'));
    expect(await typesOf(caseId)).toEqual(['HoldPlaced', 'HoldProtected', 'HoldLifted', 'ClearanceRefused']);
    await says('HoldLifted', 2);
    expect(await ask(questionOf(caseId))).toMatchObject(GRANTED);
  });

  it('answers the same question once, however often and wherever at once it comes', async () => {
    const question = questionOf(world.newCase());
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask(question)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    world.obstacles = { obstacles: ['EVENT_PARKED'], unknownHolds: [] };
    expect(await ask(question)).toEqual(answers[0]);
    expect(await typesOf(question.caseId)).toEqual(['ClearanceGranted']);
  });

  it('S2 never gives again what a hold has ended, nor what is over', async () => {
    const [halted, over] = [questionOf(world.newCase()), questionOf(world.newCase())];
    for (const question of [halted, over]) expect(await ask(question)).toMatchObject(GRANTED);
    await place(halted.caseId);
    expect(await ask(halted)).toMatchObject(refusedFor('HOLD_ACTIVE'));
    world.monotonic.pass(leaseMs * 2);
    expect(await ask(over)).toMatchObject(refusedFor('LEASE_OVER'));
  });

  it('refuses for what waits here of the case, and for holds that nobody understands', async () => {
    world.obstacles = {
      obstacles: ['EVENT_PARKED', 'EVENT_QUARANTINED', 'AWAITS_ATTESTATION'],
      unknownHolds: [CONATT],
    };
    const reasons = ['AWAITS_ATTESTATION', 'EVENT_PARKED', 'EVENT_QUARANTINED', 'HOLD_ACTIVE'];
    expect(await ask(questionOf(world.newCase()))).toMatchObject(refusedFor(...reasons));
  });
});

describe('a successor', () => {
  it('S2 refuses where it is asked in the place of an agency whose successor it does not know itself to be', async () => {
    const question = { ...questionOf(world.newCase()), inPlaceOf: [CONATT] };
    expect(await ask(question)).toMatchObject(refusedFor('AWAITS_ATTESTATION'));
  });
});

describe('a search by identity', () => {
  it('clears a case that nobody knows here only where it found nobody', async () => {
    const question = questionOf(randomUUID(), { identity: IDENTITY });
    expect(await ask(question)).toMatchObject({ ...GRANTED, found: 'SEARCHED_NO_MATCH' });
    expect(world.searches).toEqual([[IDENTITY, { by: BORDER, caseId: question.caseId, linked: [] }]]);
    world.found = 'POSSIBLE_MATCH';
    const { caseId } = question;
    expect(await ask(questionOf(caseId, { identity: IDENTITY }))).toMatchObject(refusedFor('POSSIBLE_MATCH'));
  });

  it('is made of a case that is known as well: the person may have another one', async () => {
    const caseId = world.newCase();
    expect(await ask(questionOf(caseId, { identity: IDENTITY }))).toMatchObject(GRANTED);
    world.found = 'POSSIBLE_MATCH';
    expect(await ask(questionOf(caseId, { identity: IDENTITY }))).toMatchObject(refusedFor('POSSIBLE_MATCH'));
  });

  it('that cannot be made refuses, and what was cleared before makes no case known', async () => {
    const caseId = randomUUID();
    expect(await ask(questionOf(caseId))).toMatchObject(refusedFor('NOT_SEARCHED'));
    expect(await ask(questionOf(caseId, { identity: IDENTITY }))).toMatchObject({ found: 'SEARCHED_NO_MATCH' });
    expect(await ask(questionOf(caseId))).toMatchObject(refusedFor('NOT_SEARCHED'));
    world.found = new Error(`no index for ${bench.NAME}`);
    for (const id of [caseId, world.newCase()]) {
      expect(await ask(questionOf(id, { identity: IDENTITY }))).toMatchObject(refusedFor('NOT_SEARCHED'));
    }
    expect(authority.logLines.some((line) => line.includes('could not be searched'))).toBe(true);
  });

  it('leaves no name in logs, events or audit', async () => {
    const { rows } = await authority.pool.query<{ text: string }>(
      `SELECT coalesce(string_agg(e::text, ''), '') || (SELECT string_agg(a::text, '') FROM audit.entry a) AS text FROM es.event e`,
    );
    for (const text of [rows[0]?.text, authority.logLines.join('')]) {
      for (const spelt of ['Rosa', Buffer.from('Rosa').toString('hex')]) expect(text).not.toContain(spelt);
    }
  });
});

describe('whoever asks', () => {
  it('is an agency that runs a gate: nobody else is told whether somebody is known', async () => {
    const caseId = world.newCase();
    for (const gate of [CONATT, 'cr-nobody']) {
      await expect(ask(questionOf(caseId), gate)).rejects.toMatchObject({ code: 'CLEARANCE.NOT_A_GATE' });
    }
    expect(await ask(questionOf(caseId), RETURNS)).toMatchObject(GRANTED);
    expect(await ask(questionOf(randomUUID()), REFUGE)).toMatchObject(GRANTED); // its own gate knows whom it has
  });

  it('is refused what is no such question, and nothing is written but the audit', async () => {
    const question = questionOf(world.newCase());
    const before = (await auditOf(null)).length;
    const wrong: readonly object[] = [
      ...[{ caseId: 'x' }, { removal: 'BANISHMENT' }, { identity: { names: bench.NAME } }, { more: 1 }],
      ...[{ clearanceId: randomUUID() }, { identity: undefined }],
    ];
    for (const change of wrong) {
      const body = { ...question, ...change } as never;
      const answer = authority.node.app.get(ClearanceService).answer(BORDER, question.clearanceId, body);
      await expect(answer).rejects.toMatchObject({ code: 'CLEARANCE.MALFORMED' });
    }
    expect(await typesOf(question.caseId)).toEqual([]);
    const entries = (await auditOf(null)).slice(before);
    expect(entries).toEqual(wrong.map(() => ({ actor: BORDER, details: ['code:CLEARANCE.MALFORMED'] })));
  });

  it('S1 gets no lease of another gate, which it would count from later than the authority', async () => {
    const question = questionOf(world.newCase());
    await ask(question);
    await expect(ask(question, RETURNS)).rejects.toMatchObject({ code: 'CLEARANCE.ANOTHERS' });
  });

  it('S4 cannot have so many leases out that a hold could not be published, and is told so', async () => {
    const caseId = world.newCase();
    for (let count = 0; count < 20; count += 1) await ask(questionOf(caseId));
    const one = questionOf(caseId);
    const refused = { clearanceId: one.clearanceId, isGranted: false, reasons: ['ASKED_TOO_OFTEN'] };
    expect(await ask(one)).toEqual(refused);
    expect((await auditOf(null)).at(-1)).toEqual({ actor: BORDER, details: ['code:CLEARANCE.TOO_MANY'] });
    const granted = Array.from({ length: 20 }, () => 'ClearanceGranted');
    expect(await typesOf(caseId)).toEqual(granted);
    expect(await ask(questionOf(caseId), RETURNS)).toMatchObject(GRANTED);
    await place(caseId);
  });
});

describe('linked cases', () => {
  it('S2 are cleared in all their ledgers or in none, and a hold on one halts what is out on the other', async () => {
    const [one, other] = [world.newCase(), world.newCase()] as const;
    const { handler, clock } = authority.node.runtime.context;
    for (const [id, linkedCaseId] of [
      [one, other],
      [other, one],
    ] as const) {
      // prettier-ignore
      const acting = { by: REFUGE, reading: world.monotonic.read(), now: clock.now() };
      const link = { by: REFUGE, linkId: randomUUID(), revision: 1 };
      const linking = { linkedCaseId, link, clearances: [], unknownLeases: null };
      const command = { type: 'LinkLedger', ...acting, ...linking } as const;
      const by = { actor: 'cr-refugee-unit.supervisor', correlationId: randomUUID(), causation: null };
      await handler.execute({ procedure: holdLedgerProcedure, id, command, ...by });
    }
    const question = questionOf(one);
    expect(await ask(question)).toMatchObject(GRANTED);
    expect(await typesOf(other)).toEqual(['LedgerLinked', 'LedgerLinked']);
    await place(other);
    expect((await typesOf(other)).slice(2)).toEqual(['HoldPlaced', 'HaltOrdered']);
    expect(await ask(question)).toMatchObject(refusedFor('HOLD_ACTIVE'));
    expect(await ask(questionOf(one))).toMatchObject(refusedFor('HOLD_ACTIVE'));
  });
});

describe('a restored copy', () => {
  it('clears nobody, and its holds wait, until the longest lease that it may have forgotten is over', async () => {
    await authority.pool.query(
      `INSERT INTO relay.recovery (state, previous_incarnation, restored_through, started_at) VALUES ('attested', 1, 0, now())`,
    );
    const caseId = world.newCase();
    expect(await ask(questionOf(caseId))).toMatchObject(refusedFor('AWAITS_ATTESTATION'));
    const clearances = await authority.get(`/v1/cases/${caseId}/clearances`, OFFICER);
    expect(Date.parse(clearances.body.forgottenOverAt as string)).toBeGreaterThan(Date.parse(NOW) + LONGEST_LEASE_MS);
    await place(caseId);
    expect(await typesOf(caseId)).toEqual(['ClearanceRefused', 'HoldPlaced', 'HaltOrdered', 'HaltOrdered']);
    world.monotonic.pass(LONGEST_LEASE_MS);
    world.monotonic.restart(); // how long nothing ran, nobody knows
    expect(await ask(questionOf(world.newCase()))).toMatchObject(refusedFor('AWAITS_ATTESTATION'));
    world.monotonic.restart();
    await authority.node.app.get(ClearanceService).onApplicationBootstrap(); // counted from the start on
    world.monotonic.pass(2 * LONGEST_LEASE_MS);
    expect(await ask(questionOf(world.newCase()))).toMatchObject(GRANTED);
    world.monotonic.restart();
    expect(await ask(questionOf(world.newCase()))).toMatchObject(GRANTED);
  });
});
