import type { Clock } from '@acogida/core';
import type { CommandsBeside, ExecuteOptions, ProcedureHolds, StepTaker } from '@acogida/service-kit';
import { type GateCommand, gateProcedure } from '@acogida/safeguards';
import type { ReturnCaseEvent } from '../domain/return-case-events.ts';
import type { ReturnCase } from '../domain/return-case-state.ts';
import { attemptEndOf, holdsOfReturn } from '../domain/voluntariness-hold.ts';
import { returnCaseProcedure } from '../return-case.procedure.ts';

/** What goes with a command on a return case. */
export type BesideReturnCase = NonNullable<ExecuteOptions<never, ReturnCase, ReturnCaseEvent>['beside']>;

/** Commands on the gate of a case. */
export function atTheGate(caseId: string, ...commands: readonly GateCommand[]): CommandsBeside {
  return { procedure: gateProcedure, id: caseId, commands: () => commands };
}

/**
 * With each step of a return case, in its transaction: H-17 follows it, and where the consent ends nobody is taken to the door any
 * more (INV-14).
 */
export function besideReturnCase(holds: ProcedureHolds, clock: Clock, id: string, by: StepTaker): BesideReturnCase {
  const placing = holds.beside<ReturnCase, ReturnCaseEvent>(
    { procedure: returnCaseProcedure, id, by },
    ({ events, state: { application } }) =>
      application && { caseId: application.caseId, groundId: id, changes: holdsOfReturn(events) },
  );
  return async (decided, transaction) => {
    const placed = await placing(decided, transaction);
    const end = attemptEndOf(decided.events);
    const { application } = decided.state;
    if (end === null || application === null) return placed;
    return [...placed, atTheGate(application.caseId, { type: 'EndAttempt', end, now: clock.now() })];
  };
}
