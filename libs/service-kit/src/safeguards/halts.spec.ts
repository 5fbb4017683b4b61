import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { MemoryEventLog, MemoryLogStore } from '@acogida/event-log';
import { instantAfter } from '@acogida/core';
import { authoritySpanMs, DEFAULT_LEASE_TERMS } from '@acogida/safeguards';
import { eventually } from '@acogida/testing';
import { createTestNetwork, startTestNode, type TestNode } from '@acogida/testing/node';
import { ManualAlarmClock } from '../deadlines/manual-alarm-clock.ts';
import { listingNode } from '../testing/listing-node.ts';
import * as bench from './testing/authority-bench.ts';

const { asks, BORDER, questionOf, REFUGE, RETURNS } = bench;
const OFFICER = { roles: ['eligibility-officer'] } as const;
const BEGIN = '2026-11-22T09:00:00.000Z';
const SPAN_MS = authoritySpanMs(DEFAULT_LEASE_TERMS);

const world = new bench.AuthorityBench();
let now = BEGIN;
const clock = { now: () => now };
let directory: TestNode;
let authority: TestNode;
let border: TestNode;
let returns: TestNode;

beforeAll(async () => {
  const network = await createTestNetwork([RETURNS, 'return-reintegration', 'CR']);
  const store = new MemoryLogStore();
  const options = () => ({ network, log: new MemoryEventLog(store), clock, keysMode: 'development' as const });
  directory = await startTestNode(listingNode(), options());
  const alarm = new ManualAlarmClock();
  authority = await startTestNode(world.definition(), { ...options(), alarm, logLevel: 'error' });
  border = await startTestNode(listingNode('intake'), options());
  returns = await startTestNode(listingNode('return-reintegration'), options());
});
afterAll(async () => {
  for (const node of [returns, border, authority, directory]) await node?.stop();
});

/** Lets both clocks of the authority run. */
function pass(ms: number): void {
  world.monotonic.pass(ms);
  now = instantAfter(now, ms);
}
const look = async (): Promise<unknown> => authority.node.runtime.deadlines?.runDue();
const typesOf = async (caseId: string): Promise<readonly string[]> =>
  (await authority.node.runtime.store.readStream(`hold-ledger-${caseId}`)).map(({ type }) => type);
const screenOf = async (caseId: string) => (await authority.get(`/v1/cases/${caseId}/protection`, OFFICER)).body;
const outOf = async (caseId: string) => (await authority.get(`/v1/cases/${caseId}/clearances`, OFFICER)).body;

/** A case with one lease out, and a hold that was placed then. */
async function heldWhileOut(gate: string = BORDER): Promise<{ caseId: string; clearanceId: string; holdId: string }> {
  const question = questionOf(world.newCase());
  expect(await asks(authority.node, question, gate)).toMatchObject({ isGranted: true });
  const { status, body } = await authority.post(
    ...[`/v1/cases/${question.caseId}/holds`, { kind: 'ASYLUM_INTENT' }, OFFICER],
  );
  expect([status, body.isOpen, body.isProtected]).toEqual([201, true, false]);
  return { caseId: question.caseId, clearanceId: question.clearanceId, holdId: body.id as string };
}

/** Lets a gate answer a halt. */
async function answers(
  gate: TestNode,
  { caseId, ...held }: Awaited<ReturnType<typeof heldWhileOut>>,
  change: { readonly outcome?: string; readonly departedAt?: string; readonly authority?: string } = {},
): Promise<void> {
  const { holdId, clearanceId } = held;
  const data = { holdId, authority: REFUGE, clearanceIds: [clearanceId], outcome: 'VOIDED', departedAt: null };
  const entry = {
    class: 'clearance',
    caseId,
    type: 'HaltAcknowledged',
    schemaVersion: 1,
    data: { ...data, ...change },
  };
  const { status } = await gate.post('/v1/listings', { entry }, { roles: ['coordinator'] });
  expect(status).toBe(201);
}

describe('a hold that is placed while a lease is out', () => {
  it('S1 S4 is written at once, protects once the gate has answered, and the screens say what is out until then', async () => {
    const held = await heldWhileOut();
    const { caseId, clearanceId, holdId } = held;
    const until = instantAfter(now, SPAN_MS);
    expect(await screenOf(caseId)).toMatchObject({
      ...{ status: 'NOT_YET_PROTECTED', protectedAtTheLatest: until },
      holds: [{ holdId, isProtected: false, mustAct: [{ agency: BORDER, step: 'GATE_ANSWERS_HALT' }] }],
    });
    const row = { clearanceId, caseId, gate: BORDER, removal: 'EXPULSION', grantedAt: now };
    const shown = { ...row, overAtTheLatest: until, isHalted: true };
    expect(await outOf(caseId)).toEqual({ caseId, clearances: [shown], forgottenOverAt: null, asOf: now });
    expect((await authority.get('/v1/clearances', OFFICER)).body.items).toEqual([shown]);
    await answers(border, held);
    await eventually(async () => {
      expect(await screenOf(caseId)).toMatchObject({ status: 'PROTECTED', holds: [{ holdId, basis: 'HALTED' }] });
    });
    expect((await outOf(caseId)).clearances).toEqual([]);
    expect((await authority.get('/v1/clearances', OFFICER)).body.items).toEqual([]);
    await answers(border, held); // again
    const types = ['ClearanceGranted', 'HoldPlaced', 'HaltOrdered', 'HaltAcknowledgementNoted', 'HoldProtected'];
    expect(await typesOf(caseId)).toEqual(types);
  });

  it('S1 protects when the lease is over by the authority’s own clock, whatever the calendar says', async () => {
    const { caseId } = await heldWhileOut();
    now = instantAfter(now, SPAN_MS); // somebody set the calendar
    await look();
    expect((await screenOf(caseId)).status).toBe('NOT_YET_PROTECTED');
    pass(SPAN_MS - 1);
    await look();
    expect((await screenOf(caseId)).status).toBe('NOT_YET_PROTECTED');
    pass(1_000);
    await look();
    expect(await screenOf(caseId)).toMatchObject({
      status: 'PROTECTED',
      since: now,
      holds: [{ basis: 'LEASE_ENDED' }],
    });
    expect(await typesOf(caseId)).toHaveLength(4);
  });

  it('S1 counts the lease from the beginning in a process that was started meanwhile', async () => {
    const { caseId } = await heldWhileOut();
    pass(SPAN_MS - 1);
    world.monotonic.restart();
    pass(1);
    await look();
    expect((await screenOf(caseId)).status).toBe('NOT_YET_PROTECTED');
    pass(SPAN_MS);
    await look();
    expect((await screenOf(caseId)).status).toBe('PROTECTED');
  });

  it('S3 is told as overtaken, with an alarm that names nobody, when the person had left', async () => {
    const held = await heldWhileOut(RETURNS);
    await answers(returns, held, { outcome: 'DEPARTED', departedAt: now });
    await eventually(async () => {
      const [hold] = (await screenOf(held.caseId)).holds;
      expect(hold).toMatchObject({ isOvertaken: true, isProtected: true, basis: 'OVERTAKEN' });
      expect(hold.mustAct).toContainEqual({ agency: REFUGE, step: 'DEPARTURE_REPORTED' });
    });
    const { metrics } = authority.node.runtime.observability;
    const text = await metrics.registry.metrics();
    expect(text).toMatch(new RegExp(`acogida_alarms_total\\{kind="overtaken",source="${RETURNS}".*\\} 1`));
    const lines = authority.logLines.filter((line) => line.includes('overtaken'));
    expect(lines).toEqual([expect.stringContaining(`"holdIds":["${held.holdId}"]`)]);
    expect(lines[0]).not.toContain(held.caseId);
  });

  it('INV-02 is not settled by an agency that is not the gate, nor by a word to another authority', async () => {
    const held = await heldWhileOut();
    await answers(returns, held);
    await answers(border, held, { authority: 'cr-conatt' });
    const kept = `SELECT kind, detail FROM inbox.kept WHERE source = $1`;
    await eventually(async () => {
      const { rows } = await authority.pool.query(kept, [RETURNS]);
      expect(rows).toEqual([{ kind: 'quarantined', detail: expect.stringContaining('HALT.NOT_THE_GATE') }]);
    });
    const settled = 'SELECT FROM inbox.event WHERE source = $1 AND number = $2';
    const { rowCount } = await border.pool.query('SELECT FROM es.outbox');
    await eventually(async () => expect((await authority.pool.query(settled, [BORDER, rowCount])).rowCount).toBe(1));
    expect(await typesOf(held.caseId)).toEqual(['ClearanceGranted', 'HoldPlaced', 'HaltOrdered']);
  });
});

describe('the screen of what is out', () => {
  it('is paged, oldest first, without what is over', async () => {
    pass(2 * SPAN_MS);
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      const question = questionOf(world.newCase());
      await asks(authority.node, question);
      ids.push(question.clearanceId);
      pass(10);
    }
    const first = await authority.get('/v1/clearances?limit=2', OFFICER);
    const next = /<([^>]+)>/.exec(first.headers['link'] ?? '')?.[1] ?? '';
    const second = await authority.get(next, OFFICER);
    const idOf = ({ clearanceId }: { clearanceId: string }): string => clearanceId;
    expect([first.body.items.map(idOf), second.body.items.map(idOf)]).toEqual([ids.slice(0, 2), ids.slice(2)]);
    world.monotonic.restart(); // all are counted anew
    expect((await authority.get('/v1/clearances', OFFICER)).body.items.length).toBeGreaterThanOrEqual(3);
    world.monotonic.pass(SPAN_MS);
    expect((await authority.get('/v1/clearances', OFFICER)).body.items).toEqual([]);
    expect((await authority.get('/v1/clearances', { roles: ['operator'] })).status).toBe(403);
  });
});

describe('a halt that its gate never answers', () => {
  it('S3 is said again, and not to a gate that is gone from the network, until it is in it again', async () => {
    const { caseId } = await heldWhileOut();
    const said = async () => (await typesOf(caseId)).filter((type) => type === 'HaltOrdered').length;
    const { context } = authority.node.runtime;
    const there = context.members();
    const gone = there.map((one) => (one.agencyId === BORDER ? { ...one, successor: RETURNS } : one));
    const members = jest.spyOn(context, 'members').mockReturnValue(gone);
    pass(3_600_000);
    await look();
    expect(await said()).toBe(1);
    members.mockRestore();
    pass(24 * 3_600_000 - 1);
    await look();
    expect(await said()).toBe(1);
    pass(1);
    await look();
    expect(await said()).toBe(2);
  });
});

describe('gates that the directory does not send here', () => {
  it('S1 S3 are waited for, however long, since no lease of theirs is known, and are told again', async () => {
    const authorities = [{ agencyId: 'cr-conatt', holds: ['TRAFFICKING_RISK'] }];
    const entry = {
      ...{ class: 'directory', caseId: null, type: 'ClearanceAuthoritiesListed', schemaVersion: 1 },
      data: { jurisdiction: 'CR', authorities },
    };
    await directory.post('/v1/listings', { entry }, { roles: ['coordinator'] });
    const known = `SELECT FROM known_entry WHERE kind = 'CLEARANCE'`;
    await eventually(async () => expect((await authority.pool.query(known)).rowCount).toBe(1));
    const caseId = randomUUID();
    const { body } = await authority.post(`/v1/cases/${caseId}/holds`, { kind: 'ASYLUM_INTENT' }, OFFICER);
    expect(body.isProtected).toBe(false);
    const waiting = [BORDER, RETURNS].map((agency) => ({ agency, step: 'GATE_ANSWERS_HALT' }));
    const [hold] = (await screenOf(caseId)).holds;
    expect([hold.mustAct, hold.protectedAtTheLatest]).toEqual([waiting, null]);
    const halts = async () => (await typesOf(caseId)).filter((type) => type === 'HaltOrdered');
    expect(await halts()).toHaveLength(2);
    pass(100 * SPAN_MS);
    await look();
    expect(await halts()).toHaveLength(4); // to each gate once more: nothing could be sealed to it, maybe
    await look();
    expect(await halts()).toHaveLength(4);
    const held = { caseId, holdId: body.id as string, clearanceId: randomUUID() };
    for (const gate of [border, returns]) await answers(gate, held, { clearanceIds: [] } as object);
    await eventually(async () => expect((await screenOf(caseId)).status).toBe('PROTECTED'));
  });
});
