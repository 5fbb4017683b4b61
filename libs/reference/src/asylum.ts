import { codesOf, type Labels } from './code-list.ts';

/** Form of lodging an asylum application (domain.md §2.3). */
export const LODGING_FORM_LABELS = {
  ORAL: { es: 'Oral', en: 'Oral' },
  WRITTEN: { es: 'Por escrito', en: 'Written' },
} as const satisfies Labels;
/** One of `LODGING_FORM_LABELS`. */
export type LodgingForm = keyof typeof LODGING_FORM_LABELS;
export const LODGING_FORMS = codesOf(LODGING_FORM_LABELS);

/** Who lodged an asylum application; a third party's lodging is to be ratified. */
export const LODGED_BY_LABELS = {
  SELF: { es: 'La persona', en: 'Self' },
  REPRESENTATIVE: { es: 'Representante', en: 'Representative' },
  THIRD_PARTY: { es: 'Tercera persona', en: 'Third party' },
} as const satisfies Labels;
/** One of `LODGED_BY_LABELS`. */
export type LodgedBy = keyof typeof LODGED_BY_LABELS;
export const LODGED_BY = codesOf(LODGED_BY_LABELS);
