import { codesOf, type Labels } from './code-list.ts';

/** Why a case is erased (architecture.md §5, INV-22). */
export const ERASURE_BASIS_LABELS = {
  PERSON_REQUEST: { es: 'La persona lo pidió', en: 'The person asked for it' },
  RETENTION_OVER: { es: 'El plazo de conservación terminó', en: 'The retention period is over' },
  ENTERED_IN_ERROR: { es: 'El caso se registró por error', en: 'The case was entered in error' },
  COURT_ORDER: { es: 'Una autoridad judicial lo ordenó', en: 'A court ordered it' },
} as const satisfies Labels;
/** One of `ERASURE_BASIS_LABELS`. */
export type ErasureBasis = keyof typeof ERASURE_BASIS_LABELS;
export const ERASURE_BASES = codesOf(ERASURE_BASIS_LABELS);

/** What an erasure waits for (architecture.md §5: open holds, departures, a legal hold). */
export const POSTPONEMENT_LABELS = {
  OPEN_HOLD: { es: 'Hay una medida que impide la salida', en: 'A removal hold is open' },
  DEPARTURE: { es: 'Hay una salida en curso', en: 'A departure is under way' },
  OPEN_REFERRAL: { es: 'Hay una remisión abierta', en: 'A referral is open' },
  LEGAL_HOLD: { es: 'Hay que conservarlo por razones legales', en: 'It has to be kept for legal reasons' },
} as const satisfies Labels;
/** One of `POSTPONEMENT_LABELS`. */
export type PostponementReason = keyof typeof POSTPONEMENT_LABELS;
export const POSTPONEMENT_REASONS = codesOf(POSTPONEMENT_LABELS);

/** Why a case has to be kept although its erasure is ordered. */
export const LEGAL_HOLD_REASON_LABELS = {
  COURT_ORDER: { es: 'Una autoridad judicial ordenó conservarlo', en: 'A court ordered that it be kept' },
  CRIMINAL_INVESTIGATION: { es: 'Hay una investigación penal en curso', en: 'A criminal investigation is under way' },
  LEGAL_CLAIMS: { es: 'Hay un recurso o una demanda en curso', en: 'An appeal or a claim is under way' },
  OVERSIGHT: { es: 'Un órgano de control lo examina', en: 'An oversight body examines it' },
  NOT_STATED: { es: 'No consta', en: 'Not stated' },
} as const satisfies Labels;
/** One of `LEGAL_HOLD_REASON_LABELS`. */
export type LegalHoldReason = keyof typeof LEGAL_HOLD_REASON_LABELS;
export const LEGAL_HOLD_REASONS = codesOf(LEGAL_HOLD_REASON_LABELS);
/** Reasons that a hold is placed for; `NOT_STATED` is only of holds from before a reason was asked for. */
export const STATED_LEGAL_HOLD_REASONS = LEGAL_HOLD_REASONS.filter((reason) => reason !== 'NOT_STATED');

/** What kind of authority asked that a case be kept. */
export const LEGAL_HOLD_AUTHORITY_LABELS = {
  COURT: { es: 'Autoridad judicial', en: 'Court' },
  PROSECUTOR: { es: 'Ministerio público', en: 'Public prosecutor' },
  OMBUDSMAN: { es: 'Defensoría de los derechos humanos', en: 'Ombudsman institution' },
  DATA_PROTECTION_AUTHORITY: { es: 'Autoridad de protección de datos', en: 'Data protection authority' },
  AUDIT_INSTITUTION: { es: 'Entidad fiscalizadora', en: 'Audit institution' },
  HUMAN_RIGHTS_BODY: { es: 'Órgano internacional de derechos humanos', en: 'International human rights body' },
} as const satisfies Labels;
/** One of `LEGAL_HOLD_AUTHORITY_LABELS`. */
export type LegalHoldAuthority = keyof typeof LEGAL_HOLD_AUTHORITY_LABELS;
export const LEGAL_HOLD_AUTHORITIES = codesOf(LEGAL_HOLD_AUTHORITY_LABELS);
