import { codesOf, type Labels, type RightsTopic, type UrgentNeed } from '@acogida/reference';

/** How the interpreter stands to the person. Only `INDEPENDENT` is ever assigned (domain.md 2.1, INV-18). */
export const INTERPRETER_RELATION_LABELS = {
  INDEPENDENT: { es: 'Independiente', en: 'Independent' },
  RELATIVE: { es: 'Familiar', en: 'Relative' },
  CO_TRAVELLER: { es: 'Compañero de viaje', en: 'Co-traveller' },
  OFFICIAL_OF_ORIGIN: { es: 'Funcionario del país de origen', en: 'Official of the country of origin' },
} as const satisfies Labels;
/** One of `INTERPRETER_RELATIONS`. */
export type InterpreterRelation = keyof typeof INTERPRETER_RELATION_LABELS;
/** The codes of the list. */
export const INTERPRETER_RELATIONS = codesOf(INTERPRETER_RELATION_LABELS);

/** In which way an interpreter is there. */
export const INTERPRETER_MODE_LABELS = {
  IN_PERSON: { es: 'En persona', en: 'In person' },
  REMOTE: { es: 'A distancia', en: 'Remote' },
} as const satisfies Labels;
/** One of `INTERPRETER_MODES`. */
export type InterpreterMode = keyof typeof INTERPRETER_MODE_LABELS;
/** The codes of the list. */
export const INTERPRETER_MODES = codesOf(INTERPRETER_MODE_LABELS);

/** What is given on the spot to everybody who needs it, whatever the status (domain.md 2.1). */
export const EMERGENCY_ASSISTANCE_LABELS = {
  MEDICAL: { es: 'Atención médica', en: 'Medical care' },
  WATER_FOOD: { es: 'Agua y alimentos', en: 'Water and food' },
  SAFETY: { es: 'Protección inmediata', en: 'Immediate safety' },
  SHELTER: { es: 'Alojamiento', en: 'Shelter' },
  CLOTHES_HYGIENE: { es: 'Ropa e higiene', en: 'Clothes and hygiene' },
  PSYCHOSOCIAL: { es: 'Apoyo psicosocial', en: 'Psychosocial support' },
} as const satisfies Labels;
/** One of `EMERGENCY_ASSISTANCE_KINDS`. */
export type EmergencyAssistanceKind = keyof typeof EMERGENCY_ASSISTANCE_LABELS;
/** The codes of the list. */
export const EMERGENCY_ASSISTANCE_KINDS = codesOf(EMERGENCY_ASSISTANCE_LABELS);

/** What a complaint is about; coded, since free text could identify. */
export const COMPLAINT_SUBJECT_LABELS = {
  ABUSE: { es: 'Maltrato', en: 'Abuse' },
  EXTORTION: { es: 'Extorsión', en: 'Extortion' },
  DISCRIMINATION: { es: 'Discriminación', en: 'Discrimination' },
  ACCESS_DENIED: { es: 'Acceso negado', en: 'Access denied' },
  DETENTION_CONDITIONS: { es: 'Condiciones de detención', en: 'Detention conditions' },
  NO_INTERPRETER: { es: 'Sin intérprete', en: 'No interpreter' },
  OTHER: { es: 'Otro', en: 'Other' },
} as const satisfies Labels;
/** One of `COMPLAINT_SUBJECTS`. */
export type ComplaintSubject = keyof typeof COMPLAINT_SUBJECT_LABELS;
/** The codes of the list. */
export const COMPLAINT_SUBJECTS = codesOf(COMPLAINT_SUBJECT_LABELS);

/** Who complains. An anonymous complaint has the same weight. */
export const COMPLAINT_FILED_BY_LABELS = {
  PERSON: { es: 'La persona', en: 'The person' },
  THIRD_PARTY: { es: 'Tercera persona', en: 'Third party' },
  ANONYMOUS: { es: 'Anónima', en: 'Anonymous' },
} as const satisfies Labels;
/** One of `COMPLAINT_FILED_BY`. */
export type ComplaintFiledBy = keyof typeof COMPLAINT_FILED_BY_LABELS;
/** The codes of the list. */
export const COMPLAINT_FILED_BY = codesOf(COMPLAINT_FILED_BY_LABELS);

/** How a complaint ended. */
export const COMPLAINT_OUTCOME_LABELS = {
  UPHELD: { es: 'Fundada', en: 'Upheld' },
  PARTLY_UPHELD: { es: 'Fundada en parte', en: 'Partly upheld' },
  NOT_UPHELD: { es: 'No fundada', en: 'Not upheld' },
  REFERRED_TO_JUSTICE: { es: 'Remitida a la justicia', en: 'Referred to justice' },
} as const satisfies Labels;
/** One of `COMPLAINT_OUTCOMES`. */
export type ComplaintOutcome = keyof typeof COMPLAINT_OUTCOME_LABELS;
/** The codes of the list. */
export const COMPLAINT_OUTCOMES = codesOf(COMPLAINT_OUTCOME_LABELS);

/** Topics without which nobody counts as informed [D, from SJ 1-v]. In detention DETENTION_RIGHTS is one more. */
export const MANDATORY_TOPICS: readonly RightsTopic[] = [
  'SEEKING_ASYLUM',
  'VICTIM_RIGHTS',
  'CHILD_RIGHTS',
  'SERVICES',
  'REPORTING_ABUSE',
  'DATA_RIGHTS',
  'COSTS',
];

/** Needs that cannot wait for any paper: one YES makes the screening life-saving [D, domain.md 2.1]. */
export const LIFE_SAVING_NEEDS: readonly UrgentNeed[] = ['MEDICAL', 'WATER_FOOD', 'SAFETY', 'CHILD_ALONE', 'INJURY'];
