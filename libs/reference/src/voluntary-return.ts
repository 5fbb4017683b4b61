import { codesOf, type Labels } from './code-list.ts';

/** What return counselling speaks of (domain.md §2.6): returning, and all that the person could do instead. */
export const COUNSELLED_OPTION_LABELS = {
  ASYLUM: { es: 'Asilo', en: 'Asylum' },
  STAY: { es: 'Permanencia por otras razones', en: 'Stay on other grounds' },
  REGULARISATION: { es: 'Regularización', en: 'Regularisation' },
  RETURN_CONDITIONS: { es: 'Condiciones del retorno', en: 'Conditions of the return' },
  REINTEGRATION: { es: 'Apoyo a la reintegración', en: 'Reintegration support' },
  RIGHT_TO_WITHDRAW: { es: 'Derecho a desistir hasta el embarque', en: 'Right to withdraw until boarding' },
} as const satisfies Labels;
/** One of `COUNSELLED_OPTION_LABELS`. */
export type CounselledOption = keyof typeof COUNSELLED_OPTION_LABELS;
export const COUNSELLED_OPTIONS = codesOf(COUNSELLED_OPTION_LABELS);

/** What a return consent must never depend on (INV-14). */
export const CONSENT_TIE_LABELS = {
  DETENTION: { es: 'La libertad depende de ello', en: 'Release from detention depends on it' },
  CASH: { es: 'Una ayuda en dinero depende de ello', en: 'A cash benefit depends on it' },
} as const satisfies Labels;
/** One of `CONSENT_TIE_LABELS`. */
export type ConsentTie = keyof typeof CONSENT_TIE_LABELS;
export const CONSENT_TIES = codesOf(CONSENT_TIE_LABELS);

/** Whom the person told that they do not want to return: any of them will do (INV-14). */
export const TOLD_TO_LABELS = {
  RETURN_STAFF: { es: 'Personal de retorno', en: 'Return staff' },
  BORDER_STAFF: { es: 'Personal de frontera', en: 'Border staff' },
  CARRIER: { es: 'Transportista o escolta', en: 'Carrier or escort' },
  INTERPRETER: { es: 'Intérprete', en: 'Interpreter' },
  REPRESENTATIVE: { es: 'Representante o tutor', en: 'Representative or guardian' },
  ANOTHER_AGENCY: { es: 'Otra institución', en: 'Another agency' },
  FAMILY: { es: 'Familia', en: 'Family' },
} as const satisfies Labels;
/** One of `TOLD_TO_LABELS`. */
export type ToldTo = keyof typeof TOLD_TO_LABELS;
export const TOLD_TO = codesOf(TOLD_TO_LABELS);

/** Why a return is declined (domain.md §2.6). */
export const RETURN_DECLINE_REASON_LABELS = {
  UNSAFE: { es: 'No es seguro', en: 'Unsafe' },
  NOT_VOLUNTARY: { es: 'No es voluntario', en: 'Not voluntary' },
  INELIGIBLE: { es: 'No cumple los requisitos', en: 'Ineligible' },
  NO_FUNDS: { es: 'Sin fondos', en: 'No funds' },
} as const satisfies Labels;
/** One of `RETURN_DECLINE_REASON_LABELS`. */
export type ReturnDeclineReason = keyof typeof RETURN_DECLINE_REASON_LABELS;
export const RETURN_DECLINE_REASONS = codesOf(RETURN_DECLINE_REASON_LABELS);
