import {
  ATTACHMENT_KIND_LABELS,
  BSER_CODES,
  BUSINESS_STATUS_LABELS,
  type BusinessStatus,
  CANCEL_REASON_LABELS,
  COMPLETION_RESULT_LABELS,
  CONSENT_BASIS_LABELS,
  ENTRY_ERROR_LABELS,
  FAILURE_REASON_LABELS,
  HOLD_REASON_LABELS,
  INFORMATION_TOPIC_LABELS,
  type Labels,
  LOOP_OUTCOME_LABELS,
  REFERRAL_REASON_LABELS,
  REFERRAL_SERVICE_LABELS,
  REJECT_REASON_LABELS,
  type Urgency,
} from '@acogida/reference';
import type { CodeableConcept, Coding, FhirPriority, Identifier } from './fhir-resources.ts';

/** What an order says besides its service. */
const ORDER_DETAIL_LABELS = {
  CUSTODY_TRANSFER: { es: 'Con traspaso de la custodia', en: 'With transfer of custody' },
} as const satisfies Labels;

/** What a task is given. */
const TASK_INPUT_LABELS = {
  CONSENT_BASIS: { es: 'Lo que permite compartir', en: 'What allows sharing' },
  INFORMATION_REQUESTED: { es: 'Información solicitada', en: 'Information requested' },
} as const satisfies Labels;

/** What a task gives. */
const TASK_OUTPUT_LABELS = {
  RESULT: { es: 'Resultado', en: 'Result' },
  ALTERNATIVE_AGENCY: { es: 'Agencia alternativa', en: 'Alternative agency' },
  LOOP_OUTCOME: { es: 'Qué sigue, según quien remitió', en: 'What comes next, by the sender' },
  NEXT_REFERRAL: { es: 'Referencia siguiente', en: 'Next referral' },
  CUSTODY_TERM: { es: 'Periodo de custodia cedido', en: 'Term of custody given away' },
} as const satisfies Labels;

/** Lists whose codes are exported. The system of each is `urn:acogida:<name>`; names of released lists never change. */
const CODE_LISTS = {
  'attachment-kind': ATTACHMENT_KIND_LABELS,
  'business-status': BUSINESS_STATUS_LABELS,
  'cancel-reason': CANCEL_REASON_LABELS,
  'completion-result': COMPLETION_RESULT_LABELS,
  'consent-basis': CONSENT_BASIS_LABELS,
  'entry-error': ENTRY_ERROR_LABELS,
  'failure-reason': FAILURE_REASON_LABELS,
  'hold-reason': HOLD_REASON_LABELS,
  'information-topic': INFORMATION_TOPIC_LABELS,
  'loop-outcome': LOOP_OUTCOME_LABELS,
  'order-detail': ORDER_DETAIL_LABELS,
  'referral-reason': REFERRAL_REASON_LABELS,
  'referral-service': REFERRAL_SERVICE_LABELS,
  'reject-reason': REJECT_REASON_LABELS,
  'task-input': TASK_INPUT_LABELS,
  'task-output': TASK_OUTPUT_LABELS,
} as const satisfies Readonly<Record<string, Labels>>;

type CodeList = keyof typeof CODE_LISTS;

/** What has identifiers: the system of each is `urn:acogida:<name>`. */
type Named = 'agency' | 'attachment' | 'case' | 'referral' | 'referral-group';

/** The identifier of something in this network. */
export function identifierOf(what: Named, value: string): Identifier {
  return { system: `urn:acogida:${what}`, value };
}

/** SHA-256 of a document that is pointed to, in hexadecimal: FHIR itself has a place for SHA-1 only. */
export const SHA256_EXTENSION = 'urn:acogida:sha256';

/** A code of one of the project's lists, called by its English label. */
export function coded<L extends CodeList>(list: L, code: keyof (typeof CODE_LISTS)[L] & string): CodeableConcept {
  const labels: Labels = CODE_LISTS[list];
  return { coding: [{ system: `urn:acogida:${list}`, code, display: labels[code]?.en ?? code }] };
}

const BSER_SYSTEM = 'http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS';
/** What BSeR (STU 2) calls the codes of `BSER_CODES`. */
const BSER_DISPLAYS: Readonly<Record<string, string>> = {
  '2.0': 'Service Request Created',
  '3.0': 'Service Request Accepted',
  '4.0': 'Service Request Declined',
  '5.2': 'Service Request Cancellation Requested',
  '6.0': 'Service Request Fulfillment Cancelled',
  '7.0': 'Service Request Fulfillment Completed',
};

/** Where it stands: in the words of BSeR where they have one, and in the finer ones of the project. */
export function codedStatus(status: BusinessStatus): CodeableConcept {
  const { coding } = coded('business-status', status);
  const code = BSER_CODES[status];
  const bser = code === null ? [] : [{ system: BSER_SYSTEM, code, display: BSER_DISPLAYS[code] ?? code }];
  return { coding: [...bser, ...coding] };
}

/** That somebody is to carry out the request (`task-code` of FHIR R4). */
export const FULFILL: CodeableConcept = {
  coding: [{ system: 'http://hl7.org/fhir/CodeSystem/task-code', code: 'fulfill' }],
};

/** Restricted: to those who have a part in it (HL7 v3 Confidentiality). */
export const RESTRICTED: Coding = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality',
  code: 'R',
};

/** `request-priority` of FHIR R4, in the same order. */
export const PRIORITIES: Readonly<Record<Urgency, FhirPriority>> = {
  LIFE_SAVING: 'stat',
  URGENT: 'asap',
  PRIORITY: 'urgent',
  ROUTINE: 'routine',
};
