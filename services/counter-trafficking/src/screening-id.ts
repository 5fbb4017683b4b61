import { nameBasedId } from '@acogida/service-kit';

/** Namespace of screening ids. */
const NAMESPACE = 'bf7609dc-8a59-40a1-a78a-a9b88ebbb0ba';

/** What a screening is held on: a referral, or the agency's own identification of a person. Ids in lower case. */
export interface ScreeningOccasion {
  readonly agencyId: string;
  readonly caseId: string;
  /** Null on own identification. */
  readonly referralId: string | null;
}

/**
 * The id of the screening of a referral, or of the agency's own identification of a case: there is one of each. A second
 * screening would have its own suggestion and no standing outcome, and so a way around the second review (INV-23); opened
 * again, it meets the first in one stream.
 */
export function screeningIdOf({ agencyId, caseId, referralId }: ScreeningOccasion): string {
  return nameBasedId(
    NAMESPACE,
    referralId === null ? ['OWN_IDENTIFICATION', agencyId, caseId] : ['REFERRAL', referralId],
  );
}
