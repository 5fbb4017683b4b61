import { answerToHalt, type HaltToAnswer } from './answer-to-halt.ts';
import type { Departure } from './gate-state.ts';
import type { HaltOutcome } from './hold-ledger-events.ts';
import { answerOf, type HoldLedger } from './hold-ledger-state.ts';

/** What one hold waits for at the agency's own gate. */
export interface OwnGateHalt extends HaltToAnswer {
  readonly holdId: string;
}

/** Clearances of the agency's own gate that its holds waited for when they were placed, as far as that has not answered. */
export function haltsOfOwnGate(ledger: HoldLedger, agencyId: string): readonly OwnGateHalt[] {
  return ledger.holds.flatMap(({ holdId, awaits, placedAt: since }) => {
    const due = awaits.filter((one) => one.gate === agencyId && answerOf(ledger, one, holdId) === undefined);
    const clearanceIds = due.flatMap(({ clearanceId }) => clearanceId ?? []);
    return clearanceIds.length === 0 ? [] : [{ holdId, clearanceIds, since }];
  });
}

/** Answers of the own gate that are no longer true: a departure was taken back, or taken down without a warrant, since. */
export function outdatedOwnAnswers(
  { answers, holds }: HoldLedger,
  agencyId: string,
  departures: readonly Departure[],
): readonly OwnGateHalt[] {
  return answers.flatMap((answer): OwnGateHalt[] => {
    const { gate, holdId, clearanceIds, outcome } = answer;
    const hold = holds.find((one) => one.holdId === holdId);
    const halt = { holdId, clearanceIds, since: hold?.placedAt };
    const now = answerToHalt(halt, departures).outcome;
    const isOutdated = gate === agencyId && outcome !== now && (now === 'VOIDED' || hold?.isOpen === true);
    return isOutdated ? [halt] : [];
  });
}

/** What the own gate answers: nobody leaves by these clearances, or the person had left by one of them, or by none (S3). */
export function answerToOwnHalt(
  halt: OwnGateHalt,
  departures: readonly Departure[],
): { readonly outcome: HaltOutcome; readonly departedAt: string | null } {
  return answerToHalt(halt, departures);
}
