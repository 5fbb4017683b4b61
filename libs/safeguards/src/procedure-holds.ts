import type { HoldLiftReason, RemovalHold } from '@acogida/reference';
import type { HoldLedgerCommand, HoldLedgerCommandOf } from './hold-ledger-commands.ts';
import { type Hold, type HoldLedger, openHolds } from './hold-ledger-state.ts';
import { HOLD_RULES, isLiftedFor, needsSecondOfficer } from './hold-rules.ts';

/** What a step of a procedure does to the holds by which the procedure protects somebody (domain.md §1.5). */
export type HoldChange =
  /** Places one. Open holds of the kind `insteadOf` become this one where whoever acts may lift. */
  | { readonly change: 'PLACE'; readonly kind: RemovalHold; readonly insteadOf: RemovalHold | null }
  /** Lifts the procedure's hold of that kind; where two officers are needed for it, it is proposed, and waits for the second. */
  | {
      readonly change: 'LIFT';
      readonly kind: RemovalHold;
      readonly reason: HoldLiftReason;
      /** Another officer who has agreed to that very step beforehand: the first of two. */
      readonly reviewedBy: string | null;
    };

/** Who acts in which procedure, and what its commands need besides. */
export interface StepActing extends Pick<
  HoldLedgerCommandOf<'PlaceHold'>,
  'by' | 'reading' | 'now' | 'caseId' | 'groundId' | 'mandate' | 'unawareGates' | 'unknownLeases' | 'referredBy'
> {
  /** Token subject, or the policy. */
  readonly subject: string;
  /** Whether whoever acts may lift holds; who may not places all the same (INV-01). */
  readonly mayLift: boolean;
  /** Id of the procedure's hold of a kind, for the n-th time, from 0. */
  readonly holdIdOf: (kind: RemovalHold, occasion: number) => string;
}

/** The procedure's hold of a kind, or the id that it gets: a new one after each lifting, since halts are answered by it. */
function standing(ledger: HoldLedger, kind: RemovalHold, { holdIdOf }: StepActing): { holdId: string; hold?: Hold } {
  for (let occasion = 0; ; occasion += 1) {
    const holdId = holdIdOf(kind, occasion);
    const hold = ledger.holds.find((one) => one.holdId === holdId);
    if (hold === undefined) return { holdId };
    if (hold.isOpen) return { holdId, hold };
  }
}

function becomes(before: Hold, insteadOf: RemovalHold | null, next: RemovalHold): boolean {
  return before.kind !== null && before.kind === insteadOf && HOLD_RULES[before.kind].becomes[next] !== undefined;
}

function placing(
  { kind, insteadOf }: Extract<HoldChange, { change: 'PLACE' }>,
  ledger: HoldLedger,
  acting: StepActing,
): readonly HoldLedgerCommand[] {
  const { subject: placedBy, mayLift, holdIdOf: _, ...rest } = acting;
  const hold = { ...rest, holdId: standing(ledger, kind, acting).holdId, kind, placedBy };
  const before = openHolds(ledger).filter((one) => mayLift && one.owner === acting.by && becomes(one, insteadOf, kind));
  if (before.length === 0) return [{ type: 'PlaceHold', ...hold }];
  return before.map(({ holdId: replacesHoldId }) => ({ type: 'ReplaceHold', replacesHoldId, ...hold }));
}

function lifting(
  { kind, reason, reviewedBy }: Extract<HoldChange, { change: 'LIFT' }>,
  ledger: HoldLedger,
  acting: StepActing,
): readonly HoldLedgerCommand[] {
  const { subject: officer, mayLift, by, reading, now } = acting;
  const { holdId, hold } = standing(ledger, kind, acting);
  if (!mayLift || hold === undefined || !isLiftedFor(kind, reason)) return [];
  const lift = { holdId, reason, officer, by, reading, now };
  if (!needsSecondOfficer(kind, reason)) return [{ type: 'LiftHold', ...lift }];
  if (reviewedBy === null || reviewedBy === officer) return [{ type: 'ProposeLift', ...lift }];
  return [
    { type: 'ProposeLift', ...lift, officer: reviewedBy },
    { type: 'ConfirmLift', ...lift },
  ];
}

/**
 * The commands on the ledger of the case with which a step of a procedure takes effect; none where nothing is to be done, so that a
 * step that comes again changes nothing. None of them is refused: a step never fails for its hold (S4).
 */
export function commandsOfChanges(
  changes: readonly HoldChange[],
  ledger: HoldLedger,
  acting: StepActing,
): readonly HoldLedgerCommand[] {
  return changes.flatMap((one) =>
    one.change === 'PLACE' ? placing(one, ledger, acting) : lifting(one, ledger, acting),
  );
}
