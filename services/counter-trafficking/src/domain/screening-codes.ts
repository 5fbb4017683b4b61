import type { OutcomeReason, TraffickingOutcome } from '@acogida/reference';

/** Whether the person can speak out of earshot of whoever may control them. Private to this procedure. */
export const SAFETY_SETTINGS = ['PRIVATE', 'NOT_PRIVATE', 'UNKNOWN'] as const;
/** One of `SAFETY_SETTINGS`. */
export type SafetySetting = (typeof SAFETY_SETTINGS)[number];

/** What became of urgent needs before the interview. */
export const URGENT_NEEDS_ANSWERS = ['NONE', 'MET', 'REFERRED', 'UNKNOWN'] as const;
/** One of `URGENT_NEEDS_ANSWERS`. */
export type UrgentNeedsAnswer = (typeof URGENT_NEEDS_ANSWERS)[number];

/** Whether a child agreed, beside the guardian's consent (domain.md §1.3). */
export const CHILD_ASSENTS = ['YES', 'NO', 'TOO_YOUNG', 'NOT_APPLICABLE'] as const;
/** One of `CHILD_ASSENTS`. */
export type ChildAssent = (typeof CHILD_ASSENTS)[number];

/** The reasons that bear an outcome. Missing information never bears NOT_IDENTIFIED: doubt is for the person. */
const REASONS_FOR: Readonly<Record<TraffickingOutcome, readonly OutcomeReason[]>> = {
  CONFIRMED: ['ELEMENTS_ESTABLISHED', 'COMPETENT_AUTHORITY_DECISION'],
  PRESUMED: ['ELEMENTS_ESTABLISHED', 'REASONABLE_GROUNDS', 'BENEFIT_OF_DOUBT', 'COMPETENT_AUTHORITY_DECISION'],
  INCONCLUSIVE: ['INSUFFICIENT_INFORMATION', 'BENEFIT_OF_DOUBT', 'COMPETENT_AUTHORITY_DECISION'],
  AT_RISK: ['RISK_FACTORS_ONLY', 'INSUFFICIENT_INFORMATION', 'BENEFIT_OF_DOUBT', 'COMPETENT_AUTHORITY_DECISION'],
  NOT_IDENTIFIED: ['ELEMENTS_ABSENT', 'COMPETENT_AUTHORITY_DECISION'],
};

/** Whether an outcome can be recorded for this reason. */
export function isReasonFor(outcome: TraffickingOutcome, reason: OutcomeReason): boolean {
  return REASONS_FOR[outcome].includes(reason);
}
