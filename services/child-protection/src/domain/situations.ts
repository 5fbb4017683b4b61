import type { CareStatus, ChildSituation } from '@acogida/reference';

/** How much protection a situation calls for: 2 a child alone, 1 a child with somebody, 0 nobody that is a child. */
const PROTECTION_RANK: Readonly<Record<ChildSituation, number>> = {
  UNACCOMPANIED: 2,
  SEPARATED: 2,
  NOT_ESTABLISHED: 2,
  ACCOMPANIED_AT_RISK: 1,
  LEFT_BEHIND: 1,
  NOT_A_CHILD: 0,
};

/** Situations that an officer finds; any other is nobody's finding. */
export const IDENTIFIED_SITUATIONS = ['UNACCOMPANIED', 'SEPARATED', 'ACCOMPANIED_AT_RISK', 'LEFT_BEHIND'] as const;
/** One of `IDENTIFIED_SITUATIONS`. */
export type IdentifiedSituation = (typeof IDENTIFIED_SITUATIONS)[number];

/** Whether the child is held and needs a guardian. An adult beside it is verified, not presumed (domain.md §2.5). */
export function isAlone(situation: ChildSituation): boolean {
  return PROTECTION_RANK[situation] === PROTECTION_RANK.UNACCOMPANIED;
}

/** Whether this calls for less protection than what was known. */
export function isLess(situation: ChildSituation, known: ChildSituation): boolean {
  return PROTECTION_RANK[situation] < PROTECTION_RANK[known];
}

/** What another agency's word makes of a child: of whom nobody knows with whom it is counts as alone. */
export function situationOf(careStatus: CareStatus): ChildSituation {
  switch (careStatus) {
    case 'UNACCOMPANIED':
    case 'SEPARATED':
      return careStatus;
    case 'UNKNOWN':
      return 'NOT_ESTABLISHED';
    case 'ACCOMPANIED':
      return 'ACCOMPANIED_AT_RISK';
  }
}

/** What other agencies are told of a situation; null of whom is no child. With whom a child left behind is, is not said by that. */
export function careStatusOf(situation: ChildSituation): CareStatus | null {
  switch (situation) {
    case 'UNACCOMPANIED':
    case 'SEPARATED':
      return situation;
    case 'ACCOMPANIED_AT_RISK':
      return 'ACCOMPANIED';
    case 'LEFT_BEHIND':
    case 'NOT_ESTABLISHED':
      return 'UNKNOWN';
    case 'NOT_A_CHILD':
      return null;
  }
}
