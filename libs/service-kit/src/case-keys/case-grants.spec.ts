import { describe, expect, it } from '@jest/globals';
import { decides } from '@acogida/testing';
import { auditorGrants, type BeginningOfEpoch, CASES_PER_GRANT } from './case-grants.ts';
import { caseGrantDecider } from './procedures.ts';
import { begun, CASE, GRANT, keysOf, LATER, OMBUDSMAN, OPENED, OWN } from './testing/case-keys-examples.ts';

const entry = { caseId: CASE, holder: OWN, keys: keysOf(1, ['coded']), roster: [], chains: [] };
const COMMAND = { type: 'GrantCases', grantId: GRANT, to: OMBUDSMAN, cases: [entry], now: LATER } as const;
const GRANTED = {
  type: 'KeysGranted',
  data: { grantId: GRANT, to: OMBUDSMAN, under: 'offer-key', cases: [entry], grantedAt: LATER },
} as const;

describe('a grant of many cases', () => {
  it('goes to the offer key of the auditor, once', () => {
    decides(caseGrantDecider).given().when(COMMAND).then(GRANTED);
    decides(caseGrantDecider).given(GRANTED).when(COMMAND).thenNothing();
  });

  it.each([0, CASES_PER_GRANT + 1])('is none of %i cases', (length) => {
    const cases = Array.from({ length }, () => entry);
    decides(caseGrantDecider)
      .given()
      .when({ ...COMMAND, cases })
      .thenRefused('KEYS.GRANT_SIZE');
  });
});

describe('what a flush grants to auditors', () => {
  const watched = (agency: string, isGranted = true) => ({ agency, audiences: ['coded'] as const, isGranted });
  const opened = (caseId: string, ...agencies: ReturnType<typeof watched>[]): BeginningOfEpoch => {
    return { ...OPENED, data: { ...OPENED.data, caseId, auditors: agencies } };
  };

  it('is one grant for each auditor, of every case that is granted to it at once', () => {
    const next = begun(3, {
      auditors: [{ ...watched('iachr'), audiences: ['coded', 'restricted'] }],
    }) as BeginningOfEpoch;
    const events = [
      opened(CASE, watched(OMBUDSMAN), watched('iachr')),
      opened(GRANT, watched(OMBUDSMAN), watched('iachr', false)),
      next,
    ];
    expect(auditorGrants(events, OWN)).toEqual([
      { to: OMBUDSMAN, cases: [entry, { ...entry, caseId: GRANT }] },
      { to: 'iachr', cases: [entry, { ...entry, keys: keysOf(3, ['coded', 'restricted']) }] },
    ]);
  });

  it('is nothing where nobody watches', () => {
    expect(auditorGrants([opened(CASE)], OWN)).toEqual([]);
  });

  it('is of no more cases than one seal holds', () => {
    const events = Array.from({ length: CASES_PER_GRANT + 1 }, () => opened(CASE, watched(OMBUDSMAN)));
    expect(auditorGrants(events, OWN).map(({ to, cases }) => [to, cases.length])).toEqual([
      [OMBUDSMAN, CASES_PER_GRANT],
      [OMBUDSMAN, 1],
    ]);
  });
});
