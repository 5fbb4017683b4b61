import type { Departure } from './gate-state.ts';
import type { HaltOutcome } from './hold-ledger-events.ts';
import { answerOf, type HoldLedger } from './hold-ledger-state.ts';

/** What one hold waits for at the agency's own gate. */
export interface OwnGateHalt {
  readonly holdId: string;
  readonly clearanceIds: readonly string[];
}

/** Clearances of the agency's own gate that its holds waited for when they were placed, as far as that has not answered. */
export function haltsOfOwnGate(ledger: HoldLedger, agencyId: string): readonly OwnGateHalt[] {
  return ledger.holds.flatMap(({ holdId, awaits }) => {
    const due = awaits.filter((one) => one.gate === agencyId && answerOf(ledger, one, holdId) === undefined);
    const clearanceIds = due.flatMap(({ clearanceId }) => clearanceId ?? []);
    return clearanceIds.length === 0 ? [] : [{ holdId, clearanceIds }];
  });
}

/** What the own gate answers: nobody leaves by these clearances, or the person had left by one of them, or by none (S3). */
export function answerToOwnHalt(
  { clearanceIds }: OwnGateHalt,
  departures: readonly Departure[],
): { readonly outcome: HaltOutcome; readonly departedAt: string | null } {
  const departure = departures.findLast(
    (one) => one.clearanceIds.length === 0 || one.clearanceIds.some((id) => clearanceIds.includes(id)),
  );
  return departure === undefined
    ? { outcome: 'VOIDED', departedAt: null }
    : { outcome: 'DEPARTED', departedAt: departure.departedAt };
}
