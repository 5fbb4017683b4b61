import type { AgencyStatus, LeavingReason } from '@acogida/reference';

/** What the roots said of an agency, as far as circles need it (`TrustedAgency`). */
export interface StandingAgency {
  readonly agencyId: string;
  /** Who took over from it. */
  readonly successor?: string | null;
  /** Keys that count: those without a last number still do. Left out where keys never end. */
  readonly keySets?: readonly { readonly throughNumber?: number }[];
}

/** Why an agency takes part no more, or not at the moment, whatever the case. */
export type AgencyLeaving = Extract<LeavingReason, 'AGENCY_CLOSED' | 'AGENCY_SUSPENDED' | 'KEY_REVOKED'>;

/**
 * Why an agency is given nothing new of any case: the directory suspended or closed it, the roots revoked its keys, or it was
 * succeeded. Null where nothing is against it.
 *
 * @param listed what the directory said of it; left out where it said nothing
 */
export function leavingReasonFor(
  { successor = null, keySets }: StandingAgency,
  listed: { readonly status: AgencyStatus } | undefined,
): AgencyLeaving | null {
  if (successor !== null || listed?.status === 'CLOSED') return 'AGENCY_CLOSED';
  if (keySets?.every(({ throughNumber }) => throughNumber !== undefined) === true) return 'KEY_REVOKED';
  return listed?.status === 'SUSPENDED' ? 'AGENCY_SUSPENDED' : null;
}
