import { MERGE_TABLE } from '../merge-table.ts';
import type { Referral } from '../referral.ts';
import { coded } from './fhir-codes.ts';
import type { CodeableConcept } from './fhir-resources.ts';

function rejectReason({ rejection }: Referral): CodeableConcept | null {
  return rejection && coded('reject-reason', rejection.reason);
}

function failureReason({ failure }: Referral): CodeableConcept | null {
  return failure && coded('failure-reason', failure);
}

/** What ended a request that nobody took back: how it was answered, that it was not, or what the sender said last. */
function endReason(referral: Referral): CodeableConcept | null {
  if (referral.status === 'EXPIRED') return coded('business-status', 'EXPIRED');
  const { closure } = referral;
  return rejectReason(referral) ?? failureReason(referral) ?? (closure && coded('loop-outcome', closure.outcome));
}

/** Why the request does not stand any more; null as long as it does, and when it was carried out. */
export function requestReasonOf(referral: Referral): CodeableConcept | null {
  const { requestStatus, fulfilment, cancellation, entryError } = referral;
  switch (MERGE_TABLE[requestStatus][fulfilment].fhir.request) {
    case 'draft':
    case 'active':
    case 'completed':
      return null;
    case 'entered-in-error':
      return entryError && coded('entry-error', entryError);
    case 'revoked':
      return cancellation === null ? endReason(referral) : coded('cancel-reason', cancellation);
  }
}

/** Why the task waits, was not taken on, failed, or fell away with its request; else null. */
export function taskReasonOf(referral: Referral): CodeableConcept | null {
  const { requestStatus, fulfilment, hold } = referral;
  switch (MERGE_TABLE[requestStatus][fulfilment].fhir.task) {
    case 'on-hold':
      return hold && coded('hold-reason', hold.reason);
    case 'rejected':
      return rejectReason(referral);
    case 'failed':
      return failureReason(referral);
    case 'cancelled':
    case 'entered-in-error':
      return requestReasonOf(referral);
    case 'draft':
    case 'requested':
    case 'received':
    case 'accepted':
    case 'in-progress':
    case 'completed':
      return null;
  }
}
