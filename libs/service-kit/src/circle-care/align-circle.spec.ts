import { beforeEach, describe, expect, it } from '@jest/globals';
import type { AgencyNature, LeavingReason } from '@acogida/reference';
import type { Referral } from '@acogida/referral';
import type { CircleCandidate } from '../case-keys/audiences.ts';
import type { CaseStanding } from '../case-keys/case-circles.ts';
import type { CircleMember } from '../case-keys/case-keys.ts';
import type { Auditor } from '../case-keys/case-keys-events.ts';
import type { KeyTurn } from '../case-keys/key-turn.ts';
import { alignCircle } from './align-circle.ts';

const CASE = '9b2f4f0e-5a3c-4f0e-8c51-6a4d1f0c2b11';
const AT = '2026-11-22T09:00:00.000Z';
const [INTAKE, CONATT, COMAR] = ['cr-border-intake', 'cr-conatt', 'mx-comar'];
const [OMBUDSMAN, CNDH] = ['cr-ombudsman', 'mx-cndh'];

function member(agency: string, rest: Partial<CircleMember> = {}): CircleMember {
  return {
    ...{ agency, role: 'MEMBER', memberKeyX: null, history: 'CURRENT', admittedAt: AT, leftAt: null },
    audiences: [
      { audience: 'coded', fromEpoch: 1 },
      { audience: 'restricted', fromEpoch: 1 },
    ],
    ...{ grantedKeyIds: [], grantPutOffUntil: null },
    ...rest,
  };
}

const auditor = (agency: string, audience: 'coded' | 'restricted' = 'coded'): CircleMember =>
  member(agency, { role: 'AUDITOR', audiences: [{ audience, fromEpoch: 1 }] });

describe('bringing a circle in line with the agencies of the network', () => {
  let standing: CaseStanding;
  let circle: CircleMember[];
  let gone: Record<string, LeavingReason>;
  let listed: Record<string, CircleCandidate>;
  let auditing: Record<string, readonly Auditor[]>;
  let referrals: Referral[];
  let done: unknown[];
  let hasKeys: boolean;

  beforeEach(() => {
    hasKeys = true;
    [standing, circle, gone, listed] = ['OPEN', [member(CONATT), auditor(OMBUDSMAN)], {}, {}];
    auditing = { CR: [{ agency: OMBUDSMAN, audiences: ['coded'] }] };
    [referrals, done] = [[], []];
  });

  function align(): Promise<boolean> {
    const members = () => [
      { agencyId: CONATT, jurisdiction: 'CR' },
      { agencyId: COMAR, jurisdiction: 'MX' },
    ];
    const turn = { node: { agencyId: INTAKE, jurisdiction: 'CR', members }, transaction: {} } as unknown as KeyTurn;
    const leave = (agency: string, leftFor: LeavingReason): void => {
      circle = circle.map((one) => (one.agency === agency ? { ...one, leftAt: AT, leftFor } : one));
    };
    const place = (admission: Pick<CircleMember, 'agency' | 'role'> & { audiences: readonly string[] }): void => {
      const audiences = admission.audiences.map((audience) => ({ audience, fromEpoch: 1 }));
      circle = circle.filter(({ agency }) => agency !== admission.agency);
      circle.push(member(admission.agency, { role: admission.role, audiences } as Partial<CircleMember>));
    };
    return alignCircle(turn, CASE, {
      circles: {
        standing: async () => standing,
        members: async () => circle.filter(({ leftAt }) => leftAt === null),
        everybody: async () => circle,
        remove: async (_, caseId, agency, reason) => {
          done.push(['remove', caseId, agency, reason]);
          leave(agency, reason);
        },
        admit: async (_, caseId, admission) => {
          done.push(['admit', caseId, admission]);
          place(admission);
        },
        narrow: async (_, caseId, admission) => {
          done.push(['narrow', caseId, admission]);
          place(admission);
        },
      },
      auditors: {
        of: (jurisdictions) => [...new Set(jurisdictions)].flatMap((one) => auditing[one ?? ''] ?? []),
        listed: (agency) => listed[agency],
      },
      care: {
        settle: async (_, referral) => void done.push(['settle', referral]),
        review: async (_, caseId) => void done.push(['review', caseId]),
      },
      leaving: (agency) => gone[agency] ?? null,
      referralsOf: async () => referrals,
      open: async (_, caseId) => {
        done.push(['open', caseId]);
        return hasKeys;
      },
    });
  }

  const watching = (agency: string, audiences: readonly string[] = ['coded']) => {
    return { agency, role: 'AUDITOR', memberKeyX: null, history: 'FROM_OPENING', audiences };
  };

  it('changes nothing where everything is as it is to be', async () => {
    expect([await align(), done]).toEqual([false, []]);
  });

  it.each<CaseStanding>(['NONE', 'ERASED'])('changes nothing of a case whose keys are %s', async (given) => {
    [standing, gone] = [given, { [CONATT]: 'AGENCY_CLOSED' }];
    expect([await align(), done]).toEqual([false, []]);
  });

  it.each<LeavingReason>(['AGENCY_SUSPENDED', 'AGENCY_CLOSED', 'KEY_REVOKED'])(
    'INV-17: shuts out members and auditors for %s, once',
    async (reason) => {
      gone = { [CONATT]: reason, [OMBUDSMAN]: reason };
      auditing = {};
      expect(await align()).toBe(true);
      expect(done).toEqual([CONATT, OMBUDSMAN].map((agency) => ['remove', CASE, agency, reason]));
      done = [];
      expect([await align(), done]).toEqual([false, []]);
    },
  );

  it('takes the auditors of another country with the last member of it', async () => {
    circle = [member(COMAR), auditor(OMBUDSMAN), auditor(CNDH)];
    auditing = { ...auditing, MX: [{ agency: CNDH, audiences: ['coded'] }] };
    expect(await align()).toBe(false);
    gone = { [COMAR]: 'AGENCY_CLOSED' };
    await align();
    expect(done).toEqual([
      ['remove', CASE, COMAR, 'AGENCY_CLOSED'],
      ['remove', CASE, CNDH, 'SERVICE_ENDED'],
    ]);
  });

  it.each<[AgencyNature, readonly string[] | null]>([
    ['NGO', null],
    ['ENFORCEMENT', ['coded']],
    ['RETURN', ['coded']],
  ])('INV-17: leaves a member that is listed as %s no more than it may have', async (nature, audiences) => {
    listed = { [CONATT]: { kind: 'SERVICE_PROVIDER', nature, status: 'ACTIVE', jurisdiction: 'CR' } };
    await align();
    const narrowed = { agency: CONATT, role: 'MEMBER', memberKeyX: null, history: 'CURRENT', audiences };
    expect(done).toEqual(audiences === null ? [] : [['narrow', CASE, narrowed]]);
  });

  describe('of an agency that was shut out', () => {
    const served = { side: 'SENDER', requestStatus: 'REQUESTED', fulfilment: 'ACCEPTED' };
    const referral = { ...served, request: { receiver: CONATT } } as unknown as Referral;
    const other = { ...served, request: { receiver: COMAR }, fulfilment: 'COMPLETED' } as unknown as Referral;

    it.each<[string, LeavingReason, boolean]>([
      ['takes part again', 'AGENCY_SUSPENDED', true],
      ['has keys again', 'KEY_REVOKED', true],
      ['ended its service', 'SERVICE_ENDED', false],
      ['lost the consent', 'CONSENT_WITHDRAWN', false],
    ])('and %s, settles its referrals and reviews what others say: %s, %s', async (_, leftFor, isSettled) => {
      circle = [member(CONATT, { leftAt: AT, leftFor }), auditor(OMBUDSMAN)];
      referrals = [other, referral];
      await align();
      expect(done).toEqual(
        isSettled
          ? [
              ['settle', referral],
              ['review', CASE],
            ]
          : [],
      );
    });

    it('and of one that took a referral on meanwhile, lets in who is not there, or only to audit', async () => {
      const { request } = referral;
      const [here, watched] = [COMAR, OMBUDSMAN].map((receiver) => ({
        ...referral,
        request: { ...request, receiver },
      }));
      referrals = [referral, here as Referral, watched as Referral];
      await align();
      expect(done).toEqual([
        ['settle', here],
        ['settle', watched],
      ]);
      [done, gone] = [[], { [COMAR]: 'AGENCY_SUSPENDED' }];
      referrals = [here as Referral];
      await align();
      expect(done).toEqual([]);
    });

    it('opens the circle of a case that one serves since before there were circles, and lets it in', async () => {
      [standing, circle, referrals] = ['NONE', [], [other]];
      expect([await align(), done]).toEqual([false, []]);
      referrals = [referral];
      expect(await align()).toBe(true);
      expect(done.slice(0, 2)).toEqual([
        ['open', CASE],
        ['settle', referral],
      ]);
      [hasKeys, done] = [false, []];
      expect([await align(), done]).toEqual([false, [['open', CASE]]]);
      standing = 'ERASED';
      expect([await align(), done]).toEqual([false, [['open', CASE]]]);
    });

    it('and may not come back yet, does nothing', async () => {
      circle = [member(CONATT, { leftAt: AT, leftFor: 'AGENCY_SUSPENDED' }), auditor(OMBUDSMAN)];
      [referrals, gone] = [[referral], { [CONATT]: 'AGENCY_SUSPENDED' }];
      expect([await align(), done]).toEqual([false, []]);
    });
  });

  describe('of auditors', () => {
    it('lets in who was listed after the case was opened, with all that is on record', async () => {
      auditing = { CR: [...(auditing['CR'] ?? []), { agency: CNDH, audiences: ['coded'] }] };
      expect(await align()).toBe(true);
      expect(done).toEqual([['admit', CASE, watching(CNDH)]]);
    });

    it('opens what a wider mandate is for, and closes what a narrower one is not', async () => {
      auditing = { CR: [{ agency: OMBUDSMAN, audiences: ['coded', 'restricted'] }] };
      await align();
      expect(done).toEqual([['admit', CASE, watching(OMBUDSMAN, ['coded', 'restricted'])]]);
      [done, auditing] = [[], { CR: [{ agency: OMBUDSMAN, audiences: ['coded'] }] }];
      expect(await align()).toBe(true);
      expect(done).toEqual([['narrow', CASE, watching(OMBUDSMAN)]]);
    });

    it('lets go who audits no more', async () => {
      auditing = {};
      expect(await align()).toBe(true);
      expect(done).toEqual([['remove', CASE, OMBUDSMAN, 'SERVICE_ENDED']]);
    });

    it('leaves one that serves the person what it serves with', async () => {
      circle = [member(OMBUDSMAN)];
      expect([await align(), done]).toEqual([false, []]);
    });
  });
});
