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
