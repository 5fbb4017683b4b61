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
}

/** Two cases of which nothing was said. */
export const UNLINKED: CaseLink = { caseId: '', linkedCaseId: '', revision: 0, linkedAt: null, told: [] };

/** Folds one event into what an agency says of two cases. */
export function evolveCaseLink(link: CaseLink, event: CaseLinkEvent): CaseLink {
  switch (event.type) {
    case 'CasesLinked': {
      const { caseId, linkedCaseId, revision, linkedAt, readers } = event.data;
      return { caseId, linkedCaseId, revision, linkedAt, told: readers.agencies };
    }
    case 'LinkTold':
      return { ...link, told: [...new Set([...link.told, ...event.data.agencies])] };
    case 'CasesUnlinked':
      return { ...link, revision: event.data.revision, linkedAt: null };
  }
}
