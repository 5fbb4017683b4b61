import { describe, expect, it } from '@jest/globals';
import { DEFAULT_REFERRAL_DEADLINES } from '@acogida/reference';
import type { ContractDataByType } from '@acogida/contracts';
import { type CaseEntry, caseFactsOf } from './case-facts.ts';

const REFERRAL = '7d0e3c7a-3a1e-4b7e-9d3c-1b7a2f3c4d5e';
const SCREENING = '1f0e3c7a-3a1e-4b7e-9d3c-1b7a2f3c4d5e';
const APPLICATION = '2f0e3c7a-3a1e-4b7e-9d3c-1b7a2f3c4d5e';

function entry<T extends keyof ContractDataByType>(
  type: T,
  data: ContractDataByType[T],
  more: Partial<Pick<CaseEntry, 'source' | 'occurredAt' | 'recordedAt'>> = {},
): CaseEntry {
  return {
    type,
    data,
    source: 'cr-border-intake',
    occurredAt: '2026-11-01T10:00:00.000Z',
    recordedAt: '2026-11-02T10:00:00.000Z',
    ...more,
  };
}

const opened = entry('CaseOpened', {
  place: 'CR-PASO-CANOAS',
  channel: 'BORDER',
  contactedOn: '2026-11',
  entryMode: 'TRANSIT',
});
const registered = entry('PersonRegistered', {
  sex: 'FEMALE',
  ageStatus: 'ADULT',
  ageBand: null,
  dobPrecision: 'UNKNOWN',
  nationalities: ['VE', 'CO'],
  nationalityStatus: 'DECLARED',
  languages: ['spa'],
});
const requested = entry('ReferralRequested', {
  referralId: REFERRAL,
  sender: 'cr-border-intake',
  receiver: 'cr-conatt',
  service: 'TRAFFICKING_SCREENING',
  urgency: 'URGENT',
  reason: 'TRAFFICKING_SUSPECTED',
  acknowledgeBy: '2026-11-03T10:00:00.000Z',
  consent: { basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', language: 'spa', grantedOn: '2026-11-02' },
  facts: { sex: 'FEMALE', ageStatus: 'ADULT', ageBand: null, nationalities: ['VE'], nationalityStatus: 'DECLARED' },
  ...{ transfer: false, groupId: null, attachments: [], deadlines: DEFAULT_REFERRAL_DEADLINES.URGENT },
  ...{ custodyTerm: null, causedBy: null, separationReason: null },
});
const conducted = entry(
  'ScreeningConducted',
  {
    screeningId: SCREENING,
    ageStatus: 'DISPUTED',
    acts: ['TRANSPORT'],
    means: [],
    purposes: ['FORCED_LABOUR'],
    isInternal: false,
    sector: 'A',
    dimensionResults: {
      DR: 'NOT_ASSESSED',
      CR: 'NOT_ASSESSED',
      VR: 'NOT_ASSESSED',
      EX: 'POSITIVE',
      CD: 'NOT_POSITIVE',
      VD: 'NOT_ASSESSED',
    },
    suggested: 'PRESUMED',
    ruleVersion: '1',
  },
  { source: 'cr-conatt', recordedAt: '2026-11-05T10:00:00.000Z' },
);
const outcome = entry(
  'TraffickingOutcomeRecorded',
  {
    screeningId: SCREENING,
    suggested: 'PRESUMED',
    outcome: 'CONFIRMED',
    reason: 'ELEMENTS_ESTABLISHED',
    secondReviewed: false,
  },
  { source: 'cr-conatt', recordedAt: '2026-11-06T10:00:00.000Z' },
);

describe('caseFactsOf', () => {
  it('refuses a case without entries', () => {
    expect(() => caseFactsOf([])).toThrow(RangeError);
  });

  it('knows of an opened case when, by whom, and nothing else', () => {
    expect(caseFactsOf([opened])).toEqual({
      openedAt: '2026-11-01T10:00:00.000Z',
      lastRecordedAt: '2026-11-02T10:00:00.000Z',
      entries: 1,
      agencies: ['cr-border-intake'],
      ageStatus: null,
      sex: null,
      nationalities: [],
      child: false,
      lifeSavingNeed: false,
      traffickingFlagged: false,
      traffickingSuggested: null,
      traffickingOutcome: null,
      asylumState: null,
      referrals: [],
    });
  });

  it('takes the earliest record for the opening that has not arrived', () => {
    expect(caseFactsOf([outcome, registered]).openedAt).toBe('2026-11-02T10:00:00.000Z');
  });

  it('follows a case through registration, referral, screening and outcome', () => {
    expect(
      caseFactsOf([
        opened,
        registered,
        entry('UrgentNeedsScreened', { needs: [{ need: 'MEDICAL', answer: 'YES' }], lifeSaving: true }),
        entry('TraffickingIndicatorFlagged', { source: 'OBSERVED', indicators: [] }),
        requested,
        entry('ReferralAcknowledged', { referralId: REFERRAL, proxied: null }, { source: 'cr-conatt' }),
        entry('ReferralAccepted', { referralId: REFERRAL, proxied: null }, { source: 'cr-conatt' }),
        entry('ImmediateSafetySecured', { screeningId: SCREENING }, { source: 'cr-conatt' }),
        conducted,
        outcome,
      ]),
    ).toEqual({
      openedAt: '2026-11-01T10:00:00.000Z',
      lastRecordedAt: '2026-11-06T10:00:00.000Z',
      entries: 10,
      agencies: ['cr-border-intake', 'cr-conatt'],
      ageStatus: 'DISPUTED',
      sex: 'FEMALE',
      nationalities: ['CO', 'VE'],
      child: true,
      lifeSavingNeed: true,
      traffickingFlagged: true,
      traffickingSuggested: 'PRESUMED',
      traffickingOutcome: 'CONFIRMED',
      asylumState: null,
      referrals: [
        {
          referralId: REFERRAL,
          service: 'TRAFFICKING_SCREENING',
          sender: 'cr-border-intake',
          receiver: 'cr-conatt',
          urgency: 'URGENT',
          state: 'ACCEPTED',
        },
      ],
    });
  });

  it('INV-08 counts doubt on age as child, and keeps a child that was flagged', () => {
    const flag = entry('ChildIdentified', { basis: 'DOUBT', careStatus: 'UNKNOWN' });
    expect(caseFactsOf([opened, registered]).child).toBe(false);
    expect(caseFactsOf([opened, conducted]).child).toBe(true);
    expect(caseFactsOf([opened, flag, registered])).toMatchObject({ child: true, ageStatus: 'DISPUTED' });
  });

  it.each([
    ['ReferralAcknowledged', { referralId: REFERRAL }, 'ACKNOWLEDGED'],
    ['ReferralAccepted', { referralId: REFERRAL }, 'ACCEPTED'],
    ['ReferralRejected', { referralId: REFERRAL, reason: 'NO_CAPACITY', alternativeAgency: null }, 'REJECTED'],
    ['ReferralCompleted', { referralId: REFERRAL, result: 'SERVICE_PROVIDED' }, 'COMPLETED'],
    ['ReferralServiceStarted', { referralId: REFERRAL }, 'IN_PROGRESS'],
    ['ReferralFailed', { referralId: REFERRAL, reason: 'NO_SHOW' }, 'FAILED'],
    [
      'ReferralPutOnHold',
      { referralId: REFERRAL, hold: 1, reason: 'WAITLIST', information: [], expectedBy: null },
      'ON_HOLD',
    ],
    ['ReferralResumed', { referralId: REFERRAL, hold: 1 }, 'ACKNOWLEDGED'],
  ] as const)('takes %s for the state of the referral, also before its request arrived', (type, data, state) => {
    const answer = entry(type, data as never, { source: 'cr-conatt' });
    expect(caseFactsOf([answer]).referrals).toEqual([
      { referralId: REFERRAL, service: null, sender: null, receiver: null, urgency: null, state },
    ]);
    expect(caseFactsOf([answer, requested]).referrals).toEqual([
      expect.objectContaining({ service: 'TRAFFICKING_SCREENING', receiver: 'cr-conatt', state }),
    ]);
  });

  it('believes of a referral its sender and its receiver, nobody else', () => {
    const forged = entry('ReferralAccepted', { referralId: REFERRAL, proxied: null }, { source: 'mx-comar' });
    const [referral] = caseFactsOf([forged, requested, forged]).referrals;
    expect(referral?.state).toBe('REQUESTED');
    expect(caseFactsOf([{ ...requested, source: 'mx-comar' }]).referrals).toEqual([]);
    const taken = { ...(requested.data as ContractDataByType['ReferralRequested']), sender: 'mx-comar' };
    const again = entry('ReferralRequested', taken, { source: 'mx-comar' }); // the id of another agency's referral
    expect(caseFactsOf([requested, again]).referrals).toEqual(caseFactsOf([requested]).referrals);
  });

  it('believes the sender of what a receiver without a node answered, and only of its own receiver', () => {
    const proxied = (source: string, receiver: string): CaseEntry =>
      entry('ReferralAccepted', { referralId: REFERRAL, proxied: receiver }, { source });
    const stateAfter = (answer: CaseEntry): string | undefined => caseFactsOf([requested, answer]).referrals[0]?.state;
    expect(stateAfter(proxied('cr-border-intake', 'cr-conatt'))).toBe('ACCEPTED');
    expect(stateAfter(proxied('cr-border-intake', 'mx-comar'))).toBe('REQUESTED');
    expect(stateAfter(proxied('mx-comar', 'cr-conatt'))).toBe('REQUESTED');
    expect(stateAfter(proxied('cr-conatt', 'cr-conatt'))).toBe('REQUESTED');
  });

  it.each([
    ['ReferralCancelled', { referralId: REFERRAL, reason: 'SUPERSEDED' }, 'CANCELLED'],
    ['ReferralExpired', { referralId: REFERRAL }, 'EXPIRED'],
    ['ReferralMarkedInError', { referralId: REFERRAL, reason: 'WRONG_PERSON' }, 'ENTERED_IN_ERROR'],
  ] as const)('takes %s of its sender for the end of a referral, and of nobody else', (type, data, state) => {
    const end = entry(type, data as never);
    expect(caseFactsOf([end, requested]).referrals).toEqual([
      expect.objectContaining({ receiver: 'cr-conatt', state }),
    ]);
    const forged = entry(type, data as never, { source: 'cr-conatt' });
    expect(caseFactsOf([requested, forged]).referrals[0]?.state).toBe('REQUESTED');
  });

  it('shows what both sides of a referral said together, whatever came first', () => {
    const accepted = entry('ReferralAccepted', { referralId: REFERRAL, proxied: null }, { source: 'cr-conatt' });
    const expired = entry('ReferralExpired', { referralId: REFERRAL });
    expect(caseFactsOf([requested, expired, accepted]).referrals[0]?.state).toBe('ACCEPTED');
    const closure = { referralId: REFERRAL, outcome: 'NEED_MET', nextReferralId: null } as const;
    const completed = entry(
      'ReferralCompleted',
      { referralId: REFERRAL, result: 'SERVICE_PROVIDED', proxied: null },
      { source: 'cr-conatt' },
    );
    const closed = entry('ReferralLoopClosed', closure);
    expect(caseFactsOf([closed, requested, completed]).referrals[0]?.state).toBe('COMPLETED');
  });

  it('counts the holds of a referral: only the last is on', () => {
    const hold = (count: number): CaseEntry =>
      entry(
        'ReferralPutOnHold',
        { referralId: REFERRAL, hold: count, reason: 'WAITLIST', information: [], expectedBy: null, proxied: null },
        { source: 'cr-conatt' },
      );
    const resumed = entry('ReferralResumed', { referralId: REFERRAL, hold: 1 }, { source: 'cr-conatt' });
    expect(caseFactsOf([requested, resumed, hold(1)]).referrals[0]?.state).toBe('ACKNOWLEDGED');
    expect(caseFactsOf([requested, resumed, hold(1), hold(2)]).referrals[0]?.state).toBe('ON_HOLD');
  });

  it('lets the asylum application only advance', () => {
    const intent = entry('AsylumIntentExpressed', { expressedOn: null, manner: 'ORAL' });
    const lodged = entry('ApplicationLodged', {
      applicationId: APPLICATION,
      form: 'ORAL',
      lodgedBy: 'SELF',
      ratifyBy: null,
      late: false,
    });
    const filed = entry('ApplicationRegistered', {
      applicationId: APPLICATION,
      registeredOn: '2026-11-04',
      decideBy: null,
    });
    expect(caseFactsOf([intent]).asylumState).toBe('INTENT_EXPRESSED');
    expect(caseFactsOf([lodged, intent]).asylumState).toBe('LODGED');
    expect(caseFactsOf([filed, lodged, intent]).asylumState).toBe('REGISTERED');
  });

  it('draws no facts from what only informs', () => {
    const informed = entry('RightsInformationProvided', {
      language: 'spa',
      interpretation: 'NONE_NEEDED',
      topics: [],
      packageVersion: '1',
    });
    expect(caseFactsOf([opened, informed])).toEqual({ ...caseFactsOf([opened]), entries: 2 });
  });
});
