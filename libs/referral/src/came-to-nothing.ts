import type { FailureReason } from '@acogida/reference';
import { hasEnded, type RequestStatus } from './merge-table.ts';
import type { Referral } from './referral.ts';

/** Failures that say that the sender, or the person, did not want the service. */
const UNWANTED: readonly (FailureReason | null)[] = ['CANCELLED_BY_SENDER', 'CONSENT_WITHDRAWN'];

/** The release of an acceptance that its sender heard may be on its way. */
const MAY_RELEASE: readonly RequestStatus[] = ['REQUESTED', 'EXPIRED'];

/**
 * Whether nothing came of a referral for its receiver: it was rejected; or it ended before it was accepted; or it was taken back,
 * or its consent withdrawn, before the service began; or it should never have been made, and what was begun for it is ended. Where
 * custody came by it, the case did, whatever became of the service; until its sender is done, it may yet come by a transfer.
 * Final: nothing that either side may still do leads out of it, a late acceptance neither.
 */
export function cameToNothing({
  requestStatus,
  fulfilment,
  failure,
  custodyTerm,
  request: { transfer },
  times: { startedAt },
}: Pick<Referral, 'requestStatus' | 'fulfilment' | 'failure' | 'custodyTerm'> & {
  readonly request: Pick<Referral['request'], 'transfer'>;
  readonly times: Pick<Referral['times'], 'startedAt'>;
}): boolean {
  switch (fulfilment) {
    case 'NONE':
    case 'ACKNOWLEDGED':
    case 'ON_HOLD':
      return hasEnded(requestStatus, fulfilment);
    case 'REJECTED':
      return true;
    case 'ACCEPTED':
    case 'IN_PROGRESS':
    case 'COMPLETED':
      return false;
    case 'FAILED':
      if (custodyTerm !== null) return false;
      if (requestStatus === 'ENTERED_IN_ERROR') return true;
      if (startedAt !== null) return false;
      if (requestStatus === 'CANCELLED') return true;
      return UNWANTED.includes(failure) && !(transfer && MAY_RELEASE.includes(requestStatus));
  }
}

/**
 * Whether this side keeps what the request told of the person: the sender what it said itself, the receiver only where
 * something came of it (architecture.md §5, Format).
 */
export function keepsFacts(referral: Referral): boolean {
  return referral.side === 'SENDER' || !cameToNothing(referral);
}
