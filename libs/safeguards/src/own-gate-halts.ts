import { answerToHalt } from './answer-to-halt.ts';
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

/** Answers of the own gate that are no longer true: a departure was taken back, or taken down without a warrant, since. */
export function outdatedOwnAnswers(
  { answers, holds }: HoldLedger,
  agencyId: string,
  departures: readonly Departure[],
): readonly OwnGateHalt[] {
  return answers.filter(({ gate, holdId, clearanceIds, outcome }) => {
    const now = answerToHalt(clearanceIds, departures).outcome;
    const isOpen = holds.some((hold) => hold.holdId === holdId && hold.isOpen);
    return gate === agencyId && outcome !== now && (now === 'VOIDED' || isOpen);
  });
}

/** What the own gate answers: nobody leaves by these clearances, or the person had left by one of them, or by none (S3). */
export function answerToOwnHalt(
  { clearanceIds }: OwnGateHalt,
  departures: readonly Departure[],
): { readonly outcome: HaltOutcome; readonly departedAt: string | null } {
  return answerToHalt(clearanceIds, departures);
}
