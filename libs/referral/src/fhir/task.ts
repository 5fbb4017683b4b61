import type { Instant } from '@acogida/core';
import { keepsFacts } from '../came-to-nothing.ts';
import { deadlinesOf } from '../deadlines.ts';
import { businessStatusOf, MERGE_TABLE } from '../merge-table.ts';
import type { Attachment, Referral } from '../referral.ts';
import { coded, codedStatus, FULFILL, identifierOf, PRIORITIES, RESTRICTED, SHA256_EXTENSION } from './fhir-codes.ts';
import type { LiteralReference, Period, Task, TaskParameter } from './fhir-resources.ts';
import { agencyReference, caseReference } from './service-request.ts';
import { taskReasonOf } from './status-reasons.ts';

/** Told instants, the earliest first. */
function inOrder(instants: readonly (Instant | null)[]): readonly Instant[] {
  return instants.filter((instant) => instant !== null).sort();
}

/** When it last changed: never before it was asked for, though clocks of two agencies differ (`inv-1` of R4). */
export function lastModifiedOf({ request, times }: Referral): Instant {
  const told: readonly (Instant | null)[] = Object.values<Instant | null>({ ...times });
  return inOrder([request.requestedAt, ...told]).at(-1) ?? request.requestedAt;
}

/** When the receiver first did something about it, and when the last thing was done. */
function executionPeriodOf({ times, requestStatus, fulfilment }: Referral): Period | null {
  const { acknowledgedAt, heldAt, acceptedAt, startedAt, answeredAt, endedAt } = times;
  const [start] = inOrder([acknowledgedAt, heldAt, acceptedAt, startedAt, answeredAt]);
  const { task } = MERGE_TABLE[requestStatus][fulfilment].fhir;
  const isOver = answeredAt !== null || task === 'cancelled' || task === 'entered-in-error';
  const end = isOver ? (answeredAt ?? endedAt) : null;
  if (start === undefined) return end === null ? null : { end };
  if (end === null) return { start };
  return start > end ? { end } : { start, end }; // of two agencies whose clocks differ (`per-1` of R4)
}

/** Until when the receiver is to take its next step. */
function restrictionOf(referral: Referral): Task['restriction'] | null {
  const due = deadlinesOf(referral).find(({ of }) => of === 'RECEIVER');
  if (due === undefined) return null;
  return { period: { end: due.dueAt }, recipient: [agencyReference(referral.request.receiver)] };
}

function attached({ attachmentId, kind, sha256 }: Attachment): TaskParameter {
  return {
    type: coded('attachment-kind', kind),
    valueReference: {
      type: 'DocumentReference',
      identifier: identifierOf('attachment', attachmentId),
      extension: [{ url: SHA256_EXTENSION, valueString: sha256 }],
    },
  };
}

function inputOf(referral: Referral): readonly TaskParameter[] {
  const { request, hold, information } = referral;
  const asked = (hold?.information ?? []).map((topic) => ({
    type: coded('task-input', 'INFORMATION_REQUESTED'),
    valueCodeableConcept: coded('information-topic', topic),
  }));
  if (!keepsFacts(referral)) return asked;
  return [
    {
      type: coded('task-input', 'CONSENT_BASIS'),
      valueCodeableConcept: coded('consent-basis', request.consent.basis),
    },
    ...asked,
    ...[...request.attachments, ...(information?.attachments ?? [])].map(attached),
  ];
}

function outputOf({ result, rejection, closure, custodyTerm }: Referral): readonly TaskParameter[] {
  const output: TaskParameter[] = [];
  if (result !== null)
    output.push({ type: coded('task-output', 'RESULT'), valueCodeableConcept: coded('completion-result', result) });
  if (rejection?.alternativeAgency) {
    const valueReference = agencyReference(rejection.alternativeAgency);
    output.push({ type: coded('task-output', 'ALTERNATIVE_AGENCY'), valueReference });
  }
  if (closure !== null) {
    const valueCodeableConcept = coded('loop-outcome', closure.outcome);
    output.push({ type: coded('task-output', 'LOOP_OUTCOME'), valueCodeableConcept });
  }
  if (closure?.nextReferralId) {
    const identifier = identifierOf('referral', closure.nextReferralId);
    output.push({
      type: coded('task-output', 'NEXT_REFERRAL'),
      valueReference: { type: 'ServiceRequest', identifier },
    });
  }
  if (custodyTerm !== null) output.push({ type: coded('task-output', 'CUSTODY_TERM'), valuePositiveInt: custodyTerm });
  return output;
}

/** What the receiver makes of the request that `focus` points to. */
export function taskOf(referral: Referral, taskId: string, focus: LiteralReference): Task {
  const { request, requestStatus, fulfilment, hold } = referral;
  const reason = taskReasonOf(referral);
  const executionPeriod = executionPeriodOf(referral);
  const restriction = restrictionOf(referral);
  const input = inputOf(referral);
  const output = outputOf(referral);
  return {
    resourceType: 'Task',
    id: taskId,
    meta: { security: [RESTRICTED] },
    language: 'en',
    identifier: [identifierOf('referral', request.referralId)],
    basedOn: [focus],
    ...(request.groupId !== null && { groupIdentifier: identifierOf('referral-group', request.groupId) }),
    status: MERGE_TABLE[requestStatus][fulfilment].fhir.task,
    ...(reason && { statusReason: reason }),
    businessStatus: codedStatus(businessStatusOf(requestStatus, fulfilment, hold?.reason ?? null)),
    intent: 'order',
    priority: PRIORITIES[request.urgency],
    code: FULFILL,
    focus,
    for: caseReference(request.caseId),
    ...(executionPeriod && { executionPeriod }),
    authoredOn: request.requestedAt,
    lastModified: lastModifiedOf(referral),
    requester: agencyReference(request.sender),
    owner: agencyReference(request.receiver),
    ...(restriction && { restriction }),
    ...(input.length > 0 && { input }),
    ...(output.length > 0 && { output }),
  };
}
