import type { MatchGround } from '@acogida/reference';
import { type BirthDateMatch, compareBirthDates } from './birth-date-match.ts';
import type { IdentityElements } from './identity-elements.ts';
import {
  BIRTH_DATE_POINTS,
  LIKENESS_WEIGHT,
  namePoints,
  POSSIBLE_FROM_POINTS,
  SIMILAR_DOCUMENT_POINTS,
} from './match-points.ts';
import { likenessOf, type NameKeys } from './name-keys.ts';
import { type ReadIdentity, readIdentity } from './read-identity.ts';

/** What speaks for and against two being one person. A person decides; this only says whether there is something to decide. */
export interface MatchJudgement {
  readonly isPossible: boolean;
  readonly points: number;
  /** In the order of `MATCH_GROUNDS`. */
  readonly grounds: readonly MatchGround[];
}

interface NameMatch {
  readonly points: number;
  readonly found: number;
  readonly isWhole: boolean;
}

const NO_NAMES: NameMatch = { points: 0, found: 0, isWhole: false };

/** The most that pairs of words weigh together when each word is in one pair at most. */
function heaviestPairs(weights: readonly (readonly number[])[]): { readonly found: number; readonly weight: number } {
  const known = new Map<string, { readonly found: number; readonly weight: number }>();
  const from = (row: number, taken: number): { readonly found: number; readonly weight: number } => {
    const columns = weights[row];
    if (columns === undefined) return { found: 0, weight: 0 };
    const key = `${row} ${taken}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    let best = from(row + 1, taken);
    for (const [column, weight] of columns.entries()) {
      if (weight === 0 || (taken & (1 << column)) !== 0) continue;
      const rest = from(row + 1, taken | (1 << column));
      const isMore =
        rest.found + 1 > best.found || (rest.found + 1 === best.found && rest.weight + weight > best.weight);
      if (isMore) best = { found: rest.found + 1, weight: rest.weight + weight };
    }
    known.set(key, best);
    return best;
  };
  return from(0, 0);
}

function compareNames(one: readonly NameKeys[], other: readonly NameKeys[]): NameMatch {
  const weights = one.map((first) =>
    other.map((second) => {
      const likeness = likenessOf(first, second);
      return likeness === null ? 0 : LIKENESS_WEIGHT[likeness];
    }),
  );
  const shorter = Math.min(one.length, other.length);
  const { found, weight } = heaviestPairs(weights);
  return { points: namePoints({ found, weight, shorter }), found, isWhole: found === shorter };
}

/** By points, then by what is shown: the same whoever of two is sought. */
function tellsMore(match: NameMatch, best: NameMatch): boolean {
  if (match.points !== best.points) return match.points > best.points;
  if (match.found !== best.found) return match.found > best.found;
  return match.isWhole && !best.isWhole;
}

function bestNames(sought: ReadIdentity, candidate: ReadIdentity): NameMatch {
  const matches = sought.readings.flatMap((one) => candidate.readings.map((other) => compareNames(one, other)));
  return matches.reduce((best, match) => (best === NO_NAMES || tellsMore(match, best) ? match : best), NO_NAMES);
}

const BIRTH_DATE_GROUND: Readonly<Record<BirthDateMatch, MatchGround>> = {
  SAME: 'SAME_BIRTH_DATE',
  SWAPPED: 'DAY_AND_MONTH_SWAPPED',
  CLOSE: 'BIRTH_DATE_CLOSE',
  FITS: 'BIRTH_DATE_FITS',
  NOT_EXCLUDED: 'BIRTH_DATE_NOT_EXCLUDED',
  UNKNOWN: 'BIRTH_DATE_UNKNOWN',
  FEW_YEARS_APART: 'BIRTH_DATE_FEW_YEARS_APART',
  DIFFERENT: 'OTHER_BIRTH_DATE',
};

const intersects = <T>(one: ReadonlySet<T>, other: ReadonlySet<T>): boolean => [...one].some((key) => other.has(key));

/** Sex and nationality are shown and count for nothing: they are self-declared, recorded wrongly and change. */
function shownGrounds(one: IdentityElements, other: IdentityElements): readonly MatchGround[] {
  const grounds: MatchGround[] = [];
  const isSexKnown = [one.sex, other.sex].every((sex) => sex === 'FEMALE' || sex === 'MALE');
  if (isSexKnown) grounds.push(one.sex === other.sex ? 'SAME_SEX' : 'OTHER_SEX');
  if (one.nationalities.length > 0 && other.nationalities.length > 0) {
    const isShared = one.nationalities.some((country) => other.nationalities.includes(country));
    grounds.push(isShared ? 'SAME_NATIONALITY' : 'OTHER_NATIONALITY');
  }
  return grounds;
}

/** `judgeMatch` of elements that were taken apart before. */
export function judgeRead(sought: ReadIdentity, candidate: ReadIdentity): MatchJudgement {
  const names = bestNames(sought, candidate);
  const birthDate = compareBirthDates(sought.elements.dateOfBirth, candidate.elements.dateOfBirth);
  const isSameDocument = intersects(sought.documents.same, candidate.documents.same);
  const isSimilarDocument = !isSameDocument && intersects(sought.documents.similar, candidate.documents.similar);
  const points = names.points + BIRTH_DATE_POINTS[birthDate] + (isSimilarDocument ? SIMILAR_DOCUMENT_POINTS : 0);
  const tellsWho = names.found > 0 || isSimilarDocument;
  return {
    isPossible: isSameDocument || (tellsWho && points >= POSSIBLE_FROM_POINTS),
    points,
    grounds: [
      ...(isSameDocument ? (['SAME_DOCUMENT'] as const) : []),
      ...(isSimilarDocument ? (['SIMILAR_DOCUMENT'] as const) : []),
      ...(names.isWhole ? (['ALL_NAMES'] as const) : names.found > 0 ? (['SOME_NAMES'] as const) : []),
      BIRTH_DATE_GROUND[birthDate],
      ...shownGrounds(sought.elements, candidate.elements),
    ],
  };
}

/**
 * Judges whether two sets of elements may be one person's. Symmetric. It says so rather once too often (`match-points.ts`): the
 * same document number always does, whatever else differs, and so do equal names that no date of birth speaks against.
 */
export function judgeMatch(sought: IdentityElements, candidate: IdentityElements): MatchJudgement {
  return judgeRead(readIdentity(sought), readIdentity(candidate));
}
