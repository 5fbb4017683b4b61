import { codesOf, type Labels } from './code-list.ts';

/** What speaks for or against two sets of identity elements being one person's (architecture.md §7, Clearance). */
export const MATCH_GROUND_LABELS = {
  SAME_DOCUMENT: { es: 'El mismo número de documento', en: 'The same document number' },
  SIMILAR_DOCUMENT: { es: 'Número de documento casi igual', en: 'A document number that is nearly the same' },
  ALL_NAMES: { es: 'Todos los nombres coinciden', en: 'All names are found' },
  SOME_NAMES: { es: 'Algunos nombres coinciden', en: 'Some names are found' },
  SAME_BIRTH_DATE: { es: 'La misma fecha de nacimiento', en: 'The same date of birth' },
  DAY_AND_MONTH_SWAPPED: { es: 'Día y mes intercambiados', en: 'Day and month are swapped' },
  BIRTH_DATE_CLOSE: { es: 'Fecha de nacimiento casi igual', en: 'A date of birth that is nearly the same' },
  BIRTH_DATE_FITS: {
    es: 'La fecha de nacimiento coincide hasta donde se sabe',
    en: 'The date of birth fits as far as it is known',
  },
  BIRTH_DATE_NOT_EXCLUDED: { es: 'La fecha de nacimiento puede ser la misma', en: 'The date of birth may be the same' },
  BIRTH_DATE_UNKNOWN: { es: 'Falta una fecha de nacimiento', en: 'A date of birth is missing' },
  BIRTH_DATE_FEW_YEARS_APART: { es: 'Pocos años de diferencia', en: 'A few years apart' },
  OTHER_BIRTH_DATE: { es: 'Otra fecha de nacimiento', en: 'Another date of birth' },
  SAME_SEX: { es: 'El mismo sexo', en: 'The same sex' },
  OTHER_SEX: { es: 'Otro sexo', en: 'Another sex' },
  SAME_NATIONALITY: { es: 'Una nacionalidad en común', en: 'A nationality in common' },
  OTHER_NATIONALITY: { es: 'Otra nacionalidad', en: 'Another nationality' },
} as const satisfies Labels;
/** One of `MATCH_GROUND_LABELS`. */
export type MatchGround = keyof typeof MATCH_GROUND_LABELS;
export const MATCH_GROUNDS = codesOf(MATCH_GROUND_LABELS);

/** What an officer decides about a possible match. */
export const MATCH_DECISION_LABELS = {
  SAME_PERSON: { es: 'Es la misma persona', en: 'It is the same person' },
  OTHER_PERSON: { es: 'Es otra persona', en: 'It is another person' },
} as const satisfies Labels;
/** One of `MATCH_DECISION_LABELS`. */
export type MatchDecision = keyof typeof MATCH_DECISION_LABELS;
export const MATCH_DECISIONS = codesOf(MATCH_DECISION_LABELS);

/** What an officer's decision about a possible match rests on. */
export const MATCH_REASON_LABELS = {
  DOCUMENTS_COMPARED: { es: 'Documentos comparados', en: 'Documents were compared' },
  PERSON_INTERVIEWED: { es: 'Entrevista con la persona', en: 'The person was interviewed' },
  BOTH_PRESENT: { es: 'Ambas personas se presentaron', en: 'Both persons were present' },
  RECORDS_COMPARED: { es: 'Expedientes comparados', en: 'Records were compared' },
} as const satisfies Labels;
/** One of `MATCH_REASON_LABELS`. */
export type MatchReason = keyof typeof MATCH_REASON_LABELS;
export const MATCH_REASONS = codesOf(MATCH_REASON_LABELS);
