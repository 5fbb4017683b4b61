import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import { decides } from '@acogida/testing';
import type { ObservedIndicator } from './indicator-scoring.ts';
import {
  CASE_ID,
  conducted,
  consentByGuardian,
  consentBySelf,
  consentGiven,
  consentRefused,
  consentTakenOver,
  interviewOfAdult,
  opened,
  REFERRAL_ID,
  safetySecured,
  scoredPresumed,
  screened,
  SCREENING_ID,
} from './screening-examples.ts';
import { type OUTCOME_EVENTS, type ScreeningEvent, type ScreeningStage } from './screening-history.ts';
import { type ScreeningCommand, screeningDecider, type ScreeningOrigin } from './trafficking-screening.ts';

const { given } = decides(screeningDecider);

const ensureSafety: ScreeningCommand = {
  type: 'EnsureSafety',
  takenOver: false,
  setting: 'PRIVATE',
  urgentNeeds: 'MET',
};
const giveConsent: ScreeningCommand = { type: 'ObtainConsent', decision: 'GIVEN', takenOver: false, ...consentBySelf };
const conduct: ScreeningCommand = { type: 'ConductScreening', takenOver: false, ...interviewOfAdult };
const record: ScreeningCommand = {
  type: 'RecordOutcome',
  outcome: 'PRESUMED',
  reason: 'REASONABLE_GROUNDS',
  officer: 'cr-conatt.screening-officer',
};

describe('OpenScreening', () => {
  const from = (origin: ScreeningOrigin): ScreeningCommand => ({
    type: 'OpenScreening',
    screeningId: SCREENING_ID,
    caseId: CASE_ID,
    origin,
  });
  const known = { caseId: CASE_ID, service: 'TRAFFICKING_SCREENING', accepted: true, ageStatus: 'ADULT' } as const;

  it('opens on an accepted referral of this case', () => {
    given()
      .when(from({ kind: 'REFERRAL', referralId: REFERRAL_ID, known }))
      .then(opened);
  });

  it('opens on own identification', () => {
    given()
      .when(from({ kind: 'OWN_IDENTIFICATION' }))
      .then({
        type: 'ScreeningOpened',
        data: { screeningId: SCREENING_ID, caseId: CASE_ID, referralId: null, referredAs: null },
      });
  });

  it.each([
    ['was not received here', null, 'SCREENING.REFERRAL_UNKNOWN'],
    ['is of another case', { ...known, caseId: SCREENING_ID }, 'SCREENING.REFERRAL_OF_OTHER_CASE'],
    ['asks for another service', { ...known, service: 'ASYLUM' }, 'SCREENING.REFERRAL_FOR_OTHER_SERVICE'],
    ['is not accepted', { ...known, accepted: false }, 'SCREENING.REFERRAL_NOT_ACCEPTED'],
  ] as const)('refuses a referral that %s', (_, referral, code) => {
    given()
      .when(from({ kind: 'REFERRAL', referralId: REFERRAL_ID, known: referral }))
      .thenRefused(code);
  });

  it.each([
    ['as before', known],
    ['when the referral was completed since', { ...known, accepted: false }],
  ])('INV-23 changes nothing when it is opened again for the same reason, %s', (_, referral) => {
    given(...screened)
      .when(from({ kind: 'REFERRAL', referralId: REFERRAL_ID, known: referral }))
      .thenNothing();
  });

  it('refuses to open it again for another reason or case', () => {
    given(opened)
      .when(from({ kind: 'OWN_IDENTIFICATION' }))
      .thenRefused('SCREENING.ALREADY_OPENED');
    given(opened)
      .when(from({ kind: 'REFERRAL', referralId: SCREENING_ID, known }))
      .thenRefused('SCREENING.ALREADY_OPENED');
    given(opened)
      .when({ ...from({ kind: 'REFERRAL', referralId: REFERRAL_ID, known }), caseId: SCREENING_ID } as ScreeningCommand)
      .thenRefused('SCREENING.ALREADY_OPENED');
  });
});

describe('before it is opened', () => {
  it.each([
    ensureSafety,
    giveConsent,
    conduct,
    record,
    { type: 'ReviewOutcome', outcome: 'AT_RISK', reviewer: 'r' } as const,
  ])('refuses $type', (command) => {
    given().when(command).thenRefused('SCREENING.UNKNOWN');
  });
});

describe('EnsureSafety', () => {
  it('secures safety', () => given(opened).when(ensureSafety).then(safetySecured));
  it('changes nothing when told the same', () => given(opened, safetySecured).when(ensureSafety).thenNothing());

  it('records anew when it changed, at any stage', () => {
    given(...screened)
      .when({ type: 'EnsureSafety', takenOver: false, setting: 'PRIVATE', urgentNeeds: 'REFERRED' })
      .then({ type: 'ImmediateSafetySecured', data: { setting: 'PRIVATE', urgentNeeds: 'REFERRED' } });
  });

  it('refuses a place where the person can be overheard', () => {
    given(opened)
      .when({ type: 'EnsureSafety', takenOver: false, setting: 'NOT_PRIVATE', urgentNeeds: 'NONE' })
      .thenRefused('SCREENING.SETTING_NOT_PRIVATE');
  });

  it('refuses a place of which nobody knows whether it is private, except in a record of an earlier register', () => {
    const unknown = { type: 'EnsureSafety', setting: 'UNKNOWN', urgentNeeds: 'UNKNOWN' } as const;
    given(opened)
      .when({ ...unknown, takenOver: false })
      .thenRefused('SCREENING.SETTING_REQUIRED');
    given(opened)
      .when({ ...unknown, takenOver: true })
      .then({ type: 'ImmediateSafetySecured', data: { setting: 'UNKNOWN', urgentNeeds: 'UNKNOWN' } });
  });
});

describe('ObtainConsent', () => {
  it('records consent', () => given(opened, safetySecured).when(giveConsent).then(consentGiven));

  it('records refusal, and a change of mind either way', () => {
    const refuse: ScreeningCommand = { ...giveConsent, decision: 'REFUSED' };
    given(opened, safetySecured).when(refuse).then(consentRefused);
    given(opened, safetySecured, consentRefused).when(giveConsent).then(consentGiven);
    given(opened, safetySecured, consentGiven).when(refuse).then(consentRefused);
  });

  it('INV-09 keeps assistance open on refusal: the screening is not closed', () => {
    expect(fold(screeningDecider, [opened, safetySecured, consentRefused])?.stage).toBe('CONSENT_REFUSED');
    given(opened, safetySecured, consentRefused)
      .when({ type: 'EnsureSafety', takenOver: false, setting: 'PRIVATE', urgentNeeds: 'REFERRED' })
      .then({ type: 'ImmediateSafetySecured', data: { setting: 'PRIVATE', urgentNeeds: 'REFERRED' } });
  });

  it('changes nothing when told the same', () => {
    given(opened, safetySecured, consentGiven).when(giveConsent).thenNothing();
  });

  it('takes over a record of an earlier register with what it lacks', () => {
    given(opened, safetySecured)
      .when({ type: 'ObtainConsent', decision: 'GIVEN', takenOver: true, ...consentTakenOver })
      .then({ type: 'ScreeningConsentGiven', data: consentTakenOver });
  });

  it.each([
    ['an unrecorded form', consentTakenOver, 'SCREENING.CONSENT_FORM_REQUIRED'],
    ['nobody who gave it', { ...consentBySelf, givenBy: 'NOT_APPLICABLE' }, 'SCREENING.CONSENT_GIVER_REQUIRED'],
    ['INV-18 no language', { ...consentBySelf, language: null }, 'SCREENING.LANGUAGE_REQUIRED'],
    ['INV-18 no word on interpretation', { ...consentBySelf, interpretation: null }, 'SCREENING.LANGUAGE_REQUIRED'],
  ] as const)('refuses %s', (_, consent, code) => {
    given(opened, safetySecured)
      .when({ type: 'ObtainConsent', decision: 'GIVEN', takenOver: false, ...consent })
      .thenRefused(code);
  });

  it('refuses before safety and after the interview', () => {
    given(opened).when(giveConsent).thenRefused('SCREENING.SAFETY_FIRST');
    given(...screened)
      .when(giveConsent)
      .thenRefused('SCREENING.ALREADY_CONDUCTED');
  });
});

describe('ConductScreening', () => {
  const ready = [opened, safetySecured, consentGiven];

  it('records the interview and scores it', () => {
    given(...ready)
      .when(conduct)
      .then(conducted, scoredPresumed);
  });

  it('keeps codes once and in the order of the lists', () => {
    given(...ready)
      .when({ ...conduct, acts: ['TRANSPORT', 'RECRUITMENT', 'TRANSPORT'], means: ['THREAT', 'THREAT'] })
      .then(conducted, scoredPresumed);
  });

  it.each([
    ['before safety', [opened], 'SCREENING.SAFETY_FIRST'],
    ['without consent', [opened, safetySecured], 'SCREENING.CONSENT_MISSING'],
    ['when consent was refused', [opened, safetySecured, consentRefused], 'SCREENING.CONSENT_REFUSED'],
    ['a second time', screened, 'SCREENING.ALREADY_CONDUCTED'],
  ])('refuses %s', (_, history, code) => {
    given(...history)
      .when(conduct)
      .thenRefused(code);
  });

  it.each(['CHILD', 'DISPUTED'] as const)('INV-12 refuses %s without guardian', (ageStatus) => {
    given(...ready)
      .when({ ...conduct, ageStatus })
      .thenRefused('SCREENING.GUARDIAN_CONSENT_REQUIRED');
  });

  it.each(['NO', 'NOT_APPLICABLE'] as const)('refuses a child whose assent is %s', (childAssent) => {
    given(opened, safetySecured, { type: 'ScreeningConsentGiven', data: { ...consentByGuardian, childAssent } })
      .when({ ...conduct, ageStatus: 'CHILD' })
      .thenRefused('SCREENING.CHILD_ASSENT_REQUIRED');
  });

  it.each(['YES', 'TOO_YOUNG'] as const)(
    'INV-08 interviews a child with guardian and assent %s; means do not matter',
    (childAssent) => {
      const interview = { ...interviewOfAdult, ageStatus: 'CHILD', means: [], indicators: [] } as const;
      given(opened, safetySecured, { type: 'ScreeningConsentGiven', data: { ...consentByGuardian, childAssent } })
        .when({ type: 'ConductScreening', takenOver: false, ...interview })
        .then(
          { type: 'ScreeningConducted', data: interview },
          {
            type: 'IndicatorsScored',
            data: {
              dimensionResults: {
                DR: 'NOT_ASSESSED',
                CR: 'NOT_ASSESSED',
                VR: 'NOT_ASSESSED',
                EX: 'NOT_ASSESSED',
                CD: 'NOT_ASSESSED',
                VD: 'NOT_ASSESSED',
              },
              suggested: 'PRESUMED',
              ruleVersion: 'palermo-3/ilo-ec-adult-labour/1',
            },
          },
        );
    },
  );

  it('INV-18 refuses an interview without language or interpretation', () => {
    given(...ready)
      .when({ ...conduct, language: null })
      .thenRefused('SCREENING.LANGUAGE_REQUIRED');
    given(...ready)
      .when({ ...conduct, interpretation: null })
      .thenRefused('SCREENING.LANGUAGE_REQUIRED');
  });

  it('takes over an earlier record, also of a child, without them', () => {
    const takenOver: ScreeningEvent = { type: 'ScreeningConsentGiven', data: consentTakenOver };
    const interview = { ...interviewOfAdult, ageStatus: 'DISPUTED', language: null, interpretation: null } as const;
    given(opened, safetySecured, takenOver)
      .when({ type: 'ConductScreening', takenOver: true, ...interview })
      .then({ type: 'ScreeningConducted', data: interview }, scoredPresumed);
  });

  it('INV-12 INV-18 refuses an interview of today on a consent of an earlier register', () => {
    given(opened, safetySecured, { type: 'ScreeningConsentGiven', data: consentTakenOver })
      .when({ ...conduct, ageStatus: 'CHILD' })
      .thenRefused('SCREENING.CONSENT_FORM_REQUIRED');
  });

  it('INV-08 does not let the interviewer make an adult of whom the sender knows as a child', () => {
    const referred: ScreeningEvent = { ...opened, data: { ...opened.data, referredAs: 'CHILD' } } as ScreeningEvent;
    given(referred, safetySecured, consentGiven).when(conduct).thenRefused('SCREENING.GUARDIAN_CONSENT_REQUIRED');
    given(referred, safetySecured, { type: 'ScreeningConsentGiven', data: consentByGuardian })
      .when(conduct)
      .then({ type: 'ScreeningConducted', data: { ...interviewOfAdult, ageStatus: 'DISPUTED' } }, scoredPresumed);
  });

  it('refuses an indicator that the list does not have, or twice the same', () => {
    const [one] = interviewOfAdult.indicators as [ObservedIndicator];
    given(...ready)
      .when({ ...conduct, indicators: [{ ...one, dimension: 'DR' }] })
      .thenRefused('SCREENING.INDICATOR_UNKNOWN');
    given(...ready)
      .when({ ...conduct, indicators: [one, { ...one, observed: 'NO' }] })
      .thenRefused('SCREENING.INDICATOR_REPEATED');
  });
});

describe('state', () => {
  const outcome = (type: (typeof OUTCOME_EVENTS)[keyof typeof OUTCOME_EVENTS]): ScreeningEvent => ({
    type,
    data: { reason: 'COMPETENT_AUTHORITY_DECISION', officer: 'o', secondReviewer: null },
  });

  it.each([
    ['FLAGGED', [opened]],
    ['SAFE', [opened, safetySecured]],
    ['CONSENTED', [opened, safetySecured, consentGiven]],
    ['CONSENT_REFUSED', [opened, safetySecured, consentRefused]],
    ['SCREENED', screened],
    ['IDENTIFIED', [...screened, outcome('VictimConfirmed')]],
    ['IDENTIFIED', [...screened, outcome('VictimPresumed')]],
    ['IDENTIFIED', [...screened, outcome('ScreeningInconclusive')]],
    ['AT_RISK', [...screened, outcome('PersonFoundAtRisk')]],
    ['CLOSED_NOT_IDENTIFIED', [...screened, outcome('NotIdentified')]],
    ['SCREENED', [...screened, safetySecured]],
  ] as const)('is %s', (stage: ScreeningStage, history) => {
    expect(fold(screeningDecider, history)?.stage).toBe(stage);
  });

  it('holds what was recorded', () => {
    expect(fold(screeningDecider, [...screened, outcome('VictimPresumed')])).toEqual({
      screeningId: SCREENING_ID,
      caseId: CASE_ID,
      referralId: REFERRAL_ID,
      referredAs: 'ADULT',
      stage: 'IDENTIFIED',
      safety: safetySecured.data,
      consent: { ...consentBySelf, decision: 'GIVEN' },
      interview: interviewOfAdult,
      score: scoredPresumed.data,
      review: null,
      outcome: { outcome: 'PRESUMED', reason: 'COMPETENT_AUTHORITY_DECISION', officer: 'o', secondReviewer: null },
    });
  });
});
