import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@acogida/testing';
import { consentOf } from '../network/case-network.ts';
import { CircleNetwork, COMAR, CONATT, INTAKE, OMBUDSMAN, REFUGEE_UNIT } from './circle-network.ts';

const PATIENCE_MS = 20_000;
const MINUTES = 60_000;
const STAFF = { roles: ['caseworker'] } as const;

let net: CircleNetwork;
let caseId: string;
let referralId: string;

beforeAll(async () => {
  net = await CircleNetwork.start(OMBUDSMAN, INTAKE, CONATT, COMAR);
}, 2 * MINUTES);
afterAll(() => net?.stop(), MINUTES);

const soon = (assertion: () => Promise<void>): Promise<void> => eventually(assertion, PATIENCE_MS);

/** What an agency has on record of the consents of a case. */
const consentsAt = (agency: string, caseId: string) =>
  net.at(agency).node.runtime.store.readStream(`consent-${caseId}`);

/** Whose answers to the withdrawal of everything an agency has. */
async function answersAt(agency: string, caseId: string): Promise<readonly string[]> {
  const answers = (await consentsAt(agency, caseId)).filter(({ data }) => data['destroyed'] !== undefined);
  return [...new Set(answers.map(({ data }) => data['agency'] as string))].sort();
}

describe('who reads what of a case', () => {
  it(
    'the auditors of the country do from its first event on, and nobody else',
    async () => {
      caseId = await net.openCase();
      await soon(async () => expect(await net.timelineOf(caseId)).toContain('CaseOpened'));
      for (const agency of [CONATT, COMAR]) expect(await net.typesAt(agency, INTAKE, caseId)).toEqual([]);
    },
    MINUTES,
  );

  it(
    'an offer, and the consent that it is sent under, opens at its receiver alone',
    async () => {
      const consentId = await net.consent(caseId, CONATT, 'TRAFFICKING_SCREENING', 'FROM_OPENING');
      referralId = await net.refer(caseId, CONATT, 'TRAFFICKING_SCREENING', consentId);
      expect(await net.typesAt(CONATT, INTAKE, caseId)).toEqual(['ConsentGranted', 'ReferralRequested']);
      expect(await net.typesAt(COMAR, INTAKE, caseId)).toEqual([]);
    },
    MINUTES,
  );

  it(
    'with the acceptance both read each other, the past as far as the consent opens it',
    async () => {
      await net.answer(CONATT, referralId, 'acknowledgement', 'ACKNOWLEDGED');
      await net.answer(CONATT, referralId, 'acceptance', 'ACCEPTED');
      await soon(async () =>
        expect(await net.typesAt(CONATT, INTAKE, caseId)).toEqual(
          expect.arrayContaining([
            'CaseOpened',
            'ConsentGranted',
            'ReferralRequested',
            'MemberAnnounced',
            'KeysGranted',
          ]),
        ),
      );
      await soon(async () =>
        expect(await net.typesAt(INTAKE, CONATT, caseId)).toEqual(
          expect.arrayContaining(['ReferralAcknowledged', 'ReferralAccepted', 'MemberAnnounced', 'KeysGranted']),
        ),
      );
      await net.informOfRights(caseId);
      await soon(async () => expect(await net.typesAt(CONATT, INTAKE, caseId)).toContain('RightsInformationProvided'));
    },
    MINUTES,
  );

  it('what was sealed when it came took effect once its keys were there', async () => {
    await soon(async () => {
      const { rows } = await net
        .at(CONATT)
        .pool.query<{ state: string; keys: boolean }>(
          `SELECT DISTINCT state FROM inbox.event WHERE source = $1 AND class IN ('case', 'consent')`,
          [INTAKE],
        );
      expect(rows.map(({ state }) => state)).toEqual(['applied']);
    });
    const consents = await net.at(CONATT).pool.query('SELECT FROM consent WHERE case_id = $1', [caseId]);
    expect(consents.rowCount).toBe(1);
  });

  it(
    'the end of the service shuts them out of what comes then, and the auditors not',
    async () => {
      await net.answer(CONATT, referralId, 'start', 'IN_PROGRESS');
      const started = (await net.typesAt(INTAKE, CONATT, caseId)).filter((type) => type === 'ReferralServiceStarted');
      expect(started).toHaveLength(2); // the word to the sender, and what the circle reads of it
      await net.answer(CONATT, referralId, 'completion', 'COMPLETED', { result: 'SERVICE_PROVIDED' });
      await soon(async () => expect(await net.typesAt(CONATT, INTAKE, caseId)).toContain('MemberRemoved'));
      const before = await net.typesAt(CONATT, INTAKE, caseId);
      const timeline = (await net.timelineOf(caseId)).length;
      await net.consent(caseId, REFUGEE_UNIT, 'ASYLUM', 'CURRENT');
      await soon(async () => expect((await net.timelineOf(caseId)).length).toBeGreaterThan(timeline));
      expect(await net.typesAt(CONATT, INTAKE, caseId)).toEqual(before);
      const { rows } = await net
        .at(INTAKE)
        .pool.query<{ epoch: number }>('SELECT max(epoch) AS epoch FROM keys.own_epoch WHERE case_id = $1', [caseId]);
      expect(rows).toEqual([{ epoch: 2 }]);
    },
    MINUTES,
  );

  it(
    'nothing is sent to an agency that nothing can be sealed to',
    async () => {
      const consentId = await net.consent(caseId, REFUGEE_UNIT, 'ASYLUM', 'CURRENT');
      const asked = { caseId, receiver: REFUGEE_UNIT, service: 'ASYLUM', urgency: 'URGENT', reason: 'SPECIFIC_NEED' };
      const reply = await net.at(INTAKE).post('/v1/referrals', { ...asked, consentId }, { roles: ['caseworker'] });
      expect([reply.status, reply.body.code]).toEqual([409, 'REFERRAL.RECEIVER_UNREADY']);
    },
    MINUTES,
  );

  it(
    'one that joins late, and is opened nothing of the past, reads what its epochs allow and no more',
    async () => {
      await net.join(REFUGEE_UNIT);
      const consentId = await net.consent(caseId, REFUGEE_UNIT, 'ASYLUM', 'CURRENT');
      const late = await net.refer(caseId, REFUGEE_UNIT, 'ASYLUM', consentId);
      await net.answer(REFUGEE_UNIT, late, 'acknowledgement', 'ACKNOWLEDGED');
      await net.answer(REFUGEE_UNIT, late, 'acceptance', 'ACCEPTED');
      await soon(async () => expect(await net.typesAt(REFUGEE_UNIT, INTAKE, caseId)).toContain('KeysGranted'));
      await net.consent(caseId, REFUGEE_UNIT, 'HEALTH', 'CURRENT');
      // of four: the one that it serves under, which it was told alone, and the one that came after it had joined
      await soon(async () => {
        const read = await net.typesAt(REFUGEE_UNIT, INTAKE, caseId);
        expect(read.filter((type) => type === 'ConsentGranted')).toHaveLength(2);
        expect(read).not.toContain('CaseOpened');
      });
      for (const source of [INTAKE, CONATT, REFUGEE_UNIT]) {
        expect(await net.typesAt(COMAR, source, caseId)).toEqual([]);
      }
    },
    MINUTES,
  );

  it('the auditor’s timeline is whole: of everything that opened anywhere for the circle, it shows what is coded', async () => {
    await soon(async () =>
      expect(await net.timelineOf(caseId)).toEqual(
        expect.arrayContaining([
          ...['CaseOpened', 'ConsentGranted', 'ReferralRequested', 'ReferralAcknowledged', 'ReferralAccepted'],
          ...['RightsInformationProvided', 'ReferralServiceStarted', 'ReferralCompleted', 'MemberRemoved'],
        ]),
      ),
    );
  });

  it(
    'a consent that is withdrawn in mid-service shuts both out, and still each hears of the other',
    async () => {
      const other = await net.openCase();
      const consentId = await net.consent(other, CONATT, 'TRAFFICKING_SCREENING', 'CURRENT');
      const id = await net.refer(other, CONATT, 'TRAFFICKING_SCREENING', consentId);
      await net.answer(CONATT, id, 'acknowledgement', 'ACKNOWLEDGED');
      await net.answer(CONATT, id, 'acceptance', 'ACCEPTED');
      await soon(async () => expect(await net.typesAt(CONATT, INTAKE, other)).toContain('KeysGranted'));
      await net.does(INTAKE, `/v1/consents/${consentId}/withdrawal`, {}, { roles: ['caseworker'] });
      await soon(async () => {
        const { body } = await net.at(INTAKE).get(`/v1/consents/${consentId}`, { roles: ['caseworker'] });
        expect(body).toMatchObject({ state: 'WITHDRAWN', awaiting: [] });
        const { body: ended } = await net.at(INTAKE).get(`/v1/referrals/${id}`, { roles: ['caseworker'] });
        expect(ended).toMatchObject({ requestStatus: 'CANCELLED', fulfilmentStatus: 'FAILED' });
      });
      await soon(async () => {
        const removed = expect.arrayContaining(['ConsentWithdrawn', 'MemberRemoved']);
        expect(await net.typesAt(CONATT, INTAKE, other)).toEqual(removed);
      });
      const [there, here] = [await net.typesAt(CONATT, INTAKE, other), await net.typesAt(INTAKE, CONATT, other)];
      await net.informOfRights(other);
      await soon(async () => expect(await net.timelineOf(other)).toContain('RightsInformationProvided'));
      expect(await net.typesAt(CONATT, INTAKE, other)).toEqual(there);
      expect(await net.typesAt(INTAKE, CONATT, other)).toEqual(here);
    },
    MINUTES,
  );

  it(
    'a withdrawal of everything at one receiver reaches the other, each referred to in stated words: what that recorded ends too',
    async () => {
      const other = await net.openCase();
      for (const [agency, service] of [
        [CONATT, 'TRAFFICKING_SCREENING'],
        [REFUGEE_UNIT, 'ASYLUM'],
      ] as const) {
        const consent = { basis: 'CONSENT', form: 'WRITTEN', givenBy: 'GUARDIAN', childAssent: 'YES', language: 'spa' };
        const asked = { caseId: other, receiver: agency, service, urgency: 'URGENT', reason: 'SPECIFIC_NEED' };
        const sent = { ...asked, consent: { ...consent, grantedOn: null } };
        const { id } = (await net.does<{ id: string }>(INTAKE, '/v1/referrals', sent, STAFF)).body;
        await net.shows(agency, id, 'REQUESTED');
        await net.answer(agency, id, 'acknowledgement', 'ACKNOWLEDGED');
        await net.answer(agency, id, 'acceptance', 'ACCEPTED');
      }
      const own = consentOf(other, { recipient: COMAR, service: 'ASYLUM', history: 'CURRENT' });
      const { id } = (await net.does<{ id: string }>(REFUGEE_UNIT, '/v1/consents', own, STAFF)).body;
      await net.does(CONATT, '/v1/consents/withdrawals', { caseId: other }, STAFF);
      await soon(async () => {
        const { body } = await net.at(REFUGEE_UNIT).get(`/v1/consents/${id}`, STAFF);
        expect(body).toMatchObject({ state: 'WITHDRAWN', lodgedAt: INTAKE });
        const kept = [
          { category: 'CONSENT_RECORD', legalBasis: 'PROOF_OF_CONSENT', until: null },
          { category: 'REFERRAL_RECORD', legalBasis: 'LEGAL_CLAIMS', until: null },
        ];
        expect(body.acknowledgements).toContainEqual(
          expect.objectContaining({ agency: REFUGEE_UNIT, destroyed: [], retained: expect.arrayContaining(kept) }),
        );
      });
      await soon(async () => expect(await answersAt(INTAKE, other)).toEqual([INTAKE, REFUGEE_UNIT]));
      await soon(async () => expect(await answersAt(CONATT, other)).toEqual([INTAKE, CONATT]));
      for (const agency of [INTAKE, CONATT, REFUGEE_UNIT]) {
        const types = (await consentsAt(agency, other)).map(({ type }) => type);
        const taken = types.filter((type) => type === 'ConsentWithdrawn' || type === 'WithdrawalNoted');
        expect(taken).toEqual([agency === CONATT ? 'ConsentWithdrawn' : 'WithdrawalNoted']);
      }
      expect(await net.typesAt(REFUGEE_UNIT, CONATT, other)).toEqual([]);
    },
    2 * MINUTES,
  );

  it(
    'whoever serves at second hand says what it keeps, and is not waited for any more',
    async () => {
      const other = await net.openCase();
      const given = {
        ...consentOf(other, { recipient: CONATT, service: 'TRAFFICKING_SCREENING', history: 'CURRENT' }),
      };
      const wide = { ...given, recipients: [CONATT, REFUGEE_UNIT], services: ['ASYLUM', 'TRAFFICKING_SCREENING'] };
      const { id: consentId } = (await net.does<{ id: string }>(INTAKE, '/v1/consents', wide, STAFF)).body;
      const first = await net.refer(other, CONATT, 'TRAFFICKING_SCREENING', consentId);
      await net.answer(CONATT, first, 'acknowledgement', 'ACKNOWLEDGED');
      await net.answer(CONATT, first, 'acceptance', 'ACCEPTED');
      const asked = { caseId: other, receiver: REFUGEE_UNIT, service: 'ASYLUM', urgency: 'URGENT', consentId };
      const sent = { ...asked, reason: 'SPECIFIC_NEED' };
      const { id: second } = (await net.does<{ id: string }>(CONATT, '/v1/referrals', sent, STAFF)).body;
      await net.shows(REFUGEE_UNIT, second, 'REQUESTED');
      for (const step of ['acknowledgement', 'acceptance'])
        await net.does(REFUGEE_UNIT, `/v1/referrals/${second}/${step}`, {}, { roles: ['referral-officer'] });
      await soon(async () => expect(await net.typesAt(REFUGEE_UNIT, INTAKE, other)).toContain('KeysGranted'));
      await net.does(INTAKE, `/v1/consents/${consentId}/withdrawal`, {}, STAFF);
      await soon(async () => {
        const { body } = await net.at(INTAKE).get(`/v1/consents/${consentId}`, STAFF);
        expect(body).toMatchObject({ state: 'WITHDRAWN', awaiting: [] });
        expect(body.acknowledgements.map(({ agency }: { agency: string }) => agency)).toContain(REFUGEE_UNIT);
        const { body: ended } = await net.at(REFUGEE_UNIT).get(`/v1/referrals/${second}`, STAFF);
        expect(ended).toMatchObject({ requestStatus: 'CANCELLED', fulfilmentStatus: 'FAILED' });
      });
    },
    2 * MINUTES,
  );
});
