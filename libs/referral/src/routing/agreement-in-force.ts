import type { CalendarDate } from '@acogida/reference';
import type { KnownAgency, KnownAgreement } from './routing-question.ts';

/** Whether an agreement that has begun is still in force on a date. */
function isStillInForce({ suspended, validThrough }: KnownAgreement, on: CalendarDate): boolean {
  return !suspended && (validThrough === null || on <= validThrough);
}

/**
 * Whether two agencies may refer to each other on a date. Across borders an agreement for it has to be in force. Within one
 * jurisdiction its law lets them, unless they have agreements of their own on referring: once one of those has begun, one has
 * to be. One that is yet to begin changes nothing before its first day.
 */
export function mayRefer(
  from: string,
  jurisdiction: string | null,
  to: KnownAgency,
  agreements: readonly KnownAgreement[],
  on: CalendarDate,
): boolean {
  const theirs = agreements.filter(
    ({ parties, purposes, validFrom }) =>
      validFrom <= on && parties.includes(from) && parties.includes(to.agencyId) && purposes.includes('REFERRAL'),
  );
  const isOneJurisdiction = jurisdiction !== null && jurisdiction === to.jurisdiction;
  if (theirs.length === 0) return isOneJurisdiction;
  return theirs.some((agreement) => isStillInForce(agreement, on));
}
