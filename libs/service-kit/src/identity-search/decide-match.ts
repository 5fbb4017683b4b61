import type { MatchDecision } from '@acogida/reference';
import { DomainError } from '@acogida/core';

/** A possible match, as far as a decision depends on it. */
export interface StandingMatch {
  /** Null while nobody has decided. */
  readonly decision: MatchDecision | null;
  /** Officers who were shown whom the question was about that is kept now; nobody where none is kept. */
  readonly shownTo: readonly string[];
  /** Officer who proposed to change `SAME_PERSON`. */
  readonly proposedBy: string | null;
}

/** What comes of an officer's decision. */
export type MatchOutcome =
  | { readonly kind: 'TAKES_EFFECT'; readonly officers: readonly string[] }
  /** A second officer has to say the same. */
  | { readonly kind: 'PROPOSED' }
  /** It was decided so before; a proposal to change it is over. */
  | { readonly kind: 'STANDS' };

/**
 * Whether what an officer says of two identities takes effect. `SAME_PERSON` does, at once. So does `OTHER_PERSON` of what nobody has
 * decided; but it takes two officers to change `SAME_PERSON` to it, as it does to lift a hold that was placed in error, and each of them has seen
 * whom the question was about: it lets the next search pass.
 *
 * @throws DomainError MATCH.NOT_SEEN (conflict), MATCH.SAME_OFFICER (forbidden)
 */
export function decideMatch(
  { decision, shownTo, proposedBy }: StandingMatch,
  said: MatchDecision,
  officer: string,
): MatchOutcome {
  if (said === decision) return { kind: 'STANDS' };
  if (decision !== 'SAME_PERSON') return { kind: 'TAKES_EFFECT', officers: [officer] };
  if (!shownTo.includes(officer)) {
    throw new DomainError('MATCH.NOT_SEEN', 'conflict', 'the officer was not shown whom the question is about');
  }
  if (proposedBy === null) return { kind: 'PROPOSED' };
  if (proposedBy === officer) {
    throw new DomainError('MATCH.SAME_OFFICER', 'forbidden', 'whoever proposed it does not confirm it');
  }
  return { kind: 'TAKES_EFFECT', officers: [proposedBy, officer] };
}
