import type { Referral } from '../referral.ts';
import { identifierOf, RESTRICTED } from './fhir-codes.ts';
import type { Bundle, LiteralReference } from './fhir-resources.ts';
import { serviceRequestOf } from './service-request.ts';
import { lastModifiedOf, taskOf } from './task.ts';

/** MIME type of FHIR as JSON. */
export const FHIR_JSON = 'application/fhir+json';

/**
 * A referral as HL7 FHIR R4 (4.0.1): a collection of the `ServiceRequest`, the sender's axis, and the `Task`, the receiver's,
 * with the statuses of the merge table (architecture.md §6). The same state gives the same bundle, at both sides; but of one that
 * came to nothing its receiver has neither reason, nor basis, nor documents any more (`keepsFacts`).
 *
 * It says who asked whom for what, how that stands and why, in codes. Of the person it has the case's id alone: no identity and
 * none of the facts that a receiver decides by, since those are shared under a consent that does not travel with an export.
 * Agencies, case and documents are logical references.
 *
 * @param taskId UUID of the task in lower case: the same for the same referral, another one than the referral's own
 */
export function fhirBundleOf(referral: Referral, taskId: string): Bundle {
  const { referralId } = referral.request;
  const request: LiteralReference = { type: 'ServiceRequest', reference: `urn:uuid:${referralId}` };
  return {
    resourceType: 'Bundle',
    id: referralId,
    meta: { security: [RESTRICTED] },
    identifier: identifierOf('referral', referralId),
    type: 'collection',
    timestamp: lastModifiedOf(referral),
    entry: [
      { fullUrl: request.reference, resource: serviceRequestOf(referral) },
      { fullUrl: `urn:uuid:${taskId}`, resource: taskOf(referral, taskId, request) },
    ],
  };
}
