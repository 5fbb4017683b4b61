import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inTransaction } from '@acogida/event-store';
import { gateProcedure } from '@acogida/safeguards';
import { startTestNode, type TestNode, type TestReply } from '@acogida/testing/node';
import { DepartureGate } from './departure-gate.ts';
import { FakeChannel, gateNode, heard, PausingClock } from './testing/gate-bench.ts';

const NOW = '2026-11-22T09:00:00.000Z';
const OFFICER = { roles: ['border-officer'] } as const;
const [REFUGE, OWN] = ['cr-refugee-unit', 'cr-border-intake'] as const;
const DIRECTORY = 'regional-directory';

let node: TestNode;

beforeAll(async () => {
  const elements = { names: ['Ana Paz'], dateOfBirth: null, sex: null, nationalities: ['SV'], documents: [] };
  const own = { now: { obstacles: [], unknownHolds: [] } };
  const definition = gateNode({ channel: new FakeChannel(), monotonic: new PausingClock(), own, elements });
  node = await startTestNode(definition, { clock: { now: () => NOW } });
  const list = { jurisdiction: 'CR', authorities: [{ agencyId: REFUGE, holds: ['ASYLUM_INTENT'] }] };
  await node.pool.query(
    `INSERT INTO known_entry (source, kind, entry_id, number, entry) VALUES ($1, 'CLEARANCE', 'CR', 1, $2)`,
    [DIRECTORY, JSON.stringify(list)],
  );
  await node.pool.query(
    `INSERT INTO inbox.source_cursor (source, heard_at) SELECT unnest($1::text[]), $2
     ON CONFLICT (source) DO UPDATE SET heard_at = excluded.heard_at`,
    [[DIRECTORY, REFUGE], NOW],
  );
});
afterAll(() => node?.stop());

const at = (caseId: string, path = ''): string => `/v1/cases/${caseId}/departures${path}`;
const screen = async (caseId: string): Promise<TestReply['body']> => (await node.get(at(caseId), OFFICER)).body;
const gate = (): DepartureGate => node.node.app.get(DepartureGate);
const shut = { code: 'GATE.NO_WARRANT' };
const eventsOf = async (caseId: string): Promise<readonly string[]> =>
  (await node.node.runtime.store.readStream(`gate-${caseId}`)).map(({ type }) => type);

async function halt(caseId: string, clearanceIds: readonly string[]): Promise<void> {
  const { context, definition, pool } = node.node.runtime;
  const policy = definition.policies(context).find(({ on }) => on === 'HaltOrdered');
  const event = heard('HaltOrdered', REFUGE, 7, caseId, { holdId: randomUUID(), gate: OWN, clearanceIds, since: NOW });
  await inTransaction(pool, async (transaction) => policy?.react(event, transaction));
}

describe('the door, when something is heard once the departure is written', () => {
  /** Somebody at the door: the departure is written, and whoever wrote it stands still. */
  async function atTheDoor() {
    const caseId = randomUUID();
    const { body } = await node.post(at(caseId), { removal: 'EXPULSION' }, OFFICER);
    expect([body.status, body.obstacles]).toEqual(['WARRANTED', []]);
    const act = { caseId, departureId: body.id as string, officer: 'officer-1', correlationId: randomUUID() };
    const metadata = { actor: act.officer, correlationId: act.correlationId, causation: null };
    const command = await gate().confirmation(act);
    await node.node.runtime.context.handler.execute({ procedure: gateProcedure, id: caseId, command, ...metadata });
    return act;
  }

  it('S1 stays shut after a halt, and the authority hears that the person is still there', async () => {
    const act = await atTheDoor();
    const { attempt } = (await node.node.runtime.context.handler.load(gateProcedure, act.caseId)).state;
    const asked = attempt?.asked.find(({ authority }) => authority === REFUGE);
    await halt(act.caseId, [asked?.clearanceId ?? '']);
    expect((await screen(act.caseId)).halts).toMatchObject([{ authority: REFUGE, outcome: 'DEPARTED' }]);
    await expect(gate().openDoor(act, true)).rejects.toMatchObject(shut);
    expect((await screen(act.caseId)).halts).toMatchObject([{ authority: REFUGE, outcome: 'VOIDED' }]);
    expect((await eventsOf(act.caseId)).slice(-2)).toEqual(['DepartureTakenBack', 'HaltAcknowledged']);
    expect((await screen(act.caseId)).departures).toEqual([]);
  });

  it('S1 INV-02 stays shut after a hold of this agency itself', async () => {
    const act = await atTheDoor();
    const placed = await node.post(`/v1/cases/${act.caseId}/holds`, { kind: 'NEEDS_NOT_ASSESSED' }, OFFICER);
    expect(placed.status).toBe(201);
    await expect(gate().openDoor(act, true)).rejects.toMatchObject(shut);
    expect((await eventsOf(act.caseId)).slice(-1)).toEqual(['DepartureTakenBack']);
  });

  it('S3 nobody is called back who was let out before: the halt was answered rightly', async () => {
    const act = await atTheDoor();
    await gate().openDoor(act, true);
    await halt(act.caseId, []);
    await expect(gate().openDoor(act, true)).rejects.toMatchObject(shut);
    expect((await eventsOf(act.caseId)).slice(-1)).toEqual(['HaltAcknowledged']);
    expect((await screen(act.caseId)).departures).toHaveLength(1);
  });
});

describe('a departure that no warrant covered', () => {
  it('S3 is told to an authority that was answered before that nobody leaves', async () => {
    const caseId = randomUUID();
    await halt(caseId, []);
    const { status } = await node.post(at(caseId, '/unwarranted'), { removal: 'EXPULSION' }, OFFICER);
    expect(status).toBe(201);
    expect((await screen(caseId)).halts).toMatchObject([{ authority: REFUGE, outcome: 'DEPARTED' }]);
    expect(await eventsOf(caseId)).toEqual([
      ...['HoldHeard', 'HaltAcknowledged', 'UnwarrantedDepartureReported', 'HaltAcknowledged'],
    ]);
  });
});
