import { codesOf, type Labels } from './code-list.ts';

/** Palermo art. 3: acts (domain.md §2.4). */
export const TRAFFICKING_ACT_LABELS = {
  RECRUITMENT: { es: 'Captación', en: 'Recruitment' },
  TRANSPORT: { es: 'Transporte', en: 'Transport' },
  TRANSFER: { es: 'Traslado', en: 'Transfer' },
  HARBOURING: { es: 'Acogida', en: 'Harbouring' },
  RECEIPT: { es: 'Recepción', en: 'Receipt' },
} as const satisfies Labels;
/** One of `TRAFFICKING_ACT_LABELS`. */
export type TraffickingAct = keyof typeof TRAFFICKING_ACT_LABELS;
export const TRAFFICKING_ACTS = codesOf(TRAFFICKING_ACT_LABELS);

/** Palermo art. 3: means; ignored for a child (INV-08). */
export const TRAFFICKING_MEANS_LABELS = {
  THREAT: { es: 'Amenaza', en: 'Threat' },
  FORCE: { es: 'Fuerza', en: 'Force' },
  COERCION: { es: 'Coacción', en: 'Coercion' },
  ABDUCTION: { es: 'Rapto', en: 'Abduction' },
  FRAUD: { es: 'Fraude', en: 'Fraud' },
  DECEPTION: { es: 'Engaño', en: 'Deception' },
  ABUSE_OF_POWER: { es: 'Abuso de poder', en: 'Abuse of power' },
  ABUSE_OF_VULNERABILITY: {
    es: 'Abuso de una situación de vulnerabilidad',
    en: 'Abuse of a position of vulnerability',
  },
  PAYMENT_TO_CONTROLLER: { es: 'Pago a quien tiene autoridad sobre la persona', en: 'Payment to a person in control' },
} as const satisfies Labels;
/** One of `TRAFFICKING_MEANS_LABELS`. */
export type TraffickingMeans = keyof typeof TRAFFICKING_MEANS_LABELS;
export const TRAFFICKING_MEANS = codesOf(TRAFFICKING_MEANS_LABELS);

/** Palermo art. 3: purposes. */
export const TRAFFICKING_PURPOSE_LABELS = {
  SEXUAL: { es: 'Explotación sexual', en: 'Sexual exploitation' },
  FORCED_LABOUR: { es: 'Trabajo forzoso', en: 'Forced labour' },
  SLAVERY_LIKE: { es: 'Esclavitud o prácticas análogas', en: 'Slavery or similar practices' },
  SERVITUDE: { es: 'Servidumbre', en: 'Servitude' },
  ORGANS: { es: 'Extracción de órganos', en: 'Removal of organs' },
  FORCED_CRIME: { es: 'Criminalidad forzada', en: 'Forced crime' },
  FORCED_BEGGING: { es: 'Mendicidad forzada', en: 'Forced begging' },
  FORCED_MARRIAGE: { es: 'Matrimonio forzado', en: 'Forced marriage' },
  ILLEGAL_ADOPTION: { es: 'Adopción ilegal', en: 'Illegal adoption' },
  ARMED_GROUP: { es: 'Uso por grupos armados', en: 'Use by armed groups' },
  OTHER: { es: 'Otra', en: 'Other' },
} as const satisfies Labels;
/** One of `TRAFFICKING_PURPOSE_LABELS`. */
export type TraffickingPurpose = keyof typeof TRAFFICKING_PURPOSE_LABELS;
export const TRAFFICKING_PURPOSES = codesOf(TRAFFICKING_PURPOSE_LABELS);

/** Outcomes of a screening. */
export const TRAFFICKING_OUTCOME_LABELS = {
  CONFIRMED: { es: 'Confirmada', en: 'Confirmed' },
  PRESUMED: { es: 'Presunta (motivos razonables)', en: 'Presumed (reasonable grounds)' },
  AT_RISK: { es: 'En riesgo', en: 'At risk' },
  INCONCLUSIVE: { es: 'No concluyente', en: 'Inconclusive' },
  NOT_IDENTIFIED: { es: 'No identificada', en: 'Not identified' },
} as const satisfies Labels;
/** One of `TRAFFICKING_OUTCOME_LABELS`. */
export type TraffickingOutcome = keyof typeof TRAFFICKING_OUTCOME_LABELS;
export const TRAFFICKING_OUTCOMES = codesOf(TRAFFICKING_OUTCOME_LABELS);

/**
 * How protective an outcome is; an officer may move the suggestion only to an equal or higher number without second
 * review. INCONCLUSIVE is treated as PRESUMED (domain.md §2.4).
 */
export const PROTECTION_RANK: Readonly<Record<TraffickingOutcome, number>> = {
  CONFIRMED: 3,
  PRESUMED: 2,
  INCONCLUSIVE: 2,
  AT_RISK: 1,
  NOT_IDENTIFIED: 0,
};

/** Why an officer recorded an outcome. */
export const OUTCOME_REASON_LABELS = {
  ELEMENTS_ESTABLISHED: { es: 'Elementos establecidos', en: 'Elements established' },
  REASONABLE_GROUNDS: { es: 'Motivos razonables', en: 'Reasonable grounds' },
  BENEFIT_OF_DOUBT: { es: 'Beneficio de la duda', en: 'Benefit of the doubt' },
  RISK_FACTORS_ONLY: { es: 'Solo factores de riesgo', en: 'Risk factors only' },
  INSUFFICIENT_INFORMATION: { es: 'Información insuficiente', en: 'Insufficient information' },
  ELEMENTS_ABSENT: { es: 'Faltan elementos', en: 'Elements absent' },
  COMPETENT_AUTHORITY_DECISION: { es: 'Decisión de autoridad competente', en: 'Decision of the competent authority' },
} as const satisfies Labels;
/** One of `OUTCOME_REASON_LABELS`. */
export type OutcomeReason = keyof typeof OUTCOME_REASON_LABELS;
export const OUTCOME_REASONS = codesOf(OUTCOME_REASON_LABELS);

/** Who or what gave rise to a need or an indicator (domain.md §1.6). */
export const OBSERVATION_SOURCE_LABELS = {
  SELF: { es: 'La persona', en: 'The person' },
  OBSERVED: { es: 'Observado', en: 'Observed' },
  REFERRAL: { es: 'Referencia', en: 'Referral' },
  ASSESSMENT: { es: 'Evaluación', en: 'Assessment' },
} as const satisfies Labels;
/** One of `OBSERVATION_SOURCE_LABELS`. */
export type ObservationSource = keyof typeof OBSERVATION_SOURCE_LABELS;
export const OBSERVATION_SOURCES = codesOf(OBSERVATION_SOURCE_LABELS);

/** The six dimensions of the indicator lists. */
export const INDICATOR_DIMENSION_LABELS = {
  DR: { es: 'Captación engañosa', en: 'Deceptive recruitment' },
  CR: { es: 'Captación coercitiva', en: 'Coercive recruitment' },
  VR: { es: 'Captación por abuso de vulnerabilidad', en: 'Recruitment by abuse of vulnerability' },
  EX: { es: 'Explotación', en: 'Exploitation' },
  CD: { es: 'Coerción en el destino', en: 'Coercion at destination' },
  VD: { es: 'Abuso de vulnerabilidad en el destino', en: 'Abuse of vulnerability at destination' },
} as const satisfies Labels;
/** One of `INDICATOR_DIMENSION_LABELS`. */
export type IndicatorDimension = keyof typeof INDICATOR_DIMENSION_LABELS;
export const INDICATOR_DIMENSIONS = codesOf(INDICATOR_DIMENSION_LABELS);

/** Result of the dimension rule. */
export const DIMENSION_RESULT_LABELS = {
  POSITIVE: { es: 'Positivo', en: 'Positive' },
  NOT_POSITIVE: { es: 'No positivo', en: 'Not positive' },
  NOT_ASSESSED: { es: 'Sin evaluar', en: 'Not assessed' },
} as const satisfies Labels;
/** One of `DIMENSION_RESULT_LABELS`. */
export type DimensionResult = keyof typeof DIMENSION_RESULT_LABELS;
export const DIMENSION_RESULTS = codesOf(DIMENSION_RESULT_LABELS);

/** Indicator lists in use. */
export const INDICATOR_LIST_LABELS = {
  ILO_EC_ADULT_LABOUR: { es: 'OIT/CE, explotación laboral de adultos', en: 'ILO/EC, labour exploitation of adults' },
} as const satisfies Labels;
/** One of `INDICATOR_LIST_LABELS`. */
export type IndicatorList = keyof typeof INDICATOR_LIST_LABELS;
export const INDICATOR_LISTS = codesOf(INDICATOR_LIST_LABELS);
