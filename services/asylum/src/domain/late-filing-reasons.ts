import { codesOf, type Labels } from '@acogida/reference';

/** Why an application came after the country's limit; coded, since free text could identify (domain.md 2.3) [D]. */
export const LATE_FILING_REASON_LABELS = {
  NOT_INFORMED: { es: 'No fue informada', en: 'Not informed' },
  NO_INTERPRETER: { es: 'Sin intérprete', en: 'No interpreter' },
  HEALTH: { es: 'Salud', en: 'Health' },
  FEAR: { es: 'Temor', en: 'Fear' },
  DETAINED: { es: 'Detenida', en: 'Detained' },
  CHILD: { es: 'Niñez', en: 'Child' },
  CHANGED_CIRCUMSTANCES: { es: 'Cambio de circunstancias', en: 'Changed circumstances' },
  FORCE_MAJEURE: { es: 'Fuerza mayor', en: 'Force majeure' },
  OTHER: { es: 'Otra', en: 'Other' },
} as const satisfies Labels;
/** One of `LATE_FILING_REASONS`. */
export type LateFilingReason = keyof typeof LATE_FILING_REASON_LABELS;
/** The codes of the list. */
export const LATE_FILING_REASONS = codesOf(LATE_FILING_REASON_LABELS);
