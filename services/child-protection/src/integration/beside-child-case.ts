import type { HoldLiftReason, RemovalHold } from '@acogida/reference';
import { type HoldLedger, type HoldLedgerCommand, holdLedgerProcedure, openHolds } from '@acogida/safeguards';
import type { CommandsBeside, DecidedCommand, ExecuteOptions, ProcedureHolds, StepTaker } from '@acogida/service-kit';
import { childCaseProcedure } from '../child-case.procedure.ts';
import type { ChildCaseEvent } from '../domain/child-case-events.ts';
import type { ChildCase } from '../domain/child-case-state.ts';
import { assertNothingHeld, HOLDS_OF_CHILD } from '../domain/closing.ts';
import { holdsOfChild } from '../domain/holds-of-child.ts';

/** What goes with a command on a child's case. */
export type BesideChildCase = NonNullable<ExecuteOptions<never, ChildCase, ChildCaseEvent>['beside']>;

/** Looks whether anything is held where the case ends; it changes nothing. */
function ending({ events, state: { subject } }: DecidedCommand<ChildCase, ChildCaseEvent>): readonly CommandsBeside[] {
  const closed = events.find(({ type }) => type === 'ChildCaseClosed');
  if (closed?.type !== 'ChildCaseClosed' || subject === null) return [];
  const commands = (ledger: HoldLedger): readonly unknown[] => {
    assertNothingHeld(closed.data.reason, ledger);
    return [];
  };
  return [{ procedure: holdLedgerProcedure, id: subject.caseId, commands }];
}

/** Proposals that nobody is to confirm any more. */
interface Stale {
  readonly kind: RemovalHold;
  /** Null for whatever reason. */
  readonly reason: HoldLiftReason | null;
}

/** Of a child that is alone again; and of one of whom more was said than whoever proposed it knew. */
function staleBy(events: readonly ChildCaseEvent[], placed: readonly RemovalHold[]): readonly Stale[] {
  const isHeardLate = events.some(({ type }) => type === 'ReportHeardLate');
  const inError = isHeardLate ? HOLDS_OF_CHILD.map((kind) => ({ kind, reason: 'PLACED_IN_ERROR' as const })) : [];
  return [...placed.map((kind) => ({ kind, reason: null })), ...inError];
}

/**
 * With each step of a child's case, in its transaction: H-10 and H-11 follow it. What somebody proposed to lift is not lifted any more by
 * whoever confirms it later, once the child is alone again, or more is heard of it.
 */
export function besideChildCase(holds: ProcedureHolds, id: string, by: StepTaker): BesideChildCase {
  return async (decided, transaction) => {
    const { subject } = decided.state;
    if (subject === null) return [];
    const changes = holdsOfChild(decided.events, decided.state);
    const stale = staleBy(
      decided.events,
      changes.flatMap(({ change, kind }) => (change === 'PLACE' ? [kind] : [])),
    );
    const decline = (ledger: HoldLedger) => declining(ledger, stale, { holds, by });
    const step = { procedure: childCaseProcedure, id, by };
    const placing = holds.beside<ChildCase, ChildCaseEvent>(step, () => ({ ...subject, groundId: id, changes }));
    const placed = await placing(decided, transaction);
    const onLedger = placed.map((one) => ({
      ...one,
      commands: async (ledger: HoldLedger) => [...decline(ledger), ...(await one.commands(ledger))],
    }));
    const declined = { procedure: holdLedgerProcedure, id: subject.caseId, commands: decline };
    return [...(placed.length === 0 && stale.length > 0 ? [declined] : onLedger), ...ending(decided)];
  };
}

function declining(
  ledger: HoldLedger,
  stale: readonly Stale[],
  { holds, by }: { readonly holds: ProcedureHolds; readonly by: StepTaker },
): readonly HoldLedgerCommand[] {
  return openHolds(ledger)
    .filter(({ kind, proposal }) =>
      stale.some(
        (one) => proposal !== null && one.kind === kind && (one.reason ?? proposal.reason) === proposal.reason,
      ),
    )
    .map(({ holdId }) => ({ type: 'DeclineLift', holdId, officer: by.subject, ...holds.acting() }));
}
