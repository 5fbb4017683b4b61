import type { Instant } from '@acogida/core';
import type { FhirStatuses } from '../merge-table.ts';

// What is used here of HL7 FHIR R4 (4.0.1), in words of that standard.

/** A code of a list, and how it is called. */
export interface Coding {
  readonly system: string;
  readonly code: string;
  readonly display?: string;
}

/** One meaning, coded in one or more systems. */
export interface CodeableConcept {
  readonly coding: readonly Coding[];
}

/** What something is called by those who gave it its name. */
export interface Identifier {
  readonly system: string;
  readonly value: string;
}

/** What FHIR has no element for. */
export type Extension = { readonly url: string } & (
  { readonly valueString: string } | { readonly valueCodeableConcept: CodeableConcept }
);

/** Points to what is not here, by its identifier. */
export interface LogicalReference {
  readonly type: 'DocumentReference' | 'Organization' | 'Patient' | 'ServiceRequest';
  readonly identifier: Identifier;
  readonly extension?: readonly Extension[];
}

/** Points to an entry of the same bundle, by its `fullUrl`. */
export interface LiteralReference {
  readonly type: 'ServiceRequest';
  readonly reference: string;
}

/** From when to when; open where it has no end. */
export interface Period {
  readonly start?: Instant;
  readonly end?: Instant;
}

/** What a task is given, or gives: a code, a pointer, or a number. */
export type TaskParameter = { readonly type: CodeableConcept } & (
  | { readonly valueCodeableConcept: CodeableConcept }
  | { readonly valueReference: LogicalReference }
  | { readonly valuePositiveInt: number }
);

/** How soon: from `stat`, at once, to `routine`. */
export type FhirPriority = 'stat' | 'asap' | 'urgent' | 'routine';

interface Resource {
  readonly id: string;
  readonly meta: { readonly security: readonly Coding[] };
}

interface CodedResource extends Resource {
  /** Language of what codes are called. */
  readonly language: 'en';
}

/** What is asked for. */
export interface ServiceRequest extends CodedResource {
  readonly resourceType: 'ServiceRequest';
  readonly extension?: readonly Extension[];
  readonly identifier: readonly Identifier[];
  readonly requisition?: Identifier;
  readonly status: FhirStatuses['request'];
  readonly intent: 'order';
  readonly priority: FhirPriority;
  readonly code: CodeableConcept;
  readonly orderDetail?: readonly CodeableConcept[];
  readonly subject: LogicalReference;
  readonly authoredOn: Instant;
  readonly requester: LogicalReference;
  readonly performer: readonly LogicalReference[];
  readonly reasonCode?: readonly CodeableConcept[];
}

/** What is made of it. */
export interface Task extends CodedResource {
  readonly resourceType: 'Task';
  readonly identifier: readonly Identifier[];
  readonly basedOn: readonly LiteralReference[];
  readonly groupIdentifier?: Identifier;
  readonly status: FhirStatuses['task'];
  readonly statusReason?: CodeableConcept;
  readonly businessStatus: CodeableConcept;
  readonly intent: 'order';
  readonly priority: FhirPriority;
  readonly code: CodeableConcept;
  readonly focus: LiteralReference;
  readonly for: LogicalReference;
  readonly executionPeriod?: Period;
  readonly authoredOn: Instant;
  readonly lastModified: Instant;
  readonly requester: LogicalReference;
  readonly owner: LogicalReference;
  readonly restriction?: { readonly period: Period; readonly recipient: readonly LogicalReference[] };
  readonly input?: readonly TaskParameter[];
  readonly output?: readonly TaskParameter[];
}

/** Resources that belong together. */
export interface Bundle extends Resource {
  readonly resourceType: 'Bundle';
  readonly identifier: Identifier;
  readonly type: 'collection';
  readonly timestamp: Instant;
  readonly entry: readonly { readonly fullUrl: string; readonly resource: ServiceRequest | Task }[];
}
