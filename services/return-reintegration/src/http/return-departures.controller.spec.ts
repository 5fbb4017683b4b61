import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { COUNSELLED_OPTIONS } from '@acogida/reference';
import { gateProcedure, type Reading } from '@acogida/safeguards';
import { ManualAlarmClock, MONOTONIC_CLOCK, type MonotonicClock } from '@acogida/service-kit';
import { createTestNetwork, startTestNode, type TestNode, type TestReply } from '@acogida/testing/node';
import { returnReintegrationNode } from '../return-reintegration.module.ts';

const AGENCY = 'cr-return-unit';
const ASYLUM = 'cr-refugee-unit';
const BEGIN = '2026-11-20T15:00:00.000Z';
const COOLED = '2026-11-22T15:00:00.000Z';
const counsellor = { roles: ['caseworker'] } as const;
const supervisor = { roles: ['supervisor'] } as const;
const time = { now: BEGIN };
const clock = { now: () => time.now };
/** Nothing comes due by itself. */
const alarm = new ManualAlarmClock();
const talk = { language: 'spa', interpretation: 'IN_PERSON', isDetained: false };

/** A process that may stand still for an hour after some reading of its clock. */
class HaltingClock implements MonotonicClock {
  standsStillAfterReadings = Number.POSITIVE_INFINITY;
  #ms = 0;

  read(): Reading {
    const reading = { boot: 'boot', ms: this.#ms };
    this.standsStillAfterReadings -= 1;
    if (this.standsStillAfterReadings === 0) this.#ms += 3_600_000;
    return reading;
  }
}

const monotonic = new HaltingClock();
let node: TestNode;

beforeAll(async () => {
  const network = await createTestNetwork([AGENCY, 'return-reintegration', 'CR']);
  const providers = [...returnReintegrationNode.providers, { provide: MONOTONIC_CLOCK, useValue: monotonic }];
  node = await startTestNode({ ...returnReintegrationNode, providers }, { network, agencyId: AGENCY, clock, alarm });
});
afterAll(() => node.stop());
beforeEach(() => clearedBy(AGENCY));

/** Who clears in Costa Rica, as the directory would say it. */
async function clearedBy(...agencies: string[]): Promise<void> {
  const authorities = agencies.map((agencyId) => ({ agencyId, holds: ['VOLUNTARINESS'] }));
  await node.pool.query(
    `INSERT INTO known_entry (source, kind, entry_id, number, entry) VALUES ('regional-directory', 'CLEARANCE', 'CR', 1, $1)
     ON CONFLICT (kind, entry_id, source) DO UPDATE SET entry = excluded.entry`,
    [JSON.stringify({ jurisdiction: 'CR', authorities })],
  );
  await node.pool.query(
    `INSERT INTO inbox.source_cursor (source, heard_at) VALUES ('regional-directory', $1)
     ON CONFLICT (source) DO UPDATE SET heard_at = excluded.heard_at`,
    [COOLED],
  );
}

interface Made {
  readonly caseId: string;
  readonly id: string;
}

const step = (id: string, name: string, body: object = {}, options: object = counsellor): Promise<TestReply> =>
  node.post(`/v1/return-cases/${id}/${name}`, body, options);

/** A return that the person consented to and that was approved. */
async function approved(): Promise<Made> {
  time.now = BEGIN;
  const caseId = randomUUID();
  const applied = await node.post('/v1/return-cases', { caseId, destination: 'NI', ageStatus: 'ADULT' }, counsellor);
  expect(applied.status).toBe(201);
  const id = applied.body.id as string;
  await step(id, 'counselling', { ...talk, heldAt: BEGIN, options: COUNSELLED_OPTIONS });
  const given = { form: 'WRITTEN', givenBy: 'SELF', assent: 'NOT_APPLICABLE', hasIndependentWitness: false, ties: [] };
  await step(id, 'consent', { ...talk, ...given, signedAt: BEGIN });
  time.now = COOLED;
  await step(id, 'voluntariness');
  expect((await step(id, 'approval', {}, supervisor)).body.stage).toBe('APPROVED');
  return { caseId, id };
}

/** The same with a warrant. */
async function warranted(): Promise<Made & { readonly departureId: string }> {
  const made = await approved();
  const asked = await step(made.id, 'departures');
  expect([asked.status, asked.body.status, asked.body.obstacles]).toEqual([201, 'WARRANTED', []]);
  return { ...made, departureId: asked.body.id as string };
}

const stageOf = async (id: string): Promise<unknown> =>
  (await node.get(`/v1/return-cases/${id}`, counsellor)).body.stage;
const gateOf = async (caseId: string) => (await node.node.runtime.context.handler.load(gateProcedure, caseId)).state;
const lastOf = async (stream: string): Promise<string | undefined> =>
  (await node.node.runtime.store.readStream(stream)).at(-1)?.type;

describe('a departure by return', () => {
  it('INV-02 is cleared at the gate and confirmed at the door, by case and gate together', async () => {
    const { caseId, id } = await approved();
    const once = { ...counsellor, idempotencyKey: randomUUID() };
    const asked = await step(id, 'departures', {}, once);
    const departureId = asked.body.id as string;
    expect([asked.status, asked.headers['location']]).toEqual([201, `/v1/cases/${caseId}/departures`]);
    expect(asked.body).toMatchObject({ status: 'WARRANTED', obstacles: [] });
    expect(asked.body.validForMs).toBeGreaterThan(0);
    const again = await step(id, 'departures', {}, once);
    expect([again.body.id, again.headers['idempotency-replayed']]).toEqual([departureId, 'true']);
    const left = await step(id, `departures/${departureId}/confirmation`);
    expect([left.status, left.body.stage]).toEqual([200, 'DEPARTED']);
    expect((await node.get(`/v1/return-cases/${id}`, counsellor)).body.departedAt).toBe(COOLED);
    expect((await gateOf(caseId)).departures.map((one) => one.departureId)).toEqual([departureId]);
    const late = await step(id, 'withdrawal', { toldTo: 'CARRIER' });
    expect([late.status, late.body.code]).toEqual([409, 'RETURN.DEPARTED']);
  });

  it('INV-02 is refused with whose obstacle it is and who has to act', async () => {
    await clearedBy(AGENCY, ASYLUM);
    const { id } = await approved();
    const { status, body } = await step(id, 'departures');
    expect([status, body.status, body.validForMs]).toEqual([201, 'REFUSED', 0]);
    expect(body.obstacles).toContainEqual({
      ...{ refusal: 'UNREACHABLE', authority: ASYLUM, nextStep: 'REACH_FOCAL_POINT' },
    });
    expect(body.obstacles.every(({ authority }: { authority: string }) => authority === ASYLUM)).toBe(true);
    const door = await step(id, `departures/${body.id}/confirmation`);
    expect([door.status, door.body.code]).toEqual([409, 'GATE.NO_WARRANT']);
    expect(await stageOf(id)).toBe('APPROVED');
  });

  it('INV-02 is refused for a hold of this agency itself, whatever the directory lists', async () => {
    await clearedBy(ASYLUM);
    const { caseId, id } = await approved();
    const placed = await node.post(`/v1/cases/${caseId}/holds`, { kind: 'VOLUNTARINESS' }, counsellor);
    expect(placed.status).toBe(201);
    const { body } = await step(id, 'departures');
    expect(body.obstacles).toContainEqual({
      ...{ refusal: 'HOLD_ACTIVE', authority: AGENCY, nextStep: 'WAIT_FOR_THE_AUTHORITY' },
    });
  });

  it('INV-14 asks nobody before the return is approved', async () => {
    time.now = BEGIN;
    const caseId = randomUUID();
    const body = { caseId, destination: 'NI', ageStatus: 'ADULT' };
    const { id } = (await node.post('/v1/return-cases', body, counsellor)).body;
    const refused = await step(id, 'departures');
    expect([refused.status, refused.body.code]).toEqual([409, 'RETURN.NO_CONSENT']);
    expect((await gateOf(caseId)).attempt).toBeNull();
    const unknown = await step(randomUUID(), 'departures');
    expect([unknown.status, unknown.body.code]).toEqual([404, 'RETURN.UNKNOWN']);
  });

  it('INV-11 asks nobody for a child who is alone, as another agency said in the moment of the application', async () => {
    const { caseId, id } = await approved();
    await node.pool.query('INSERT INTO identified_child (case_id, care_status) VALUES ($1, $2)', [caseId, 'SEPARATED']);
    const refused = await step(id, 'departures');
    expect([refused.status, refused.body.code]).toEqual([409, 'RETURN.CHILD_NOT_CLEARED']);
    expect((await gateOf(caseId)).attempt).toBeNull();
  });

  it('INV-14 has no other way: the gate’s own routes that ask and confirm are not there', async () => {
    const { caseId } = await approved();
    const asked = await node.post(`/v1/cases/${caseId}/departures`, { removal: 'RETURN_DEPARTURE' }, supervisor);
    expect(asked.status).toBe(404);
  });

  it('400, 401 and 403 as everywhere (INV-17)', async () => {
    const { id } = await approved();
    expect((await step('x', 'departures')).status).toBe(400);
    expect((await step(id, 'departures', {}, { token: null })).status).toBe(401);
    for (const role of ['border-officer', 'auditor', 'import'] as const)
      expect((await step(id, 'departures', {}, { roles: [role] })).status).toBe(403);
  });
});

describe('a withdrawal', () => {
  it('INV-14 ends the attempt at the gate and places H-17 again, in one transaction', async () => {
    const { caseId, id, departureId } = await warranted();
    const told = await step(id, 'withdrawal', { toldTo: 'CARRIER' });
    expect([told.status, told.body.stage]).toEqual([200, 'WITHDRAWN']);
    const { attempt } = await gateOf(caseId);
    expect([attempt?.status, attempt?.end]).toEqual(['ENDED', 'CONSENT_WITHDRAWN']);
    const { body } = await node.get(`/v1/cases/${caseId}/protection`, counsellor);
    expect((body.holds as { kind: string }[]).map(({ kind }) => kind)).toEqual(['VOLUNTARINESS']);
    const door = await step(id, `departures/${departureId}/confirmation`);
    expect([door.status, door.body.code]).toEqual([409, 'RETURN.NO_CONSENT']);
    const again = await step(id, 'departures');
    expect([again.status, again.body.code]).toEqual([409, 'RETURN.NO_CONSENT']);
  });

  it('INV-14 and boarding at the same moment: one of them comes first, and nobody leaves who has withdrawn', async () => {
    const { caseId, id, departureId } = await warranted();
    const [door, told] = await Promise.all([
      step(id, `departures/${departureId}/confirmation`),
      step(id, 'withdrawal', { toldTo: 'CARRIER' }),
    ]);
    const hasLeft = (await gateOf(caseId)).departures.length > 0;
    expect([door.status, told.status]).toEqual(hasLeft ? [200, 409] : [409, 200]);
    expect(await stageOf(id)).toBe(hasLeft ? 'DEPARTED' : 'WITHDRAWN');
  });

  it('is no way back for a return that was declined: its attempt is called off', async () => {
    const { caseId, id } = await warranted();
    await step(id, 'refusal', { reason: 'UNSAFE' }, supervisor);
    expect((await gateOf(caseId)).attempt?.end).toBe('CALLED_OFF');
  });
});

describe('a departure that was written, and nobody left', () => {
  it('INV-02 is taken back where the process stood still until the lease was over', async () => {
    const { caseId, id, departureId } = await warranted();
    monotonic.standsStillAfterReadings = 1; // the one that the departure is written with
    const door = await step(id, `departures/${departureId}/confirmation`);
    expect([door.status, door.body.code]).toEqual([409, 'GATE.NO_WARRANT']);
    expect(await stageOf(id)).toBe('TO_CONFIRM');
    expect((await gateOf(caseId)).departures).toEqual([]);
  });

  it('is taken back by a supervisor, in case and gate together', async () => {
    const { caseId, id, departureId } = await warranted();
    expect((await step(id, `departures/${departureId}/confirmation`)).status).toBe(200);
    expect((await step(id, `departures/${departureId}/taking-back`)).status).toBe(403);
    const back = await step(id, `departures/${departureId}/taking-back`, {}, supervisor);
    expect([back.status, back.body.stage]).toEqual([200, 'TO_CONFIRM']);
    const { status, holds } = (await node.get(`/v1/cases/${caseId}/protection`, counsellor)).body;
    expect([status, holds.map(({ kind }: { kind: string }) => kind)]).toEqual(['PROTECTED', ['VOLUNTARINESS']]); // the own gate has answered for its lease
    expect((await gateOf(caseId)).departures).toEqual([]);
    expect([await lastOf(`return-case-${id}`), await lastOf(`gate-${caseId}`)]).toEqual([
      'DepartureTakenBack',
      'DepartureTakenBack',
    ]);
    expect((await step(id, 'withdrawal', { toldTo: 'CARRIER' })).body.stage).toBe('WITHDRAWN');
  });
});
