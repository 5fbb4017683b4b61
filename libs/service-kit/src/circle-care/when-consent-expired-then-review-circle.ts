import { DomainError } from '@acogida/core';
import type { Policy } from '@acogida/event-log';
import { policyTurn } from '../case-keys/key-turn.ts';
import type { NodeContext } from '../node-definition.ts';
import type { CircleCare } from './circle-care.ts';

/**
 * Shuts out whom only a consent of another agency let in that is over now. Everybody judges by its own clock that it is; this says
 * when to look.
 *
 * @throws DomainError (the event is quarantined) `CONSENT.CASE_MISSING`
 */
export function whenConsentExpiredThenReviewCircle(context: NodeContext, care: Pick<CircleCare, 'review'>): Policy {
  const name = 'when-consent-expired-then-review-circle';
  return {
    name,
    on: 'ConsentExpired',
    async react(event, transaction) {
      const { caseId } = event.payload;
      if (caseId === null) throw new DomainError('CONSENT.CASE_MISSING', 'invalid', 'a consent is about a case');
      await care.review(policyTurn(context, name, event, transaction), caseId);
    },
  };
}
