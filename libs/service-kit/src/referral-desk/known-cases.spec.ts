import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { DEFAULT_REFERRAL_DEADLINES } from '@acogida/reference';
import {
  type CustodyCommand,
  custodyProcedure,
  heardReleaseProcedure,
  type ReferralCommand,
  referralProcedure,
} from '@acogida/referral';
import { startTestNode, type TestNode, type TestReply } from '@acogida/testing/node';
import { deskNode } from '../testing/desk-node.ts';
import { type CaseStanding, standingOf } from './known-cases.ts';
import type { OwnRecord } from './own-cases.ts';

const HERE = 'cr-conatt';
const OTHER = 'cr-border-intake';
const STAFF = { roles: ['caseworker'] } as const;
const AT = '2026-11-20T09:00:00.000Z';
const CONSENT = { basis: 'VITAL_INTEREST', form: 'NOT_RECORDED', givenBy: 'NOT_APPLICABLE', language: null } as const;
const FACTS = {
  ...({ sex: 'FEMALE', ageStatus: 'ADULT', ageBand: null, nationalities: [] } as const),
  nationalityStatus: 'UNDETERMINED',
} as const;
const ASKED = { service: 'SHELTER', urgency: 'URGENT', reason: 'SPECIFIC_NEED' } as const;
const NOT_HERE = [404, 'REFERRAL.CASE_UNKNOWN'];

const own = new Map<string, OwnRecord>();
let node: TestNode;

beforeAll(async () => {
  const ownCases = async (_: unknown, caseId: string): Promise<OwnRecord | null> => own.get(caseId) ?? null;
  node = await startTestNode({ ...deskNode('counter-trafficking'), ownCases });
});
afterAll(() => node?.stop());

const standing = (caseId: string): Promise<CaseStanding | null> =>
  standingOf(node.node.runtime.context, node.pool, caseId);

const asked = () => ({ actor: 'spec', correlationId: randomUUID(), causation: null });
const handler = () => node.node.runtime.context.handler;

async function run(referralId: string, ...commands: readonly ReferralCommand[]): Promise<void> {
  for (const command of commands)
    await handler().execute({ procedure: referralProcedure, id: referralId, command, ...asked() });
}

async function custody(caseId: string, command: CustodyCommand): Promise<void> {
  await handler().execute({ procedure: custodyProcedure, id: caseId, command, ...asked() });
}

/** Another agency refers the case here; answers the referral. */
async function receive(caseId: string): Promise<string> {
  const referralId = randomUUID();
  const request = {
    ...{ ...ASKED, referralId, caseId, sender: OTHER, receiver: HERE, requestedAt: AT, acknowledgeBy: AT },
    ...{ consent: { ...CONSENT, grantedOn: null }, facts: FACTS, transfer: false, groupId: null, attachments: [] },
    deadlines: DEFAULT_REFERRAL_DEADLINES.URGENT,
  };
  await run(referralId, { type: 'ReceiveReferral', by: HERE, publishedBy: OTHER, request });
  return referralId;
}

const acting = { by: HERE, now: AT };
const ACCEPTING = [
  { type: 'AcknowledgeReferral', ...acting },
  { type: 'AcceptReferral', ...acting },
] as const;

async function accepted(caseId: string): Promise<string> {
  const referralId = await receive(caseId);
  await run(referralId, ...ACCEPTING);
  return referralId;
}

/** The agency's own procedure records something of the case now. */
async function begin(caseId: string, isOwnAct = true): Promise<void> {
  const { rows } = await node.pool.query<{ next: string }>(
    'SELECT coalesce(max(position), 0) + 1 AS next FROM es.event',
  );
  own.set(caseId, { position: rows[0]?.next ?? '1', recordedAt: new Date().toISOString(), isOwnAct });
}

async function hearOfCustody(caseId: string, to: string): Promise<void> {
  const release = { referralId: randomUUID(), term: 2, from: 'mx-comar', to, number: 7, at: AT };
  await handler().execute({
    ...{ procedure: heardReleaseProcedure, id: caseId, ...asked() },
    command: { type: 'KeepRelease', ...release },
  });
}

async function grantKeys(caseId: string, grantedBy: string | null, receivedAt: string): Promise<void> {
  await node.pool.query(
    `INSERT INTO keys.case_key (key_id, source, subject, case_id, audience, epoch, granted_by, received_at, generation, wrapped)
     VALUES ($1, $2, $1, $3, 'care', 1, $4, $5, 1, '\\x00')`,
    [randomUUID(), grantedBy ?? HERE, caseId, grantedBy, receivedAt],
  );
}

describe('a case is known here', () => {
  it.each([
    ['by the own procedure', (caseId: string) => begin(caseId, false)],
    ['by a referral that was accepted here', accepted],
    [
      'by a referral that was served here, and ended',
      async (caseId: string) =>
        run(await accepted(caseId), { type: 'CompleteReferral', ...acting, result: 'SERVICE_PROVIDED' }),
    ],
    [
      'by the custody of an agency that is gone',
      (caseId: string) =>
        custody(caseId, {
          ...{ type: 'RecordSuccession', caseId, heldTerm: 1, from: OTHER, successor: HERE, lastGoodNumber: 9, at: AT },
        }),
    ],
  ])('%s: it may be passed on, and was opened by another', async (_, knowing) => {
    const caseId = randomUUID();
    await knowing(caseId);
    expect(await standing(caseId)).toBe('KNOWN');
  });

  it.each([
    ['of which nothing was heard', async () => undefined],
    ['that came by a referral that nobody accepted', receive],
    [
      'that came by a referral that was rejected',
      async (caseId: string) =>
        run(await receive(caseId), {
          ...{ type: 'RejectReferral', ...acting, reason: 'NO_CAPACITY', alternativeAgency: null },
        }),
    ],
    [
      'that came by a referral of the wrong person',
      async (caseId: string) =>
        run(await accepted(caseId), { type: 'NoteEntryError', by: OTHER, at: AT, reason: 'WRONG_PERSON' }),
    ],
    ['of which keys of a circle came', (caseId: string) => grantKeys(caseId, OTHER, AT)],
    ['whose custody went between others', (caseId: string) => hearOfCustody(caseId, OTHER)],
  ])('but not one %s', async (_, hearing) => {
    const caseId = randomUUID();
    await hearing(caseId);
    expect(await standing(caseId)).toBeNull();
  });
});

describe('a case was opened here', () => {
  it('where people of this agency began with it before anybody else spoke of it', async () => {
    const caseId = randomUUID();
    await begin(caseId);
    await accepted(caseId);
    await grantKeys(caseId, null, AT);
    await grantKeys(caseId, OTHER, '2999-01-01T00:00:00.000Z');
    expect(await standing(caseId)).toBe('OPENED_HERE');
    // What was done of its custody since the copy was made is not known before that.
    const restored = { ...node.node.runtime.context, awaitsAttestation: () => true };
    expect(await standingOf(restored, node.pool, caseId)).toBe('KNOWN');
  });

  it('not where an intake was heard to have opened it, whenever that was', async () => {
    const caseId = randomUUID();
    await begin(caseId);
    await node.pool.query(`INSERT INTO inbox.stream (source, stream, version, head) VALUES ($1, $2, 1, '')`, [
      OTHER,
      `case-intake-${caseId}`,
    ]);
    expect(await standing(caseId)).toBe('KNOWN');
  });

  it.each([
    ['by a referral, whatever became of it', receive],
    ['by keys of its circle', (caseId: string) => grantKeys(caseId, OTHER, AT)],
    ['by its custody', (caseId: string) => hearOfCustody(caseId, OTHER)],
  ])('not where it was heard of before: %s', async (_, hearing) => {
    const caseId = randomUUID();
    await hearing(caseId);
    await begin(caseId);
    expect(await standing(caseId)).toBe('KNOWN');
  });
});

describe('what leads out', () => {
  const bodyFor = (caseId: string, change: object = {}) => ({
    ...{ ...ASKED, caseId, receiver: 'mx-comar', consent: { ...CONSENT, grantedOn: null }, facts: FACTS, ...change },
  });
  const codeOf = ({ status, body }: TestReply): readonly unknown[] => [status, body.code];
  const send = (caseId: string, change: object = {}) => node.post('/v1/referrals', bodyFor(caseId, change), STAFF);
  const custodyOf = async (caseId: string) => (await handler().load(custodyProcedure, caseId)).state;

  /** All that a request could have written. */
  async function written(): Promise<unknown> {
    const { rows } = await node.pool.query(
      `SELECT (SELECT count(*) FROM es.event) AS events, (SELECT count(*) FROM es.outbox) AS published,
              (SELECT count(*) FROM audit.entry) AS audited`,
    );
    return rows[0];
  }

  it('is refused for a case that is not known here before anything is written or said', async () => {
    const caseId = randomUUID();
    await receive(caseId);
    const before = await written();
    for (const change of [{}, { transfer: true }, { caseId: caseId.toUpperCase() }])
      expect(codeOf(await send(caseId, change))).toEqual(NOT_HERE);
    const imported = await node.post('/v1/referrals', bodyFor(caseId), { roles: ['import'] });
    expect(codeOf(imported)).toEqual(NOT_HERE);
    expect(codeOf(await node.post('/v1/referral-drafts', bodyFor(caseId), STAFF))).toEqual(NOT_HERE);
    const { facts, consent } = bodyFor(caseId);
    const question = { ...ASKED, caseId, facts, consent, country: 'CR' };
    expect(codeOf(await node.post('/v1/candidates', { ...question, caseId: randomUUID() }, STAFF))).toEqual(NOT_HERE);
    expect([await written(), await custodyOf(caseId)]).toEqual([before, null]);
  });

  it('INV-19 says who could take a case to whom it was referred, until that is answered', async () => {
    const caseId = randomUUID();
    const referralId = await receive(caseId);
    const { facts, consent } = bodyFor(caseId);
    const ask = () => node.post('/v1/candidates', { ...ASKED, caseId, facts, consent, country: 'CR' }, STAFF);
    expect((await ask()).status).toBe(200);
    await run(referralId, { type: 'AcknowledgeReferral', ...acting });
    expect((await ask()).status).toBe(200);
    const rejection = { reason: 'NO_CAPACITY', alternativeAgency: null } as const;
    await run(referralId, { type: 'RejectReferral', ...acting, ...rejection });
    expect(codeOf(await ask())).toEqual(NOT_HERE);
  });

  it('is refused for all of a group of which one is not known here', async () => {
    const [known, unknown] = [randomUUID(), randomUUID()];
    await accepted(known);
    const { status, body } = await node.post(
      '/v1/referral-groups',
      { requests: [bodyFor(known), bodyFor(unknown)] },
      STAFF,
    );
    expect([status, body.code, body.errors]).toEqual([
      ...[409, 'REFERRAL.GROUP_REFUSED'],
      [expect.objectContaining({ pointer: '/requests/1', code: 'REFERRAL.CASE_UNKNOWN' })],
    ]);
    expect((await node.get(`/v1/referrals?direction=sent&caseId=${known}`, STAFF)).body.items).toEqual([]);
  });

  it('states no term of a case that another opened, and does not move its custody', async () => {
    const caseId = randomUUID();
    await receive(caseId);
    await begin(caseId);
    expect(codeOf(await send(caseId, { transfer: true }))).toEqual([409, 'CUSTODY.NOT_THE_CUSTODIAN']);
    const { body } = await send(caseId);
    const { state } = await handler().load(referralProcedure, body.id);
    expect([state?.request.caseId, state?.request.custodyTerm]).toEqual([caseId, undefined]);
    expect(await custodyOf(caseId)).toBeNull();
  });

  it('opens the custody of a case that was opened here', async () => {
    const caseId = randomUUID();
    await begin(caseId);
    const { status, body } = await send(caseId, { transfer: true });
    expect(status).toBe(201);
    const { state } = await handler().load(referralProcedure, body.id);
    expect(state?.request.custodyTerm).toBe(1);
    expect(await custodyOf(caseId)).toMatchObject({ term: 1, holder: HERE });
  });

  it('goes on with a draft only while the case is known here', async () => {
    const caseId = randomUUID();
    const referralId = await accepted(caseId);
    const draft = await node.post('/v1/referral-drafts', bodyFor(caseId), STAFF);
    expect(draft.status).toBe(201);
    await run(referralId, { type: 'NoteEntryError', by: OTHER, at: AT, reason: 'WRONG_PERSON' });
    const path = `/v1/referral-drafts/${draft.body.id}/sending`;
    expect(codeOf(await node.post(path, {}, STAFF))).toEqual(NOT_HERE);
    expect(codeOf(await node.post(`/v1/referral-drafts/${draft.body.id}/dropping`, {}, STAFF))).toEqual([
      200,
      undefined,
    ]);
  });
});
