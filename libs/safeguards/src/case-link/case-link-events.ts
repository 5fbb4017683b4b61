import type { Instant } from '@acogida/core';
import type { MatchReason } from '@acogida/reference';

/** What officers went by. */
export interface LinkGround {
  /** The possible match that they decided. */
  readonly matchId: string;
  readonly reason: MatchReason;
}

/** Who hears of a link. */
export interface LinkReaders {
  /** Whether all share one key, so that nobody is told alone and both cases may speak. */
  readonly shareOneKey: boolean;
  /** Agencies that are told alone, under their offer keys: the circles of both cases, gates and authorities that have to do with either. */
  readonly agencies: readonly string[];
}

/** Events of a stream `case-link-<linkId>`: what the officers of one agency have decided about two cases. */
export type CaseLinkEvent =
  | {
      readonly type: 'CasesLinked';
      readonly data: {
        readonly linkId: string;
        /** The agency's own case. */
        readonly caseId: string;
        readonly linkedCaseId: string;
        readonly revision: number;
        readonly ground: LinkGround;
        /** Token subject. */
        readonly linkedBy: string;
        readonly readers: LinkReaders;
        readonly linkedAt: Instant;
      };
    }
  /** Agencies that were not told before, or that show that they have not heard it. */
  | {
      readonly type: 'LinkTold';
      readonly data: { readonly linkId: string; readonly agencies: readonly string[]; readonly toldAt: Instant };
    }
  | {
      readonly type: 'CasesUnlinked';
      readonly data: {
        readonly linkId: string;
        readonly caseId: string;
        readonly linkedCaseId: string;
        readonly revision: number;
        readonly ground: LinkGround;
        /** Token subjects, two of them. */
        readonly proposedBy: string;
        readonly confirmedBy: string;
        /** All who were told of the link as well. */
        readonly readers: LinkReaders;
        readonly unlinkedAt: Instant;
      };
    };

/** Current schema version of each event. */
export const caseLinkVersions: Readonly<Record<CaseLinkEvent['type'], number>> = {
  CasesLinked: 1,
  LinkTold: 1,
  CasesUnlinked: 1,
};
