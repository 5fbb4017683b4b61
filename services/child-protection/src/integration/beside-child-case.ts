import type { HoldLiftReason, RemovalHold } from '@acogida/reference';
import type { Transaction } from '@acogida/event-store';
import { type HoldLedger, type HoldLedgerCommand, holdLedgerProcedure, openHolds } from '@acogida/safeguards';
import type { CommandsBeside, ExecuteOptions, NodeContext, ProcedureHolds, StepTaker } from '@acogida/service-kit';
import { childCaseProcedure } from '../child-case.procedure.ts';
import type { ChildCaseEvent } from '../domain/child-case-events.ts';
import type { ChildCase } from '../domain/child-case-state.ts';
import { assertNothingHeld, HOLDS_OF_CHILD } from '../domain/closing.ts';
import { holdsOfChild } from '../domain/holds-of-child.ts';
import { handingOver, heldElsewhere, referringAuthority } from './handing-over.ts';

/** What goes with a command on a child's case. */
export type BesideChildCase = NonNullable<ExecuteOptions<never, ChildCase, ChildCaseEvent>['beside']>;
type OnLedger = (ledger: HoldLedger) => readonly HoldLedgerCommand[] | Promise<readonly HoldLedgerCommand[]>;

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

/** Who takes the steps, and where others' holds are looked up for a step that no transaction is open for. */
export interface ChildStepsAt {
  readonly holds: ProcedureHolds;
  readonly node: Pick<NodeContext, 'agencyId' | 'jurisdiction' | 'members'>;
  readonly pool?: Pick<Transaction, 'query'>;
}

/**
 * With each step of a child's case, in its transaction: H-10 and H-11 follow it. What somebody proposed to lift is not lifted any more by
 * whoever confirms it later, once the child is alone again, or more is heard of it. Where the case ends nothing is held, or whoever takes
 * it over holds the child: then it is handed over (`handing-over.ts`).
 */
export function besideChildCase({ holds, node, pool }: ChildStepsAt, id: string, by: StepTaker): BesideChildCase {
  return async (decided, transaction) => {
    const { events, state } = decided;
    const { subject, closing } = state;
    if (subject === null) return [];
    const parts: OnLedger[] = [];
    const changes = holdsOfChild(events, state);
    const stale = staleBy(
      events,
      changes.flatMap(({ change, kind }) => (change === 'PLACE' ? [kind] : [])),
    );
    if (stale.length > 0) parts.push((ledger) => declining(ledger, stale, { holds, by }));
    const lookup = transaction ?? pool;
    const isPlaced = changes.some(({ change }) => change === 'PLACE');
    const referrer = isPlaced && lookup ? await referringAuthority(node, lookup, subject.caseId) : {};
    const placing = holds.beside<ChildCase, ChildCaseEvent>({ procedure: childCaseProcedure, id, by }, () => {
      return { ...subject, ...referrer, groundId: id, changes };
    });
    for (const { commands } of await placing(decided, transaction)) parts.push(commands as OnLedger);
    if (events.some(({ type }) => type === 'ChildCaseClosed') && closing !== null)
      parts.push((ledger) => (assertNothingHeld(closing.reason, ledger), []));
    const isGuarded = events.length > 0; // else the case may be taken up again meanwhile
    const next =
      isGuarded && closing?.reason === 'TRANSFERRED' && lookup
        ? await heldElsewhere(node, lookup, subject.caseId)
        : null;
    if (next !== null) parts.push((ledger) => handingOver(ledger, next, { ...holds.acting(), officer: by.subject }));
    return parts.length === 0 ? [] : [together(subject.caseId, parts)];
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

function together(caseId: string, parts: readonly OnLedger[]): CommandsBeside {
  const commands = async (ledger: HoldLedger): Promise<readonly HoldLedgerCommand[]> => {
    const decided: HoldLedgerCommand[] = [];
    for (const part of parts) decided.push(...(await part(ledger)));
    return decided;
  };
  return { procedure: holdLedgerProcedure, id: caseId, commands };
}
