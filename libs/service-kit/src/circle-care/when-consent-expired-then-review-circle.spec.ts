import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ReceivedEvent } from '@acogida/event-log';
import type { Transaction } from '@acogida/event-store';
import type { NodeContext } from '../node-definition.ts';
import { whenConsentExpiredThenReviewCircle } from './when-consent-expired-then-review-circle.ts';

const CASE = '9b2f4f0e-5a3c-4f0e-8c51-6a4d1f0c2b11';
const NOW = '2026-11-23T09:00:00.000Z';
const WITHIN = {} as Transaction;
const context = { agencyId: 'cr-conatt', clock: { now: () => NOW } } as NodeContext;

describe('when a consent of another agency is over', () => {
  let reviewed: unknown[];

  beforeEach(() => {
    reviewed = [];
  });

  const hear = (caseId: string | null): Promise<void> => {
    const policy = whenConsentExpiredThenReviewCircle(context, {
      review: async ({ now, transaction }, of) => void reviewed.push([now, transaction === WITHIN, of]),
    });
    const payload = { type: 'ConsentExpired', caseId, correlationId: 'c' };
    const event = { id: 'e', source: 'cr-border-intake', payload } as unknown as ReceivedEvent;
    return policy.react(event, WITHIN);
  };

  it('the circle of the case is reviewed in the transaction of the batch', async () => {
    await hear(CASE);
    expect(reviewed).toEqual([[NOW, true, CASE]]);
  });

  it('one that is about no case is refused', async () => {
    await expect(hear(null)).rejects.toMatchObject({ code: 'CONSENT.CASE_MISSING' });
    expect(reviewed).toEqual([]);
  });
});
