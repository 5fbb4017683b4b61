import { type HoldLedger, type HoldLedgerCommand, holdLedgerProcedure, openHolds } from '@acogida/safeguards';
import type { CommandsBeside, DecidedCommand, ExecuteOptions, ProcedureHolds, StepTaker } from '@acogida/service-kit';
import { childCaseProcedure } from '../child-case.procedure.ts';
import type { ChildCaseEvent } from '../domain/child-case-events.ts';
import type { ChildCase } from '../domain/child-case-state.ts';
import { assertNothingHeld } from '../domain/closing.ts';
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

/**
 * With each step of a child's case, in its transaction: H-10 and H-11 follow it. What somebody proposed to lift is not lifted any more by
 * whoever confirms it later, once the child is alone again.
 */
export function besideChildCase(holds: ProcedureHolds, id: string, by: StepTaker): BesideChildCase {
  return async (decided, transaction) => {
    const { subject } = decided.state;
    if (subject === null) return [];
    const changes = holdsOfChild(decided.events, decided.state);
    const placed = changes.flatMap(({ change, kind }) => (change === 'PLACE' ? [kind] : []));
    const step = { procedure: childCaseProcedure, id, by };
    const placing = holds.beside<ChildCase, ChildCaseEvent>(step, () => ({ ...subject, groundId: id, changes }));
    const takeBack = (ledger: HoldLedger): readonly HoldLedgerCommand[] =>
      openHolds(ledger)
        .filter(
          ({ kind, groundId, proposal }) => proposal !== null && groundId === id && placed.some((one) => one === kind),
        )
        .map(({ holdId }) => ({ type: 'DeclineLift', holdId, officer: by.subject, ...holds.acting() }));
    const onLedger = (await placing(decided, transaction)).map((one) => ({
      ...one,
      commands: async (ledger: HoldLedger) => [...takeBack(ledger), ...(await one.commands(ledger))],
    }));
    return [...onLedger, ...ending(decided)];
  };
}
