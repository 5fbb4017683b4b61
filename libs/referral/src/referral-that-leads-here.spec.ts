import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@acogida/core';
import type { ReferralService } from '@acogida/reference';
import type { Referral, ReferralState } from './referral.ts';

import { referralThatLeadsHere } from './referral-that-leads-here.ts';

const CASE_ID = '7d1c9a3e-53ac-4d0f-9f3a-1b9a4f6d2c10';

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

function codeOf(referral: ReferralState, service: ReferralService | null = 'ASYLUM'): string | null {
  try {
    expect(referralThatLeadsHere(referral, { caseId: CASE_ID, service, codePrefix: 'ASYLUM' })).toBe(referral);
    return null;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return error.code;
  }
}

describe('referralThatLeadsHere', () => {
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

  it('takes one for any service where the procedure names none', () => {
    const { request } = accepted;
    expect(codeOf({ ...accepted, request: { ...request, service: 'SHELTER' } }, null)).toBeNull();
  });
});
