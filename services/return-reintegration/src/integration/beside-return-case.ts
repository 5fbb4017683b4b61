import { type Clock, DomainError } from '@acogida/core';
import type { Transaction } from '@acogida/event-store';
import type { CommandsBeside, ExecuteOptions, ProcedureHolds, StepTaker } from '@acogida/service-kit';
import { type GateCommand, gateProcedure } from '@acogida/safeguards';
import type { ReturnApplication, ReturnCaseEvent } from '../domain/return-case-events.ts';
import type { ReturnCase, ReturnStage } from '../domain/return-case-state.ts';
import {
  asksForAnother,
  attemptEndOf,
  holdsOfReturn,
  IN_FORCE,
  IN_FORCE_AT,
  liftsDeclined,
} from '../domain/voluntariness-hold.ts';
import { returnCaseProcedure } from '../return-case.procedure.ts';
import { openReturnCases, otherReturnCases } from './open-return-cases.ts';

/** What goes with a command on a return case. */
export type BesideReturnCase = NonNullable<ExecuteOptions<never, ReturnCase, ReturnCaseEvent>['beside']>;

/** Commands on the gate of a case. */
export function atTheGate(caseId: string, ...commands: readonly GateCommand[]): CommandsBeside {
  return { procedure: gateProcedure, id: caseId, commands: () => commands };
}

/**
 * Commands on one ledger, as one: it is written once.
 *
 * @param before run whenever the ledger was read: what it finds counts, or the ledger has moved and it is run again
 */
function together(parts: readonly CommandsBeside[], before: () => Promise<void>): readonly CommandsBeside[] {
  const [first] = parts;
  if (first === undefined) return [];
  const commands: CommandsBeside['commands'] = async (ledger) => {
    await before();
    const decided: unknown[] = [];
    for (const part of parts) decided.push(...(await part.commands(ledger)));
    return decided;
  };
  return [{ ...first, commands }];
}

/** @throws DomainError RETURN.ANOTHER_OPEN: nobody returns by two cases at once */
async function requireNoOther(lookup: Pick<Transaction, 'query'>, { caseId, returnCaseId }: ReturnApplication) {
  const open = (await openReturnCases(lookup, caseId)).find((id) => id !== returnCaseId);
  if (open === undefined) return;
  const details = { returnCaseId: open };
  throw new DomainError('RETURN.ANOTHER_OPEN', 'conflict', 'the person has an open return case already', details);
}

/**
 * With each step of a return case, in its transaction: H-17 follows it, and where the consent ends nobody is taken to the door any
 * more (INV-14).
 *
 * @param pool where the person's other return cases are looked up for a step that no transaction is open for; none for a step that
 * neither applies, confirms nor declines
 * @throws DomainError RETURN.ANOTHER_OPEN, of an application
 */
export function besideReturnCase(
  holds: ProcedureHolds,
  clock: Clock,
  id: string,
  by: StepTaker,
  pool?: Pick<Transaction, 'query'>,
): BesideReturnCase {
  return async (decided, transaction) => {
    const { events, state } = decided;
    const { application } = state;
    if (application === null) return [];
    const { caseId } = application;
    const lookup = transaction ?? pool;
    const others = (stages: readonly ReturnStage[], matter: boolean): Promise<readonly string[]> =>
      matter && lookup !== undefined ? otherReturnCases(lookup, application, stages) : Promise.resolve([]);
    const hasAnother = (await others(IN_FORCE_AT, asksForAnother(events))).length > 0;
    const declined = await others(['DECLINED'], liftsDeclined(events));
    const onLedger: CommandsBeside[] = [];
    for (const one of [id, ...declined]) {
      const changes = one === id ? holdsOfReturn(events, hasAnother) : [IN_FORCE];
      const step = { procedure: returnCaseProcedure, id: one, by };
      const placing = holds.beside<ReturnCase, ReturnCaseEvent>(step, () => ({ caseId, groundId: one, changes }));
      onLedger.push(...(await placing(decided, transaction)));
    }
    const end = attemptEndOf(events);
    const atGate = end === null ? [] : [atTheGate(caseId, { type: 'EndAttempt', end, now: clock.now() })];
    const isNew = events.some(({ type }) => type === 'ReturnApplicationSubmitted');
    const before = async (): Promise<void> => {
      if (isNew && lookup !== undefined) await requireNoOther(lookup, application);
    };
    return [...together(onLedger, before), ...atGate];
  };
}
