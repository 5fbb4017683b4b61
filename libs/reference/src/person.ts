import { codesOf, type Labels } from './code-list.ts';

/** Sex as recorded (domain.md §1.2). */
export const SEX_LABELS = {
  FEMALE: { es: 'Femenino', en: 'Female' },
  MALE: { es: 'Masculino', en: 'Male' },
  OTHER: { es: 'Otro', en: 'Other' },
  UNKNOWN: { es: 'Desconocido', en: 'Unknown' },
} as const satisfies Labels;
/** One of `SEX_LABELS`. */
export type Sex = keyof typeof SEX_LABELS;
export const SEXES = codesOf(SEX_LABELS);

/** Age status; `DISPUTED` is treated as `CHILD` everywhere (INV-08). */
export const AGE_STATUS_LABELS = {
  ADULT: { es: 'Persona adulta', en: 'Adult' },
  CHILD: { es: 'Niña, niño o adolescente', en: 'Child' },
  DISPUTED: { es: 'Edad en duda', en: 'Disputed' },
} as const satisfies Labels;
/** One of `AGE_STATUS_LABELS`. */
export type AgeStatus = keyof typeof AGE_STATUS_LABELS;
export const AGE_STATUSES = codesOf(AGE_STATUS_LABELS);

/** Whether the person is protected as a child: doubt on age = child (INV-08). */
export function isTreatedAsChild(ageStatus: AgeStatus): boolean {
  return ageStatus !== 'ADULT';
}

/** How precisely a date of birth is known. */
export const DOB_PRECISION_LABELS = {
  EXACT: { es: 'Exacta', en: 'Exact' },
  MONTH: { es: 'Mes', en: 'Month' },
  YEAR: { es: 'Año', en: 'Year' },
  ESTIMATED: { es: 'Estimada', en: 'Estimated' },
  UNKNOWN: { es: 'Desconocida', en: 'Unknown' },
} as const satisfies Labels;
/** One of `DOB_PRECISION_LABELS`. */
export type DobPrecision = keyof typeof DOB_PRECISION_LABELS;
export const DOB_PRECISIONS = codesOf(DOB_PRECISION_LABELS);

/** How sure a nationality is. */
export const NATIONALITY_STATUS_LABELS = {
  DOCUMENTED: { es: 'Documentada', en: 'Documented' },
  DECLARED: { es: 'Declarada', en: 'Declared' },
  UNDETERMINED: { es: 'Sin determinar', en: 'Undetermined' },
  AT_RISK_OF_STATELESSNESS: { es: 'En riesgo de apatridia', en: 'At risk of statelessness' },
  STATELESS: { es: 'Apátrida', en: 'Stateless' },
} as const satisfies Labels;
/** One of `NATIONALITY_STATUS_LABELS`. */
export type NationalityStatus = keyof typeof NATIONALITY_STATUS_LABELS;
export const NATIONALITY_STATUSES = codesOf(NATIONALITY_STATUS_LABELS);

/** Inclusive bounds in completed years; a null bound is open. */
export interface AgeBand {
  readonly fromYears: number | null;
  readonly toYears: number | null;
}

const PARTIAL_DATE = /^(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?$/;

/** A date as precisely as it is known: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. */
export function isPartialDate(text: string): boolean {
  const match = PARTIAL_DATE.exec(text);
  if (match === null) return false;
  if (match[3] === undefined) return true;
  const day = new Date(`${text}T00:00:00.000Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
