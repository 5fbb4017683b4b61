import { keepsFacts } from '../came-to-nothing.ts';
import { MERGE_TABLE } from '../merge-table.ts';
import type { Referral } from '../referral.ts';
import { coded, identifierOf, PRIORITIES, RESTRICTED } from './fhir-codes.ts';
import type { LogicalReference, ServiceRequest } from './fhir-resources.ts';
import { requestReasonOf } from './status-reasons.ts';

/** Defined by FHIR R4 for `ServiceRequest`, which has no element for it. */
const STATUS_REASON_EXTENSION = 'http://hl7.org/fhir/StructureDefinition/request-statusReason';

/** An agency of the network. */
export function agencyReference(agencyId: string): LogicalReference {
  return { type: 'Organization', identifier: identifierOf('agency', agencyId) };
}

/** The person: nothing but the case, whose id is random. */
export function caseReference(caseId: string): LogicalReference {
  return { type: 'Patient', identifier: identifierOf('case', caseId) };
}

/** What the sender asks for, and whether it still does. */
export function serviceRequestOf(referral: Referral): ServiceRequest {
  const { request, requestStatus, fulfilment } = referral;
  const reason = requestReasonOf(referral);
  return {
    resourceType: 'ServiceRequest',
    id: request.referralId,
    meta: { security: [RESTRICTED] },
    language: 'en',
    ...(reason && { extension: [{ url: STATUS_REASON_EXTENSION, valueCodeableConcept: reason }] }),
    identifier: [identifierOf('referral', request.referralId)],
    ...(request.groupId !== null && { requisition: identifierOf('referral-group', request.groupId) }),
    status: MERGE_TABLE[requestStatus][fulfilment].fhir.request,
    intent: 'order',
    priority: PRIORITIES[request.urgency],
    code: coded('referral-service', request.service),
    ...(request.transfer && { orderDetail: [coded('order-detail', 'CUSTODY_TRANSFER')] }),
    subject: caseReference(request.caseId),
    authoredOn: request.requestedAt,
    requester: agencyReference(request.sender),
    performer: [agencyReference(request.receiver)],
    ...(keepsFacts(referral) && { reasonCode: [coded('referral-reason', request.reason)] }),
  };
}
