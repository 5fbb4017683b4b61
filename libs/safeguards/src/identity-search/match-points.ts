import type { BirthDateMatch } from './birth-date-match.ts';
import type { NameLikeness } from './name-keys.ts';

/**
 * From how many points on somebody may be the one who is sought. Set so low that one name in common and the same date of birth are
 * enough, and so is all that a paper with two names says where no date speaks against it; two names out of three need a date that fits. A match
 * that is none costs an officer a look, one that is missed may cost a life (non-refoulement). What it comes to among ten
 * thousand persons is measured in `search-measures.spec.ts`.
 */
export const POSSIBLE_FROM_POINTS = 3.5;

/** A name that is found again. One that only sounds alike, or may be a typing error, tells less. */
export const LIKENESS_WEIGHT: Readonly<Record<NameLikeness, number>> = {
  EQUAL: 1,
  SAME_NAME: 1,
  SAME_SOUND: 0.75,
  SAME_CONSONANTS: 0.75,
  NEARLY_EQUAL: 0.75,
};

const POINTS_OF_A_NAME = 2;
/** Papers leave names out: where all names of the shorter one are found, the rest of the longer one says nothing. */
const POINTS_OF_ALL_NAMES = 2;
/** Of a name of the shorter one that the longer one does not have. */
const POINTS_OF_A_MISSING_NAME = -1;

/** What dates of birth add. One that differs outweighs two names that are found, and not three: dates are told and typed wrongly. */
export const BIRTH_DATE_POINTS: Readonly<Record<BirthDateMatch, number>> = {
  SAME: 3,
  SWAPPED: 2,
  CLOSE: 1,
  FITS: 1,
  NOT_EXCLUDED: 0,
  UNKNOWN: 0,
  FEW_YEARS_APART: -3,
  DIFFERENT: -4,
};

/** A number that is one character off adds as much as a name; the same number decides by itself. */
export const SIMILAR_DOCUMENT_POINTS = 2;

/**
 * Points of two names of which some words are found again.
 *
 * @param found how many of the shorter one's words are in the longer one
 * @param weight what those weigh together
 */
export function namePoints({
  found,
  weight,
  shorter,
}: {
  readonly found: number;
  readonly weight: number;
  readonly shorter: number;
}): number {
  const ofFound = POINTS_OF_A_NAME * weight;
  if (found === shorter) return POINTS_OF_ALL_NAMES + ofFound;
  return ofFound + POINTS_OF_A_MISSING_NAME * (shorter - found);
}
