import { describe, expect, it } from '@jest/globals';
import { FULFILMENT_STATUSES, MERGE_TABLE, REQUEST_STATUSES } from '../merge-table.ts';
import type { Referral, Side } from '../referral.ts';
import { endingWithoutConsent } from './without-consent.ts';

const NOW = '2026-12-01T15:00:00.000Z';

function ending(side: Side, change: Partial<Referral>): string | null {
  const referral = { side, requestStatus: 'REQUESTED', fulfilment: 'NONE', custodyTerm: null, ...change } as Referral;
  return endingWithoutConsent(referral, 'cr-conatt', NOW)?.type ?? null;
}

describe('when the consent of a referral does not stand any more', () => {
  it('the sender takes it back', () => {
    const referral = { side: 'SENDER', requestStatus: 'REQUESTED', fulfilment: 'IN_PROGRESS', custodyTerm: null };
    expect(endingWithoutConsent(referral as Referral, 'cr-border-intake', NOW)).toEqual({
      ...{ type: 'CancelReferral', by: 'cr-border-intake', now: NOW, reason: 'CONSENT_WITHDRAWN' },
    });
  });

  it('the receiver returns what it has not taken on, and fails what it has', () => {
    const referral = { side: 'RECEIVER', requestStatus: 'REQUESTED', custodyTerm: null };
    expect(endingWithoutConsent({ ...referral, fulfilment: 'ON_HOLD' } as Referral, 'cr-conatt', NOW)).toEqual({
      ...{ type: 'RejectReferral', by: 'cr-conatt', now: NOW, reason: 'NO_CONSENT', alternativeAgency: null },
    });
    expect(endingWithoutConsent({ ...referral, fulfilment: 'IN_PROGRESS' } as Referral, 'cr-conatt', NOW)).toEqual({
      ...{ type: 'FailReferral', by: 'cr-conatt', now: NOW, reason: 'CONSENT_WITHDRAWN' },
    });
  });

  it('a sender that gave the case away has nothing left to take back', () => {
    expect(ending('SENDER', { fulfilment: 'ACCEPTED', custodyTerm: 2 })).toBeNull();
  });

  it.each(
    REQUEST_STATUSES.flatMap((request) => FULFILMENT_STATUSES.map((fulfilment) => [request, fulfilment] as const)),
  )('at %s × %s each side does what the merge table leaves to it, and else nothing', (requestStatus, fulfilment) => {
    const { next } = MERGE_TABLE[requestStatus][fulfilment];
    const sender = next.SENDER.includes('CANCEL') ? 'CancelReferral' : null;
    const failing = next.RECEIVER.includes('FAIL') ? 'FailReferral' : null;
    const receiver = next.RECEIVER.includes('REJECT') ? 'RejectReferral' : failing;
    expect(ending('SENDER', { requestStatus, fulfilment })).toBe(sender);
    expect(ending('RECEIVER', { requestStatus, fulfilment })).toBe(receiver);
  });
});
