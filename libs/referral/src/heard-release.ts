import type { Decider } from '@acogida/core';
import type { CustodyRelease } from './custody-terms.ts';

/**
 * Releases of a case whose custody is not known here, as they were heard from who gave it away. They count for nothing until
 * it is known who had the case before or who succeeds it: then they do, as if they had been heard after that.
 */
export type HeardReleasesState = readonly CustodyRelease[];

/** Events of a stream `heard-release-<caseId>`, private. */
export type HeardReleaseEvent = { readonly type: 'ReleaseHeard'; readonly data: CustodyRelease };

/** What another agency said. */
export type HeardReleaseCommand = { readonly type: 'KeepRelease' } & CustodyRelease;

/**
 * Keeps what was heard, the first that an agency says of a term: a term is given once, by one referral. What no custodian could
 * say is not kept. Refuses nothing: whoever overhears is not asked.
 */
export const heardReleaseDecider: Decider<HeardReleaseCommand, HeardReleasesState, HeardReleaseEvent> = {
  initialState: [],
  decide: ({ type: _, ...heard }, state) => {
    const { term, from, to } = heard;
    const isKnown = state.some((one) => one.term === term && one.from === from);
    return isKnown || term < 2 || from === to ? [] : [{ type: 'ReleaseHeard', data: heard }];
  },
  evolve: (state, { data }) => [...state, data].sort((one, other) => one.term - other.term),
};

/** The procedure as the edge runs it. */
export const heardReleaseProcedure = {
  name: 'heard-release',
  decider: heardReleaseDecider,
  versions: { ReleaseHeard: 1 },
  upcasters: [],
  publish: () => null,
  caseOf: (_: HeardReleasesState, caseId: string) => caseId,
} as const;
