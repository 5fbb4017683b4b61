import type { Instant } from '@acogida/core';
import { type ConsentFacts, type KnownConsent, type Withdrawal } from './consent.ts';
import type { ConsentCommandOf } from './consent-commands.ts';
import type { ConsentEvent, RecordedConsent } from './consent-events.ts';
import type { PersonProfile, RecipientProfile, SharingQuestion } from './sharing.ts';

/** Named examples for specs. */
export const CONSENT_ID = '6b1f2b1c-1a58-4f3a-9c3e-0d6c2f6a7b10';
export const OTHER_CONSENT_ID = '7c1f2b1c-1a58-4f3a-9c3e-0d6c2f6a7b11';
export const CASE_ID = '9b2f4f0e-5a3c-4f0e-8c51-6a4d1f0c2b11';
export const INTAKE = 'cr-border-intake';
export const RECEIVER = 'cr-conatt';
export const THIRD = 'cr-refugee-unit';
export const GIVEN_AT: Instant = '2026-11-22T09:00:00.000Z';
export const WITHDRAWN_AT: Instant = '2026-12-01T15:00:00.000Z';
export const EXPIRES_AT: Instant = '2027-11-22T23:59:59.999Z';

/** A consent to one referral. */
export const FACTS: ConsentFacts = {
  consentId: CONSENT_ID,
  caseId: CASE_ID,
  scope: {
    purposes: ['REFERRAL'],
    fields: ['SEX', 'NATIONALITY', 'FACTS'],
    recipients: [RECEIVER],
    services: ['TRAFFICKING_SCREENING'],
    history: 'CURRENT',
  },
  language: 'hat',
  interpretation: 'IN_PERSON',
  form: 'ORAL_WITNESSED',
  givenBy: 'SELF',
  childAssent: 'NOT_APPLICABLE',
  basis: 'CONSENT',
  expiresAt: EXPIRES_AT,
};

export const RECORDED: RecordedConsent = { ...FACTS, recordedAt: INTAKE, grantedAt: GIVEN_AT };
export const GRANTED = { type: 'ConsentGranted', data: RECORDED } satisfies ConsentEvent;
export const NOTED = { type: 'ConsentNoted', data: RECORDED } satisfies ConsentEvent;

export const REQUESTED = {
  type: 'ConsentRequested',
  data: {
    ...{ consentId: CONSENT_ID, caseId: CASE_ID, scope: FACTS.scope, language: 'hat', interpretation: 'IN_PERSON' },
    ...{ recordedAt: INTAKE, requestedAt: GIVEN_AT },
  },
} satisfies ConsentEvent;

export const REFUSED = {
  type: 'ConsentRefused',
  data: {
    ...{ consentId: CONSENT_ID, caseId: CASE_ID, language: 'hat', interpretation: 'IN_PERSON' },
    ...{ recordedAt: INTAKE, refusedAt: GIVEN_AT },
  },
} satisfies ConsentEvent;

export const WITHDRAWAL: Withdrawal = {
  ...{ withdrawnAt: WITHDRAWN_AT, lodgedAt: THIRD, form: 'ORAL_WITNESSED', reason: 'SAFETY_CONCERN' },
  ...{ language: 'hat', interpretation: 'REMOTE' },
};

export const WITHDRAWN = {
  type: 'ConsentWithdrawn',
  data: { consentId: CONSENT_ID, caseId: CASE_ID, ...WITHDRAWAL, lodgedAt: INTAKE },
} satisfies ConsentEvent;

export const WITHDRAWAL_NOTED = {
  type: 'WithdrawalNoted',
  data: { consentId: CONSENT_ID, caseId: CASE_ID, ...WITHDRAWAL },
} satisfies ConsentEvent;

export const ALL_WITHDRAWAL_NOTED = {
  type: 'WithdrawalNoted',
  data: { consentId: null, caseId: CASE_ID, ...WITHDRAWAL },
} satisfies ConsentEvent;

/** The command that records `GRANTED`. */
export const GRANT: ConsentCommandOf<'GrantConsent'> = {
  ...FACTS,
  type: 'GrantConsent',
  by: INTAKE,
  now: GIVEN_AT,
  expiresAt: null,
  country: 'CR',
  ageStatus: 'ADULT',
  takenOver: false,
  explained: true,
  understandingChecked: true,
  withoutPenalty: true,
};

/** The command that withdraws it where it was recorded. */
export const WITHDRAW: ConsentCommandOf<'WithdrawConsent'> = {
  ...{ type: 'WithdrawConsent', by: INTAKE, now: WITHDRAWN_AT, consentId: CONSENT_ID, caseId: CASE_ID },
  ...{ form: 'ORAL_WITNESSED', reason: 'SAFETY_CONCERN', language: 'hat', interpretation: 'REMOTE', holdings: null },
};

/** A question that `FACTS` answers with yes. */
export const QUESTION: SharingQuestion = {
  purpose: 'REFERRAL',
  fields: ['SEX', 'FACTS'],
  service: 'TRAFFICKING_SCREENING',
  history: 'CURRENT',
  isRestricted: false,
  basis: 'CONSENT',
  askedBy: 'cr-border-intake.caseworker',
};

export const RECIPIENT: RecipientProfile = { agencyId: RECEIVER, nature: 'PUBLIC_AUTHORITY', authorityOf: 'CR' };

/** A person from Haiti in Costa Rica. */
export const PERSON: PersonProfile = {
  nationalities: ['HT'],
  nationalityStatus: 'DECLARED',
  habitualResidence: null,
  presentIn: 'CR',
  isAsylumOpen: false,
};

/** A consent as `judgeSharing` knows it. */
export function known(change: Partial<ConsentFacts['scope']> = {}, facts: Partial<ConsentFacts> = {}): KnownConsent {
  return {
    consentId: facts.consentId ?? CONSENT_ID,
    status: 'GRANTED',
    recordedAt: INTAKE,
    withdrawal: null,
    confirmations: [],
    grantedAt: GIVEN_AT,
    facts: { ...FACTS, ...facts, scope: { ...FACTS.scope, ...change } },
  };
}
