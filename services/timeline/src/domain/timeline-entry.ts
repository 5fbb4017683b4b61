import type { ContractClass } from '@acogida/contracts';
import type { Instant, JsonObject } from '@acogida/core';
import { inCausalOrder, type OrderedEntry } from './causal-order.ts';
import { type CaseEntry, type CaseFacts, caseFactsOf } from './case-facts.ts';

/** One event of a case as this node knows it. Of an event known only by class, what stands inside the seal is null. */
export interface TimelineEntry extends OrderedEntry {
  readonly class: ContractClass;
  readonly type: string | null;
  readonly schemaVersion: number | null;
  readonly data: JsonObject | null;
  readonly occurredAt: Instant | null;
  readonly recordedAt: Instant;
}

/** The hybrid reading that an unopened event is ordered by: the time on its envelope. */
export function clockOfEnvelope(time: Instant): string {
  return `${String(Date.parse(time)).padStart(13, '0')}-000000`;
}

function isOpened(entry: TimelineEntry): boolean {
  return entry.type !== null;
}

/** The facts that the opened entries of one case, in causal order, amount to; null when none is opened. */
export function factsOfTimeline(ordered: readonly TimelineEntry[]): CaseFacts | null {
  const opened = ordered.filter(isOpened);
  // what was received was checked against its schema; a type of a newer release is told by class only
  return opened.length === 0 ? null : caseFactsOf(opened as unknown as readonly CaseEntry[]);
}

/** What was on record at an instant, in causal order (bitemporal, architecture.md §8). Null means now. */
export function timelineAsOf<T extends TimelineEntry>(entries: readonly T[], asOf: Instant | null): T[] {
  return inCausalOrder(asOf === null ? entries : entries.filter(({ recordedAt }) => recordedAt <= asOf));
}
