import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@acogida/testing';
import { consentOf } from '../network/case-network.ts';
import {
  AGENCIES,
  COMAR,
  CONATT,
  ErasureNetwork,
  HAS_KEYS,
  INTAKE,
  OFFICER,
  OMBUDSMAN,
  PATIENCE_MS,
} from './erasure-network.ts';

interface Debtor {
  readonly agency: string;
  readonly isErased: boolean;
}

const MINUTES = 60_000;
const SENDING = { roles: ['caseworker'] } as const;
const LAWYER = { roles: ['legal-counsel'] } as const;
const soon = (assertion: () => Promise<void>): Promise<void> => eventually(assertion, PATIENCE_MS);

describe.each(['development', 'cases'] as const)('an erasure with keys of mode %s', (mode) => {
  let net: ErasureNetwork;
  let caseId: string;
  let kept: string;
  let foreign: string;
  let referralId: string;

  beforeAll(async () => {
    net = await ErasureNetwork.start(mode);
    caseId = await net.openCase();
    kept = await net.openCase();
    foreign = await net.openCase();
    referralId = await net.referAndAccept(caseId, CONATT, 'TRAFFICKING_SCREENING');
  }, 2 * MINUTES);
  afterAll(() => net?.stop(), MINUTES);

  it('of an unknown case is refused, and so is one by staff without that task', async () => {
    const asked = { caseId: randomUUID(), basis: 'PERSON_REQUEST' };
    const unknown = await net.at(INTAKE).post('/v1/erasures', asked, OFFICER);
    expect([unknown.status, unknown.body.code]).toEqual([404, 'ERASURE.CASE_UNKNOWN']);
    expect((await net.at(INTAKE).post('/v1/erasures', asked, { roles: ['caseworker'] })).status).toBe(403);
    expect((await net.erasureAt(INTAKE, kept)).body.code).toBe('ERASURE.UNKNOWN');
  });

  it(
    'is refused where the agency that orders it has no say in the case',
    async () => {
      await net.referAndAccept(foreign, CONATT, 'TRAFFICKING_SCREENING');
      await net.forgeOrder(COMAR, foreign);
      await soon(async () => expect(await net.refusedFrom(CONATT, COMAR)).toBe(1));
      await soon(async () => expect(await net.refusedFrom(INTAKE, COMAR)).toBe(1));
      for (const agency of [INTAKE, CONATT]) expect(await net.holds(agency, foreign)).toBe(true);
    },
    MINUTES,
  );

  it(
    'is refused where it comes from who was only asked for the person, or audits',
    async () => {
      const asked = await net.openCase();
      const consentId = await net.consent(asked, CONATT, 'TRAFFICKING_SCREENING', 'FROM_OPENING');
      const id = await net.refer(asked, CONATT, 'TRAFFICKING_SCREENING', consentId);
      await net.answer(CONATT, id, 'rejection', 'REJECTED', { reason: 'NO_CAPACITY' });
      await net.does(INTAKE, `/v1/referrals/${id}/loop-closure`, { outcome: 'CONTINUES_HERE' }, SENDING);
      await net.shows(CONATT, id, 'LOOP_CLOSED');
      for (const agency of [CONATT, OMBUDSMAN]) await net.forgeOrder(agency, asked);
      for (const agency of [CONATT, OMBUDSMAN]) {
        await soon(async () => expect([agency, await net.refusedFrom(INTAKE, agency)]).toEqual([agency, 1]));
      }
      expect(await net.holds(INTAKE, asked)).toBe(true);
      expect((await net.erasureAt(INTAKE, asked)).body.code).toBe('ERASURE.UNKNOWN');
    },
    MINUTES,
  );

  it(
    'of a case that is unknown there leaves no mark: it may be referred there later',
    async () => {
      const later = await net.openCase();
      await net.forgeOrder(COMAR, later);
      await soon(async () => expect((await net.erasureAt(COMAR, later)).body.status).toBe('COMPLETED'));
      await soon(async () => expect(await net.refusedFrom(INTAKE, COMAR)).toBeGreaterThan(1));
      const id = await net.referAndAccept(later, CONATT, 'TRAFFICKING_SCREENING');
      expect(await net.holds(CONATT, later)).toBe(true);
      expect((await net.erasureAt(CONATT, later)).body.code).toBe('ERASURE.UNKNOWN');
      await net.complete(id, CONATT, 'SERVICE_PROVIDED');
    },
    MINUTES,
  );

  it(
    'of a case that is unknown there is heeded once it is referred there by who gave the order',
    async () => {
      if (mode === 'development') return; // there all know of every case
      const own = await net.openCase();
      const hold = { until: new Date(Date.now() + 24 * 3_600_000).toISOString(), reason: 'OVERSIGHT' };
      await net.does(INTAKE, `/v1/erasures/${own}/legal-hold`, hold, LAWYER);
      await net.forgeOrder(INTAKE, own);
      const debtor = async (): Promise<object | undefined> =>
        (await net.erasureAt(INTAKE, own)).body.agencies.find(({ agency }: Debtor) => agency === CONATT);
      await soon(async () => expect(await debtor()).toMatchObject({ isErased: true }));
      const consentId = await net.consent(own, CONATT, 'TRAFFICKING_SCREENING', 'FROM_OPENING');
      await net.refer(own, CONATT, 'TRAFFICKING_SCREENING', consentId);
      await soon(async () => {
        const { orderedBy, status, waitsFor } = (await net.erasureAt(CONATT, own)).body;
        expect([orderedBy, status, waitsFor]).toEqual([[INTAKE], 'POSTPONED', 'OPEN_REFERRAL']);
        expect(await debtor()).toMatchObject({ isErased: false, waitsFor: 'OPEN_REFERRAL' });
      });
    },
    MINUTES,
  );

  it(
    'is told to nobody whom only a draft names',
    async () => {
      const drafted = await net.openCase();
      const draft = { caseId: drafted, receiver: COMAR, service: 'ASYLUM', urgency: 'URGENT', reason: 'SPECIFIC_NEED' };
      const consentId = await net.consent(drafted, COMAR, 'ASYLUM', 'CURRENT');
      const { body } = await net.does<{ id: string }>(INTAKE, '/v1/referral-drafts', { ...draft, consentId }, SENDING);
      await net.does(INTAKE, `/v1/referrals/${body.id}/cancellation`, { reason: 'NO_LONGER_NEEDED' }, SENDING);
      await net.order(drafted);
      const { agencies } = (await net.erasureAt(INTAKE, drafted)).body;
      const asked = agencies.map(({ agency }: Debtor) => agency);
      expect(asked.includes(COMAR)).toBe(mode === 'development');
      await soon(async () => expect(await net.holds(INTAKE, drafted)).toBe(false));
    },
    MINUTES,
  );

  it(
    'of an agency’s own case is refused where it comes from whom it asked, and who asked it in return',
    async () => {
      const own = randomUUID();
      const consent = { basis: 'CONSENT', form: 'WRITTEN', givenBy: 'GUARDIAN', childAssent: 'YES', language: 'spa' };
      const asks = async (agency: string, receiver: string, service: string): Promise<string> => {
        const asked = { caseId: own, receiver, service, urgency: 'URGENT', reason: 'SPECIFIC_NEED' };
        const stated = { ...asked, consent: { ...consent, grantedOn: new Date().toISOString().slice(0, 10) } };
        const { body } = await net.does<{ id: string }>(agency, '/v1/referrals', stated, SENDING);
        await soon(async () =>
          expect((await net.at(receiver).get(`/v1/referrals/${body.id}`, SENDING)).status).toBe(200),
        );
        return body.id;
      };
      const day = new Date(Date.now() - 24 * 3_600_000).toISOString().slice(0, 10);
      const lodged = { caseId: own, referralId: null, form: 'ORAL', lodgedBy: 'SELF', lodgedOn: day, enteredOn: day };
      await net.does(COMAR, '/v1/applications', lodged, { roles: ['eligibility-officer'] });
      const asked = await asks(COMAR, CONATT, 'TRAFFICKING_SCREENING');
      for (const step of ['acknowledgement', 'acceptance']) {
        await net.does(CONATT, `/v1/referrals/${asked}/${step}`, {}, { roles: ['referral-officer'] });
      }
      await asks(CONATT, COMAR, 'ASYLUM');
      const refused = await net.refusedFrom(COMAR, CONATT);
      await net.forgeOrder(CONATT, own);
      await soon(async () => expect(await net.refusedFrom(COMAR, CONATT)).toBe(refused + 1));
      expect(await net.holds(COMAR, own)).toBe(true);
    },
    MINUTES,
  );

  it(
    'by who serves the person and has no custody ends its own part, and waits for nobody who would refuse it',
    async () => {
      const served = await net.openCase();
      await net.complete(await net.referAndAccept(served, CONATT, 'TRAFFICKING_SCREENING'), CONATT, 'SERVICE_PROVIDED');
      await net.order(served, CONATT);
      await soon(async () => {
        const { status, agencies } = (await net.erasureAt(CONATT, served)).body;
        // The key of the network tells everybody, and everybody owes an answer.
        expect([status, agencies]).toEqual(mode === 'cases' ? ['COMPLETED', []] : ['FINISHED', expect.any(Array)]);
      });
      expect([await net.holds(CONATT, served), await net.holds(INTAKE, served)]).toEqual([false, true]);
    },
    MINUTES,
  );

  it(
    'by the custodian that the case was given to reaches whoever had it before, and whoever audits',
    async () => {
      const given = await net.openCase();
      const consentId = await net.consent(given, COMAR, 'ASYLUM', 'FROM_OPENING');
      const id = await net.refer(given, COMAR, 'ASYLUM', consentId, { transfer: true });
      await net.answer(COMAR, id, 'acknowledgement', 'ACKNOWLEDGED');
      await net.answer(COMAR, id, 'acceptance', 'ACCEPTED');
      await net.complete(id, COMAR, 'SERVICE_PROVIDED');
      const refused = await net.refusedFrom(INTAKE, COMAR);
      // The auditor knows who opened the case, and hears it from there: with the key of the network nobody passes anything on.
      const told = mode === 'cases' ? [INTAKE, OMBUDSMAN] : [INTAKE];
      await net.order(given, COMAR);
      await soon(async () => {
        const { agencies } = (await net.erasureAt(COMAR, given)).body;
        const erased = agencies.flatMap(({ agency, isErased }: Debtor) => (isErased ? [agency] : []));
        expect(erased).toEqual(expect.arrayContaining(told));
      });
      for (const agency of [COMAR, ...told]) expect([agency, await net.holds(agency, given)]).toEqual([agency, false]);
      expect(await net.refusedFrom(INTAKE, COMAR)).toBe(refused);
    },
    2 * MINUTES,
  );

  it(
    'waits with a reason that is said to whoever ordered it, though it is in the circle no more',
    async () => {
      const over = await net.openCase();
      const id = await net.referAndAccept(over, CONATT, 'TRAFFICKING_SCREENING');
      await net.complete(id, CONATT, 'SERVICE_PROVIDED');
      const until = new Date(Date.now() + 300 * 24 * 3_600_000).toISOString();
      const hold = { until, reason: 'COURT_ORDER', authority: 'COURT' };
      await net.does(CONATT, `/v1/erasures/${over}/legal-hold`, hold, LAWYER);
      await net.order(over);
      await soon(async () => {
        const { agencies } = (await net.erasureAt(INTAKE, over)).body;
        const debtor = agencies.find(({ agency }: Debtor) => agency === CONATT);
        expect(debtor).toMatchObject({ isErased: false, waitsFor: 'LEGAL_HOLD', reviewOn: until });
      });
      const lifting = `/v1/erasures/${over}/legal-hold/end`;
      await net.does(CONATT, `/v1/erasures/${over}/legal-hold`, hold, OFFICER); // the same: nothing new
      await net.does(CONATT, lifting, {}, OFFICER); // ordered by another agency's officer
      await soon(async () => expect(await net.holds(CONATT, over)).toBe(false));
    },
    MINUTES,
  );

  it(
    'is not ordered and released by one and the same person',
    async () => {
      const own = await net.openCase();
      const until = new Date(Date.now() + 300 * 24 * 3_600_000).toISOString();
      const hold = { until, reason: 'LEGAL_CLAIMS' };
      await net.does(INTAKE, `/v1/erasures/${own}/legal-hold`, hold, OFFICER);
      await net.order(own);
      const lifting = `/v1/erasures/${own}/legal-hold/end`;
      const refused = await net.at(INTAKE).post(lifting, {}, OFFICER);
      expect([refused.status, refused.body.code]).toEqual([403, 'ERASURE.SAME_OFFICER']);
      const shown = (await net.erasureAt(INTAKE, own)).body;
      expect(shown).toMatchObject({ legalHoldUntil: until, legalHoldReason: 'LEGAL_CLAIMS', legalHoldAuthority: null });
      await net.does(INTAKE, lifting, {}, LAWYER);
      await soon(async () => expect(await net.holds(INTAKE, own)).toBe(false));
    },
    MINUTES,
  );

  it(
    'waits with a reason for a legal hold at one agency and an open referral at another',
    async () => {
      const until = new Date(Date.now() + 300 * 24 * 3_600_000).toISOString();
      const hold = `/v1/erasures/${caseId}/legal-hold`;
      expect((await net.at(CONATT).post(hold, { until }, LAWYER)).status).toBe(400);
      const held = await net.does(CONATT, hold, { until, reason: 'CRIMINAL_INVESTIGATION' }, LAWYER);
      expect(held.body.status).toBe('HELD');
      const { body } = await net.order(caseId);
      expect(body).toEqual({ id: caseId, version: 1, status: 'ORDERED' });
      await soon(async () => {
        const shown = (await net.erasureAt(INTAKE, caseId)).body;
        expect([shown.status, shown.waitsFor]).toEqual(['POSTPONED', 'OPEN_REFERRAL']);
        const debtor = shown.agencies.find(({ agency }: { agency: string }) => agency === CONATT);
        expect(debtor).toEqual({
          ...{ agency: CONATT, isErased: false, erasedAt: null, waitsFor: 'LEGAL_HOLD', reviewOn: until },
        });
      });
    },
    MINUTES,
  );

  it(
    'is done when the obstacles are gone, and complete with every receipt',
    async () => {
      await net.complete(referralId, CONATT, 'SERVICE_PROVIDED');
      await net.does(CONATT, `/v1/erasures/${caseId}/legal-hold/end`, {}, LAWYER);
      await net.does(INTAKE, `/v1/erasures/${caseId}/attempt`, {}, OFFICER);
      await soon(async () => {
        const { body } = await net.erasureAt(INTAKE, caseId);
        const owing = body.agencies.filter(({ isErased }: { isErased: boolean }) => !isErased);
        // Where everybody can read everything, everybody is asked, also who has no node here.
        const named = owing.map(({ agency }: { agency: string }) => agency);
        expect(named.filter((agency: string) => AGENCIES.some((known) => known === agency))).toEqual([]);
        expect(body.status).toBe(named.length === 0 ? 'COMPLETED' : 'FINISHED');
      });
      const { body } = await net.erasureAt(INTAKE, caseId);
      const asked = body.agencies.flatMap(({ agency, isErased }: Debtor) => (isErased ? [agency] : []));
      expect(asked).toEqual(expect.arrayContaining([CONATT, OMBUDSMAN]));
      for (const agency of asked) expect((await net.erasureAt(agency, caseId)).body.status).toBe('FINISHED');
    },
    2 * MINUTES,
  );

  it('leaves nothing of the case to be read, and nothing new can be said of it', async () => {
    const staff = { roles: ['border-officer'] } as const;
    const read = await net.at(INTAKE).get(`/v1/cases/${caseId}`, staff);
    expect([404, 410]).toContain(read.status);
    const contact = await net
      .at(INTAKE)
      .post(
        '/v1/consents',
        consentOf(caseId, { recipient: CONATT, service: 'TRAFFICKING_SCREENING', history: 'CURRENT' }),
        { roles: ['caseworker'] },
      );
    expect(contact.status).toBeGreaterThanOrEqual(400);
    const timeline = await net.at(OMBUDSMAN).get(`/v1/cases/${caseId}/timeline`, { roles: ['auditor'] });
    const { entries = [] } = timeline.body as { entries?: readonly { readonly type: string | null }[] };
    const told = entries.map(({ type }) => type);
    // Class and time stay. Later words open where the key of the network, which cannot be destroyed, opens them, or they are to
    // the auditor alone: of the case they say nothing any more either.
    expect(told.filter((type) => type !== null)).toEqual([]);
    for (const agency of AGENCIES) {
      const { rows } = await net.at(agency).pool.query(HAS_KEYS, [caseId]);
      expect(rows).toEqual([]);
    }
  });

  it(
    'leaves other cases as they were',
    async () => {
      const read = await net.at(INTAKE).get(`/v1/cases/${kept}`, { roles: ['border-officer'] });
      expect(read.status).toBe(200);
      const id = await net.referAndAccept(kept, COMAR, 'ASYLUM');
      expect(id).toEqual(expect.any(String));
    },
    MINUTES,
  );
});
