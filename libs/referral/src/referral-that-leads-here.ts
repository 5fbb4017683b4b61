import { DomainError } from '@acogida/core';
import type { ReferralService } from '@acogida/reference';
import type { Referral, ReferralState } from './referral.ts';
import { isTakenBack, isTakenOn } from './refusals.ts';

/** What a procedure expects of the referral that it says it follows. */
export interface ExpectedReferral {
  readonly caseId: string;
  /** Null where any service will do. */
  readonly service: ReferralService | null;
  /** Prefix of the refusal's code: the procedure's own, `ASYLUM`. */
  readonly codePrefix: string;
}

/**
 * A procedure names a referral only when this agency received and accepted it, for the same person and for this service.
 * Returns that referral.
 *
 * @throws DomainError `<prefix>.REFERRAL_UNKNOWN`, `<prefix>.REFERRAL_OF_OTHER_CASE`, `<prefix>.REFERRAL_NOT_ACCEPTED`
 */
export function referralThatLeadsHere(referral: ReferralState, expected: ExpectedReferral): Referral {
  const { caseId, service, codePrefix } = expected;
  if (referral === null || referral.side !== 'RECEIVER') {
    throw new DomainError(`${codePrefix}.REFERRAL_UNKNOWN`, 'not-found', 'no such referral was received here');
  }
  if (referral.request.caseId !== caseId || (service !== null && referral.request.service !== service)) {
    const message = 'the referral is of another case or for another service';
    throw new DomainError(`${codePrefix}.REFERRAL_OF_OTHER_CASE`, 'invalid', message);
  }
  const accepted = (isTakenOn(referral) && !isTakenBack(referral)) || referral.fulfilment === 'COMPLETED';
  if (!accepted) {
    throw new DomainError(`${codePrefix}.REFERRAL_NOT_ACCEPTED`, 'conflict', 'accept the referral first');
  }
  return referral;
}
