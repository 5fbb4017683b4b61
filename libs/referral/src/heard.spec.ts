import { describe, expect, it } from '@jest/globals';
import { commandHeard } from './heard.ts';

const referralId = '5c1d2e3f-4a5b-4c6d-8e7f-8091a2b3c4d5';

describe('commandHeard', () => {
  it('writes the times of others as ours are written, so that texts compare as times do', () => {
    const held = { referralId, hold: 1, reason: 'WAITLIST' as const, information: [], proxied: null };
    const data = { ...held, expectedBy: '2026-12-01T03:00:00-06:00' };
    const hold = { type: 'ReferralPutOnHold', occurredAt: '2026-11-22T10:00:00Z', data } as const;
    expect(commandHeard(hold, 'mx-comar')).toEqual({
      ...{ type: 'NoteHold', by: 'mx-comar', at: '2026-11-22T10:00:00.000Z' },
      ...{ hold: 1, reason: 'WAITLIST', information: [], expectedBy: '2026-12-01T09:00:00.000Z' },
    });
    const escalated = {
      ...{ referralId, missed: 'ACKNOWLEDGE' as const },
      ...{ missedAt: '2026-11-23T09:00:00.5Z', answerBy: '2026-11-23T21:00:00.123456Z' },
    };
    const event = { type: 'ReferralEscalated', occurredAt: '2026-11-23T09:00:01.000Z', data: escalated } as const;
    expect(commandHeard(event, 'cr-border-intake')).toEqual({
      ...{ type: 'NoteEscalation', by: 'cr-border-intake', at: '2026-11-23T09:00:01.000Z', missed: 'ACKNOWLEDGE' },
      ...{ missedAt: '2026-11-23T09:00:00.500Z', answerBy: '2026-11-23T21:00:00.123Z' },
    });
  });

  it('leaves a hold without a date without one', () => {
    const data = { referralId, hold: 1, reason: 'WAITLIST' as const, information: [], expectedBy: null, proxied: null };
    const event = { type: 'ReferralPutOnHold', occurredAt: '2026-11-22T10:00:00.000Z', data } as const;
    expect(commandHeard(event, 'mx-comar')).toMatchObject({ type: 'NoteHold', expectedBy: null });
  });

  it('takes no answer for one that another agency took down: that is the sender’s own word', () => {
    const data = { referralId, proxied: 'mx-casa-refugio' };
    const event = { type: 'ReferralAccepted', occurredAt: '2026-11-22T10:00:00Z', data } as const;
    expect(() => commandHeard(event, 'mx-casa-refugio')).toThrow(
      expect.objectContaining({ code: 'REFERRAL.CONTRADICTION' }),
    );
  });

  it('refuses a time that cannot be reckoned with', () => {
    const event = {
      type: 'ReferralAcknowledged',
      occurredAt: '2026-12-31T23:59:60Z',
      data: { referralId, proxied: null },
    } as const;
    expect(() => commandHeard(event, 'mx-comar')).toThrow(RangeError);
  });
});
