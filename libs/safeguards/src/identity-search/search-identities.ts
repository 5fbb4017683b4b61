import type { IdentityElements } from './identity-elements.ts';
import { judgeRead, type MatchJudgement } from './judge-match.ts';
import { readIdentity, saysWho } from './read-identity.ts';

/** What a search among cases found. */
export type SearchOutcome = 'NO_MATCH' | 'POSSIBLE_MATCH';

/** A case that may be found. */
export interface IdentityCandidate {
  readonly caseId: string;
  /** Null where they cannot be read: then nothing rules the person out. */
  readonly elements: IdentityElements | null;
}

/** A case that may be the sought person's. For the officers of the authority that searched, and nobody else. */
export interface PossibleMatch {
  readonly caseId: string;
  /** Null where its elements cannot be read. */
  readonly judgement: MatchJudgement | null;
}

/** What came of a search. */
export interface IdentityFinding {
  readonly outcome: SearchOutcome;
  /** The likeliest first; none also where the sought elements say too little to tell anybody from anybody. */
  readonly matches: readonly PossibleMatch[];
}

const UNREADABLE_POINTS = Number.POSITIVE_INFINITY;

/** Who of the candidates may be the sought person. Nobody is ruled out by elements without a name and a document. */
export function searchIdentities(sought: IdentityElements, candidates: readonly IdentityCandidate[]): IdentityFinding {
  const read = readIdentity(sought);
  if (!saysWho(read)) return { outcome: 'POSSIBLE_MATCH', matches: [] };
  const matches = candidates.flatMap(({ caseId, elements }): PossibleMatch[] => {
    const judgement = elements === null ? null : judgeRead(read, readIdentity(elements));
    return judgement?.isPossible === false ? [] : [{ caseId, judgement }];
  });
  const pointsOf = ({ judgement }: PossibleMatch): number => judgement?.points ?? UNREADABLE_POINTS;
  const byPoints = (one: PossibleMatch, other: PossibleMatch): number =>
    pointsOf(one) === pointsOf(other) ? (one.caseId < other.caseId ? -1 : 1) : pointsOf(other) - pointsOf(one);
  return { outcome: matches.length > 0 ? 'POSSIBLE_MATCH' : 'NO_MATCH', matches: [...matches].sort(byPoints) };
}
