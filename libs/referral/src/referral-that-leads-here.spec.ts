import { describe, expect, it } from '@jest/globals';
import { DomainError, fold } from '@acogida/core';
import type { ReferralService } from '@acogida/reference';
import { referralDecider } from './procedure.ts';
import type { Referral, ReferralEventData, ReferralState } from './referral.ts';
import * as example from './referral-examples.ts';

import { referralThatLeadsHere } from './referral-that-leads-here.ts';

const CASE_ID = '7d1c9a3e-53ac-4d0f-9f3a-1b9a4f6d2c10';

const RECEIVED = example.step('ReferralReceived', { caseId: CASE_ID, service: 'ASYLUM', receiver: 'cr-refugee-unit' });
const referralAfter = (...steps: readonly (keyof ReferralEventData)[]): Referral =>
  fold(referralDecider, example.history(RECEIVED, ...steps)) as Referral;
const accepted = referralAfter('ReferralAcknowledged', 'ReferralAccepted');

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
  it.each([
    ['accepted', accepted],
    ['in progress', referralAfter('ReferralAccepted', 'ReferralServiceStarted')],
    ['completed', referralAfter('ReferralAccepted', 'ReferralCompleted')],
    ['accepted when it had expired', referralAfter('ReferralAccepted', 'ExpiryNoted')],
    ['completed although cancelled', referralAfter('ReferralAccepted', 'CancellationNoted', 'ReferralCompleted')],
  ])('takes a referral that is %s', (_, referral) => {
    expect(codeOf(referral)).toBeNull();
  });

  it.each([
    ['requested', referralAfter()],
    ['acknowledged', referralAfter('ReferralAcknowledged')],
    ['on hold', referralAfter('ReferralAcknowledged', 'ReferralPutOnHold')],
    ['rejected', referralAfter('ReferralRejected')],
    ['failed', referralAfter('ReferralAccepted', 'ReferralFailed')],
    ['taken back', referralAfter('ReferralAccepted', 'CancellationNoted')],
  ])('refuses one that is %s', (_, referral) => {
    expect(codeOf(referral)).toBe('ASYLUM.REFERRAL_NOT_ACCEPTED');
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
