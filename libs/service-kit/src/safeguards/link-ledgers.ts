import type { Instant } from '@acogida/core';
import { StreamMovedError, type Transaction } from '@acogida/event-store';
import {
  type HoldLedger,
  type HoldLedgerCommand,
  holdLedgerProcedure,
  isNewsOfLink,
  requireFewLinksOfPerson,
  type Reading,
  type SaidLink,
} from '@acogida/safeguards';
import type { DeadlineTurn } from '../deadlines/port.ts';
import type { NodeContext } from '../node-definition.ts';
import type { ForgottenLeases } from './forgotten-leases.ts';
import { otherGates } from './gate-agencies.ts';
import { unawareGates } from './hold-surroundings.ts';
import { ownLedgersOfPerson } from './linked-cases.ts';

/** A word that two cases are one person's, or are no longer, as a node takes it in. */
export interface LinkWordHeard {
  readonly link: SaidLink;
  readonly caseId: string;
  readonly linkedCaseId: string;
  readonly isLinked: boolean;
}

/** Each of the two cases and the other one, in the one order in which streams are written. */
export function bothWays({
  caseId,
  linkedCaseId,
}: Pick<LinkWordHeard, 'caseId' | 'linkedCaseId'>): readonly (readonly [caseId: string, linkedCaseId: string])[] {
  const both = [[caseId, linkedCaseId] as const, [linkedCaseId, caseId] as const];
  return both.sort();
}

/** When, and by whom, a word on a link is taken in. */
export interface TakingIn extends Pick<DeadlineTurn, 'run'> {
  readonly transaction: Transaction;
  readonly now: Instant;
}

/** What ledgers are linked with. */
export interface LinkingLedgers extends TakingIn {
  readonly reading: Reading;
  readonly forgotten: Pick<ForgottenLeases, 'current'>;
}

/**
 * Links this agency's ledgers of two cases, or unlinks them, in one transaction: leases that are out on any case of the person count
 * in all of its ledgers from then on, holds of each wait for them, and their gates are told to halt. A word that was heard
 * before changes nothing.
 *
 * @throws DomainError LINK.TOO_MANY; StreamErasedError one of the cases is erased here: nothing links it any more; StreamMovedError,
 *   which is transient
 */
export async function linkLedgers(
  node: NodeContext,
  { link, caseId, linkedCaseId, isLinked }: LinkWordHeard,
  turn: LinkingLedgers,
): Promise<void> {
  const { run, reading, now, transaction } = turn;
  const acting = { by: node.agencyId, reading, now } as const;
  const at = (id: string, command: HoldLedgerCommand) => run({ procedure: holdLedgerProcedure, id, command });
  const both = bothWays({ caseId, linkedCaseId });
  if (!isLinked) {
    for (const [id, other] of both) await at(id, { type: 'UnlinkLedger', ...acting, linkedCaseId: other, link });
    return;
  }
  const person = await ownLedgersOfPerson(node, caseId, transaction);
  const isOfOnePerson = person.some(([id]) => id === linkedCaseId);
  const others = isOfOnePerson ? [] : await ownLedgersOfPerson(node, linkedCaseId, transaction);
  const ledgers = new Map([...person, ...others]);
  const isNews = both.some(([id, other]) => isNewsOfLink(ledgers.get(id)?.links ?? [], link, other));
  if (!isNews) return;
  requireFewLinksOfPerson([...ledgers], link, [caseId, linkedCaseId]);
  const clearances = new Map([...ledgers.values()].flatMap((one) => one.clearances.map((c) => [c.clearanceId, c])));
  const count = await turn.forgotten.current(node, transaction);
  const gates = otherGates(node).map(({ agencyId }) => agencyId);
  const bringing = {
    clearances: [...clearances.values()],
    unknownLeases: count === null ? null : { count, gates },
    unawareGates: isOfOnePerson ? [] : await unawareGates(node, transaction),
    isToGateAlone: node.circles !== undefined,
  };
  for (const id of [...ledgers.keys()].sort()) {
    const other = both.find(([one]) => one === id)?.[1];
    const to = other === undefined ? { linkedCaseId: caseId, link: null } : { linkedCaseId: other, link };
    const { state } = await at(id, { type: 'LinkLedger', ...acting, ...to, ...bringing });
    // Cleared, or linked, after the ledgers were read: the others would not wait for that (S1).
    const isNewer =
      state.clearances.some(({ clearanceId }) => !clearances.has(clearanceId)) ||
      state.linkedCaseIds.some((linked) => linked !== other && !ledgers.get(id)?.linkedCaseIds.includes(linked));
    if (isNewer) throw new StreamMovedError(`${holdLedgerProcedure.name}-${id}`, null);
  }
}

/** This agency's ledgers of all cases that are one person's once these are linked. */
export async function ledgersOf(
  node: Pick<NodeContext, 'handler'>,
  caseIds: readonly string[],
  transaction: Transaction,
): Promise<ReadonlyMap<string, HoldLedger>> {
  const ledgers = new Map<string, HoldLedger>();
  for (const caseId of caseIds)
    for (const [id, ledger] of await ownLedgersOfPerson(node, caseId, transaction)) ledgers.set(id, ledger);
  return ledgers;
}
