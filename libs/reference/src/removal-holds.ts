import { codesOf, type Labels } from './code-list.ts';

/** Removal holds (domain.md §1.5), in the order of their numbers: the first is H-01. */
export const REMOVAL_HOLD_LABELS = {
  NEEDS_NOT_ASSESSED: { es: 'Necesidades sin evaluar', en: 'Needs not assessed' },
  ASYLUM_INTENT: { es: 'Intención de solicitar asilo', en: 'Asylum intent' },
  ASYLUM_PENDING: { es: 'Asilo en trámite', en: 'Asylum pending' },
  APPEAL_OPEN: { es: 'Apelación abierta', en: 'Appeal open' },
  RECOGNIZED: { es: 'Reconocida', en: 'Recognised' },
  COMPLEMENTARY: { es: 'Protección complementaria', en: 'Complementary protection' },
  TRAFFICKING_SCREENING: { es: 'Identificación de trata en curso', en: 'Trafficking screening' },
  REFLECTION_PERIOD: { es: 'Período de reflexión', en: 'Reflection period' },
  TRAFFICKING_RISK: { es: 'Riesgo de trata', en: 'Trafficking risk' },
  CHILD_NO_BID: { es: 'Niñez sin determinación del interés superior', en: 'Child without a best interests decision' },
  CHILD_NO_GUARDIAN: { es: 'Niñez sin tutor', en: 'Child without a guardian' },
  AGE_DISPUTED: { es: 'Edad en duda', en: 'Age disputed' },
  STATELESSNESS_PENDING: { es: 'Apatridia en trámite', en: 'Statelessness pending' },
  MEDICAL_UNFIT: { es: 'No apta por salud', en: 'Medically unfit' },
  FAMILY_UNITY: { es: 'Unidad familiar', en: 'Family unity' },
  COURT_OR_INTERIM_MEASURE: { es: 'Orden judicial o medida provisional', en: 'Court order or interim measure' },
  VOLUNTARINESS: { es: 'Voluntariedad sin comprobar', en: 'Voluntariness not established' },
} as const satisfies Labels;
/** One of `REMOVAL_HOLD_LABELS`. */
export type RemovalHold = keyof typeof REMOVAL_HOLD_LABELS;
export const REMOVAL_HOLDS = codesOf(REMOVAL_HOLD_LABELS);
