import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RIGHTS_TOPICS, URGENT_NEEDS } from '@acogida/reference';
import type { Role } from '@acogida/service-kit';
import { startTestNode, type TestNode, type TestReply, type TestRequestOptions } from '@acogida/testing/node';
import { intakeNode } from '../intake.module.ts';

const BORDER = { roles: ['border-officer'] } as const;
const CASEWORKER = { roles: ['caseworker'] } as const;
const IMPORT = { roles: ['import'] } as const;
const INTENT = { expressedOn: null, manner: 'ORAL' };
const REGISTRATION = {
  ...{ sex: 'FEMALE', ageBand: { fromYears: 24, toYears: 26 }, dobPrecision: 'ESTIMATED' },
  ...{ nationalities: ['NI'], nationalityStatus: 'DECLARED', languages: ['spa'] },
};

let node: TestNode;
beforeAll(async () => {
  node = await startTestNode(intakeNode);
});
afterAll(() => node?.stop());

const step = (caseId: string, name: string, body: object, who: TestRequestOptions = BORDER): Promise<TestReply> =>
  node.post(`/v1/cases/${caseId}/${name}`, body, who);
const screened = (unknown = false) => ({
  needs: URGENT_NEEDS.map((need, index) => ({ need, answer: unknown && index === 0 ? 'UNKNOWN' : 'NO' })),
});

async function openCase(): Promise<string> {
  const contact = { place: 'PASO_CANOAS', channel: 'BORDER', contactedOn: '2024-05', entryMode: 'IRREGULAR' };
  return (await node.post('/v1/cases', contact, BORDER)).body.caseId as string;
}

async function register(who: TestRequestOptions = BORDER): Promise<string> {
  const caseId = await openCase();
  const rights = { language: 'spa', understood: true, interpretation: 'NONE_NEEDED', topics: RIGHTS_TOPICS };
  await step(caseId, 'rights-information', { ...rights, packageVersion: 'cr-spa-2026.1' });
  const { status, body } = await step(caseId, 'registration', REGISTRATION, who);
  expect([status, body]).toEqual([200, { id: caseId, version: 3 }]);
  return caseId;
}

/** Kinds of the open holds that the screen shows, and whether they protect. */
async function heldBy(caseId: string): Promise<readonly (readonly [string, boolean])[]> {
  const { body } = await node.get(`/v1/cases/${caseId}/protection`, CASEWORKER);
  return (body.holds as { kind: string; isProtected: boolean }[]).map(({ kind, isProtected }) => [kind, isProtected]);
}

const ledgerOf = async (caseId: string) =>
  (await node.node.runtime.store.readStream(`hold-ledger-${caseId}`)).map(({ type }) => type);

describe('H-01', () => {
  it('INV-01 INV-02 stands and protects from the registration on, whoever registers', async () => {
    for (const who of [BORDER, CASEWORKER, IMPORT]) {
      const caseId = await register(who);
      expect(await heldBy(caseId)).toEqual([['NEEDS_NOT_ASSESSED', true]]);
      expect(await ledgerOf(caseId)).toEqual(['HoldPlaced', 'HoldProtected']);
    }
  });

  it('INV-01 is lifted by an officer who assesses needs, and by no border officer or import alone', async () => {
    const caseId = await register();
    for (const who of [BORDER, IMPORT]) {
      expect((await step(caseId, 'urgent-needs', screened(), who)).status).toBe(200);
      expect(await heldBy(caseId)).toEqual([['NEEDS_NOT_ASSESSED', true]]);
    }
    // The same checklist by an officer: nothing new of the case, but an assessment.
    const { status, body } = await step(caseId, 'urgent-needs', screened(), CASEWORKER);
    expect([status, body]).toEqual([200, { id: caseId, version: 4 }]);
    expect(await heldBy(caseId)).toEqual([]);
    const ledger = await node.node.runtime.store.readStream(`hold-ledger-${caseId}`);
    expect(ledger.at(-1)).toMatchObject({
      type: 'HoldLifted',
      data: { reason: 'NEEDS_ASSESSED', liftedBy: `${node.agencyId}.caseworker`, proposedBy: null },
    });
  });

  it('INV-01 stays while an answer is unknown', async () => {
    const caseId = await register();
    await step(caseId, 'urgent-needs', screened(true), CASEWORKER);
    expect(await heldBy(caseId)).toEqual([['NEEDS_NOT_ASSESSED', true]]);
    await step(caseId, 'urgent-needs', screened(), CASEWORKER);
    expect(await heldBy(caseId)).toEqual([]);
    await step(caseId, 'urgent-needs', screened(true), CASEWORKER);
    expect(await ledgerOf(caseId)).toEqual(['HoldPlaced', 'HoldProtected', 'HoldLifted']);
  });

  it.each([
    ['INV-08 a child is identified', 'child-flag', { basis: 'DOUBT', careStatus: 'UNACCOMPANIED' }],
    ['INV-09 a sign of trafficking is seen', 'trafficking-flag', { source: 'OBSERVED', indicators: [] }],
  ])('INV-01 stands again when %s after it was lifted, and no checklist lifts it then', async (_, name, flag) => {
    const caseId = await register();
    await step(caseId, 'urgent-needs', screened(), CASEWORKER);
    expect(await heldBy(caseId)).toEqual([]);
    for (const who of [BORDER, CASEWORKER]) expect((await step(caseId, name, flag, who)).status).toBe(200);
    await step(caseId, 'urgent-needs', screened(), CASEWORKER);
    expect(await heldBy(caseId)).toEqual([['NEEDS_NOT_ASSESSED', true]]);
    const placed = ['HoldPlaced', 'HoldProtected'];
    expect(await ledgerOf(caseId)).toEqual([...placed, 'HoldLifted', ...placed]);
  });

  it('INV-11 stays by hand on a child alone until the child authority holds it, and goes for who turns out to be with somebody', async () => {
    const assess = async (caseId: string) => {
      const [{ holdId }] = (await node.get(`/v1/cases/${caseId}/protection`, CASEWORKER)).body.holds;
      const { status, body } = await step(caseId, `holds/${holdId}/lifting`, { reason: 'NEEDS_ASSESSED' }, CASEWORKER);
      return status === 200 ? status : [status, body.code];
    };
    const refused = [409, 'INTAKE.CHILD_NOT_TAKEN_UP'];
    const child = await register();
    for (const careStatus of ['UNACCOMPANIED', 'UNKNOWN', 'SEPARATED']) {
      expect((await step(child, 'child-flag', { basis: 'AGE', careStatus })).status).toBe(200);
      expect(await assess(child)).toEqual(refused);
    }
    const [{ holdId }] = (await node.get(`/v1/cases/${child}/protection`, CASEWORKER)).body.holds;
    const error = { reason: 'PLACED_IN_ERROR' }; // nor do two officers find that
    const proposed = await step(child, `holds/${holdId}/lifting/proposal`, error, CASEWORKER);
    expect([proposed.status, proposed.body.code]).toEqual(refused);
    // what any other authority holds tells of nobody who looks after children
    const authorities = [
      { agencyId: 'cr-refugee-unit', holds: ['ASYLUM_PENDING'] },
      { agencyId: 'cr-child-welfare', holds: ['CHILD_NO_BID', 'CHILD_NO_GUARDIAN'] },
    ];
    await node.pool.query(
      `INSERT INTO known_entry (source, kind, entry_id, number, entry) VALUES ('regional-directory', 'CLEARANCE', 'CR', 1, $1)`,
      [JSON.stringify({ jurisdiction: 'CR', authorities })],
    );
    const heard = (source: string) =>
      node.pool.query(
        `INSERT INTO known_hold (source, hold_id, case_id, since, placed_number, lifted_number) VALUES ($1, $2, $3, '', 1, 2)`,
        [source, randomUUID(), child],
      );
    await heard('cr-refugee-unit');
    expect(await assess(child)).toEqual(refused);
    expect(await ledgerOf(child)).toEqual(['HoldPlaced', 'HoldProtected']);
    await heard('cr-child-welfare');
    expect(await assess(child)).toBe(200);

    const accompanied = await register();
    await step(accompanied, 'child-flag', { basis: 'AGE', careStatus: 'ACCOMPANIED' });
    expect(await assess(accompanied)).toBe(200);
    const grown = await register();
    expect(await assess(grown)).toBe(200);
  });

  it('is placed once, however often the registration is sent', async () => {
    const caseId = await register();
    await step(caseId, 'urgent-needs', screened(), CASEWORKER);
    const once = { ...BORDER, idempotencyKey: randomUUID() };
    for (const who of [BORDER, once, once]) {
      expect((await step(caseId, 'registration', REGISTRATION, who)).status).toBe(200);
    }
    expect(await ledgerOf(caseId)).toEqual(['HoldPlaced', 'HoldProtected', 'HoldLifted']);
  });

  it('is not there where the registration was refused', async () => {
    const caseId = await openCase();
    expect((await step(caseId, 'registration', REGISTRATION)).status).toBe(409);
    expect(await ledgerOf(caseId)).toEqual([]);
  });
});

describe('H-02', () => {
  it('INV-06 is placed with any sign of fear, before anything else is known', async () => {
    const caseId = await openCase();
    expect((await step(caseId, 'asylum-intent', INTENT)).body).toEqual({ id: caseId, version: 2 });
    await step(caseId, 'asylum-intent', INTENT);
    await step(caseId, 'asylum-intent', { ...INTENT, manner: 'CONDUCT' });
    expect(await heldBy(caseId)).toEqual([['ASYLUM_INTENT', true]]);
    expect(await ledgerOf(caseId)).toEqual(['HoldPlaced', 'HoldProtected']);
  });

  it('INV-02 is placed again, as another hold, when fear is shown after two officers had lifted it', async () => {
    const caseId = await openCase();
    await step(caseId, 'asylum-intent', INTENT);
    const [{ holdId }] = (await node.get(`/v1/cases/${caseId}/protection`, CASEWORKER)).body.holds;
    for (const [path, role] of [
      ['proposal', 'caseworker'],
      ['confirmation', 'supervisor'],
    ] as readonly (readonly [string, Role])[]) {
      const who = { roles: [role] };
      expect((await step(caseId, `holds/${holdId}/lifting/${path}`, { reason: 'INFORMED_WAIVER' }, who)).status).toBe(
        200,
      );
    }
    expect(await heldBy(caseId)).toEqual([]);
    await step(caseId, 'asylum-intent', { ...INTENT, manner: 'WRITTEN' });
    const [again] = (await node.get(`/v1/cases/${caseId}/protection`, CASEWORKER)).body.holds;
    expect([again.kind, again.isProtected, again.holdId === holdId]).toEqual(['ASYLUM_INTENT', true, false]);
  });

  it('keeps If-Match for the version of the case alone', async () => {
    const caseId = await openCase();
    await step(caseId, 'holds', { kind: 'NEEDS_NOT_ASSESSED' });
    const at = (version: number) => ({ ...BORDER, headers: { 'if-match': `"${version}"` } });
    expect((await step(caseId, 'asylum-intent', INTENT, at(2))).status).toBe(412);
    const { status, headers } = await step(caseId, 'asylum-intent', INTENT, at(1));
    expect([status, headers['etag']]).toEqual([200, '"2"']);
    expect(await heldBy(caseId)).toHaveLength(2);
  });

  it('is placed for all of many who come at once, and once for each', async () => {
    const cases = await Promise.all(Array.from({ length: 8 }, openCase));
    const manners = ['ORAL', 'WRITTEN', 'CONDUCT'];
    const sent = cases.flatMap((caseId) =>
      manners.map((manner) => step(caseId, 'asylum-intent', { ...INTENT, manner })),
    );
    expect(new Set((await Promise.all(sent)).map(({ status }) => status))).toEqual(new Set([200]));
    for (const caseId of cases) expect(await ledgerOf(caseId)).toEqual(['HoldPlaced', 'HoldProtected']);
  });
});

describe('a clearance that is asked for while a step places its hold', () => {
  /** As this agency's own gate asks: whether it was granted, and why not. */
  async function asks(caseId: string): Promise<readonly unknown[]> {
    const [Clearances] = intakeNode.channelServices ?? [];
    if (Clearances === undefined) throw new Error('intake answers no clearances');
    const question = { caseId, clearanceId: randomUUID(), removal: 'EXPULSION', identity: null };
    const answer = await node.node.app.get(Clearances).answer(node.agencyId, question.clearanceId, question);
    return [answer['isGranted'], answer['reasons']];
  }

  it('S1 S2 S4 is granted before the hold, which then waits for it, or refused after; the step succeeds either way', async () => {
    for (let round = 0; round < 8; round += 1) {
      const caseId = await openCase();
      const intends = () => step(caseId, 'asylum-intent', INTENT);
      const both = round % 2 === 0 ? [asks(caseId), intends()] : [intends(), asks(caseId)];
      const [first, second] = await Promise.all(both as [Promise<unknown>, Promise<unknown>]);
      const [answer, reply] = (round % 2 === 0 ? [first, second] : [second, first]) as [readonly unknown[], TestReply];
      expect(reply.status).toBe(200);
      const isGranted = answer[0] === true;
      if (!isGranted) expect(answer).toEqual([false, ['HOLD_ACTIVE']]);
      expect(await heldBy(caseId)).toEqual([['ASYLUM_INTENT', !isGranted]]);
      expect((await ledgerOf(caseId))[0]).toBe(isGranted ? 'ClearanceGranted' : 'HoldPlaced');
    }
    const cleared = await openCase();
    expect(await asks(cleared)).toEqual([true, undefined]);
    await step(cleared, 'asylum-intent', INTENT);
    expect(await heldBy(cleared)).toEqual([['ASYLUM_INTENT', false]]);
    expect(await asks(cleared)).toEqual([false, ['HOLD_ACTIVE']]);
  });
});
