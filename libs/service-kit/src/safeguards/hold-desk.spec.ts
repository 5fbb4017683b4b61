import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MemoryEventLog, MemoryLogStore } from '@acogida/event-log';
import type { RemovalHold } from '@acogida/reference';
import { eventually } from '@acogida/testing';
import { createTestNetwork, startTestNode, type TestNode, type TestReply } from '@acogida/testing/node';
import type { Role } from '../auth/roles.ts';
import type { NodeDefinition } from '../node-definition.ts';
import { ManualAlarmClock } from '../deadlines/manual-alarm-clock.ts';
import { besideDesks } from '../testing/desk-node.ts';
import { listingNode } from '../testing/listing-node.ts';
import { holdDesk } from './hold-desk.ts';

const OFFICER = { roles: ['eligibility-officer'] } as const;
const SUPERVISOR = { roles: ['supervisor'] } as const;
const COUNSEL = { roles: ['legal-counsel'] } as const;
const NOW = '2026-11-22T09:00:00.000Z';
const clock = { now: () => NOW };

function deskNode(kind: string, own: readonly RemovalHold[]): NodeDefinition {
  const rest = { entities: [], inlineProjections: [], policies: () => [] };
  return { kind, description: 'A ledger of holds.', ...rest, ...holdDesk(own) };
}

let authority: TestNode;
let reader: TestNode;
let directory: TestNode;

beforeAll(async () => {
  const network = await createTestNetwork();
  const store = new MemoryLogStore();
  const options = () => ({ network, log: new MemoryEventLog(store), clock, keysMode: 'development' as const });
  directory = await startTestNode(listingNode(), options());
  authority = await startTestNode(
    deskNode('asylum', ['ASYLUM_INTENT', 'ASYLUM_PENDING', 'STATELESSNESS_PENDING']),
    options(),
  );
  reader = await startTestNode(deskNode('intake', ['NEEDS_NOT_ASSESSED']), options());
});
afterAll(async () => {
  for (const node of [reader, authority, directory]) await node?.stop();
});

const holds = (caseId: string, path = ''): string => `/v1/cases/${caseId}/holds${path}`;
const screenOf = (caseId: string, role: Role = 'caseworker', node = authority): Promise<TestReply> =>
  node.get(`/v1/cases/${caseId}/protection`, { roles: [role] });

/** Places a hold, and answers its id. */
async function place(caseId: string, kind: RemovalHold = 'ASYLUM_INTENT', node = authority): Promise<string> {
  const { status, body } = await node.post(
    holds(caseId),
    { kind },
    kind === 'COURT_OR_INTERIM_MEASURE' ? COUNSEL : OFFICER,
  );
  expect([status, body.isOpen, body.isProtected]).toEqual([201, true, true]);
  return body.id as string;
}

/** Status, and the code of a problem or what the command answers. */
const told = ({ status, body }: TestReply): readonly unknown[] =>
  status < 300 ? [status, body.isOpen, body.isLiftProposed] : [status, body.code];

describe('placing a hold', () => {
  it('INV-02 protects at once: no gate has a lease', async () => {
    const caseId = randomUUID();
    const groundId = randomUUID();
    const { status, body, headers } = await authority.post(holds(caseId), { kind: 'ASYLUM_INTENT', groundId }, OFFICER);
    expect([status, headers['etag'], headers['location']]).toEqual([201, '"2"', `/v1/cases/${caseId}/protection`]);
    expect(body).toEqual({ id: body.id, version: 2, isOpen: true, isProtected: true, isLiftProposed: false });
    const events = await authority.node.runtime.store.readStream(`hold-ledger-${caseId}`);
    expect(events.map(({ type }) => type)).toEqual(['HoldPlaced', 'HoldProtected']);
    expect(events[0]?.data).toMatchObject({
      ...{ caseId, holdId: body.id, kind: 'ASYLUM_INTENT', groundId, owner: authority.agencyId, placedAt: NOW },
      placedBy: 'cr-refugee-unit.eligibility-officer',
    });
  });

  it('is done once however often the request comes', async () => {
    const caseId = randomUUID();
    const once = { ...OFFICER, idempotencyKey: randomUUID() };
    const first = await authority.post(holds(caseId), { kind: 'ASYLUM_INTENT' }, once);
    const second = await authority.post(holds(caseId), { kind: 'ASYLUM_INTENT' }, once);
    expect([second.body, second.headers['idempotency-replayed']]).toEqual([first.body, 'true']);
    expect((await screenOf(caseId)).body.holds).toHaveLength(1);
  });

  it('is refused to another authority, and of a kind that nobody knows', async () => {
    const caseId = randomUUID();
    const post = async (kind: string) => told(await authority.post(holds(caseId), { kind }, OFFICER));
    expect(await post('CHILD_NO_GUARDIAN')).toEqual([403, 'HOLD.NOT_ITS_AUTHORITY']);
    expect(await post('SOMETHING')).toEqual([400, 'VALIDATION_FAILED']);
    const nobody = { roles: ['referral-officer'] } as const;
    expect((await authority.post(holds(caseId), { kind: 'ASYLUM_INTENT' }, nobody)).status).toBe(403);
  });

  it('is refused where the client saw another version', async () => {
    const caseId = randomUUID();
    await place(caseId);
    const stale = { ...OFFICER, headers: { 'if-match': '"1"' } };
    expect((await authority.post(holds(caseId), { kind: 'ASYLUM_INTENT' }, stale)).status).toBe(412);
    const fresh = { ...OFFICER, headers: { 'if-match': '"2"' } };
    expect((await authority.post(holds(caseId), { kind: 'ASYLUM_INTENT' }, fresh)).status).toBe(201);
  });

  it('of a court order is a matter of counsel, at an agency that the directory names for it', async () => {
    const caseId = randomUUID();
    const order = { kind: 'COURT_OR_INTERIM_MEASURE' };
    expect(told(await authority.post(holds(caseId), order, OFFICER))).toEqual([403, 'HOLD.NOT_YOUR_ROLE']);
    expect(told(await authority.post(holds(caseId), order, COUNSEL))).toEqual([403, 'HOLD.NOT_ITS_AUTHORITY']);
    const authorities = [{ agencyId: authority.agencyId, holds: ['COURT_OR_INTERIM_MEASURE'] }];
    const entry = {
      ...{ class: 'directory', caseId: null, type: 'ClearanceAuthoritiesListed', schemaVersion: 1 },
      data: { jurisdiction: 'CR', authorities },
    };
    expect((await directory.post('/v1/listings', { entry }, { roles: ['coordinator'] })).status).toBe(201);
    await eventually(async () => expect((await authority.post(holds(caseId), order, COUNSEL)).status).toBe(201));
    const [{ holdId }] = (await screenOf(caseId)).body.holds;
    expect(told(await authority.post(holds(caseId, `/${holdId}/lifting`), { reason: 'ORDER_ENDED' }, OFFICER))).toEqual(
      [...[403, 'HOLD.NOT_YOUR_ROLE']],
    );
    const lift = await authority.post(holds(caseId, `/${holdId}/lifting`), { reason: 'ORDER_ENDED' }, COUNSEL);
    expect(told(lift)).toEqual([200, false, false]);
    expect(told(await authority.post(holds(caseId), { kind: 'ASYLUM_INTENT' }, COUNSEL))).toEqual([
      ...[403, 'HOLD.NOT_YOUR_ROLE'],
    ]);
  });
});

describe('lifting a hold', () => {
  const WAIVED = { reason: 'INFORMED_WAIVER' };

  it('takes one officer where the field says so, for a reason of its kind', async () => {
    const caseId = randomUUID();
    const holdId = await place(caseId, 'NEEDS_NOT_ASSESSED', reader);
    const lift = (reason: string, roles: Role) =>
      reader.post(holds(caseId, `/${holdId}/lifting`), { reason }, { roles: [roles] });
    expect(told(await lift('FINAL_DECISION', 'caseworker'))).toEqual([422, 'HOLD.REASON_NOT_OF_KIND']);
    expect(told(await lift('TAKEN_OVER', 'caseworker'))).toEqual([400, 'VALIDATION_FAILED']); // no officer says so
    expect((await lift('NEEDS_ASSESSED', 'border-officer')).status).toBe(403);
    expect(told(await lift('NEEDS_ASSESSED', 'caseworker'))).toEqual([200, false, false]);
    expect((await screenOf(caseId, 'caseworker', reader)).body.status).toBe('NO_HOLD_KNOWN');
  });

  it('of H-02 takes two: one proposes, another confirms what was proposed', async () => {
    const caseId = randomUUID();
    const holdId = await place(caseId);
    const post = async (path: string, who: typeof OFFICER | typeof SUPERVISOR, body: object = WAIVED) =>
      told(await authority.post(holds(caseId, `/${holdId}/lifting${path}`), body, who));
    expect(await post('', OFFICER)).toEqual([409, 'HOLD.SECOND_OFFICER']);
    expect(await post('/confirmation', SUPERVISOR)).toEqual([409, 'HOLD.NOT_PROPOSED']);
    expect(await post('/proposal', OFFICER)).toEqual([200, true, true]);
    expect(await post('/confirmation', OFFICER)).toEqual([403, 'HOLD.SAME_OFFICER']);
    expect(await post('/confirmation', SUPERVISOR, { reason: 'PLACED_IN_ERROR' })).toEqual([409, 'HOLD.NOT_PROPOSED']);
    const [waiting] = (await screenOf(caseId)).body.holds;
    expect(waiting.mustAct).toEqual([{ agency: authority.agencyId, step: 'SECOND_OFFICER_DECIDES' }]);
    const [shown] = (await screenOf(caseId, 'border-officer')).body.holds;
    expect(shown.mustAct).toEqual([{ agency: authority.agencyId, step: 'AUTHORITY_DECIDES' }]);
    expect(await post('/refusal', SUPERVISOR, {})).toEqual([200, true, false]);
    expect(await post('/confirmation', SUPERVISOR)).toEqual([409, 'HOLD.NOT_PROPOSED']);
    expect(await post('/proposal', OFFICER)).toEqual([200, true, true]);
    expect(await post('/confirmation', SUPERVISOR)).toEqual([200, false, false]);
    expect((await screenOf(caseId)).body.status).toBe('NO_HOLD_KNOWN');
  });

  it('is refused of one that is not there', async () => {
    const path = holds(randomUUID(), `/${randomUUID()}/lifting`);
    for (const step of ['', '/proposal', '/confirmation', '/refusal']) {
      const body = step === '/refusal' ? {} : WAIVED;
      expect(told(await authority.post(`${path}${step}`, body, OFFICER))).toEqual([404, 'HOLD.UNKNOWN']);
    }
  });
});

describe('replacing a hold', () => {
  it('INV-02 leaves no moment without one: H-02 becomes H-03 with one officer', async () => {
    const caseId = randomUUID();
    const holdId = await place(caseId);
    const replace = (kind: RemovalHold) => authority.post(holds(caseId, `/${holdId}/replacement`), { kind }, OFFICER);
    expect(told(await replace('STATELESSNESS_PENDING'))).toEqual([422, 'HOLD.DOES_NOT_BECOME']);
    const { status, body } = await replace('ASYLUM_PENDING');
    expect([status, body.isOpen, body.isProtected]).toEqual([201, true, true]);
    const events = await authority.node.runtime.store.readStream(`hold-ledger-${caseId}`);
    const rest = ['HoldPlaced', 'HoldProtected', 'HoldLifted'];
    expect(events.map(({ type }) => type)).toEqual(['HoldPlaced', 'HoldProtected', ...rest]);
    expect((await screenOf(caseId)).body.holds).toMatchObject([{ holdId: body.id, kind: 'ASYLUM_PENDING' }]);
  });
});

describe('the screen of a person', () => {
  it('says of a case without holds just that', async () => {
    const caseId = randomUUID();
    const { status, headers, body } = await screenOf(caseId);
    expect([status, headers['etag']]).toEqual([200, '"0"']);
    const empty = { status: 'NO_HOLD_KNOWN', since: null, protectedAtTheLatest: null, holds: [], asOf: NOW };
    expect(body).toEqual({ caseId, ...empty });
  });

  it('INV-17 shows which hold it is to officers, and to the rest of the staff that there is one, since when', async () => {
    const caseId = randomUUID();
    const holdId = await place(caseId);
    const hold = {
      ...{
        holdId,
        authority: authority.agencyId,
        isOurs: true,
        isOfLinkedCase: false,
        kind: 'ASYLUM_INTENT',
        since: NOW,
        isProtected: true,
      },
      ...{ protectedAt: NOW, basis: 'NO_LEASE', protectedAtTheLatest: null, isOvertaken: false },
      mustAct: [{ agency: authority.agencyId, step: 'AUTHORITY_DECIDES' }],
    };
    const shown = { caseId, status: 'PROTECTED', since: NOW, protectedAtTheLatest: null, asOf: NOW };
    expect((await screenOf(caseId)).body).toEqual({ ...shown, holds: [hold] });
    for (const role of ['border-officer', 'referral-officer', 'coordinator'] as const)
      expect((await screenOf(caseId, role)).body).toEqual({ ...shown, holds: [{ ...hold, kind: null }] });
    expect((await screenOf(caseId, 'operator')).status).toBe(403);
  });

  it('shows at another node what its authority told, until it is lifted, and again after a rebuild', async () => {
    const caseId = randomUUID();
    const holdId = await place(caseId);
    const heard = {
      ...{ holdId, authority: authority.agencyId, isOurs: false, kind: 'ASYLUM_INTENT', since: NOW },
      ...{ isProtected: null, protectedAt: null, basis: null, protectedAtTheLatest: null, isOvertaken: false },
      mustAct: [{ agency: authority.agencyId, step: 'AUTHORITY_DECIDES' }],
    };
    const shows = async (expected: object): Promise<void> =>
      expect((await screenOf(caseId, 'caseworker', reader)).body).toMatchObject(expected);
    await eventually(() => shows({ status: 'HELD_ELSEWHERE', since: NOW, holds: [heard] }));
    const ours = await place(caseId, 'NEEDS_NOT_ASSESSED', reader);
    await shows({ status: 'PROTECTED', since: NOW, holds: [{ holdId: ours, isOurs: true }, heard] });
    await reader.node.runtime.rebuildProjections();
    await shows({ status: 'PROTECTED', holds: [{ holdId: ours }, heard] });
    await authority.post(holds(caseId, `/${holdId}/lifting/proposal`), { reason: 'INFORMED_WAIVER' }, OFFICER);
    await authority.post(holds(caseId, `/${holdId}/lifting/confirmation`), { reason: 'INFORMED_WAIVER' }, SUPERVISOR);
    await eventually(() => shows({ status: 'PROTECTED', holds: [{ holdId: ours }] }));
    expect((await screenOf(caseId, 'caseworker', reader)).body.holds).toHaveLength(1);
  });
});

describe('a case with an open hold', () => {
  const DPO = { roles: ['data-protection-officer'] } as const;
  let node: TestNode;

  beforeAll(async () => {
    const options = { clock, alarm: new ManualAlarmClock(), keysMode: 'cases' } as const;
    node = await startTestNode(besideDesks(deskNode('asylum', ['STATELESSNESS_PENDING'])), options);
  });
  afterAll(() => node?.stop());

  it('is not erased before the hold is lifted, and its ledger goes with it', async () => {
    const caseId = randomUUID();
    const holdId = await place(caseId, 'STATELESSNESS_PENDING', node);
    const { body } = await node.post('/v1/erasures', { caseId, basis: 'PERSON_REQUEST' }, DPO);
    expect(body.status).toBe('ORDERED');
    const erased = async () => {
      await node.node.runtime.deadlines?.runDue();
      return (await node.get(`/v1/erasures/${caseId}`, DPO)).body;
    };
    expect(await erased()).toMatchObject({ status: 'POSTPONED', waitsFor: 'OPEN_HOLD' });
    const lift = await node.post(holds(caseId, `/${holdId}/lifting`), { reason: 'FINAL_DECISION' }, OFFICER);
    expect(told(lift)).toEqual([200, false, false]);
    expect((await node.post(`/v1/erasures/${caseId}/attempt`, {}, DPO)).status).toBe(200);
    expect((await erased()).status).not.toMatch(/ORDERED|POSTPONED/);
    expect(told(await screenOf(caseId, 'caseworker', node))).toEqual([410, 'CASE_ERASED']);
  });
});
