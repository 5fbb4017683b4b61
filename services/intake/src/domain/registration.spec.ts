import { describe, it } from '@jest/globals';
import { URGENT_NEEDS } from '@acogida/reference';
import { decides } from '@acogida/testing';
import { caseIntakeDecider } from './case-intake.ts';
import {
  adultRegistered,
  contacted,
  informed,
  needsScreened,
  noUrgentNeeds,
  registerAdult,
} from './case-intake-examples.ts';

const { given } = decides(caseIntakeDecider);

describe('RegisterPerson', () => {
  it('registers an adult with every fact', () => {
    given(contacted, informed).when(registerAdult).then(adultRegistered);
  });

  it('refuses before the rights information', () => {
    given(contacted).when(registerAdult).thenRefused('INTAKE.RIGHTS_INFORMATION_MISSING');
  });

  it('changes nothing when repeated', () => {
    given(contacted, informed, adultRegistered).when(registerAdult).thenNothing();
  });

  it('refuses other facts', () => {
    given(contacted, informed, adultRegistered)
      .when({ ...registerAdult, sex: 'MALE' })
      .thenRefused('INTAKE.PERSON_ALREADY_REGISTERED');
  });

  it.each([
    { ageBand: { fromYears: 18, toYears: 20 }, ageStatus: 'ADULT', basis: null },
    { ageBand: { fromYears: 18, toYears: null }, ageStatus: 'ADULT', basis: null },
    { ageBand: { fromYears: 9, toYears: 17 }, ageStatus: 'CHILD', basis: 'AGE' },
    { ageBand: { fromYears: null, toYears: 17 }, ageStatus: 'CHILD', basis: 'AGE' },
    { ageBand: { fromYears: 17, toYears: 18 }, ageStatus: 'DISPUTED', basis: 'DOUBT' },
    { ageBand: { fromYears: 15, toYears: null }, ageStatus: 'DISPUTED', basis: 'DOUBT' },
    { ageBand: { fromYears: null, toYears: 30 }, ageStatus: 'DISPUTED', basis: 'DOUBT' },
    { ageBand: { fromYears: null, toYears: null }, ageStatus: 'DISPUTED', basis: 'DOUBT' },
    { ageBand: null, ageStatus: 'DISPUTED', basis: 'DOUBT' },
  ] as const)('INV-08 derives $ageStatus from $ageBand', ({ ageBand, ageStatus, basis }) => {
    given(contacted, informed)
      .when({ ...registerAdult, ageBand, careStatus: 'UNACCOMPANIED' })
      .then(
        { ...adultRegistered, data: { ...adultRegistered.data, ageBand, ageStatus } },
        ...(basis === null ? [] : [{ type: 'ChildIdentified', data: { basis, careStatus: 'UNACCOMPANIED' } } as const]),
      );
  });

  it('INV-08 doubt makes a child of somebody who looks grown up', () => {
    given(contacted, informed)
      .when({ ...registerAdult, ageDisputed: true })
      .then(
        { ...adultRegistered, data: { ...adultRegistered.data, ageStatus: 'DISPUTED' } },
        { type: 'ChildIdentified', data: { basis: 'DOUBT', careStatus: 'UNKNOWN' } },
      );
  });

  it('INV-08 does not register as an adult who was flagged as a child', () => {
    given(contacted, informed, { type: 'ChildIdentified', data: { basis: 'DOUBT', careStatus: 'SEPARATED' } })
      .when(registerAdult)
      .then({ ...adultRegistered, data: { ...adultRegistered.data, ageStatus: 'DISPUTED' } });
  });

  it('INV-08 raises doubt to age once the band says so, and keeps the known care status', () => {
    const ageBand = { fromYears: 9, toYears: 17 };
    given(contacted, informed, { type: 'ChildIdentified', data: { basis: 'DOUBT', careStatus: 'SEPARATED' } })
      .when({ ...registerAdult, ageBand })
      .then(
        { ...adultRegistered, data: { ...adultRegistered.data, ageBand, ageStatus: 'CHILD' } },
        { type: 'ChildIdentified', data: { basis: 'AGE', careStatus: 'SEPARATED' } },
      );
  });

  it('INV-08 takes a doubt that comes after the registration as an adult', () => {
    given(contacted, informed, adultRegistered)
      .when({ ...registerAdult, ageDisputed: true })
      .then({ type: 'ChildIdentified', data: { basis: 'DOUBT', careStatus: 'UNKNOWN' } });
  });

  it.each([
    { fromYears: -1, toYears: 5 },
    { fromYears: 18, toYears: 131 },
    { fromYears: 20, toYears: 18 },
    { fromYears: 17.5, toYears: 18 },
  ])('refuses the age band %j', (ageBand) => {
    given(contacted, informed)
      .when({ ...registerAdult, ageBand })
      .thenRefused('INTAKE.AGE_BAND_INVALID');
  });

  it.each([
    { nationalities: [], nationalityStatus: 'DOCUMENTED' },
    { nationalities: [], nationalityStatus: 'DECLARED' },
    { nationalities: ['NI'], nationalityStatus: 'STATELESS' },
  ] as const)('refuses $nationalityStatus with nationalities $nationalities', (contradiction) => {
    given(contacted, informed)
      .when({ ...registerAdult, ...contradiction })
      .thenRefused('INTAKE.NATIONALITY_CONTRADICTION');
  });

  it.each([
    { nationalities: [], nationalityStatus: 'UNDETERMINED' },
    { nationalities: [], nationalityStatus: 'STATELESS' },
    { nationalities: ['HT'], nationalityStatus: 'AT_RISK_OF_STATELESSNESS' },
  ] as const)('registers $nationalityStatus with nationalities $nationalities', (nationality) => {
    given(contacted, informed)
      .when({ ...registerAdult, ...nationality })
      .then({ ...adultRegistered, data: { ...adultRegistered.data, ...nationality } });
  });

  it('refuses a country code that is not assigned: no referral of the case would take it', () => {
    given(contacted, informed)
      .when({ ...registerAdult, nationalities: ['NI', 'ZZ'] })
      .thenRefused('INTAKE.NATIONALITY_UNKNOWN');
  });

  it('keeps each nationality and language once', () => {
    given(contacted, informed)
      .when({ ...registerAdult, nationalities: ['NI', 'HN', 'NI'], languages: ['spa', 'miq', 'spa'] })
      .then({
        ...adultRegistered,
        data: { ...adultRegistered.data, nationalities: ['NI', 'HN'], languages: ['spa', 'miq'] },
      });
  });
});

describe('ScreenUrgentNeeds', () => {
  it('records the checklist in its own order', () => {
    given(contacted, informed, adultRegistered)
      .when({ ...noUrgentNeeds, needs: [...noUrgentNeeds.needs].reverse() })
      .then(needsScreened);
  });

  it('refuses before the registration', () => {
    given(contacted, informed).when(noUrgentNeeds).thenRefused('INTAKE.PERSON_NOT_REGISTERED');
  });

  it('changes nothing when the answers are the same', () => {
    given(contacted, informed, adultRegistered, needsScreened).when(noUrgentNeeds).thenNothing();
  });

  it.each(URGENT_NEEDS.map((need) => ({ need })))('refuses a checklist without $need', ({ need }) => {
    given(contacted, informed, adultRegistered)
      .when({ ...noUrgentNeeds, needs: noUrgentNeeds.needs.filter((answer) => answer.need !== need) })
      .thenRefused('INTAKE.NEEDS_INCOMPLETE');
  });

  it('refuses two answers to one need', () => {
    given(contacted, informed, adultRegistered)
      .when({ ...noUrgentNeeds, needs: [...noUrgentNeeds.needs, { need: 'MEDICAL', answer: 'YES' }] })
      .thenRefused('INTAKE.NEEDS_INCOMPLETE');
  });

  it.each([
    { need: 'MEDICAL', lifeSaving: true },
    { need: 'WATER_FOOD', lifeSaving: true },
    { need: 'SAFETY', lifeSaving: true },
    { need: 'SHELTER', lifeSaving: false },
    { need: 'PREGNANCY', lifeSaving: false },
    { need: 'CHILD_ALONE', lifeSaving: true },
    { need: 'INJURY', lifeSaving: true },
    { need: 'DISTRESS', lifeSaving: false },
  ] as const)('computes life-saving $lifeSaving from $need, and screens again as needs change', (example) => {
    const needs = URGENT_NEEDS.map((need) => ({ need, answer: need === example.need ? 'YES' : 'UNKNOWN' }) as const);
    given(contacted, informed, adultRegistered, needsScreened)
      .when({ ...noUrgentNeeds, needs })
      .then({ type: 'UrgentNeedsScreened', data: { needs, lifeSaving: example.lifeSaving } });
  });

  it('takes UNKNOWN for no life-saving need', () => {
    const needs = URGENT_NEEDS.map((need) => ({ need, answer: 'UNKNOWN' }) as const);
    given(contacted, informed, adultRegistered)
      .when({ ...noUrgentNeeds, needs })
      .then({ type: 'UrgentNeedsScreened', data: { needs, lifeSaving: false } });
  });
});
