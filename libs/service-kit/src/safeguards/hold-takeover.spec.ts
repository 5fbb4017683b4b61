import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LONGEST_LEASE_MS } from '@acogida/safeguards';
import { startTestNode, type TestNode } from '@acogida/testing/node';
import type { NodeMember } from '../node-definition.ts';
import * as bench from './testing/authority-bench.ts';

const { asks, BORDER, CONATT, questionOf, REFUGE } = bench;
const OFFICER = { roles: ['supervisor'] } as const;
const LAST_GOOD = 3;
const SINCE = '2026-11-20T09:00:00.000Z';

const world = new bench.AuthorityBench();
let heir: TestNode;
let before: readonly NodeMember[];

beforeAll(async () => {
  heir = await startTestNode(world.definition(), { keysMode: 'development' });
  const { context, trust } = heir.node.runtime;
  before = context.members();
  const get = trust.get.bind(trust);
  const keysOf: typeof get = (agency) =>
    get(agency).map((key) => (agency === CONATT ? { ...key, throughNumber: LAST_GOOD } : key));
  Object.assign(trust, { get: keysOf });
});
afterAll(() => heir?.stop());

/** From now on the roots have named this agency the successor of another. */
function succeeds(gone: string): void {
  const members = before.map((one) => (one.agencyId === gone ? { ...one, successor: REFUGE } : one));
  Object.assign(heir.node.runtime.context, { members: () => members });
}

/** A case on which another agency told of a hold. */
async function heardOf(source: string, kind: string | null = null): Promise<{ caseId: string; holdId: string }> {
  const heard = { caseId: world.newCase(), holdId: randomUUID() };
  await heir.pool.query(
    'INSERT INTO known_hold (source, hold_id, case_id, kind, since, placed_number) VALUES ($1, $2, $3, $4, $5, 7)',
    [source, heard.holdId, heard.caseId, kind, SINCE],
  );
  return heard;
}

const takeOver = async ({ caseId, holdId }: { caseId: string; holdId: string }) => {
  const { status, body } = await heir.post(`/v1/cases/${caseId}/holds/${holdId}/takeover`, {}, OFFICER);
  return { status, body };
};
const screenOf = async (caseId: string) => (await heir.get(`/v1/cases/${caseId}/protection`, OFFICER)).body;

describe('taking over a hold', () => {
  it('INV-02 is refused of an agency that is there, and of a hold that nobody told of', async () => {
    const heard = await heardOf(CONATT);
    expect(await takeOver(heard)).toMatchObject({ status: 403, body: { code: 'HOLD.NOT_THE_SUCCESSOR' } });
    expect(await takeOver({ ...heard, holdId: randomUUID() })).toMatchObject({
      ...{ status: 404, body: { code: 'HOLD.UNKNOWN' } },
    });
    expect((await screenOf(heard.caseId)).status).toBe('HELD_ELSEWHERE');
  });

  it('S1 S2 makes it the successor’s, which waits for what the one before may have out, and clears nobody before it has read all', async () => {
    succeeds(CONATT);
    const heard = await heardOf(CONATT);
    const { caseId, holdId } = heard;
    expect(await asks(heir.node, questionOf(caseId))).toMatchObject({ reasons: ['AWAITS_ATTESTATION', 'HOLD_ACTIVE'] });
    const taken = await takeOver(heard);
    expect(taken).toMatchObject({ status: 201, body: { id: holdId, isOpen: true, isProtected: false } });
    const [placed] = (await heir.node.runtime.store.readStream(`hold-ledger-${caseId}`)).slice(1);
    expect(placed?.data).toMatchObject({ holdId, kind: null, owner: REFUGE, takenOverFrom: CONATT });
    const { status, holds } = await screenOf(caseId);
    expect([status, holds.length, holds[0].isOurs]).toEqual(['NOT_YET_PROTECTED', 1, true]);
    expect(holds[0].mustAct).toEqual([{ agency: BORDER, step: 'GATE_ANSWERS_HALT' }]);
    expect(await takeOver(heard)).toMatchObject({ status: 201, body: { version: taken.body.version } });
    const lift = (path: string, roles: ['supervisor'] | ['eligibility-officer']) =>
      heir.post(`/v1/cases/${caseId}/holds/${holdId}/lifting${path}`, { reason: 'FINAL_DECISION' }, { roles });
    expect((await lift('/proposal', ['supervisor'])).status).toBe(200);
    expect((await lift('/confirmation', ['eligibility-officer'])).status).toBe(200);
    expect((await screenOf(caseId)).status).toBe('NO_HOLD_KNOWN');
    world.monotonic.pass(2 * LONGEST_LEASE_MS);
    await heir.pool.query('INSERT INTO inbox.source_cursor (source, last_number) VALUES ($1, $2)', [CONATT, 2]);
    expect(await asks(heir.node, questionOf(caseId))).toMatchObject({ reasons: ['AWAITS_ATTESTATION'] });
    await heir.pool.query('UPDATE inbox.source_cursor SET last_number = $2 WHERE source = $1', [CONATT, LAST_GOOD]);
    expect(await asks(heir.node, questionOf(caseId))).toMatchObject({ isGranted: true });
  });

  it('keeps the kind where it was told', async () => {
    succeeds(CONATT);
    const heard = await heardOf(CONATT, 'TRAFFICKING_RISK');
    await takeOver(heard);
    const [hold] = (await screenOf(heard.caseId)).holds;
    expect(hold).toMatchObject({ kind: 'TRAFFICKING_RISK', isProtected: true });
  });
});

describe('a hold of another authority that was heard of', () => {
  it('S2 refuses a clearance here as well, until it is lifted', async () => {
    const { caseId } = await heardOf('mx-comar');
    expect(await asks(heir.node, questionOf(caseId))).toMatchObject({ reasons: ['HOLD_ACTIVE'] });
    await heir.pool.query('UPDATE known_hold SET lifted_number = 9 WHERE case_id = $1', [caseId]);
    expect(await asks(heir.node, questionOf(caseId))).toMatchObject({ isGranted: true });
  });
});
