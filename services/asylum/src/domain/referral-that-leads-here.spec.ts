import { describe, expect, it } from '@jest/globals';
import { type DomainError } from '@acogida/core';
import type { Referral, ReferralState } from '@acogida/referral';
import { CASE_ID } from './asylum-application-examples.ts';
import { assertReferralLeadsHere } from './referral-that-leads-here.ts';

const accepted: Referral = {
  side: 'RECEIVER',
  status: 'ACCEPTED',
  senderTask: 'WAITING',
  rejection: null,
  result: null,
  request: {
    referralId: 'e3a1a5c0-3c41-4a58-9b75-6b1f4e0b9c77',
    caseId: CASE_ID,
    sender: 'cr-border-intake',
    receiver: 'cr-refugee-unit',
    service: 'ASYLUM',
    urgency: 'ROUTINE',
    reason: 'ASYLUM_INTENT',
    requestedAt: '2026-11-20T15:00:00.000Z',
    acknowledgeBy: '2026-11-27T15:00:00.000Z',
    consent: { basis: 'CONSENT', form: 'WRITTEN', givenBy: 'SELF', language: 'spa', grantedOn: '2026-11-20' },
    facts: {
      sex: 'FEMALE',
      ageStatus: 'ADULT',
      ageBand: null,
      nationalities: ['NI'],
      nationalityStatus: 'DECLARED',
    },
  },
};

function codeOf(referral: ReferralState): string | null {
  try {
    assertReferralLeadsHere(referral, CASE_ID);
    return null;
  } catch (error) {
    return (error as DomainError).code;
  }
}

describe('assertReferralLeadsHere', () => {
  it.each(['ACCEPTED', 'COMPLETED'] as const)('takes a referral that is %s', (status) => {
    expect(codeOf({ ...accepted, status })).toBeNull();
  });

  it.each(['REQUESTED', 'ACKNOWLEDGED', 'REJECTED'] as const)('refuses one that is %s', (status) => {
    expect(codeOf({ ...accepted, status })).toBe('ASYLUM.REFERRAL_NOT_ACCEPTED');
  });

  it('refuses one that was never received here', () => {
    expect(codeOf(null)).toBe('ASYLUM.REFERRAL_UNKNOWN');
    expect(codeOf({ ...accepted, side: 'SENDER' })).toBe('ASYLUM.REFERRAL_UNKNOWN');
  });

  it('refuses one of another case or for another service', () => {
    const { request } = accepted;
    expect(codeOf({ ...accepted, request: { ...request, service: 'SHELTER' } })).toBe('ASYLUM.REFERRAL_OF_OTHER_CASE');
    expect(codeOf({ ...accepted, request: { ...request, caseId: request.referralId } })).toBe(
      'ASYLUM.REFERRAL_OF_OTHER_CASE',
    );
  });
});
