import { describe, expect, it } from '@jest/globals';
import { nameBasedId } from './name-based-id.ts';
import { referralIdOf } from './referral-desk/referral-id.ts';

describe('nameBasedId', () => {
  it('is the UUID version 5 of the parts as JSON', () => {
    const dns = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
    expect(nameBasedId(dns, ['www.example.org', 1])).toBe('6d96e057-30c9-5399-add5-0e9a94d6894f');
  });

  it('gives referrals the ids that they always had', () => {
    const question = {
      sender: 'cr-border-intake',
      receiver: 'cr-conatt',
      service: 'TRAFFICKING_SCREENING',
      caseId: '9b2f4f0e-5a3c-4f0e-8c51-6a4d1f0c2b11',
    };
    expect(referralIdOf(question, 0)).toBe('386a0368-3ec3-559f-b2d1-53a88eb24aa1');
    expect(referralIdOf(question, 1)).not.toBe(referralIdOf(question, 0));
  });
});
