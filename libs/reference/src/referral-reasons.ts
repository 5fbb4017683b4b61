import { codesOf, type Labels } from './code-list.ts';

/** Why a receiver has not decided yet (architecture.md §6). Who is on hold has not been taken on. */
export const HOLD_REASON_LABELS = {
  WAITLIST: { es: 'Lista de espera', en: 'Waiting list' },
  INFORMATION_REQUESTED: { es: 'Se pidió información', en: 'Information requested' },
} as const satisfies Labels;
/** One of `HOLD_REASON_LABELS`. */
export type HoldReason = keyof typeof HOLD_REASON_LABELS;
export const HOLD_REASONS = codesOf(HOLD_REASON_LABELS);

/** What a receiver needs to know before it decides. */
export const INFORMATION_TOPIC_LABELS = {
  CONSENT: { es: 'Consentimiento', en: 'Consent' },
  IDENTITY: { es: 'Identidad y documentos', en: 'Identity and documents' },
  FAMILY: { es: 'Familia', en: 'Family' },
  HEALTH: { es: 'Salud', en: 'Health' },
  LEGAL_STATUS: { es: 'Situación jurídica', en: 'Legal status' },
  RISK: { es: 'Riesgos', en: 'Risks' },
  WHEREABOUTS: { es: 'Paradero y contacto', en: 'Whereabouts and contact' },
} as const satisfies Labels;
/** One of `INFORMATION_TOPIC_LABELS`. */
export type InformationTopic = keyof typeof INFORMATION_TOPIC_LABELS;
export const INFORMATION_TOPICS = codesOf(INFORMATION_TOPIC_LABELS);

/** Why a service that was promised did not come about (architecture.md §6). */
export const FAILURE_REASON_LABELS = {
  NO_SHOW: { es: 'La persona no se presentó', en: 'Person did not appear' },
  UNREACHABLE: { es: 'Persona no localizable', en: 'Person cannot be reached' },
  CANCELLED_BY_SENDER: { es: 'Anulada por quien remitió', en: 'Cancelled by the sender' },
  CONSENT_WITHDRAWN: { es: 'Consentimiento retirado', en: 'Consent withdrawn' },
  SERVICE_CLOSED: { es: 'Servicio cerrado', en: 'Service closed' },
} as const satisfies Labels;
/** One of `FAILURE_REASON_LABELS`. */
export type FailureReason = keyof typeof FAILURE_REASON_LABELS;
export const FAILURE_REASONS = codesOf(FAILURE_REASON_LABELS);

/** Why a sender takes a request back. */
export const CANCEL_REASON_LABELS = {
  NO_LONGER_NEEDED: { es: 'Ya no hace falta', en: 'No longer needed' },
  PERSON_DECLINED: { es: 'La persona lo rechazó', en: 'Person declined' },
  PERSON_MOVED_ON: { es: 'La persona siguió su camino', en: 'Person moved on' },
  CONSENT_WITHDRAWN: { es: 'Consentimiento retirado', en: 'Consent withdrawn' },
  SERVED_ELSEWHERE: { es: 'Atendida en otro lugar', en: 'Served elsewhere' },
  SUPERSEDED: { es: 'Sustituida por otra', en: 'Superseded by another' },
} as const satisfies Labels;
/** One of `CANCEL_REASON_LABELS`. */
export type CancelReason = keyof typeof CANCEL_REASON_LABELS;
export const CANCEL_REASONS = codesOf(CANCEL_REASON_LABELS);

/** Why a request should never have been made (FHIR `entered-in-error`). */
export const ENTRY_ERROR_LABELS = {
  WRONG_PERSON: { es: 'Persona equivocada', en: 'Wrong person' },
  WRONG_RECEIVER: { es: 'Destino equivocado', en: 'Wrong receiver' },
  WRONG_SERVICE: { es: 'Servicio equivocado', en: 'Wrong service' },
  ENTERED_TWICE: { es: 'Registrada dos veces', en: 'Entered twice' },
} as const satisfies Labels;
/** One of `ENTRY_ERROR_LABELS`. */
export type EntryError = keyof typeof ENTRY_ERROR_LABELS;
export const ENTRY_ERRORS = codesOf(ENTRY_ERROR_LABELS);

/** What the sender makes of the end of a referral: the next step, or that the person wants none (INV-19). */
export const LOOP_OUTCOME_LABELS = {
  NEED_MET: { es: 'Necesidad cubierta', en: 'Need met' },
  NEED_PARTLY_MET: { es: 'Cubierta en parte', en: 'Need partly met' },
  REFERRED_ELSEWHERE: { es: 'Remitida a otra agencia', en: 'Referred elsewhere' },
  CONTINUES_HERE: { es: 'Sigue con quien remitió', en: 'Goes on with the sender' },
  PERSON_DECLINED: { es: 'La persona lo rechazó', en: 'Person declined' },
} as const satisfies Labels;
/** One of `LOOP_OUTCOME_LABELS`. */
export type LoopOutcome = keyof typeof LOOP_OUTCOME_LABELS;
export const LOOP_OUTCOMES = codesOf(LOOP_OUTCOME_LABELS);

/** Kind of a document that a referral points to. The document itself does not travel with it. */
export const ATTACHMENT_KIND_LABELS = {
  REFERRAL_LETTER: { es: 'Carta de remisión', en: 'Referral letter' },
  PROFILE_SHEET: { es: 'Ficha de perfil', en: 'Profile sheet' },
  ASSESSMENT: { es: 'Evaluación', en: 'Assessment' },
  MEDICAL_REPORT: { es: 'Informe médico', en: 'Medical report' },
  LEGAL_DOCUMENT: { es: 'Documento legal', en: 'Legal document' },
  IDENTITY_DOCUMENT: { es: 'Documento de identidad', en: 'Identity document' },
  CONSENT_FORM: { es: 'Constancia de consentimiento', en: 'Consent form' },
  OTHER: { es: 'Otro', en: 'Other' },
} as const satisfies Labels;
/** One of `ATTACHMENT_KIND_LABELS`. */
export type AttachmentKind = keyof typeof ATTACHMENT_KIND_LABELS;
export const ATTACHMENT_KINDS = codesOf(ATTACHMENT_KIND_LABELS);

/** Why a custodian does not hand a case over that was asked for. */
export const TRANSFER_DECLINE_REASON_LABELS = {
  CARE_GOES_ON_HERE: { es: 'La atención sigue aquí', en: 'Care goes on here' },
  NO_CONSENT: { es: 'Sin consentimiento', en: 'No consent' },
  AGAINST_BEST_INTERESTS: { es: 'Contra el interés superior', en: 'Against best interests' },
  SEPARATES_FAMILY: { es: 'Separaría a la familia', en: 'Would separate the family' },
  NOT_THE_CUSTODIAN: { es: 'No es custodio', en: 'Not the custodian' },
} as const satisfies Labels;
/** One of `TRANSFER_DECLINE_REASON_LABELS`. */
export type TransferDeclineReason = keyof typeof TRANSFER_DECLINE_REASON_LABELS;
export const TRANSFER_DECLINE_REASONS = codesOf(TRANSFER_DECLINE_REASON_LABELS);
