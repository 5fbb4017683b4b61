import { describe, expect, it } from '@jest/globals';
import { fold } from '@acogida/core';
import { decides } from '@acogida/testing';
import { type AgreementCommand, agreementDecider, type AgreementEvent, type AgreementTerms } from './agreement.ts';

const { given } = decides(agreementDecider);

const TERMS: AgreementTerms = {
  agreementId: '00000000-0000-4000-8000-000000000021',
  kind: 'DATA_SHARING',
  name: 'Intercambio de datos',
  parties: ['cr-border-intake', 'mx-comar'],
  purposes: ['REFERRAL'],
  validFrom: '2026-01-01',
  validThrough: '2026-12-31',
  procedureVersion: null,
};
const LISTED: AgreementEvent = { type: 'AgreementListed', data: TERMS };
const SUSPENDED: AgreementEvent = { type: 'AgreementSuspended', data: {} };
const RESUMED: AgreementEvent = { type: 'AgreementResumed', data: {} };
const list = (change: Partial<AgreementTerms> = {}): AgreementCommand => ({
  type: 'ListAgreement',
  terms: { ...TERMS, ...change },
});

describe('ListAgreement', () => {
  it('lists an agreement; the same again: nothing happens', () => {
    given().when(list()).then(LISTED);
    given(LISTED).when(list()).thenNothing();
    expect(fold(agreementDecider, [LISTED])).toEqual({ terms: TERMS, suspended: false });
  });

  it.each<[string, Partial<AgreementTerms>]>([
    ['without an end', { validThrough: null }],
    ['of one day', { validThrough: '2026-01-01' }],
    ['of three', { kind: 'TRIPARTITE', parties: ['cr-unit', 'cr-ngo', 'unhcr'] }],
    ['that is a written procedure', { kind: 'REFERRAL_PROCEDURE', procedureVersion: '2.1' }],
  ])('lists one %s', (_, change) => {
    given()
      .when(list(change))
      .then({ type: 'AgreementListed', data: { ...TERMS, ...change } });
  });

  it.each<[string, Partial<AgreementTerms>, string]>([
    ['no name', { name: ' ' }, 'DIRECTORY.NAME_MISSING'],
    ['one party', { parties: ['mx-comar'] }, 'DIRECTORY.PARTIES_MALFORMED'],
    ['a party twice', { parties: ['mx-comar', 'mx-comar'] }, 'DIRECTORY.PARTIES_MALFORMED'],
    ['a party without an id', { parties: ['mx-comar', 'The Ministry'] }, 'DIRECTORY.PARTIES_MALFORMED'],
    ['three for two', { kind: 'BILATERAL', parties: ['a', 'b', 'c'] }, 'DIRECTORY.PARTIES_MALFORMED'],
    ['two for three', { kind: 'TRIPARTITE' }, 'DIRECTORY.PARTIES_MALFORMED'],
    ['no purpose', { purposes: [] }, 'DIRECTORY.PURPOSES_MISSING'],
    ['a day that is none', { validFrom: '2026-02-30' }, 'DIRECTORY.DATES_MALFORMED'],
    ['an end before its beginning', { validThrough: '2025-12-31' }, 'DIRECTORY.DATES_MALFORMED'],
    ['an end that is no day', { validThrough: 'soon' }, 'DIRECTORY.DATES_MALFORMED'],
    ['a procedure without a version', { kind: 'REFERRAL_PROCEDURE' }, 'DIRECTORY.PROCEDURE_VERSION_MISSING'],
  ])('refuses %s', (_, change, code) => {
    given().when(list(change)).thenRefused(code);
  });
});

describe('ReviseAgreement', () => {
  const revise = (change: Partial<AgreementTerms>): AgreementCommand => ({
    type: 'ReviseAgreement',
    terms: { ...TERMS, ...change },
  });

  it.each<Partial<AgreementTerms>>([
    { name: 'Convenio' },
    { parties: ['cr-border-intake', 'mx-comar', 'cr-refugee-unit'] },
    { purposes: ['REFERRAL', 'TRANSFER'] },
    { validFrom: '2026-02-01' },
    { validThrough: '2026-06-30' },
    { procedureVersion: '3' },
  ])('changes %j and stays suspended', (change) => {
    const revised: AgreementEvent = { type: 'AgreementListed', data: { ...TERMS, ...change } };
    given(LISTED, SUSPENDED).when(revise(change)).then(revised);
    expect(fold(agreementDecider, [LISTED, SUSPENDED, revised])).toEqual({ terms: revised.data, suspended: true });
  });

  it('refuses another kind, and what is not listed', () => {
    given(LISTED)
      .when(revise({ kind: 'COALITION' }))
      .thenRefused('DIRECTORY.AGREEMENT_FIXED');
    given().when(revise({})).thenRefused('DIRECTORY.AGREEMENT_UNKNOWN');
  });
});

describe('suspension', () => {
  it('begins and ends once', () => {
    given(LISTED).when({ type: 'SuspendAgreement' }).then(SUSPENDED);
    given(LISTED, SUSPENDED).when({ type: 'SuspendAgreement' }).thenNothing();
    given(LISTED, SUSPENDED).when({ type: 'ResumeAgreement' }).then(RESUMED);
    given(LISTED).when({ type: 'ResumeAgreement' }).thenNothing();
    expect(fold(agreementDecider, [LISTED, SUSPENDED])?.suspended).toBe(true);
    expect(fold(agreementDecider, [LISTED, SUSPENDED, RESUMED])?.suspended).toBe(false);
  });

  it.each<AgreementCommand>([{ type: 'SuspendAgreement' }, { type: 'ResumeAgreement' }])(
    '$type needs an agreement',
    (command) => given().when(command).thenRefused('DIRECTORY.AGREEMENT_UNKNOWN'),
  );

  it('changes nothing without a first event', () => {
    for (const event of [SUSPENDED, RESUMED]) expect(agreementDecider.evolve(null, event)).toBeNull();
  });
});
