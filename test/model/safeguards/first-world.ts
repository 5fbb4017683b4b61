import { type ConsentCommandOf, consentDecider, type ConsentRegister, type RecordedConsent } from '@acogida/referral';
import { EMPTY_GATE, EMPTY_LEDGER } from '@acogida/safeguards';
import type { Scenario } from './terms.ts';
import { caseName, type World } from './world.ts';

/** The consent to return that departures rest on where one may be withdrawn. */
export const CONSENT_ID = 'consent';
const GRANTED_AT = '2026-11-22T10:00:00.000Z';
const WITHDRAWN_AT = '2026-11-22T10:30:00.000Z';

const GRANTED: RecordedConsent = {
  ...{ consentId: CONSENT_ID, caseId: caseName(0), language: 'spa', interpretation: 'NONE_NEEDED' },
  scope: { purposes: ['RETURN'], fields: [], recipients: ['gate'], services: [], history: 'CURRENT' },
  ...{ form: 'WRITTEN', givenBy: 'SELF', childAssent: 'NOT_APPLICABLE', basis: 'CONSENT' },
  ...{ expiresAt: '2027-11-22T10:00:00.000Z', recordedAt: 'gate', grantedAt: GRANTED_AT },
};

const said = { consentId: CONSENT_ID, caseId: caseName(0), form: 'ORAL_WITNESSED', reason: 'NOT_STATED' } as const;
const spoken = { language: 'spa', interpretation: 'NONE_NEEDED' } as const;

/** The person withdraws consent at the gate's agency. */
export const WITHDRAW: ConsentCommandOf<'WithdrawConsent'> = {
  ...{ type: 'WithdrawConsent', by: 'gate', now: WITHDRAWN_AT, holdings: null, ...said, ...spoken },
};

/** The gate's agency hears that the person withdrew it at another. */
export const NOTE_WITHDRAWAL: ConsentCommandOf<'NoteWithdrawal'> = {
  ...{ type: 'NoteWithdrawal', withdrawnAt: WITHDRAWN_AT, lodgedAt: 'elsewhere', ...said, ...spoken },
};

/** The consent as it was given. */
export function consentGiven(): ConsentRegister {
  return consentDecider.evolve(consentDecider.initialState, { type: 'ConsentGranted', data: GRANTED });
}

/** Nothing has happened. */
export function firstWorld({ authorities, cases, budget }: Scenario): World {
  const clock = { boot: '0', ms: 0 };
  const eachCase = Array.from({ length: cases });
  return {
    gate: {
      ...{ clock, received: {}, consents: consentGiven(), awaitsAttestation: false, knowsSuccession: false },
      cases: eachCase.map(() => ({ file: EMPTY_GATE, version: 0, pending: null, door: null, published: [] })),
    },
    authorities: authorities.map(() => ({
      ...{
        clock,
        pending: null,
        published: [],
        written: [],
        onPaper: [],
        number: 0,
        unknownLeases: null,
        isRestored: false,
        isGone: false,
      },
      ...{ knowsSuccession: false, known: [], ledgers: eachCase.map(() => ({ ledger: EMPTY_LEDGER, version: 0 })) },
    })),
    ...{ messages: {}, left: budget, leavings: [], mustBeOvertaken: [] },
  };
}
