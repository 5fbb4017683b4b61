import type { ConsentRecord, InterviewRecord, ScreeningEvent } from './screening-history.ts';

/** Named example events that the specs of this service share. Fixed ids, invented. */
export const SCREENING_ID = '5c0f5d2e-0b1a-4c63-9f53-6a4a2f1f0c01';
export const CASE_ID = '0b5c8b1e-6a0d-4d0e-8f5a-1c2d3e4f5a6b';
export const REFERRAL_ID = '7d0e3c7a-3a1e-4b7e-9d3c-1b7a2f3c4d5e';

export const consentBySelf: ConsentRecord = {
  form: 'ORAL_WITNESSED',
  givenBy: 'SELF',
  childAssent: 'NOT_APPLICABLE',
  language: 'spa',
  interpretation: 'NONE_NEEDED',
};

export const consentByGuardian: ConsentRecord = { ...consentBySelf, givenBy: 'GUARDIAN', childAssent: 'YES' };

export const consentTakenOver: ConsentRecord = {
  form: 'NOT_RECORDED',
  givenBy: 'NOT_APPLICABLE',
  childAssent: 'NOT_APPLICABLE',
  language: null,
  interpretation: null,
};

/** An adult, act and purpose evidenced, two strong signs of coercion at destination: PRESUMED. */
export const interviewOfAdult: InterviewRecord = {
  ageStatus: 'ADULT',
  acts: ['RECRUITMENT', 'TRANSPORT'],
  means: ['THREAT'],
  purposes: ['FORCED_LABOUR'],
  indicators: [
    { list: 'ILO_EC_ADULT_LABOUR', dimension: 'CD', code: 'DOCUMENTS_TAKEN', observed: 'YES' },
    { list: 'ILO_EC_ADULT_LABOUR', dimension: 'CD', code: 'CONFINEMENT_OR_SURVEILLANCE', observed: 'YES' },
    { list: 'ILO_EC_ADULT_LABOUR', dimension: 'EX', code: 'LOW_OR_NO_PAY', observed: 'NO' },
  ],
  isInternal: false,
  sector: 'A',
  language: 'spa',
  interpretation: 'NONE_NEEDED',
};

export const opened: ScreeningEvent = {
  type: 'ScreeningOpened',
  data: { screeningId: SCREENING_ID, caseId: CASE_ID, referralId: REFERRAL_ID, referredAs: 'ADULT' },
};
export const safetySecured: ScreeningEvent = {
  type: 'ImmediateSafetySecured',
  data: { setting: 'PRIVATE', urgentNeeds: 'MET' },
};
export const consentGiven: ScreeningEvent = { type: 'ScreeningConsentGiven', data: consentBySelf };
export const consentRefused: ScreeningEvent = { type: 'ScreeningConsentRefused', data: consentBySelf };
export const conducted: ScreeningEvent = { type: 'ScreeningConducted', data: interviewOfAdult };
export const scoredPresumed: ScreeningEvent = {
  type: 'IndicatorsScored',
  data: {
    dimensionResults: {
      DR: 'NOT_ASSESSED',
      CR: 'NOT_ASSESSED',
      VR: 'NOT_ASSESSED',
      EX: 'NOT_POSITIVE',
      CD: 'POSITIVE',
      VD: 'NOT_ASSESSED',
    },
    suggested: 'PRESUMED',
    ruleVersion: 'palermo-3/ilo-ec-adult-labour/1',
  },
};

/** From opening to the suggestion PRESUMED. */
export const screened: readonly ScreeningEvent[] = [opened, safetySecured, consentGiven, conducted, scoredPresumed];
