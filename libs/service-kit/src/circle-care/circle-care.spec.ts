import { beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { DEFAULT_REFERRAL_DEADLINES, type ConsentHistory, type LeavingReason } from '@acogida/reference';
import {
  ANY_LISTED_FOR_SERVICE,
  type ConsentRegister,
  evolveConsents,
  NO_CONSENTS,
  type Referral,
} from '@acogida/referral';
import type { GroupAudience } from '@acogida/sealing';
import type { Admission, CaseStanding } from '../case-keys/case-circles.ts';
import type { CircleMember } from '../case-keys/case-keys.ts';
import type { Introduction } from '../case-keys/key-policies.ts';
import type { KeyTurn } from '../case-keys/key-turn.ts';
import type { NodeMember } from '../node-definition.ts';
import { agencyEntry } from '../testing/listing-node.ts';
import { CircleCare } from './circle-care.ts';
import { judgeByConsent } from './judge-by-consent.ts';

const WORDS = { basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', language: 'spa', grantedOn: '2026-11-22' } as const;
const CASE = '9b2f4f0e-5a3c-4f0e-8c51-6a4d1f0c2b11';
const CONSENT = '6b1f2b1c-1a58-4f3a-9c3e-0d6c2f6a7b10';
const [INTAKE, CONATT, COMAR, CASA] = ['cr-border-intake', 'cr-conatt', 'mx-comar', 'cr-casa'];
const [OMBUDSMAN, CNDH] = ['cr-ombudsman', 'mx-cndh'];
const AT = '2026-11-22T09:00:00.000Z';
const NOW = '2026-11-23T09:00:00.000Z';
const ONLY_PRESENT = { history: 'CURRENT', audiences: [{ audience: 'coded', fromEpoch: 1 }] } as const;
const MEMBERS: readonly NodeMember[] = [
  { agencyId: INTAKE, kind: 'intake', name: '', jurisdiction: 'CR' },
  { agencyId: CONATT, kind: 'counter-trafficking', name: '', jurisdiction: 'CR' },
  { agencyId: COMAR, kind: 'asylum', name: '', jurisdiction: 'MX' },
  { agencyId: 'regional-directory', kind: 'directory', name: '', jurisdiction: null },
];

describe('the circle of a case, in step with its referrals and consents', () => {
  let standing: CaseStanding;
  let members: Map<string, Pick<CircleMember, 'agency' | 'role' | 'memberKeyX' | 'audiences'> & Partial<CircleMember>>;
  let done: (readonly [string, ...unknown[]])[];
  let referrals: Referral[];
  let told: object[];
  let register: ConsentRegister;
  let listed: Record<string, object>;
  let agencyId: string;
  let isReady: boolean;
  let introduced: Omit<Introduction, 'caseId'>[];
  let hasSay: string[];
  let gone: Record<string, LeavingReason>;

  beforeEach(() => {
    [isReady, introduced, hasSay, gone] = [true, [], [], {}];
    [standing, members, done, referrals, told] = ['OPEN', new Map(), [], [], []];
    [register, listed, agencyId] = [NO_CONSENTS, {}, INTAKE];
  });

  const care = new CircleCare({
    circles: {
      look: async () => ({ standing, members: [...members.values()] as CircleMember[] }),
      members: async () => [...members.values()] as CircleMember[],
      admit: async (_, caseId, admission) => {
        done.push(['admit', caseId, admission]);
        const audiences = admission.audiences.map((audience) => ({ audience, fromEpoch: 1 }));
        members.set(admission.agency, { ...admission, audiences });
      },
      remove: async (_, caseId, agency, reason) => {
        done.push(['remove', caseId, agency, reason]);
        members.delete(agency);
      },
      narrow: async (_, caseId, admission) => void done.push(['narrow', caseId, admission]),
      isReady: () => isReady,
    },
    auditors: {
      of: (jurisdictions) => [
        ...(jurisdictions.includes('CR') ? [{ agency: OMBUDSMAN, audiences: ['coded'] as const }] : []),
        ...(jurisdictions.includes('MX') ? [{ agency: CNDH, audiences: ['coded'] as const }] : []),
      ],
    },
    judge: judgeByConsent,
    introductions: { of: async (_, caseId) => introduced.map((entry) => ({ ...entry, caseId })) },
    hasSay: async (_, caseId, agency) => caseId === CASE && hasSay.includes(agency),
    leaving: (agency) => gone[agency] ?? null,
  });

  function turn(): KeyTurn {
    const load = async ({ name }: { name: string }, id: string) => ({
      version: 1,
      state: name === 'consent' ? register : (referrals.find(({ request }) => request.referralId === id) ?? null),
    });
    const query = async (statement: string | pg.QueryConfig<string[]>, parameters: readonly string[] = []) => {
      const { text, values = parameters } = typeof statement === 'string' ? { text: statement } : statement;
      if (text.includes('FROM referral')) return { rows: referrals.map(({ request }) => ({ id: request.referralId })) };
      const entry = listed[values[0] ?? ''];
      return { rows: entry === undefined ? [] : [{ entry }] };
    };
    const node = { agencyId, jurisdiction: 'CR', members: () => MEMBERS, clock: { now: () => NOW }, handler: { load } };
    const run = async ({ command }: { command: object }) => void told.push(command);
    return { now: NOW, node, transaction: { query }, run } as unknown as KeyTurn;
  }

  function referral(change: Partial<Referral> = {}, request: Partial<Referral['request']> = {}): Referral {
    const asked = {
      ...{ referralId: `4e1f2b1c-1a58-4f3a-9c3e-00000000000${referrals.length}`, caseId: CASE, sender: INTAKE },
      ...{ receiver: CONATT, service: 'SHELTER', reason: 'SPECIFIC_NEED', requestedAt: AT, attachments: [] },
      consent: WORDS,
      facts: { nationalities: ['HT'], nationalityStatus: 'DECLARED' },
      ...{ deadlines: DEFAULT_REFERRAL_DEADLINES.URGENT, ...request },
    };
    const state = { side: 'SENDER', requestStatus: 'REQUESTED', fulfilment: 'ACCEPTED', request: asked };
    const quiet = { cancellation: null, failure: null };
    const made = { ...state, ...quiet, ...change } as unknown as Referral;
    referrals.push(made);
    return made;
  }

  function grant(
    history: ConsentHistory,
    recipients: readonly string[] | typeof ANY_LISTED_FOR_SERVICE = [CONATT],
    recordedAt = INTAKE,
  ): void {
    const scope = { purposes: ['REFERRAL'], fields: ['FACTS'], recipients, services: ['SHELTER'], history } as const;
    const facts = { consentId: CONSENT, caseId: CASE, scope, form: 'WRITTEN', givenBy: 'SELF' } as const;
    const spoken = { language: 'spa', interpretation: 'NONE_NEEDED', childAssent: 'NOT_APPLICABLE' } as const;
    const data = { ...facts, ...spoken, basis: 'CONSENT', expiresAt: '2027-11-22T00:00:00.000Z' } as const;
    register = evolveConsents(register, {
      type: 'ConsentGranted',
      data: { ...data, recordedAt, grantedAt: AT },
    });
  }

  function withdraw(): void {
    const said = { form: 'WRITTEN', reason: 'NOT_STATED', language: null, interpretation: null } as const;
    register = evolveConsents(register, {
      type: 'ConsentWithdrawn',
      data: { consentId: CONSENT, caseId: CASE, withdrawnAt: NOW, lodgedAt: INTAKE, ...said },
    });
  }

  const named = { consent: { ...WORDS, consentId: CONSENT } };
  const admitted = (agency: string, change: Partial<Admission> = {}) => [
    'admit',
    CASE,
    { agency, role: 'MEMBER', memberKeyX: null, audiences: ['coded', 'care'], history: 'CURRENT', ...change },
  ];
  const watching = (agency: string) =>
    admitted(agency, { role: 'AUDITOR', audiences: ['coded'], history: 'FROM_OPENING' });

  describe('when a referral was taken on', () => {
    it('lets its receiver read along, and the auditors with it', async () => {
      await care.settle(turn(), referral());
      expect([done, told]).toEqual([[admitted(CONATT), watching(OMBUDSMAN)], []]);
    });

    it('opens as much of the past as the recorded consent does', async () => {
      grant('FROM_OPENING');
      members.set(OMBUDSMAN, { agency: OMBUDSMAN, role: 'AUDITOR', memberKeyX: null, audiences: [] });
      await care.settle(turn(), referral({}, named));
      expect(done).toEqual([admitted(CONATT, { history: 'FROM_OPENING' })]);
      expect(told).toEqual([{ type: 'TellConsent', consentId: CONSENT, caseId: CASE, to: CONATT, now: NOW }]);
    });

    it('does not wait for a key to tell it of the consent with', async () => {
      grant('CURRENT');
      isReady = false;
      await care.settle(turn(), referral({}, named));
      expect([done[0], told]).toEqual([admitted(CONATT), []]);
    });

    it('INV-17: opens what is restricted to whom the service needs it, and may; not to whoever sent it', async () => {
      await care.settle(turn(), referral({}, { service: 'TRAFFICKING_SCREENING' }));
      expect(done[0]).toEqual(admitted(CONATT, { audiences: ['coded', 'care', 'restricted'] }));
      listed = { [CONATT]: agencyEntry(CONATT, { nature: 'ENFORCEMENT' }).data };
      [done, agencyId] = [[], INTAKE];
      await care.settle(turn(), referral({}, { service: 'TRAFFICKING_SCREENING' }));
      expect(done[0]).toEqual(admitted(CONATT, { audiences: ['coded'] }));
      [done, agencyId] = [[], CONATT];
      await care.settle(turn(), referral({ side: 'RECEIVER' }, { service: 'TRAFFICKING_SCREENING' }));
      expect(done[0]).toEqual(admitted(INTAKE));
    });

    it('brings in the auditors of another country with its agency, and they go with it', async () => {
      const abroad = referral({}, { receiver: COMAR });
      await care.settle(turn(), abroad);
      expect(done).toEqual([admitted(COMAR), watching(OMBUDSMAN), watching(CNDH)]);
      done = [];
      await care.settle(turn(), { ...abroad, fulfilment: 'COMPLETED' });
      expect(done).toEqual([
        ['remove', CASE, COMAR, 'SERVICE_ENDED'],
        ['remove', CASE, CNDH, 'SERVICE_ENDED'],
      ]);
    });

    it.each<[string, () => Referral]>([
      ['has no node', () => referral({}, { receiver: CASA })],
      ['lost its keys', () => ((gone = { [CONATT]: 'KEY_REVOKED' }), referral())],
      ['is suspended', () => ((listed = { [CONATT]: agencyEntry(CONATT, { status: 'SUSPENDED' }).data }), referral())],
      ['has nothing here that could be opened', () => ((standing = 'NONE'), referral())],
      ['is of a case that was erased', () => ((standing = 'ERASED'), referral())],
      ['rests on a consent that was withdrawn', () => (grant('CURRENT'), withdraw(), referral({}, named))],
      ['was taken back', () => referral({ requestStatus: 'CANCELLED' })],
      ['is on hold', () => referral({ fulfilment: 'ON_HOLD' })],
    ])('lets nobody in who %s', async (_, given) => {
      await care.settle(turn(), given());
      expect(done).toEqual([]);
    });
  });

  describe('when the service ended', () => {
    beforeEach(() => void members.set(CONATT, { agency: CONATT, role: 'MEMBER', memberKeyX: null, audiences: [] }));

    it.each<[string, string, Partial<Referral>]>([
      ['it was given', 'SERVICE_ENDED', { fulfilment: 'COMPLETED' }],
      ['it did not come about', 'SERVICE_ENDED', { fulfilment: 'FAILED', failure: 'NO_SHOW' }],
      ['its consent was withdrawn', 'CONSENT_WITHDRAWN', { fulfilment: 'FAILED', failure: 'CONSENT_WITHDRAWN' }],
      [
        'it was taken back with the consent',
        'CONSENT_WITHDRAWN',
        { requestStatus: 'CANCELLED', cancellation: 'CONSENT_WITHDRAWN' },
      ],
      ['it was entered in error', 'ADMITTED_IN_ERROR', { requestStatus: 'ENTERED_IN_ERROR' }],
    ])('shuts the other agency out: %s', async (_, reason, change) => {
      await care.settle(turn(), referral(change));
      expect(done).toEqual([['remove', CASE, CONATT, reason]]);
    });

    it('does not as long as another referral of the case between the two is served', async () => {
      referral();
      await care.settle(turn(), referral({ fulfilment: 'COMPLETED' }));
      expect(done).toEqual([]);
    });
  });

  describe('when the consents of the case changed', () => {
    const isIn = (agency: string, role: 'MEMBER' | 'AUDITOR' = 'MEMBER', more: readonly GroupAudience[] = []) => {
      const audiences = (['coded', ...more] as const).map((audience) => ({ audience, fromEpoch: 1 }));
      members.set(agency, { agency, role, memberKeyX: null, audiences });
    };

    it('shuts out whom only that consent let in, by a referral or as a member of another’s circle', async () => {
      grant('CURRENT', [CONATT, COMAR]);
      for (const agency of [CONATT, COMAR]) isIn(agency);
      isIn(OMBUDSMAN, 'AUDITOR');
      referral({}, named);
      await care.review(turn(), CASE);
      expect(done).toEqual([]);
      withdraw();
      await care.review(turn(), CASE);
      expect(done).toEqual([CONATT, COMAR].map((agency) => ['remove', CASE, agency, 'CONSENT_WITHDRAWN']));
    });

    it('leaves whoever serves the person on another basis', async () => {
      grant('CURRENT');
      isIn(CONATT);
      referral({}, named);
      referral({}, { consent: { ...WORDS, basis: 'VITAL_INTEREST' } });
      withdraw();
      await care.review(turn(), CASE);
      expect(done).toEqual([]);
    });
  });

  describe('when a consent comes after the introduction', () => {
    const entry = { agency: COMAR, memberKeyX: null, audiences: ['coded', 'care'], introducedBy: CONATT } as const;

    it('lets in whom it names of those that others have in their circles', async () => {
      [introduced, hasSay] = [[entry, { ...entry, agency: 'mx-unhcr' }], [CONATT]];
      await care.review(turn(), CASE);
      expect(done).toEqual([]);
      grant('FROM_OPENING', [COMAR]);
      await care.review(turn(), CASE);
      expect(done).toEqual([admitted(COMAR, { history: 'FROM_OPENING' })]);
    });

    it('lets in nobody on the word of an agency that has no say by then', async () => {
      [introduced, hasSay] = [[entry], []];
      grant('FROM_OPENING', [COMAR]);
      await care.review(turn(), CASE);
      expect(done).toEqual([]);
    });

    it('passes over one that no secret can be agreed with', async () => {
      [introduced, hasSay] = [[{ ...entry, memberKeyX: 'A'.repeat(43) }], [CONATT]];
      grant('FROM_OPENING', [COMAR]);
      await care.review(turn(), CASE);
      expect(done).toEqual([]);
    });

    it('opens the past to whoever is in the circle already', async () => {
      members.set(CONATT, { agency: CONATT, role: 'MEMBER', memberKeyX: null, ...ONLY_PRESENT });
      referral();
      grant('FROM_OPENING');
      await care.review(turn(), CASE);
      expect(done).toEqual([admitted(CONATT, { audiences: ['coded'], history: 'FROM_OPENING' })]);
    });
  });

  it('INV-17: leaves a member nothing restricted once only that consent was for a service that needs it', async () => {
    const audiences = (['coded', 'restricted'] as const).map((audience) => ({ audience, fromEpoch: 1 }));
    members.set(CONATT, { agency: CONATT, role: 'MEMBER', memberKeyX: null, ...ONLY_PRESENT, audiences });
    referral();
    const told = referral({}, { ...named, service: 'TRAFFICKING_SCREENING' });
    grant('CURRENT', []);
    await care.review(turn(), CASE);
    expect(done).toEqual([]);
    withdraw();
    expect(told.request.consent.consentId).toBe(CONSENT);
    await care.review(turn(), CASE);
    expect(done[0]).toEqual(['narrow', CASE, admitted(CONATT, { audiences: ['coded'] })[2]]);
  });

  describe('of an agency that another one has in its circle', () => {
    const introduced = (agency: string, audiences: Admission['audiences'] = ['coded', 'care', 'restricted']) =>
      judgeByConsent({ agency, caseId: CASE, memberKeyX: null, audiences, introducedBy: CONATT }, turn());

    it('lets in whom a consent in force names, with no more than it has there and may have here', async () => {
      grant('FROM_OPENING', [COMAR]);
      const admission = { agency: COMAR, role: 'MEMBER', memberKeyX: null, history: 'FROM_OPENING' };
      expect(await introduced(COMAR)).toEqual({ ...admission, audiences: ['coded', 'care'] });
      expect(await introduced(COMAR, ['coded'])).toEqual({ ...admission, audiences: ['coded'] });
      expect(await introduced(COMAR, ['restricted'])).toBeNull();
    });

    it('lets in nobody on a consent that names no agency, or that the agency recorded itself', async () => {
      grant('FROM_OPENING', ANY_LISTED_FOR_SERVICE);
      expect([await introduced(COMAR), await introduced(CONATT)]).toEqual([null, null]);
      grant('FROM_OPENING', [COMAR], COMAR);
      expect(await introduced(COMAR)).toBeNull();
    });

    it('lets in nobody whom none names, who does not take part, or speaks for the country of origin (INV-05)', async () => {
      grant('CURRENT', [COMAR, CASA]);
      expect([await introduced(CONATT), await introduced(CASA)]).toEqual([null, null]);
      referral({}, { facts: { nationalities: ['MX'], nationalityStatus: 'DECLARED' } as never });
      expect(await introduced(COMAR)).toBeNull();
      withdraw();
      referrals = [];
      expect(await introduced(COMAR)).toBeNull();
    });
  });
});
