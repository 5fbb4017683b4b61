import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryEventLog, MemoryLogStore } from '@acogida/event-log';
import { COUNSELLED_OPTIONS, DEFAULT_REFERRAL_DEADLINES } from '@acogida/reference';
import { referralProcedure } from '@acogida/referral';
import { ManualAlarmClock, ProcedureHolds } from '@acogida/service-kit';
import { eventually } from '@acogida/testing';
import {
  createTestNetwork,
  startTestNode,
  type TestNetwork,
  type TestNode,
  type TestReply,
} from '@acogida/testing/node';
import { besideReturnCase } from '../integration/beside-return-case.ts';
import { returnCaseProcedure } from '../return-case.procedure.ts';
import { returnReintegrationNode } from '../return-reintegration.module.ts';

const AGENCY = 'cr-return-unit';
const SENDER = 'cr-border-intake';
const UNKNOWN = '3f0c3f3e-9a4b-4a0d-8f5e-7d9c1b2a3f40';
const BEGIN = '2026-11-20T15:00:00.000Z';
const COOLED = '2026-11-22T15:00:00.000Z';
const counsellor = { roles: ['caseworker'] } as const;
const supervisor = { roles: ['supervisor'] } as const;
const time = { now: BEGIN };
const clock = { now: () => time.now };
/** Nothing comes due by itself. */
const alarm = new ManualAlarmClock();

const talk = { language: 'spa', interpretation: 'IN_PERSON', isDetained: false };
const session = { ...talk, heldAt: BEGIN, options: COUNSELLED_OPTIONS };
const consent = {
  ...{ ...talk, signedAt: BEGIN, form: 'WRITTEN', givenBy: 'SELF', assent: 'NOT_APPLICABLE' },
  ...{ hasIndependentWitness: false, ties: [] as string[] },
};

const store = new MemoryLogStore();
let network: TestNetwork;
let node: TestNode;

beforeAll(async () => {
  network = await createTestNetwork([AGENCY, 'return-reintegration', 'CR']);
  const log = new MemoryEventLog(store);
  node = await startTestNode(returnReintegrationNode, { network, agencyId: AGENCY, clock, alarm, log });
  await node.node.runtime.deadlines?.runDue(); // the look at the start is over
});
afterAll(() => node.stop());
beforeEach(() => {
  time.now = BEGIN;
});

const application = (caseId: string) => ({ caseId, destination: 'NI', ageStatus: 'ADULT' });
const step = (id: string, name: string, body: object = {}, options: object = counsellor): Promise<TestReply> =>
  node.post(`/v1/return-cases/${id}/${name}`, body, options);

/** Applies, and answers the case of the person and the return case. */
async function apply(more: object = {}): Promise<{ caseId: string; id: string }> {
  const caseId = randomUUID();
  const { status, body } = await node.post('/v1/return-cases', { ...application(caseId), ...more }, counsellor);
  expect(status).toBe(201);
  return { caseId, id: body.id as string };
}

/** Applies, is counselled and consents. */
async function signed(more: object = {}): Promise<{ caseId: string; id: string }> {
  const made = await apply(more);
  expect((await step(made.id, 'counselling', session)).status).toBe(200);
  expect((await step(made.id, 'consent', consent)).status).toBe(200);
  return made;
}

/** The same until H-17 is lifted. */
async function confirmed(more: object = {}): Promise<{ caseId: string; id: string }> {
  time.now = BEGIN;
  const made = await signed(more);
  time.now = COOLED;
  expect((await step(made.id, 'voluntariness')).status).toBe(200);
  return made;
}

/** Holds of this agency on a case, as its own staff sees them. */
async function holdsOn(caseId: string): Promise<readonly string[]> {
  const { body } = await node.get(`/v1/cases/${caseId}/protection`, counsellor);
  return (body.holds as { kind: string }[]).map(({ kind }) => kind);
}

async function ledgerOf(caseId: string): Promise<readonly string[]> {
  return (await node.node.runtime.store.readStream(`hold-ledger-${caseId}`)).map(({ type }) => type);
}

describe('an application', () => {
  it('INV-14 is held from the same moment on (H-17), once', async () => {
    const caseId = randomUUID();
    const once = { ...counsellor, idempotencyKey: randomUUID() };
    const { status, headers, body } = await node.post('/v1/return-cases', application(caseId), once);
    const { id } = body;
    expect([status, headers['location'], headers['etag']]).toEqual([201, `/v1/return-cases/${id}`, '"1"']);
    expect(body).toEqual({ id, version: 1, stage: 'SUBMITTED', caseId, coolingUntil: null });
    const again = await node.post('/v1/return-cases', application(caseId), once);
    expect([again.body, again.headers['idempotency-replayed']]).toEqual([body, 'true']);
    expect(await holdsOn(caseId)).toEqual(['VOLUNTARINESS']);
    expect(await ledgerOf(caseId)).toEqual(['HoldPlaced', 'HoldProtected']);
    const [placed] = await node.node.runtime.store.readStream(`hold-ledger-${caseId}`);
    expect(placed?.data).toMatchObject({ caseId, groundId: id, placedBy: `${AGENCY}.caseworker`, owner: AGENCY });
  });

  it('leads through counselling and consent to the screen, which changes when the cooling-off is over', async () => {
    const { caseId, id } = await signed();
    const shown = await node.get(`/v1/return-cases/${id}`, counsellor);
    expect([shown.status, shown.headers['etag']]).toEqual([200, '"3"']);
    const { language, interpretation, form, givenBy } = consent;
    expect(shown.body).toEqual({
      ...{ id, version: 3, stage: 'COOLING_OFF', caseId, referralId: null, destination: 'NI', careStatus: null },
      ...{ submittedAt: BEGIN, departedAt: null, sessions: [session] },
      consent: {
        ...{ version: 1, signedAt: BEGIN, coolingUntil: COOLED, validUntil: '2027-11-22T23:59:59.999Z' },
        ...{ language, interpretation, form, givenBy, isConfirmed: false },
      },
    });
    time.now = COOLED;
    await node.node.runtime.deadlines?.runDue();
    expect((await node.get(`/v1/return-cases/${id}`, counsellor)).body.stage).toBe('TO_CONFIRM');
    expect(await holdsOn(caseId)).toEqual(['VOLUNTARINESS']);
  });
});

describe('a referral by this agency', () => {
  it('is of somebody who applied here, whose case it then has, and of nobody else', async () => {
    const refer = async (caseId: string): Promise<readonly unknown[]> => {
      const asked = { receiver: SENDER, service: 'SHELTER', urgency: 'URGENT', reason: 'SPECIFIC_NEED' };
      const words = {
        basis: 'VITAL_INTEREST',
        form: 'NOT_RECORDED',
        givenBy: 'NOT_APPLICABLE',
        language: null,
        grantedOn: null,
      };
      const { status, body } = await node.post(
        '/v1/referrals',
        { ...asked, consent: words, caseId, transfer: true },
        counsellor,
      );
      return [status, body.code];
    };
    expect(await refer(randomUUID())).toEqual([404, 'REFERRAL.CASE_UNKNOWN']);
    const { caseId } = await apply();
    expect(await refer(caseId)).toEqual([201, undefined]);
    expect((await node.get(`/v1/custody/${caseId}`, counsellor)).body).toMatchObject({ term: 1, isOurs: true });
  });
});

describe('H-17', () => {
  it('INV-14 is lifted when an officer confirms after the cooling-off, not before', async () => {
    const { caseId, id } = await signed();
    const early = await step(id, 'voluntariness');
    expect([early.status, early.body.code]).toEqual([409, 'RETURN.COOLING_OFF']);
    expect(await holdsOn(caseId)).toEqual(['VOLUNTARINESS']);
    time.now = COOLED;
    const done = await step(id, 'voluntariness', {}, supervisor);
    expect([done.status, done.body.stage]).toEqual([200, 'CONSENTED']);
    expect(await holdsOn(caseId)).toEqual([]);
    const lifted = (await node.node.runtime.store.readStream(`hold-ledger-${caseId}`)).at(-1);
    expect(lifted).toMatchObject({
      type: 'HoldLifted',
      data: { reason: 'CONSENT_IN_FORCE', liftedBy: `${AGENCY}.supervisor` },
    });
  });

  it('INV-14 is lifted by no hand before a consent is in force', async () => {
    const { caseId } = await signed();
    const { body } = await node.get(`/v1/cases/${caseId}/protection`, counsellor);
    const path = `/v1/cases/${caseId}/holds/${body.holds[0].holdId}/lifting`;
    for (const way of ['', '/proposal', '/confirmation']) {
      const refused = await node.post(`${path}${way}`, { reason: 'CONSENT_IN_FORCE' }, supervisor);
      expect([way, refused.status, refused.body.code]).toEqual([way, 409, 'RETURN.CONSENT_NOT_IN_FORCE']);
    }
    expect((await node.post(`${path}/proposal`, { reason: 'PLACED_IN_ERROR' }, supervisor)).status).toBe(200);
    expect(await holdsOn(caseId)).toEqual(['VOLUNTARINESS']);
  });

  it('INV-19 that was placed by hand goes by hand, once the consent of the case that it names is in force', async () => {
    const { caseId, id } = await signed();
    const grounds = [id, randomUUID(), null]; // another is of no case here: any consent counts
    const place = async (groundId: string | null) => {
      const placed = await node.post(`/v1/cases/${caseId}/holds`, { kind: 'VOLUNTARINESS', groundId }, supervisor);
      return placed.body.id as string;
    };
    const lift = async (holdId: string) => {
      const path = `/v1/cases/${caseId}/holds/${holdId}/lifting`;
      const { status, body } = await node.post(path, { reason: 'CONSENT_IN_FORCE' }, counsellor);
      return status === 200 ? status : [status, body.code];
    };
    const before = await Promise.all(grounds.map(place));
    for (const holdId of before) expect(await lift(holdId)).toEqual([409, 'RETURN.CONSENT_NOT_IN_FORCE']);
    time.now = COOLED;
    expect((await step(id, 'voluntariness', {}, supervisor)).status).toBe(200);
    for (const holdId of before) expect(await lift(holdId)).toBe(200);
    expect(await holdsOn(caseId)).toEqual([]);
    time.now = '2026-11-22T15:00:00.001Z';
    for (const groundId of grounds)
      // what the person said since is not in that consent
      expect(await lift(await place(groundId))).toEqual([409, 'RETURN.CONSENT_NOT_IN_FORCE']);
  });

  it('INV-14 stands again when the person withdraws, whoever was told, and a new consent needs all anew', async () => {
    const { caseId, id } = await confirmed();
    const border = { roles: ['border-officer'] } as const;
    const told = await step(id, 'withdrawal', { toldTo: 'CARRIER' }, border);
    expect([told.status, told.body.stage]).toEqual([200, 'WITHDRAWN']);
    expect(await holdsOn(caseId)).toEqual(['VOLUNTARINESS']);
    const again = await step(id, 'withdrawal', { toldTo: 'FAMILY', reason: 'SAFETY_CONCERN' }, border);
    expect([again.status, again.body.version]).toEqual([200, told.body.version]);
    const placed = (await node.node.runtime.store.readStream(`hold-ledger-${caseId}`)).filter(
      ({ type }) => type === 'HoldPlaced',
    );
    expect(new Set(placed.map(({ data }) => data['holdId'])).size).toBe(2);
    const early = await step(id, 'consent', { ...consent, signedAt: COOLED });
    expect([early.status, early.body.code]).toEqual([409, 'RETURN.NOT_INFORMED']);
    expect((await step(id, 'counselling', { ...session, heldAt: COOLED })).body.stage).toBe('COUNSELLED');
    expect((await step(id, 'consent', { ...consent, signedAt: COOLED })).body.coolingUntil).toBe(
      '2026-11-24T15:00:00.000Z',
    );
  });

  it('INV-14 stands again when the consent is not current any more, and when the return is declined', async () => {
    const old = await confirmed();
    const declined = await confirmed();
    const refused = await step(declined.id, 'refusal', { reason: 'NOT_VOLUNTARY' }, supervisor);
    expect([refused.status, refused.body.stage]).toEqual([200, 'DECLINED']);
    expect(await holdsOn(declined.caseId)).toEqual(['VOLUNTARINESS']);
    time.now = '2027-11-23T00:00:00.000Z';
    await node.node.runtime.deadlines?.runDue();
    expect((await node.get(`/v1/return-cases/${old.id}`, counsellor)).body.stage).toBe('EXPIRED');
    expect(await holdsOn(old.caseId)).toEqual(['VOLUNTARINESS']);
  });
});

describe('somebody who applies anew', () => {
  it('INV-19 is held by nothing that was declined before, once the new consent is confirmed', async () => {
    const { caseId, id } = await signed();
    expect((await step(id, 'refusal', { reason: 'NO_FUNDS' }, supervisor)).status).toBe(200);
    expect(await holdsOn(caseId)).toEqual(['VOLUNTARINESS']);
    await confirmed({ caseId });
    expect(await holdsOn(caseId)).toEqual([]);
  });

  it('goes on with the case that is open, also where two are opened at once', async () => {
    const caseId = randomUUID();
    const opening = () => node.post('/v1/return-cases', application(caseId), counsellor);
    const replies = (await Promise.all([opening(), opening()])).toSorted((one, other) => one.status - other.status);
    expect(replies.map(({ status }) => status)).toEqual([201, 409]);
    const { id } = replies[0]?.body ?? {};
    for (const { status, body } of [replies[1] as TestReply, await opening()]) {
      expect([status, body.code, body.details]).toEqual([409, 'RETURN.ANOTHER_OPEN', { returnCaseId: id }]);
    }
    expect((await step(id, 'withdrawal', { toldTo: 'FAMILY' })).status).toBe(200);
    expect((await opening()).body.details).toEqual({ returnCaseId: id });
    expect((await step(id, 'refusal', { reason: 'NO_FUNDS' }, supervisor)).status).toBe(200);
    expect((await opening()).status).toBe(201);
  });

  /** A second application of the person, as it was taken before there was to be one at a time. */
  async function applyBeside(caseId: string): Promise<string> {
    const id = randomUUID();
    await node.node.runtime.context.handler.execute({
      ...{ procedure: returnCaseProcedure, id, actor: 'spec', correlationId: 'spec', causation: null },
      command: {
        ...{ type: 'SubmitApplication', at: BEGIN, country: 'CR', returnCaseId: id, caseId, referralId: null },
        ...{ destination: 'NI', careStatus: null },
      },
      beside: besideReturnCase(node.node.app.get(ProcedureHolds), clock, id, { subject: 'spec', mayLift: false }),
    });
    return id;
  }

  it('INV-14 INV-19 is held by the other application until it is declined or confirmed too', async () => {
    const { caseId } = await confirmed();
    const id = await applyBeside(caseId);
    expect(await holdsOn(caseId)).toEqual(['VOLUNTARINESS']);
    expect((await step(id, 'refusal', { reason: 'INELIGIBLE' }, supervisor)).status).toBe(200);
    expect(await holdsOn(caseId)).toEqual([]);
  });
});

describe('a consent', () => {
  it.each([
    ['RETURN.CONSENT_TIED', { ties: ['CASH'] }],
    ['RETURN.NOT_INTERPRETED', { interpretation: 'WRITTEN_ONLY' }],
    ['RETURN.NOT_INFORMED', { isDetained: true, hasIndependentWitness: true }],
    ['RETURN.GIVEN_BY_ANOTHER', { givenBy: 'GUARDIAN', assent: 'YES' }],
  ])('INV-14 is refused with %s, and nothing changes', async (code, more) => {
    const { id } = await apply();
    await step(id, 'counselling', session);
    const refused = await step(id, 'consent', { ...consent, ...more });
    expect([refused.status, refused.body.code]).toEqual([409, code]);
    expect((await node.get(`/v1/return-cases/${id}`, counsellor)).body).toMatchObject({ version: 2, consent: null });
  });

  it('INV-11 is not taken of a child who is alone, nor of one of whom nobody knows', async () => {
    for (const more of [{ ageStatus: 'CHILD', careStatus: 'SEPARATED' }, { ageStatus: 'DISPUTED' }]) {
      const { id } = await apply(more);
      await step(id, 'counselling', session);
      const refused = await step(id, 'consent', { ...consent, givenBy: 'GUARDIAN', assent: 'YES' });
      expect([refused.status, refused.body.code]).toEqual([409, 'RETURN.CHILD_NOT_CLEARED']);
    }
  });
});

describe('an application of somebody of whom another agency spoke', () => {
  it('INV-08 INV-11 is a child’s, whatever is said here', async () => {
    const caseId = randomUUID();
    await node.pool.query('INSERT INTO identified_child (case_id, care_status) VALUES ($1, $2)', [
      caseId,
      'UNACCOMPANIED',
    ]);
    const { id } = await apply({ caseId });
    expect((await node.get(`/v1/return-cases/${id}`, counsellor)).body.careStatus).toBe('UNACCOMPANIED');
  });
});

describe('an application that follows a referral', () => {
  // An answer is sealed to whoever referred: it has to have offered a key.
  let sender: TestNode;
  beforeAll(async () => {
    const log = new MemoryEventLog(store);
    sender = await startTestNode(returnReintegrationNode, { network, agencyId: SENDER, clock, alarm, log });
  });
  afterAll(() => sender.stop());

  it('waits for the acceptance, and INV-08 takes the age from whoever says child', async () => {
    const [referralId, caseId] = [randomUUID(), randomUUID()];
    const body = { ...application(caseId), referralId };
    const unknown = await node.post('/v1/return-cases', body, counsellor);
    expect([unknown.status, unknown.body.code]).toEqual([404, 'RETURN.REFERRAL_UNKNOWN']);
    await node.node.runtime.context.handler.execute({
      procedure: referralProcedure,
      id: referralId,
      command: {
        ...{ type: 'ReceiveReferral', by: AGENCY, publishedBy: SENDER },
        request: {
          ...{ referralId, caseId, sender: SENDER, receiver: AGENCY, service: 'LEGAL_AID' },
          ...{ urgency: 'ROUTINE', reason: 'PERSON_REQUEST', requestedAt: '2026-11-19T15:00:00.000Z' },
          acknowledgeBy: '2026-11-26T15:00:00.000Z',
          consent: { basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', language: 'spa', grantedOn: '2026-11-19' },
          facts: {
            ...{ sex: 'MALE', ageStatus: 'DISPUTED', ageBand: null, nationalities: ['NI'] },
            nationalityStatus: 'DECLARED',
          },
          ...{ transfer: false, groupId: null, attachments: [], deadlines: DEFAULT_REFERRAL_DEADLINES.ROUTINE },
        },
      },
      ...{ actor: 'spec', correlationId: 'spec', causation: null },
    });
    const early = await node.post('/v1/return-cases', body, counsellor);
    expect([early.status, early.body.code]).toEqual([409, 'RETURN.REFERRAL_NOT_ACCEPTED']);
    for (const answer of ['acknowledgement', 'acceptance']) {
      await eventually(async () => {
        const options = { roles: ['referral-officer'] } as const;
        const { status } = await node.post(`/v1/referrals/${referralId}/${answer}`, undefined, options);
        expect([answer, status]).toEqual([answer, 200]);
      });
    }
    const made = await node.post('/v1/return-cases', body, counsellor);
    expect(made.status).toBe(201);
    expect((await node.get(`/v1/return-cases/${made.body.id}`, counsellor)).body).toMatchObject({
      ...{ referralId, careStatus: 'UNKNOWN' },
    });
  });
});

describe('refusals', () => {
  it('400 on a request that does not fit', async () => {
    const caseId = randomUUID();
    for (const more of [{ caseId: 'x' }, { destination: 'ZZ' }, { ageStatus: undefined }, { story: 'free text' }]) {
      const reply = await node.post('/v1/return-cases', { ...application(caseId), ...more }, counsellor);
      expect([more, reply.status]).toEqual([more, 400]);
    }
    const { id } = await apply();
    for (const [name, body] of [
      ['counselling', { ...session, options: [] }],
      ['counselling', { ...session, heldAt: '2026-11-20' }],
      ['consent', { ...consent, ties: undefined }],
      ['consent', { ...consent, language: 'es' }],
      ['withdrawal', { toldTo: 'NOBODY' }],
    ] as const)
      expect([name, (await step(id, name, body)).status]).toEqual([name, 400]);
  });

  it('401 without a token, 403 for roles that are not named (INV-17)', async () => {
    const { id } = await apply();
    expect((await node.post('/v1/return-cases', application(randomUUID()), { token: null })).status).toBe(401);
    for (const role of ['border-officer', 'auditor', 'operator', 'import'] as const) {
      expect((await node.post('/v1/return-cases', application(randomUUID()), { roles: [role] })).status).toBe(403);
      expect((await node.get('/v1/return-cases', { roles: [role] })).status).toBe(403);
    }
    expect((await step(id, 'approval')).status).toBe(403);
    expect((await step(id, 'refusal', { reason: 'UNSAFE' })).status).toBe(403);
  });

  it('404 for a case that is not here, 412 when it has changed', async () => {
    expect((await node.get(`/v1/return-cases/${UNKNOWN}`, counsellor)).body.code).toBe('RETURN.UNKNOWN');
    const missing = await step(UNKNOWN, 'withdrawal', { toldTo: 'FAMILY' });
    expect([missing.status, missing.body.code]).toEqual([404, 'RETURN.UNKNOWN']);
    const { id } = await apply();
    const stale = await step(id, 'counselling', session, { ...counsellor, headers: { 'if-match': '"3"' } });
    expect([stale.status, stale.body.code]).toEqual([412, 'VERSION_MISMATCH']);
  });
});

describe('the list', () => {
  it('narrows and pages from the newest', async () => {
    const caseId = randomUUID();
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      for (const id of ids.slice(0, 1)) await step(id, 'refusal', { reason: 'NO_FUNDS' }, supervisor);
      ids.unshift((await apply({ caseId })).id);
    }
    await step(ids[0] ?? '', 'counselling', session);
    const { body } = await node.get(`/v1/return-cases?caseId=${caseId}&stage=COUNSELLED`, counsellor);
    expect((body.items as { id: string }[]).map(({ id }) => id)).toEqual(ids.slice(0, 1));
    const first = await node.get(`/v1/return-cases?caseId=${caseId}&limit=2`, counsellor);
    const next = /<([^>]+)>; rel="next"/.exec(first.headers['link'] ?? '')?.[1] ?? '';
    const second = await node.get(next, counsellor);
    expect(second.headers['link']).toBeUndefined();
    expect(second.body.items).toEqual([
      {
        ...{ id: ids[2], version: 2, stage: 'DECLINED', caseId, referralId: null, careStatus: null },
        ...{ submittedAt: BEGIN, consentVersion: null, coolingUntil: null, validUntil: null, departedAt: null },
        changedAt: BEGIN,
      },
    ]);
  });
});
