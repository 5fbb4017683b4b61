import type { CaseFacts } from '../domain/case-facts.ts';
import { factsOfTimeline, timelineAsOf, type TimelineEntry } from '../domain/timeline-entry.ts';

/** A row of `timeline_case`. */
export interface CaseRow extends CaseFacts {
  readonly caseId: string;
  /** The states that stand in `referrals`, sorted. */
  readonly referralStates: readonly string[];
}

/** The row that the entries of one case amount to, in whatever order they are given; null when none is opened. */
export function caseRowOf(caseId: string, entries: readonly TimelineEntry[]): CaseRow | null {
  const facts = factsOfTimeline(timelineAsOf(entries, null));
  if (facts === null) return null;
  return { caseId, ...facts, referralStates: [...new Set(facts.referrals.map(({ state }) => state))].sort() };
}
