import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryEventLog, MemoryLogStore } from '@acogida/event-log';
import { inTransaction } from '@acogida/event-store';
import type { GateRefusal } from '@acogida/reference';
import { gateProcedure, NEXT_STEPS } from '@acogida/safeguards';
import { eventually } from '@acogida/testing';
import { createTestNetwork, startTestNode, type TestNode, type TestReply } from '@acogida/testing/node';
import type { Role } from '../auth/roles.ts';
import type { OwnObstaclesOfCases } from '../case-obstacles/own-obstacles.ts';
import { listingNode } from '../testing/listing-node.ts';
import { DepartureGate } from './departure-gate.ts';
import { departureObstacles } from './departure-obstacle.ts';
import { FakeChannel, gateNode, granting, heard, PausingClock, refusing } from './testing/gate-bench.ts';

const NOW = '2026-11-22T09:00:00.000Z';
const OFFICER = { roles: ['border-officer'] } as const;
const SUPERVISOR = { roles: ['supervisor'] } as const;
const [REFUGE, CONATT, ELSEWHERE, OWN] = ['cr-refugee-unit', 'cr-conatt', 'mx-comar', 'cr-border-intake'] as const;
const ELEMENTS = { names: ['Ana Paz'], dateOfBirth: null, sex: null, nationalities: ['SV'], documents: [] };

const channel = new FakeChannel();
const monotonic = new PausingClock();
const own: { now: OwnObstaclesOfCases } = { now: { obstacles: [], unknownHolds: [] } };
const clock = { now: () => NOW };

let node: TestNode;
let directory: TestNode;

beforeAll(async () => {
  const network = await createTestNetwork();
  const store = new MemoryLogStore();
  directory = await startTestNode(listingNode(), { network, log: new MemoryEventLog(store), clock });
  node = await startTestNode(gateNode({ channel, monotonic, own, elements: ELEMENTS }), {
    network,
    log: new MemoryEventLog(store),
    clock,
  });
});
afterAll(async () => {
  for (const one of [node, directory]) await one?.stop();
});
beforeEach(() => {
  channel.reset();
  monotonic.restart();
  own.now = { obstacles: [], unknownHolds: [] };
});

const at = (caseId: string, path = ''): string => `/v1/cases/${caseId}/departures${path}`;
const ask = (caseId: string, options: object = {}): Promise<TestReply> =>
  node.post(at(caseId), { removal: 'EXPULSION' }, { ...OFFICER, ...options });
const confirm = (caseId: string, departureId: string, options: object = {}): Promise<TestReply> =>
  node.post(at(caseId, `/${departureId}/confirmation`), {}, { ...OFFICER, ...options });
const screen = async (caseId: string): Promise<TestReply['body']> => (await node.get(at(caseId), OFFICER)).body;
const eventsOf = async (caseId: string): Promise<readonly string[]> =>
  (await node.node.runtime.store.readStream(`gate-${caseId}`)).map(({ type }) => type);

const obstacle = (refusal: GateRefusal, authority: string | null = null) => ({
  ...{ refusal, authority, nextStep: NEXT_STEPS[refusal] },
});

/** How an agency stands on the log. */
async function hear(source: string, status = 'flowing', heardAt: string | null = NOW): Promise<void> {
  await node.pool.query(
    `INSERT INTO inbox.source_cursor (source, status, heard_at) VALUES ($1, $2, $3)
     ON CONFLICT (source) DO UPDATE SET status = excluded.status, heard_at = excluded.heard_at`,
    [source, status, heardAt],
  );
}

/** Lists who clears in Costa Rica, and waits until the gate has heard it. */
async function list(...agencies: string[]): Promise<void> {
  const authorities = agencies.map((agencyId) => ({ agencyId, holds: ['ASYLUM_INTENT'] }));
  const frame = { class: 'directory', caseId: null, type: 'ClearanceAuthoritiesListed', schemaVersion: 1 };
  const entry = { ...frame, data: { jurisdiction: 'CR', authorities } };
  expect((await directory.post('/v1/listings', { entry }, { roles: ['coordinator'] })).status).toBe(201);
  await eventually(async () => {
    const { rows } = await node.pool.query(`SELECT entry FROM known_entry WHERE kind = 'CLEARANCE'`);
    expect(rows).toEqual([{ entry: expect.objectContaining({ authorities }) }]);
  });
}

/** Lets the gate react to a word of another agency. */
async function say(...event: Parameters<typeof heard>): Promise<void> {
  const { context, definition, pool } = node.node.runtime;
  const policy = definition.policies(context).find(({ on }) => on === event[0]);
  await inTransaction(pool, async (transaction) => policy?.react(heard(...event), transaction));
}

function halt(caseId: string, clearanceIds: readonly string[], gate: string = OWN): Promise<void> {
  return say('HaltOrdered', REFUGE, 7, caseId, { holdId: randomUUID(), gate, clearanceIds, since: NOW });
}

describe('a gate whose directory has not said who clears', () => {
  it('INV-02 refuses: nobody is named', async () => {
    const { status, body } = await ask(randomUUID());
    expect([status, body.status, body.validForMs]).toEqual([201, 'REFUSED', 0]);
    expect(body.obstacles).toEqual([obstacle('AUTHORITIES_UNKNOWN')]);
    expect(channel.asked).toEqual([]);
  });
});

describe('the gate', () => {
  beforeAll(async () => {
    await list(REFUGE, CONATT);
    for (const agency of [REFUGE, CONATT, ELSEWHERE]) await hear(agency);
  });

  it('INV-01 INV-02 asks every authority at once, after it has written that it asks, and lets go whom all clear', async () => {
    const caseId = randomUUID();
    const all = Promise.withResolvers<void>();
    let written: readonly string[] = [];
    channel.answerAll(async (request) => {
      written = await eventsOf(caseId);
      if (channel.asked.length === 3) all.resolve();
      await all.promise; // one after the other would never end
      return granting(30_000)(request);
    });
    const { status, body, headers } = await ask(caseId);
    expect([status, headers['location'], headers['etag']]).toEqual([201, at(caseId), '"2"']);
    expect(body).toEqual({ id: body.id, version: 2, status: 'WARRANTED', obstacles: [], validForMs: 30_000 });
    expect(written).toEqual(['ClearanceAsked']);
    expect(channel.asked.map(({ agencyId }) => agencyId).sort()).toEqual([OWN, CONATT, REFUGE].sort());
    for (const { request, deadlineMs } of channel.asked) {
      const { requestId: clearanceId } = request;
      const sent = { caseId, clearanceId, removal: 'EXPULSION', identity: ELEMENTS, inPlaceOf: [] };
      expect([request, deadlineMs]).toEqual([{ topic: 'clearance', requestId: clearanceId, body: sent }, 10_000]);
    }
    monotonic.pass(29_999);
    expect((await screen(caseId)).attempt).toMatchObject({ status: 'WARRANTED', validForMs: 1 });
    const left = await confirm(caseId, body.id);
    expect([left.status, left.body.status]).toEqual([200, 'DEPARTED']);
    expect((await screen(caseId)).departures).toEqual([{ departureId: body.id, departedAt: NOW, isWarranted: true }]);
  });

  it.each([
    ['refuses', refusing('HOLD_ACTIVE', 'POSSIBLE_MATCH'), ['HOLD_ACTIVE', 'POSSIBLE_MATCH']],
    ['does not answer', () => ({ outcome: 'UNREACHABLE' }) as const, ['UNREACHABLE']],
    ['is not who it says', () => ({ outcome: 'UNVERIFIABLE' }) as const, ['UNVERIFIABLE']],
    ['breaks the channel', () => Promise.reject(new Error('broken')), ['UNREACHABLE']],
    ['answers another request', granting(60_000, { clearanceId: 'other' }), ['UNVERIFIABLE']],
    ['grants for longer than anybody may', granting(600_001), ['UNVERIFIABLE']],
    ['grants for no time', granting(0), ['UNVERIFIABLE']],
    ['does not say what it found', granting(60_000, { found: 'SOMETHING' }), ['UNVERIFIABLE']],
    ['refuses for a reason that nobody knows', refusing('HOLD_ACTIVE', 'RAIN'), ['UNVERIFIABLE']],
    ['refuses without a reason', refusing(), ['UNVERIFIABLE']],
    ['says neither', granting(60_000, { isGranted: 'yes' }), ['UNVERIFIABLE']],
  ] as const)('INV-02 refuses where one authority %s', async (_, answering, refusals) => {
    const caseId = randomUUID();
    channel.answer(CONATT, answering);
    const { status, body } = await ask(caseId);
    const obstacles = refusals.map((refusal) => obstacle(refusal, CONATT));
    expect([status, body.status, body.obstacles, body.validForMs]).toEqual([201, 'REFUSED', obstacles, 0]);
    expect((await confirm(caseId, body.id)).body.code).toBe('GATE.NO_WARRANT');
    expect((await screen(caseId)).attempt).toMatchObject({ status: 'REFUSED', obstacles, validForMs: 0, end: null });
  });

  it.each([
    ['is silent', ['flowing', '2026-11-22T08:59:00.000Z'], 'AUTHORITY_STALE'],
    ['was never heard', ['flowing', null], 'AUTHORITY_STALE'],
    ['is not followed to its end', ['gap', NOW], 'AUTHORITY_STALE'],
    ['contradicts itself', ['stopped', NOW], 'AUTHORITY_EQUIVOCATES'],
  ] as const)('INV-02 refuses where one authority %s on the log', async (_, [status, heardAt], refusal) => {
    await hear(CONATT, status, heardAt);
    expect((await ask(randomUUID())).body.obstacles).toEqual([obstacle(refusal, CONATT)]);
    await hear(CONATT);
  });

  it.each([
    ['is silent', ['flowing', '2026-11-22T08:59:00.000Z']],
    ['is not followed to its end', ['gap', NOW]],
    ['contradicts itself', ['stopped', NOW]],
  ] as const)('S1 INV-02 refuses where the directory %s: its list may be over', async (_, [status, heardAt]) => {
    const [{ source }] = (await node.pool.query(`SELECT source FROM known_entry WHERE kind = 'CLEARANCE'`)).rows;
    await hear(source, status, heardAt);
    expect((await ask(randomUUID())).body.obstacles).toEqual([obstacle('AUTHORITIES_UNKNOWN')]);
    await hear(source);
  });

  it('INV-02 refuses where one authority takes no part in the network', async () => {
    await list(REFUGE, 'cr-nobody');
    expect((await ask(randomUUID())).body.obstacles).toEqual([obstacle('AUTHORITY_GONE', 'cr-nobody')]);
    await list(REFUGE, CONATT);
  });

  it('INV-02 refuses while something of the case waits here, and where something counts as a hold', async () => {
    own.now = { obstacles: ['EVENT_PARKED', 'AWAITS_ATTESTATION'], unknownHolds: [ELSEWHERE] };
    expect((await ask(randomUUID())).body.obstacles).toEqual([
      ...[obstacle('EVENT_PARKED'), obstacle('AWAITS_ATTESTATION'), obstacle('HOLD_HEARD', ELSEWHERE)],
    ]);
  });

  it('INV-02 refuses where the slowest answer came after the shortest lease was over', async () => {
    channel.answer(CONATT, granting(5_000));
    channel.answer(REFUGE, (request) => {
      monotonic.pass(5_000);
      return granting()(request);
    });
    expect((await ask(randomUUID())).body.obstacles).toEqual([obstacle('LEASE_OVER')]);
  });

  it('INV-17 never says which hold it is', async () => {
    channel.answer(REFUGE, refusing('HOLD_ACTIVE'));
    const caseId = randomUUID();
    await ask(caseId);
    const { text } = await node.get(at(caseId), OFFICER);
    expect(text).toContain('HOLD_ACTIVE');
    expect(text).not.toContain('ASYLUM');
  });
});

describe('a hold that the gate hears of', () => {
  const placed = (since = NOW) => ({ kind: null, groundId: null, takenOverFrom: null, since });

  it('INV-02 ends what is under way; lifted, its agency is asked all the same, and need not be told who it is about', async () => {
    const [caseId, holdId] = [randomUUID(), randomUUID()];
    const { body } = await ask(caseId);
    await say('HoldPlaced', ELSEWHERE, 4, caseId, { holdId, ...placed() });
    expect((await confirm(caseId, body.id)).body.code).toBe('GATE.NO_WARRANT');
    expect((await screen(caseId)).attempt).toMatchObject({ status: 'ENDED', end: 'HOLD_HEARD', validForMs: 0 });
    expect((await ask(caseId)).body.obstacles).toEqual([obstacle('HOLD_HEARD', ELSEWHERE)]);
    await say('HoldLifted', ELSEWHERE, 9, caseId, { holdId, reason: null, replacedBy: null, liftedAt: NOW });
    channel.reset();
    expect((await ask(caseId)).body.status).toBe('WARRANTED');
    const asked = channel.asked.map(({ agencyId, request }) => [agencyId, request.body['identity'] !== null]);
    expect(Object.fromEntries(asked)).toEqual({ [OWN]: true, [CONATT]: true, [REFUGE]: true, [ELSEWHERE]: false });
  });

  it('INV-02 stands against a departure also where only the read model has it', async () => {
    const caseId = randomUUID();
    await node.pool.query(
      `INSERT INTO known_hold (source, hold_id, case_id, since, placed_number) VALUES ($1, $2, $3, $4, 1)`,
      [ELSEWHERE, randomUUID(), caseId, NOW],
    );
    expect((await ask(caseId)).body.obstacles).toEqual([obstacle('HOLD_HEARD', ELSEWHERE)]);
    expect(channel.asked.map(({ agencyId }) => agencyId)).toContain(ELSEWHERE);
  });
});

describe('a halt', () => {
  const clearanceOf = (agency: string): string =>
    channel.asked.find(({ agencyId }) => agencyId === agency)?.request.requestId ?? '';

  it('S1 voids the warrant, and is answered once', async () => {
    const caseId = randomUUID();
    const { body } = await ask(caseId);
    await halt(caseId, [clearanceOf(REFUGE)]);
    expect((await confirm(caseId, body.id)).body.code).toBe('GATE.NO_WARRANT');
    const { attempt, halts } = await screen(caseId);
    expect(attempt).toMatchObject({ status: 'ENDED', end: 'HALTED', validForMs: 0 });
    expect(halts).toMatchObject([{ authority: REFUGE, outcome: 'VOIDED' }]);
    expect(await eventsOf(caseId)).toEqual([
      ...['ClearanceAsked', 'WarrantIssued', 'HoldHeard', 'AttemptEnded', 'HaltAcknowledged'],
    ]);
  });

  it('S1 that comes while authorities are asked leaves no warrant', async () => {
    const caseId = randomUUID();
    channel.answer(REFUGE, async (request) => {
      await halt(caseId, [request.requestId]);
      return granting()(request);
    });
    const { status, body } = await ask(caseId);
    expect([status, body.status, body.validForMs]).toEqual([201, 'ENDED', 0]);
    expect((await confirm(caseId, body.id)).status).toBe(409);
  });

  it('S3 after the departure says that the person has left', async () => {
    const caseId = randomUUID();
    const { body } = await ask(caseId);
    await confirm(caseId, body.id);
    await halt(caseId, [clearanceOf(REFUGE)]);
    expect((await screen(caseId)).halts).toMatchObject([{ authority: REFUGE, outcome: 'DEPARTED' }]);
  });

  it('of another gate, or of another authority’s clearance, changes nothing', async () => {
    const caseId = randomUUID();
    const { body } = await ask(caseId);
    await halt(caseId, [], ELSEWHERE);
    await expect(halt(caseId, [clearanceOf(CONATT)])).rejects.toMatchObject({ code: 'HALT.NOT_ITS_CLEARANCE' });
    expect((await confirm(caseId, body.id)).status).toBe(200);
  });

  it('S3 is not answered by a gate that was restored and may have forgotten who left', async () => {
    const { context, definition } = node.node.runtime;
    const restored = { ...context, awaitsAttestation: () => true };
    const policy = definition.policies(restored).find(({ on }) => on === 'HaltOrdered');
    const data = { holdId: randomUUID(), gate: OWN, clearanceIds: [], since: NOW };
    const react = inTransaction(node.pool, async (transaction) =>
      policy?.react(heard('HaltOrdered', REFUGE, 7, randomUUID(), data), transaction),
    );
    await expect(react).rejects.toMatchObject({ code: 'GATE.AWAITS_ATTESTATION' });
  });
});

describe('the door', () => {
  it('S1 stays shut where the process stood still for longer than the lease between deciding and writing', async () => {
    const caseId = randomUUID();
    const { body } = await ask(caseId);
    monotonic.pauseAfterReading(60_000);
    const { status, body: problem } = await confirm(caseId, body.id);
    expect([status, problem.code]).toEqual([409, 'GATE.NO_WARRANT']);
    expect((await eventsOf(caseId)).slice(-2)).toEqual(['DepartureConfirmed', 'DepartureTakenBack']);
    const { attempt, departures } = await screen(caseId);
    expect([attempt.status, attempt.end, departures]).toEqual(['ENDED', 'TOO_LATE', []]);
  });

  it('S1 stays shut after a start of the process, which dropped all leases', async () => {
    const caseId = randomUUID();
    const { body } = await ask(caseId);
    monotonic.restart();
    expect((await screen(caseId)).attempt).toMatchObject({ status: 'WARRANTED', validForMs: 0 });
    expect((await confirm(caseId, body.id)).body.code).toBe('GATE.NO_WARRANT');
    expect((await ask(caseId)).body.status).toBe('WARRANTED');
  });

  it('is answered again under the same key while it is open; later it stays shut, and nobody comes back', async () => {
    const caseId = randomUUID();
    const { body } = await ask(caseId);
    const once = { idempotencyKey: randomUUID() };
    const [first, again] = [await confirm(caseId, body.id, once), await confirm(caseId, body.id, once)];
    expect([first.status, again.status, again.headers['idempotency-replayed']]).toEqual([200, 200, 'true']);
    expect(again.body).toEqual(first.body);
    monotonic.pass(60_000);
    expect((await confirm(caseId, body.id, once)).body.code).toBe('GATE.NO_WARRANT');
    expect((await confirm(caseId, body.id)).body.code).toBe('GATE.NO_WARRANT');
    expect((await eventsOf(caseId)).slice(-1)).toEqual(['DepartureConfirmed']);
  });
});

describe('the door, by two requests at once', () => {
  it('S3 a departure is not taken back by the one that stood still, once the other was let through', async () => {
    const caseId = randomUUID();
    const { body } = await ask(caseId);
    const gate = node.node.app.get(DepartureGate);
    const act = { caseId, departureId: body.id as string, officer: 'officer-1', correlationId: randomUUID() };
    const metadata = { actor: act.officer, correlationId: act.correlationId, causation: null };
    const command = await gate.confirmation(act);
    await node.node.runtime.context.handler.execute({ procedure: gateProcedure, id: caseId, command, ...metadata });
    expect((await confirm(caseId, act.departureId)).status).toBe(200);
    monotonic.pass(60_000);
    await expect(gate.openDoor(act, true)).rejects.toMatchObject({ code: 'GATE.NO_WARRANT' });
    expect((await eventsOf(caseId)).slice(-1)).toEqual(['DepartureConfirmed']);
    expect((await screen(caseId)).departures).toHaveLength(1);
  });
});

describe('a request that comes again', () => {
  it('asks nobody twice, one after the other or both at once', async () => {
    const caseId = randomUUID();
    const once = { idempotencyKey: randomUUID() };
    const replies = await Promise.all([ask(caseId, once), ask(caseId, once)]);
    monotonic.pass(1_000);
    const later = await ask(caseId, once);
    expect(new Set([...replies, later].map(({ body }) => body.id)).size).toBe(1);
    expect([...replies, later].map(({ body }) => [body.status, body.validForMs])).toEqual([
      ...[
        ['WARRANTED', 60_000],
        ['WARRANTED', 60_000],
        ['WARRANTED', 59_000],
      ],
    ]);
    expect(new Set(channel.asked.map(({ request }) => request.requestId)).size).toBe(3);
    expect(await eventsOf(caseId)).toEqual(['ClearanceAsked', 'WarrantIssued']);
  });

  it('goes on with what it had begun when the process ended before the answers came', async () => {
    const caseId = randomUUID();
    const once = { idempotencyKey: randomUUID(), headers: { 'if-match': '"0"' } };
    channel.answer(REFUGE, () => Promise.reject(new Error('the process ends')));
    const { pool } = node.node.runtime;
    await pool.query(`ALTER TABLE es.event ADD CONSTRAINT no_more CHECK (version < 2) NOT VALID`);
    expect((await ask(caseId, once)).status).toBeGreaterThanOrEqual(500);
    await pool.query(`ALTER TABLE es.event DROP CONSTRAINT no_more`);
    const firstAsked = channel.asked.map(({ request }) => request.requestId);
    channel.reset();
    expect((await ask(caseId, once)).body.status).toBe('WARRANTED');
    expect(channel.asked.map(({ request }) => request.requestId)).toEqual(firstAsked);
  });

  it('another attempt ends the one before, so that one warrant is valid at most', async () => {
    const caseId = randomUUID();
    const first = await ask(caseId);
    const second = await ask(caseId);
    expect((await confirm(caseId, first.body.id)).body.code).toBe('GATE.NO_WARRANT');
    expect((await confirm(caseId, second.body.id)).status).toBe(200);
  });

  it('is refused where the officer saw another version', async () => {
    const caseId = randomUUID();
    await ask(caseId);
    expect((await ask(caseId, { headers: { 'if-match': '"0"' } })).status).toBe(412);
    expect((await ask(caseId, { headers: { 'if-match': '"2"' } })).status).toBe(201);
  });
});

describe('who may', () => {
  it('ask is a border officer or a supervisor, for removals of the service', async () => {
    const asked = (removal: string, role: Role) => node.post(at(randomUUID()), { removal }, { roles: [role] });
    expect((await asked('EXPULSION', 'supervisor')).status).toBe(201);
    for (const role of ['caseworker', 'eligibility-officer', 'operator', 'import'] as const)
      expect((await asked('EXPULSION', role)).status).toBe(403);
    expect((await asked('RETURN_DEPARTURE', 'supervisor')).body.code).toBe('GATE.REMOVAL_NOT_HERE');
    expect((await asked('SOMETHING', 'supervisor')).body.code).toBe('VALIDATION_FAILED');
  });

  it('call it off is whoever works on the case; who was confirmed is taken back by a supervisor alone', async () => {
    const caseId = randomUUID();
    const end = (id: string, who: object) => node.post(at(caseId, `/${id}/end`), {}, who);
    const first = (await ask(caseId)).body.id as string;
    const ended = await end(first, { roles: ['caseworker'] });
    expect([ended.status, ended.body.status]).toEqual([200, 'ENDED']);
    expect((await screen(caseId)).attempt).toMatchObject({ end: 'CALLED_OFF' });
    const second = (await ask(caseId)).body.id as string;
    expect((await end(first, SUPERVISOR)).body.code).toBe('GATE.ATTEMPT_OVER');
    await confirm(caseId, second);
    expect((await end(second, OFFICER)).body.code).toBe('GATE.NOT_YOUR_ROLE');
    expect((await end(second, SUPERVISOR)).body.status).toBe('ENDED');
    expect((await screen(caseId)).departures).toEqual([]);
  });
});

describe('an erasure', () => {
  it('waits for a departure that is under way, until it is called off or has been', async () => {
    const { context, definition } = node.node.runtime;
    const [obstacle] = departureObstacles(definition.procedures);
    const waitsFor = (caseId: string) =>
      inTransaction(node.pool, async (transaction) => obstacle?.({ node: context, transaction } as never, caseId));
    const caseId = randomUUID();
    expect(await waitsFor(caseId)).toBeNull();
    const { body } = await ask(caseId);
    expect(await waitsFor(caseId)).toBe('DEPARTURE');
    await node.post(at(caseId, `/${body.id}/end`), {}, OFFICER);
    expect(await waitsFor(caseId)).toBeNull();
    expect(departureObstacles([])).toEqual([]);
  });
});

describe('a departure that no warrant covered', () => {
  it('is taken down, shown, and raises the alarm once', async () => {
    const caseId = randomUUID();
    const once = { roles: ['caseworker'] as const, idempotencyKey: randomUUID() };
    const departedAt = '2026-11-22T07:30:00Z';
    const report = (options: object) =>
      node.post(at(caseId, '/unwarranted'), { removal: 'EXPULSION', departedAt }, options);
    const alarms = async () => {
      const { metrics } = node.node.runtime.observability;
      const text = await metrics.registry.getSingleMetricAsString('acogida_alarms_total');
      return Number(/kind="unwarranted-departure".* (\d+)$/m.exec(text)?.[1] ?? 0);
    };
    const [first, again] = [await report(once), await report(once)];
    expect([first.status, first.body.status, again.body]).toEqual([201, 'DEPARTED', first.body]);
    expect((await screen(caseId)).departures).toEqual([
      { departureId: first.body.id, departedAt: '2026-11-22T07:30:00.000Z', isWarranted: false },
    ]);
    expect(await alarms()).toBe(1);
    const later = await node.post(
      at(caseId, '/unwarranted'),
      { removal: 'EXPULSION', departedAt: '2026-11-22T09:00:01Z' },
      OFFICER,
    );
    expect(later.body.code).toBe('GATE.NOT_YET_DEPARTED');
  });
});
