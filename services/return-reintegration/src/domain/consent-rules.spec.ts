import { describe, it } from '@jest/globals';
import { CONSENT_TIES } from '@acogida/reference';
import { decides } from '@acogida/testing';
import { REQUIRED_OPTIONS } from './consent-rules.ts';
import type { CounsellingSession, ReturnCaseEvent } from './return-case-events.ts';
import { returnCaseDecider } from './return-case.ts';
import {
  applied,
  appliedForChild,
  approvedHistory,
  COOLED_AT,
  counselled,
  expired,
  sign,
  signed,
  SIGNED_AT,
  VALID_UNTIL,
  withdrawn,
} from './return-case-examples.ts';

const { given } = decides(returnCaseDecider);

function session(change: Partial<CounsellingSession>): ReturnCaseEvent {
  return { ...counselled, data: { ...counselled.data, ...change } };
}

const consented = (change: Partial<typeof signed.data>): ReturnCaseEvent => ({
  ...signed,
  data: { ...signed.data, ...change },
});

describe('SignConsent', () => {
  it('INV-14 takes an informed consent; it counts 48 hours later, for a year', () => {
    given(applied, counselled).when(sign).then(signed);
    given(applied, counselled, signed).when(sign).thenNothing();
    given(applied, counselled, signed)
      .when({ ...sign, form: 'THUMBPRINT' })
      .thenRefused('RETURN.CONSENT_STANDS');
  });

  it('INV-14 counts the cooling-off from the recording: no date shortens it', () => {
    given(applied, counselled)
      .when({ ...sign, at: COOLED_AT })
      .then(consented({ coolingUntil: '2026-11-25T15:00:00.000Z' }));
  });

  it('refuses one that has not been signed yet', () => {
    given(applied, counselled)
      .when({ ...sign, signedAt: COOLED_AT })
      .thenRefused('RETURN.TIME_IN_FUTURE');
  });

  it.each(CONSENT_TIES)('INV-14 refuses one that %s is tied to', (tie) => {
    given(applied, counselled)
      .when({ ...sign, ties: [tie] })
      .thenRefused('RETURN.CONSENT_TIED');
  });

  it('INV-18 refuses one that nobody interpreted, or without a form', () => {
    given(applied, counselled)
      .when({ ...sign, interpretation: 'WRITTEN_ONLY' })
      .thenRefused('RETURN.NOT_INTERPRETED');
    given(applied, counselled)
      .when({ ...sign, form: 'NOT_RECORDED' })
      .thenRefused('RETURN.FORM_MISSING');
  });

  it('INV-14 takes the next one as another version, after counselling anew: an earlier session sent again is none', () => {
    const later = { ...sign, at: COOLED_AT, signedAt: COOLED_AT };
    given(...approvedHistory, withdrawn)
      .when(later)
      .thenRefused('RETURN.NOT_INFORMED');
    given(...approvedHistory, withdrawn, counselled, session({ heldAt: SIGNED_AT }))
      .when(later)
      .thenRefused('RETURN.NOT_INFORMED');
    given(...approvedHistory, withdrawn, counselled)
      .when(sign)
      .thenRefused('RETURN.NOT_INFORMED');
    given(applied, counselled, signed, expired, counselled)
      .when({ ...sign, at: VALID_UNTIL, signedAt: VALID_UNTIL })
      .thenRefused('RETURN.NOT_INFORMED');
    given(...approvedHistory, withdrawn, session({ heldAt: COOLED_AT }))
      .when(later)
      .then(
        consented({
          ...{ version: 2, signedAt: COOLED_AT },
          ...{ coolingUntil: '2026-11-25T15:00:00.000Z', validUntil: '2027-11-23T23:59:59.999Z' },
        }),
      );
  });
});

describe('counselling before a consent', () => {
  it.each(REQUIRED_OPTIONS)('INV-14 speaks of %s', (missing) => {
    const options = REQUIRED_OPTIONS.filter((option) => option !== missing);
    given(applied, session({ options })).when(sign).thenRefused('RETURN.NOT_INFORMED');
    given(applied, session({ options }), session({ options: [missing], heldAt: SIGNED_AT }))
      .when(sign)
      .then(signed);
  });

  it.each([
    ['in another language', { language: 'hat' }],
    ['only in writing', { interpretation: 'WRITTEN_ONLY' }],
    ['after it', { heldAt: COOLED_AT }],
  ] as const)('INV-18 that was held %s informs nobody', (_, change) => {
    given(applied, session(change)).when(sign).thenRefused('RETURN.NOT_INFORMED');
  });
});

describe('a consent in detention', () => {
  const second = session({ heldAt: SIGNED_AT });
  const detained = { ...sign, isDetained: true, hasIndependentWitness: true };

  it('INV-14 takes a second session and an independent witness', () => {
    given(applied, counselled, second)
      .when(detained)
      .then(consented({ isDetained: true, hasIndependentWitness: true }));
    given(applied, counselled).when(detained).thenRefused('RETURN.NOT_INFORMED');
    given(applied, counselled, second)
      .when({ ...detained, hasIndependentWitness: false })
      .thenRefused('RETURN.WITNESS_MISSING');
  });

  it('INV-14 takes the second session also of somebody who was detained when counselled', () => {
    given(applied, session({ isDetained: true }))
      .when(sign)
      .thenRefused('RETURN.NOT_INFORMED');
    given(applied, session({ isDetained: true }), second)
      .when(sign)
      .then(signed);
  });
});

describe('a child’s consent', () => {
  const byGuardian = { ...sign, givenBy: 'GUARDIAN', assent: 'YES' } as const;

  it('is given by its guardian, and not against the child', () => {
    given(appliedForChild, counselled)
      .when(byGuardian)
      .then(consented({ givenBy: 'GUARDIAN', assent: 'YES' }));
    given(appliedForChild, counselled)
      .when({ ...byGuardian, assent: 'TOO_YOUNG' })
      .then(consented({ givenBy: 'GUARDIAN', assent: 'TOO_YOUNG' }));
    for (const change of [
      { assent: 'NO' },
      { assent: 'NOT_APPLICABLE' },
      { givenBy: 'SELF' },
      { givenBy: 'NOT_APPLICABLE' },
    ] as const)
      given(appliedForChild, counselled)
        .when({ ...byGuardian, ...change })
        .thenRefused('RETURN.GIVEN_BY_ANOTHER');
  });

  it('is nobody else’s to give for an adult', () => {
    given(applied, counselled).when(byGuardian).thenRefused('RETURN.GIVEN_BY_ANOTHER');
  });

  it.each(['UNACCOMPANIED', 'SEPARATED', 'UNKNOWN'] as const)('INV-11 is not taken of a child %s', (careStatus) => {
    given({ ...applied, data: { ...applied.data, careStatus } }, counselled)
      .when(byGuardian)
      .thenRefused('RETURN.CHILD_NOT_CLEARED');
  });
});
