import type { Instant } from '@acogida/core';
import { countryParameters, type Urgency } from '@acogida/reference';
import type { NodeContext } from '../node-definition.ts';

/** How long a request for transfer may wait, in milliseconds of calendar time. */
export interface TransferTerms {
  /** For an answer of the agency that is asked. */
  readonly answerWithinMs: number;
  /** For the answer of its supervisor, when nobody answered. */
  readonly escalateForMs: number;
}

/**
 * The terms in force in the country of this agency at an instant: an answer takes as long as a referral of that urgency may take
 * to be acknowledged (domain.md §1.4).
 */
export function transferTermsIn(
  { jurisdiction }: Pick<NodeContext, 'jurisdiction'>,
  urgency: Urgency,
  at: Instant,
): TransferTerms {
  const { referralDeadlines } = countryParameters(jurisdiction ?? '', at.slice(0, 10));
  const { acknowledgeWithinMs, escalateForMs } = referralDeadlines[urgency];
  return { answerWithinMs: acknowledgeWithinMs, escalateForMs };
}
