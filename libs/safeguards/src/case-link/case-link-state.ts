import type { Instant } from '@acogida/core';
import type { CaseLinkEvent } from './case-link-events.ts';

/** What one agency says of two cases. */
export interface CaseLink {
  /** Empty before anything was said. */
  readonly caseId: string;
  readonly linkedCaseId: string;
  /** How often it was linked and unlinked. */
  readonly revision: number;
  /** Null while they are not linked. */
  readonly linkedAt: Instant | null;
  /** Agencies that were told alone. */
  readonly told: readonly string[];
  /** When it was last said again, to each agency that had shown not to have heard it. */
  readonly toldAgainAt: Readonly<Record<string, Instant>>;
}

/** Two cases of which nothing was said. */
export const UNLINKED: CaseLink = {
  caseId: '',
  linkedCaseId: '',
  revision: 0,
  linkedAt: null,
  told: [],
  toldAgainAt: {},
};

/** Folds one event into what an agency says of two cases. */
export function evolveCaseLink(link: CaseLink, event: CaseLinkEvent): CaseLink {
  switch (event.type) {
    case 'CasesLinked': {
      const { caseId, linkedCaseId, revision, linkedAt, readers } = event.data;
      return { caseId, linkedCaseId, revision, linkedAt, told: readers.agencies, toldAgainAt: {} };
    }
    case 'LinkTold': {
      const { agencies, toldAt } = event.data;
      const again = Object.fromEntries(agencies.map((agency) => [agency, toldAt]));
      return {
        ...{ ...link, told: [...new Set([...link.told, ...agencies])] },
        toldAgainAt: { ...link.toldAgainAt, ...again },
      };
    }
    case 'CasesUnlinked':
      return { ...link, revision: event.data.revision, linkedAt: null };
  }
}
