import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inTransaction } from '@acogida/event-store';
import { consentProcedure } from '@acogida/referral';
import { type CircleMember, type KeyTurn, keyTurn } from '@acogida/service-kit';
import { eventually } from '@acogida/testing';
import { CircleNetwork, CONATT, DIRECTORY, INTAKE, OMBUDSMAN, REFUGEE_UNIT } from './circle-network.ts';

const PATIENCE_MS = 30_000;
const MINUTES = 60_000;
const COORDINATOR = { roles: ['coordinator'] } as const;
const ACTING = { correlationId: '7c9e6679-7425-40de-944b-e07fc1f90ae7', causation: null };
const MEMBER = { role: 'MEMBER', memberKeyX: null, audiences: ['coded', 'care'], history: 'FROM_OPENING' } as const;

let net: CircleNetwork;

const soon = (assertion: () => Promise<void>): Promise<void> => eventually(assertion, PATIENCE_MS);

beforeAll(async () => {
  net = await CircleNetwork.start(DIRECTORY, OMBUDSMAN, INTAKE, CONATT, REFUGEE_UNIT);
  for (const [agencyId, kind, nature] of [
    [CONATT, 'COUNTER_TRAFFICKING', 'PUBLIC_AUTHORITY'],
    [OMBUDSMAN, 'OVERSIGHT', 'OVERSIGHT'],
  ] as const) {
    const entry = { agencyId, name: agencyId, kind, nature, jurisdiction: 'CR' };
    await net.does(DIRECTORY, '/v1/agencies', { ...entry, participation: 'NODE', languages: ['spa'] }, COORDINATOR);
  }
}, 3 * MINUTES);
afterAll(() => net?.stop(), MINUTES);

/** Acts at an agency as its own node does, in one transaction. */
function actAt<R>(agency: string, work: (turn: KeyTurn) => Promise<R>): Promise<R> {
  const { context, pool, clock } = net.at(agency).node.runtime;
  const metadata = { ...ACTING, actor: `${agency}.spec` };
  return inTransaction(pool, (transaction) => work(keyTurn(context, transaction, clock.now(), metadata)));
}

function circlesAt(agency: string) {
  const { caseKeys } = net.at(agency).node.runtime;
  if (caseKeys === null) throw new RangeError('the node has no keys of cases');
  return caseKeys.circles;
}

async function circleOf(caseId: string, at = INTAKE): Promise<readonly string[]> {
  const members = await actAt(at, (turn): Promise<readonly CircleMember[]> => circlesAt(at).members(turn, caseId));
  return members.map(({ agency }) => agency).sort();
}

async function changesStatus(agency: string, status: string): Promise<void> {
  const reply = await net.at(DIRECTORY).put(`/v1/agencies/${agency}/status`, { status }, COORDINATOR);
  expect(reply.status).toBe(200);
}

const audited = async (caseId: string): Promise<readonly object[]> => {
  const sql = 'SELECT kind, details FROM audit.entry WHERE case_id = $1 ORDER BY id';
  return (await net.at(INTAKE).pool.query<object>(sql, [caseId])).rows;
};

describe('a word of an agency that has no part in a case', () => {
  it(
    'INV-17: shuts nobody out of the circle of another, and is put on record',
    async () => {
      const caseId = await net.openCase();
      await net.referAndAccept(caseId, CONATT, 'TRAFFICKING_SCREENING');
      await soon(async () => expect(await circleOf(caseId)).toEqual([CONATT, OMBUDSMAN]));
      await makesUpCircle(caseId);
      await soon(async () => expect(await net.typesAt(INTAKE, REFUGEE_UNIT, caseId)).toContain('MemberRemoved'));
      const word = (type: string) => ({
        kind: 'CIRCLE_WORD_REFUSED',
        details: [`type:${type}`, `by:${REFUGEE_UNIT}`, `agency:${CONATT}`],
      });
      await soon(async () => expect(await audited(caseId)).toContainEqual(word('MemberRemoved')));
      expect(await circleOf(caseId)).toEqual([CONATT, OMBUDSMAN]);
    },
    2 * MINUTES,
  );

  /** Keys of its own under the id of the case, granted to the intake agency; then it says that another left. */
  async function makesUpCircle(caseId: string): Promise<void> {
    const { context } = net.at(REFUGEE_UNIT).node.runtime;
    const scope = { purposes: ['REFERRAL'], fields: ['FACTS'], recipients: [CONATT], services: ['SHELTER'] } as const;
    await context.handler.execute({
      ...{ procedure: consentProcedure, id: caseId, ...ACTING, actor: `${REFUGEE_UNIT}.spec` },
      command: {
        ...{ type: 'RequestConsent', by: REFUGEE_UNIT, now: context.clock.now(), caseId },
        ...{ consentId: '6b1f2b1c-1a58-4f3a-9c3e-0d6c2f6a7b10', language: 'spa', interpretation: 'NONE_NEEDED' },
        scope: { ...scope, history: 'CURRENT' },
      },
    });
    const circles = circlesAt(REFUGEE_UNIT);
    await actAt(REFUGEE_UNIT, async (turn) => {
      for (const agency of [INTAKE, CONATT]) await circles.admit(turn, caseId, { ...MEMBER, agency });
      await circles.grantOwed(turn, caseId);
      await circles.remove(turn, caseId, CONATT, 'CONSENT_WITHDRAWN');
    });
    net.at(REFUGEE_UNIT).node.runtime.relay.wake();
  }
});

describe('a consent that comes after the introduction', () => {
  let caseId: string;
  let consentId: string;

  it(
    'is missed: who serves on stated words reads nothing of the past, and is let in nowhere else',
    async () => {
      caseId = await net.openCase();
      await net.referAndAccept(caseId, CONATT, 'TRAFFICKING_SCREENING');
      const words = {
        ...{ basis: 'CONSENT', form: 'WRITTEN', givenBy: 'GUARDIAN', childAssent: 'YES' },
        ...{ language: 'spa', grantedOn: '2026-11-22' },
      };
      const asked = { caseId, receiver: REFUGEE_UNIT, service: 'ASYLUM', urgency: 'URGENT', reason: 'SPECIFIC_NEED' };
      const sent = { ...asked, consent: words };
      const { body } = await net.does<{ id: string }>(INTAKE, '/v1/referrals', sent, { roles: ['caseworker'] });
      await net.shows(REFUGEE_UNIT, body.id, 'REQUESTED');
      await net.answer(REFUGEE_UNIT, body.id, 'acknowledgement', 'ACKNOWLEDGED');
      await net.answer(REFUGEE_UNIT, body.id, 'acceptance', 'ACCEPTED');
      await soon(async () => expect(await net.typesAt(REFUGEE_UNIT, INTAKE, caseId)).toContain('KeysGranted'));
      await soon(async () => expect(await net.typesAt(CONATT, INTAKE, caseId)).toContain('MemberAnnounced'));
      expect(await net.typesAt(REFUGEE_UNIT, INTAKE, caseId)).not.toContain('CaseOpened');
      expect(await circleOf(caseId, CONATT)).not.toContain(REFUGEE_UNIT);
    },
    2 * MINUTES,
  );

  it(
    'opens the past to it, and the circle of the other member',
    async () => {
      consentId = await net.consent(caseId, REFUGEE_UNIT, 'ASYLUM', 'FROM_OPENING');
      await soon(async () => expect(await net.typesAt(REFUGEE_UNIT, INTAKE, caseId)).toContain('CaseOpened'));
      await soon(async () => expect(await circleOf(caseId, CONATT)).toContain(REFUGEE_UNIT));
      await soon(async () => expect(await net.typesAt(REFUGEE_UNIT, CONATT, caseId)).toContain('ReferralAccepted'));
    },
    2 * MINUTES,
  );

  it(
    'takes it out of that circle again with its withdrawal, and leaves it where it serves on the words',
    async () => {
      await net.does(INTAKE, `/v1/consents/${consentId}/withdrawal`, {}, { roles: ['caseworker'] });
      await soon(async () => expect(await circleOf(caseId, CONATT)).not.toContain(REFUGEE_UNIT));
      expect(await circleOf(caseId)).toContain(REFUGEE_UNIT);
    },
    2 * MINUTES,
  );
});

describe('an agency that is suspended', () => {
  let cases: readonly string[];

  it(
    'leaves every circle, and reads nothing that is recorded then',
    async () => {
      cases = [await net.openCase(), await net.openCase()];
      for (const caseId of cases) await net.referAndAccept(caseId, CONATT, 'TRAFFICKING_SCREENING');
      for (const caseId of cases) {
        await soon(async () => expect(await net.typesAt(CONATT, INTAKE, caseId)).toContain('KeysGranted'));
      }
      await changesStatus(CONATT, 'SUSPENDED');
      for (const caseId of cases) await soon(async () => expect(await circleOf(caseId)).toEqual([OMBUDSMAN]));
      for (const caseId of cases) {
        await soon(async () => expect(await net.typesAt(CONATT, INTAKE, caseId)).toContain('MemberRemoved'));
        const before = await net.typesAt(CONATT, INTAKE, caseId);
        await net.informOfRights(caseId);
        await soon(async () => expect(await net.timelineOf(caseId)).toContain('RightsInformationProvided'));
        expect(await net.typesAt(CONATT, INTAKE, caseId)).toEqual(before);
      }
    },
    3 * MINUTES,
  );

  it(
    'is let back in where it still serves, once it takes part again',
    async () => {
      await changesStatus(CONATT, 'ACTIVE');
      for (const caseId of cases) {
        await soon(async () => expect(await circleOf(caseId)).toEqual([CONATT, OMBUDSMAN]));
        await soon(async () =>
          expect(await net.typesAt(CONATT, INTAKE, caseId)).toContain('RightsInformationProvided'),
        );
      }
    },
    2 * MINUTES,
  );
});

describe('an auditor', () => {
  it(
    'leaves every circle when the directory closes its mandate, and of a case that is opened then reads nothing',
    async () => {
      const before = await net.openCase();
      await soon(async () => expect(await net.timelineOf(before)).toContain('CaseOpened'));
      await changesStatus(OMBUDSMAN, 'SUSPENDED');
      await soon(async () => expect(await circleOf(before)).toEqual([]));
      const meanwhile = await net.openCase();
      await net.informOfRights(meanwhile);
      await net.informOfRights(before);
      expect(await circleOf(meanwhile)).toEqual([]);
      for (const caseId of [meanwhile, before]) {
        await soon(async () =>
          expect(await net.typesAt(INTAKE, INTAKE, caseId)).toContain('RightsInformationProvided'),
        );
      }
      expect(await net.typesAt(OMBUDSMAN, INTAKE, before)).not.toContain('RightsInformationProvided');
      expect(await net.typesAt(OMBUDSMAN, INTAKE, meanwhile)).toEqual([]);
    },
    2 * MINUTES,
  );

  it(
    'that is listed after cases were opened is granted them all, with what is on record of them',
    async () => {
      const caseId = await net.openCase();
      await net.informOfRights(caseId);
      await changesStatus(OMBUDSMAN, 'ACTIVE');
      await soon(async () =>
        expect(await net.timelineOf(caseId)).toEqual(
          expect.arrayContaining(['CaseOpened', 'RightsInformationProvided']),
        ),
      );
    },
    2 * MINUTES,
  );
});
