import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryEventLog, MemoryLogStore } from '@acogida/event-log';
import { DEFAULT_REFERRAL_DEADLINES } from '@acogida/reference';
import { referralProcedure } from '@acogida/referral';
import { ManualAlarmClock } from '@acogida/service-kit';
import { eventually } from '@acogida/testing';
import {
  createTestNetwork,
  startTestNode,
  type TestNetwork,
  type TestNode,
  type TestReply,
} from '@acogida/testing/node';
import { childProtectionNode } from '../child-protection.module.ts';

const AGENCY = 'cr-child-welfare';
const SENDER = 'cr-border-intake';
const UNKNOWN = '3f0c3f3e-9a4b-4a0d-8f5e-7d9c1b2a3f40';
const BEGIN = '2026-11-20T15:00:00.000Z';
const DUE = '2026-11-23T15:00:00.000Z';
const officer = { roles: ['caseworker'] } as const;
const supervisor = { roles: ['supervisor'] } as const;
const time = { now: BEGIN };
const clock = { now: () => time.now };
/** Nothing comes due by itself. */
const alarm = new ManualAlarmClock();

const guardian = { post: 'GUARDIANSHIP_BODY', conflicts: [] as string[], isVerified: false, views: 'RECORDED' };
const interview = { language: 'hat', interpretation: 'IN_PERSON', isSubstantive: true, views: 'RECORDED' };
const care = { care: 'FOSTER', isDetention: false, isCarerVerified: false, views: 'URGENT' };
const verified = { situation: 'ACCOMPANIED_AT_RISK', basis: 'RELATIVE_VERIFIED' };
const withFamily = { reason: 'WITH_FAMILY', nextStep: 'FOLLOW_UP_VISITS', views: 'RECORDED' };

const store = new MemoryLogStore();
let network: TestNetwork;
let node: TestNode;

beforeAll(async () => {
  network = await createTestNetwork([AGENCY, 'child-protection', 'CR']);
  const log = new MemoryEventLog(store);
  node = await startTestNode(childProtectionNode, { network, agencyId: AGENCY, clock, alarm, log });
  await node.node.runtime.deadlines?.runDue(); // the look at the start is over
});
afterAll(() => node.stop());
beforeEach(() => {
  time.now = BEGIN;
});

interface Child {
  readonly caseId: string;
  readonly id: string;
}

const found = (caseId: string) => ({ caseId, basis: 'AGE', situation: 'UNACCOMPANIED', urgency: 'URGENT' });
const step = ({ id }: Pick<Child, 'id'>, name: string, body: object = {}, options: object = officer) =>
  node.post(`/v1/child-cases/${id}/${name}`, body, options);
const appoint = (child: Child, body: object = {}): Promise<TestReply> =>
  step(child, 'guardian', { ...guardian, representativeId: randomUUID(), ...body });

async function identify(more: object = {}): Promise<Child> {
  const caseId = randomUUID();
  const { status, body } = await node.post('/v1/child-cases', { ...found(caseId), ...more }, officer);
  expect(status).toBe(201);
  return { caseId: body.caseId as string, id: body.id as string };
}

/** Open holds, and what is to be done next. */
async function holdsOn({ caseId }: Child): Promise<readonly (readonly [string, string])[]> {
  const { body } = await node.get(`/v1/cases/${caseId}/protection`, officer);
  const holds = body.holds as { kind: string; mustAct: readonly { step: string }[] }[];
  return holds.map(({ kind, mustAct }): [string, string] => [kind, mustAct[0]?.step ?? '']).sort();
}

async function holdId({ caseId }: Child, kind: string): Promise<string> {
  const { body } = await node.get(`/v1/cases/${caseId}/protection`, officer);
  return (body.holds as { kind: string; holdId: string }[]).find((one) => one.kind === kind)?.holdId ?? '';
}

const lifting = async (child: Child, kind: string, reason: string, act: string, options: object): Promise<TestReply> =>
  node.post(`/v1/cases/${child.caseId}/holds/${await holdId(child, kind)}/${act}`, { reason }, options);

const NO_BID = ['CHILD_NO_BID', 'AUTHORITY_DECIDES'];
const NO_GUARDIAN = ['CHILD_NO_GUARDIAN', 'AUTHORITY_DECIDES'];
const PROPOSED = [
  ['CHILD_NO_BID', 'SECOND_OFFICER_DECIDES'],
  ['CHILD_NO_GUARDIAN', 'SECOND_OFFICER_DECIDES'],
];

describe('a child alone', () => {
  it('INV-11 is held from the same moment on (H-10, H-11), once', async () => {
    const caseId = randomUUID();
    const { status, headers, body } = await node.post('/v1/child-cases', found(caseId), officer);
    const { id } = body;
    expect([status, headers['location'], headers['etag']]).toEqual([201, `/v1/child-cases/${id}`, '"1"']);
    expect(body).toEqual({
      ...{ id, version: 1, stage: 'IDENTIFIED', caseId, situation: 'UNACCOMPANIED', guardianDueAt: DUE },
    });
    const again = await node.post('/v1/child-cases', found(caseId.toUpperCase()), officer);
    expect([again.status, again.body]).toEqual([201, body]);
    expect(await holdsOn({ caseId, id: id as string })).toEqual([NO_BID, NO_GUARDIAN]);
    const ledger = await node.node.runtime.store.readStream(`hold-ledger-${caseId}`);
    expect(ledger.map(({ type }) => type)).toEqual(['HoldPlaced', 'HoldProtected', 'HoldPlaced', 'HoldProtected']);
    expect(ledger[0]?.data).toMatchObject({ caseId, groundId: id, placedBy: `${AGENCY}.caseworker`, owner: AGENCY });
  });

  it('is shown with all that was done for it', async () => {
    const child = await identify({ place: 'PASO_CANOAS' });
    const representativeId = randomUUID();
    const registries = {
      migratory: { reference: 'MIG-2026/17', missing: null },
      civil: { reference: null, missing: 'IN_PROGRESS' },
    };
    expect((await step(child, 'registration', registries)).body.stage).toBe('REGISTERED');
    expect((await step(child, 'urgent-care', care)).status).toBe(200);
    expect((await appoint(child, { representativeId })).body).toMatchObject({
      ...{ stage: 'REPRESENTED', guardianDueAt: null },
    });
    const { conflicts: _, isVerified: __, ...lawyer } = { ...guardian, post: 'LAWYER', representativeId };
    expect((await step(child, 'legal-representative', { ...guardian, ...lawyer })).status).toBe(200);
    expect((await step(child, 'interviews', { ...interview, heldAt: BEGIN })).status).toBe(200);
    expect((await step(child, 'transition-plan', { reviewOn: '2027-03-01', views: 'RECORDED' })).status).toBe(200);
    const shown = await node.get(`/v1/child-cases/${child.id.toUpperCase()}`, supervisor);
    expect([shown.status, shown.headers['etag']]).toEqual([200, '"7"']);
    const spoken = { representativeId, views: 'RECORDED', appointedAt: BEGIN };
    expect(shown.body).toEqual({
      ...{ id: child.id, version: 7, stage: 'REPRESENTED', caseId: child.caseId, referralId: null, basis: 'AGE' },
      ...{ situation: 'UNACCOMPANIED', urgency: 'URGENT', place: 'PASO_CANOAS', registries, care: 'FOSTER' },
      ...{ guardian: { ...spoken, post: 'GUARDIANSHIP_BODY' }, legalRepresentative: { ...spoken, post: 'LAWYER' } },
      ...{ guardianDueAt: null, isGuardianOverdue: false, interviews: [{ ...interview, heldAt: BEGIN }] },
      ...{ transitionReviewOn: '2027-03-01', heardLate: [], closing: null },
    });
    expect((await step(child, 'legal-representative/end', { reason: 'REPLACED' })).status).toBe(200);
    const { body } = await node.get(`/v1/child-cases?caseId=${child.caseId}`, officer);
    expect(body.items).toEqual([
      {
        ...{ id: child.id, version: 8, stage: 'REPRESENTED', caseId: child.caseId, referralId: null },
        ...{ situation: 'UNACCOMPANIED', urgency: 'URGENT', care: 'FOSTER', registeredAt: BEGIN, guardianSince: BEGIN },
        ...{
          representativeSince: null,
          guardianDueAt: null,
          isGuardianOverdue: false,
          closedAt: null,
          changedAt: BEGIN,
        },
      },
    ]);
  });
});

describe('H-11', () => {
  it('INV-11 is lifted with an independent guardian alone, and stands again without; H-10 stays', async () => {
    const child = await identify();
    for (const [body, code] of [
      [{ post: 'REMOVAL_AUTHORITY' }, 'CHILD.NOT_INDEPENDENT'],
      [{ conflicts: ['DECIDES_ITS_CASE'] }, 'CHILD.CONFLICT_OF_INTEREST'],
      [{ post: 'ACCOMPANYING_ADULT' }, 'CHILD.LINK_NOT_VERIFIED'],
    ] as const) {
      const refused = await appoint(child, body);
      expect([refused.status, refused.body.code]).toEqual([409, code]);
    }
    expect(await holdsOn(child)).toEqual([NO_BID, NO_GUARDIAN]);
    expect((await appoint(child)).status).toBe(200);
    expect(await holdsOn(child)).toEqual([NO_BID]);
    const ended = await step(child, 'guardian/end', { reason: 'CONFLICT_FOUND' });
    expect(ended.body).toMatchObject({ stage: 'IDENTIFIED', guardianDueAt: DUE });
    expect(await holdsOn(child)).toEqual([NO_BID, NO_GUARDIAN]);
  });

  it('INV-11 INV-19 is lifted by hand as well once there is a guardian, where no step lifts it', async () => {
    const child = await identify();
    const place = () => node.post(`/v1/cases/${child.caseId}/holds`, { kind: 'CHILD_NO_GUARDIAN' }, officer);
    expect((await place()).status).toBe(201);
    const early = await lifting(child, 'CHILD_NO_GUARDIAN', 'GUARDIAN_APPOINTED', 'lifting', supervisor);
    expect([early.status, early.body.code]).toEqual([409, 'CHILD.NO_GUARDIAN']);
    expect((await appoint(child)).status).toBe(200);
    expect(await holdsOn(child)).toEqual([NO_BID, NO_GUARDIAN]);
    expect((await lifting(child, 'CHILD_NO_GUARDIAN', 'GUARDIAN_APPOINTED', 'lifting', officer)).status).toBe(200);
    expect(await holdsOn(child)).toEqual([NO_BID]);
  });
});

describe('H-10', () => {
  it('INV-11 is lifted by two officers alone, of whom a supervisor proposes it, once the child has a guardian', async () => {
    const child = await identify();
    const favourable = async (act: string, options: object) => {
      const { status, body } = await lifting(child, 'CHILD_NO_BID', 'FAVOURABLE_BEST_INTERESTS', act, options);
      return status === 200 ? status : [status, body.code];
    };
    for (const act of ['lifting', 'lifting/proposal', 'lifting/confirmation'])
      expect(await favourable(act, supervisor)).toEqual([409, 'CHILD.NO_GUARDIAN']);
    expect((await appoint(child)).status).toBe(200);
    expect(await favourable('lifting', supervisor)).toEqual([409, 'HOLD.SECOND_OFFICER']);
    expect(await favourable('lifting/proposal', officer)).toEqual([403, 'CHILD.SUPERVISOR_DECIDES']);
    expect(await favourable('lifting/proposal', supervisor)).toBe(200);
    expect(await favourable('lifting/confirmation', supervisor)).toEqual([403, 'HOLD.SAME_OFFICER']);
    expect(await favourable('lifting/confirmation', officer)).toBe(200);
    expect(await holdsOn(child)).toEqual([]);
  });

  it('INV-11 was placed in error of no child that is alone, whoever says so', async () => {
    const child = await identify();
    for (const kind of ['CHILD_NO_BID', 'CHILD_NO_GUARDIAN']) {
      const refused = await lifting(child, kind, 'PLACED_IN_ERROR', 'lifting/proposal', supervisor);
      expect([refused.status, refused.body.code]).toEqual([409, 'CHILD.STILL_ALONE']);
    }
    const caseId = randomUUID(); // of nobody who is a child
    await node.post(`/v1/cases/${caseId}/holds`, { kind: 'CHILD_NO_BID' }, officer);
    const other = { caseId, id: '' };
    expect((await lifting(other, 'CHILD_NO_BID', 'PLACED_IN_ERROR', 'lifting/proposal', supervisor)).status).toBe(200);
    expect((await lifting(other, 'CHILD_NO_BID', 'PLACED_IN_ERROR', 'lifting/confirmation', officer)).status).toBe(200);
    expect(await holdsOn(other)).toEqual([]);
  });

  it('INV-19 goes with coming of age, once a transition is planned and another officer confirms it', async () => {
    const child = await identify();
    const grown = { situation: 'NOT_A_CHILD', basis: 'CAME_OF_AGE' };
    const ofAge = (kind: string, act: string, options: object) => lifting(child, kind, 'OF_AGE', act, options);
    expect((await step(child, 'situation', grown, supervisor)).body.code).toBe('CHILD.NO_TRANSITION_PLAN');
    expect((await ofAge('CHILD_NO_BID', 'lifting/proposal', supervisor)).body.code).toBe('CHILD.NOT_OF_AGE');
    expect((await step(child, 'transition-plan', { reviewOn: '2027-03-01', views: 'RECORDED' })).status).toBe(200);
    expect((await step(child, 'situation', grown, supervisor)).status).toBe(200);
    expect(await holdsOn(child)).toEqual(PROPOSED);
    expect((await ofAge('CHILD_NO_GUARDIAN', 'lifting', officer)).body.code).toBe('HOLD.SECOND_OFFICER');
    const ending = { reason: 'OF_AGE', nextStep: 'TRANSITION_PLAN', views: 'RECORDED' };
    expect((await step(child, 'closing', ending)).body.code).toBe('CHILD.STILL_HELD');
    for (const kind of ['CHILD_NO_BID', 'CHILD_NO_GUARDIAN'])
      expect((await ofAge(kind, 'lifting/confirmation', officer)).status).toBe(200);
    expect((await step(child, 'closing', ending)).body.stage).toBe('CLOSED');
  });
});

describe('a child that is with somebody after all', () => {
  it('INV-08 is held until a supervisor has verified it and another officer confirms', async () => {
    const child = await identify();
    const early = await step(child, 'situation', verified);
    expect([early.status, early.body.code]).toEqual([403, 'CHILD.SUPERVISOR_DECIDES']);
    expect((await step(child, 'situation', verified, supervisor)).status).toBe(200);
    expect(await holdsOn(child)).toEqual(PROPOSED);
    const held = await step(child, 'closing', withFamily);
    expect([held.status, held.body.code]).toEqual([409, 'CHILD.STILL_HELD']);
    for (const kind of ['CHILD_NO_BID', 'CHILD_NO_GUARDIAN']) {
      const same = await lifting(child, kind, 'PLACED_IN_ERROR', 'lifting/confirmation', supervisor);
      expect([same.status, same.body.code]).toEqual([403, 'HOLD.SAME_OFFICER']);
      expect((await lifting(child, kind, 'PLACED_IN_ERROR', 'lifting/confirmation', officer)).status).toBe(200);
    }
    expect(await holdsOn(child)).toEqual([]);
    const closed = await step(child, 'closing', withFamily);
    expect([closed.status, closed.body.stage]).toEqual([200, 'CLOSED']);
  });

  it('INV-08 is held anew when it is alone again, and nobody confirms what was proposed before', async () => {
    const child = await identify();
    await step(child, 'situation', verified, supervisor);
    expect((await step(child, 'situation', { situation: 'SEPARATED', basis: 'CARER_LOST' })).status).toBe(200);
    expect(await holdsOn(child)).toEqual([NO_BID, NO_GUARDIAN]);
    const stale = await lifting(child, 'CHILD_NO_BID', 'PLACED_IN_ERROR', 'lifting/confirmation', officer);
    expect([stale.status, stale.body.code]).toEqual([409, 'CHILD.STILL_ALONE']);
    await step(child, 'situation', { ...verified, situation: 'LEFT_BEHIND' }, supervisor);
    expect(await holdsOn(child)).toEqual(PROPOSED); // that is decided anew
  });

  it('INV-11 is held again when it comes again after the end', async () => {
    const child = await identify({ situation: 'ACCOMPANIED_AT_RISK' });
    expect(await holdsOn(child)).toEqual([]);
    expect((await step(child, 'closing', withFamily)).status).toBe(200);
    expect((await appoint(child)).body.code).toBe('CHILD.CLOSED');
    const again = await node.post('/v1/child-cases', found(child.caseId), officer);
    expect([again.status, again.body.id, again.body.stage]).toEqual([201, child.id, 'IDENTIFIED']);
    expect(await holdsOn(child)).toEqual([NO_BID, NO_GUARDIAN]);
  });
});

describe('the time for a guardian', () => {
  it('is noted once it is over, and is a matter of whoever looks for it', async () => {
    const child = await identify();
    const late = () => node.get(`/v1/child-cases?caseId=${child.caseId}&overdue=true`, supervisor);
    await node.node.runtime.deadlines?.runDue();
    expect((await late()).body.items).toEqual([]);
    time.now = DUE;
    await node.node.runtime.deadlines?.runDue();
    await node.node.runtime.deadlines?.runDue();
    expect((await late()).body.items).toMatchObject([{ id: child.id, version: 2, isGuardianOverdue: true }]);
    expect(await holdsOn(child)).toEqual([NO_BID, NO_GUARDIAN]);
    expect((await appoint(child)).status).toBe(200);
    expect((await late()).body.items).toEqual([]);
  });
});

describe('a referral for child protection', () => {
  // An answer is sealed to whoever referred: it has to have offered a key.
  let sender: TestNode;
  beforeAll(async () => {
    const log = new MemoryEventLog(store);
    sender = await startTestNode(childProtectionNode, { network, agencyId: SENDER, clock, alarm, log });
  });
  afterAll(() => sender.stop());

  it('leads here once it is accepted; nobody has taken over what this agency did not refer', async () => {
    const [referralId, caseId] = [randomUUID(), randomUUID()];
    const body = { ...found(caseId), referralId };
    const unknown = await node.post('/v1/child-cases', body, officer);
    expect([unknown.status, unknown.body.code]).toEqual([404, 'CHILD.REFERRAL_UNKNOWN']);
    await node.node.runtime.context.handler.execute({
      procedure: referralProcedure,
      id: referralId,
      command: {
        ...{ type: 'ReceiveReferral', by: AGENCY, publishedBy: SENDER },
        request: {
          ...{ referralId, caseId, sender: SENDER, receiver: AGENCY, service: 'CHILD_PROTECTION' },
          ...{ urgency: 'ROUTINE', reason: 'CHILD_AT_RISK', requestedAt: '2026-11-19T15:00:00.000Z' },
          acknowledgeBy: '2026-11-26T15:00:00.000Z',
          consent: { basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', language: 'spa', grantedOn: '2026-11-19' },
          facts: {
            ...{ sex: 'MALE', ageStatus: 'CHILD', ageBand: null, nationalities: ['NI'] },
            nationalityStatus: 'DECLARED',
          },
          ...{ transfer: false, groupId: null, attachments: [], deadlines: DEFAULT_REFERRAL_DEADLINES.ROUTINE },
        },
      },
      ...{ actor: 'spec', correlationId: 'spec', causation: null },
    });
    const early = await node.post('/v1/child-cases', body, officer);
    expect([early.status, early.body.code]).toEqual([409, 'CHILD.REFERRAL_NOT_ACCEPTED']);
    for (const answer of ['acknowledgement', 'acceptance']) {
      await eventually(async () => {
        const options = { roles: ['referral-officer'] } as const;
        const { status } = await node.post(`/v1/referrals/${referralId}/${answer}`, undefined, options);
        expect([answer, status]).toEqual([answer, 200]);
      });
    }
    const made = await node.post('/v1/child-cases', body, officer);
    expect(made.status).toBe(201);
    const child = { caseId, id: made.body.id as string };
    expect((await node.get(`/v1/child-cases/${child.id}`, officer)).body.referralId).toBe(referralId);
    for (const more of [{}, { referralId }, { referralId: UNKNOWN }]) {
      const ending = { reason: 'TRANSFERRED', nextStep: 'RECEIVING_AUTHORITY', views: 'RECORDED', ...more };
      expect((await step(child, 'closing', ending)).body.code).toBe('CHILD.NOT_TAKEN_OVER');
    }
  });
});

describe('refusals', () => {
  it('400 on a request that does not fit', async () => {
    for (const more of [{ caseId: 'x' }, { situation: 'NOT_ESTABLISHED' }, { place: 'a street' }, { story: 'text' }]) {
      const reply = await node.post('/v1/child-cases', { ...found(randomUUID()), ...more }, officer);
      expect([more, reply.status]).toEqual([more, 400]);
    }
    const child = await identify();
    for (const [name, body] of [
      ['guardian', { ...guardian, representativeId: 'Ana' }],
      ['guardian', { ...guardian, representativeId: randomUUID(), conflicts: undefined }],
      ['interviews', { ...interview, heldAt: '2026-11-20' }],
      ['urgent-care', { ...care, care: 'PRISON' }],
      ['urgent-care', { ...care, views: undefined }],
      ['situation', { situation: 'NOT_ESTABLISHED', basis: 'NEW_FACTS' }],
      ['situation', { situation: 'SEPARATED', basis: 'REPORTED_ELSEWHERE' }],
      ['registration', { migratory: { reference: 'Ana' }, civil: { missing: 'IN_PROGRESS' } }],
      ['registration', { migratory: { reference: 'A1' } }],
      ['transition-plan', { reviewOn: '2027-02-30', views: 'RECORDED' }],
      ['closing', { ...withFamily, nextStep: 'NOTHING' }],
    ] as const)
      expect([name, (await step(child, name, body)).status]).toEqual([name, 400]);
  });

  it('422 on a registry with both a reference and a reason for none, or with neither', async () => {
    const child = await identify();
    for (const migratory of [{ reference: 'A1', missing: 'IN_PROGRESS' }, {}]) {
      const unclear = await step(child, 'registration', { migratory, civil: { missing: 'IN_PROGRESS' } });
      expect([unclear.status, unclear.body.code]).toEqual([422, 'CHILD.REGISTRY_UNCLEAR']);
    }
  });

  it('INV-11 409 on a place of detention, INV-12 on an interview before anybody speaks for the child', async () => {
    const child = await identify();
    expect((await step(child, 'urgent-care', { ...care, isDetention: true })).body.code).toBe('CHILD.NO_DETENTION');
    const early = await step(child, 'interviews', { ...interview, heldAt: BEGIN });
    expect([early.status, early.body.code]).toEqual([409, 'CHILD.NOT_REPRESENTED']);
  });

  it('401 without a token, 403 for roles that are not named (INV-17)', async () => {
    const child = await identify();
    expect((await node.post('/v1/child-cases', found(randomUUID()), { token: null })).status).toBe(401);
    for (const role of ['border-officer', 'auditor', 'operator', 'import', 'legal-counsel'] as const) {
      expect((await node.post('/v1/child-cases', found(randomUUID()), { roles: [role] })).status).toBe(403);
      expect((await node.get('/v1/child-cases', { roles: [role] })).status).toBe(403);
      expect((await step(child, 'guardian', {}, { roles: [role] })).status).toBe(403);
    }
  });

  it('possible matches are decided by its officers, as there are no others (INV-17 and by nobody else)', async () => {
    const officers = ['caseworker', 'supervisor'] as const;
    const others = ['border-officer', 'eligibility-officer', 'operator'] as const;
    for (const role of [...officers, ...others]) {
      const { status } = await node.get('/v1/possible-matches', { roles: [role] });
      expect([role, status]).toEqual([role, officers.some((one) => one === role) ? 200 : 403]);
    }
  });

  it('404 for a case that is not here, 412 when it has changed', async () => {
    expect((await node.get(`/v1/child-cases/${UNKNOWN}`, officer)).body.code).toBe('CHILD.UNKNOWN');
    const missing = await step({ id: UNKNOWN }, 'urgent-care', care);
    expect([missing.status, missing.body.code]).toEqual([404, 'CHILD.UNKNOWN']);
    const child = await identify();
    const stale = await step(child, 'urgent-care', care, { ...officer, headers: { 'if-match': '"3"' } });
    expect([stale.status, stale.body.code]).toEqual([412, 'VERSION_MISMATCH']);
  });
});
