import { forgottenOf, haltsFor } from './decide-placing.ts';
import type { HoldLedgerCommandOf } from './hold-ledger-commands.ts';
import type { HoldLedgerEvent } from './hold-ledger-events.ts';
import { evolveLedger, type Hold, type HoldLedger, openHolds } from './hold-ledger-state.ts';
import { type Count, type Reading, remainingMs } from './lease.ts';

/** Whether it waits already, for time alone, at least as long as that count. */
function waitsAsLongAs(longest: Count, { protection, awaits }: Hold, reading: Reading): boolean {
  if (protection !== null) return false;
  const leftMs = remainingMs(longest, reading);
  return awaits.some(
    ({ gate, clearanceId, count }) =>
      gate === null && clearanceId === null && count !== null && remainingMs(count, reading) >= leftMs,
  );
}

/**
 * The ledger is an older copy: any of its open holds may have been lifted since, and somebody cleared who has not left yet. Each of them
 * waits again until the longest lease is over (S1); no gate's answer ends that earlier, since one that the copy has may be
 * older than such a lease. The gates that are named are told to halt, and say whether the person has left (S3). A hold that waits
 * as long already waits for no more.
 */
export function exposeHolds(
  { unknownLeases, reading, now }: HoldLedgerCommandOf<'ExposeHolds'>,
  ledger: HoldLedger,
): readonly HoldLedgerEvent[] {
  const awaits = forgottenOf(unknownLeases, true);
  let decided: readonly HoldLedgerEvent[] = [];
  for (const hold of openHolds(ledger)) {
    if (waitsAsLongAs(unknownLeases.count, hold, reading)) continue;
    const { holdId } = hold;
    const exposed: HoldLedgerEvent = { type: 'HoldExposed', data: { holdId, awaits, exposedAt: now } };
    const soFar = decided.reduce(evolveLedger, ledger);
    decided = [...decided, exposed, ...haltsFor(soFar, holdId, awaits, now)];
  }
  return decided;
}
