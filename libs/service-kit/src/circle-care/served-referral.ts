import type { LeavingReason } from '@acogida/reference';
import {
  type ConsentCommand,
  isTakenBack,
  isTakenOn,
  isTelling,
  type Referral,
  type ReferralCommand,
} from '@acogida/referral';

/** Commands after which a referral may be served, or not any more. */
const MOVES_SERVICE: ReadonlySet<ReferralCommand['type']> = new Set([
  ...(['AcceptReferral', 'StartService', 'CompleteReferral', 'FailReferral', 'CompensateCancellation'] as const),
  ...(['NoteAcceptance', 'NoteServiceStart', 'NoteCompletion', 'NoteFailure'] as const),
  ...(['CancelReferral', 'MarkReferralInError', 'NoteCancellation', 'NoteEntryError'] as const),
  ...(['CloseLoop', 'NoteLoopClosure'] as const),
] satisfies ReferralCommand['type'][]);

/** Commands after which a consent may stand that did not, or stand no more. */
const CHANGES_CONSENT: ReadonlySet<ConsentCommand['type']> = new Set([
  ...(['GrantConsent', 'WithdrawConsent', 'ExpireConsents', 'NoteWithdrawal', 'NoteConsent'] as const),
] satisfies ConsentCommand['type'][]);

/** Whether a command on a referral may change who is in the circle of its case. */
export function movesService({ type }: ReferralCommand): boolean {
  return MOVES_SERVICE.has(type);
}

/**
 * Whether a command on the consents of a case may change who is in its circle. What was taken over from an earlier register names
 * nobody but the receiver of the referral that follows, which lets it in.
 */
export function changesConsent(command: ConsentCommand): boolean {
  return CHANGES_CONSENT.has(command.type) && !(command.type === 'GrantConsent' && command.takenOver);
}

/** The other agency of a referral. */
export function counterpartOf({ side, request }: Referral): string {
  return side === 'SENDER' ? request.receiver : request.sender;
}

/** Whether the receiver gives the service, or is to: then the two agencies read what the other records of the case. */
export function isServed(referral: Referral): boolean {
  return isTakenOn(referral) && !isTakenBack(referral);
}

/** Whether the service needs what is restricted of the case (INV-17): of the two, the one that gives it. */
export function isNamedByService({ side, request }: Referral): boolean {
  return side === 'SENDER' && isTelling(request);
}

/** Why the two agencies have nothing to do with each other any more, for a referral that is not served. */
export function leavingReasonOf({ requestStatus, cancellation, failure }: Referral): LeavingReason {
  if (requestStatus === 'ENTERED_IN_ERROR') return 'ADMITTED_IN_ERROR';
  const isWithdrawn = cancellation === 'CONSENT_WITHDRAWN' || failure === 'CONSENT_WITHDRAWN';
  return isWithdrawn ? 'CONSENT_WITHDRAWN' : 'SERVICE_ENDED';
}
