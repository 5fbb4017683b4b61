import { type Instant, instantAfter } from '@acogida/core';
import type { Awaited } from './hold-ledger-events.ts';
import { answerOf, type Hold, type HoldLedger, openHolds } from './hold-ledger-state.ts';
import { type Count, type Reading, remainingMs } from './lease.ts';

/**
 * Counts that keep a hold from protecting, where nothing but time does; none while it waits for a gate as well: the gate's answer is
 * judged when it comes.
 */
function countsOf(ledger: HoldLedger, { holdId, protection, awaits }: Hold): readonly Count[] {
  if (protection !== null) return [];
  const isAnswered = (awaited: Awaited): boolean =>
    awaited.gate !== null && answerOf(ledger, awaited, holdId) !== undefined;
  const open = awaits.filter((awaited) => !isAnswered(awaited)).map(({ count }) => count);
  return open.includes(null) ? [] : open.filter((count) => count !== null);
}

/**
 * When to look first whether what open holds wait for is over (`NoteEndedLeases`), by the calendar: a hint. Leases are counted on
 * the monotonic clock, and anew by a process that starts. Null where no time ends anything.
 */
export function firstLookAt(ledger: HoldLedger): Instant | null {
  const ends = openHolds(ledger).flatMap((hold) => {
    const spans = countsOf(ledger, hold).map(({ spanMs }) => spanMs);
    return spans.length === 0 ? [] : [instantAfter(hold.placedAt, Math.max(...spans))];
  });
  return ends.sort()[0] ?? null;
}

/** After how many milliseconds it is worth to look again; null where no time ends anything. */
export function nextLookInMs(ledger: HoldLedger, now: Reading): number | null {
  const waits = openHolds(ledger).flatMap((hold) => {
    const counts = countsOf(ledger, hold).map((count) => remainingMs(count, now));
    return counts.length === 0 ? [] : [Math.max(...counts)];
  });
  return waits.length === 0 ? null : Math.min(...waits);
}
