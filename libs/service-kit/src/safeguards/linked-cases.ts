import { type ProcedureDefinition, StreamErasedError, type Transaction } from '@acogida/event-store';
import { type HoldLedger, holdLedgerProcedure } from '@acogida/safeguards';
import type { NodeContext } from '../node-definition.ts';

/** A state that says which cases are the same person's. */
interface Linking {
  readonly linkedCaseIds: readonly string[];
}

/** Streams of one procedure, of all cases of one person. */
export type OfOnePerson<S> = readonly (readonly [caseId: string, state: S])[];

/**
 * What a procedure knows of all cases that are one person's, over any number of links; the given one first. Of a case that is erased
 * here there is nothing to know any more, and nothing links through it.
 *
 * @param own of the case itself
 * @param named cases that are the person's by another's word
 */
export async function ofOnePerson<C, S extends Linking, E extends { readonly type: string; readonly data: object }>(
  { handler }: Pick<NodeContext, 'handler'>,
  procedure: ProcedureDefinition<C, S, E>,
  [caseId, own]: readonly [string, S],
  { transaction, named = [] }: { readonly transaction?: Transaction; readonly named?: readonly string[] } = {},
): Promise<OfOnePerson<S>> {
  const found = new Map<string, S>([[caseId, own]]);
  const seen = new Set([caseId]);
  const open = [...own.linkedCaseIds, ...named];
  for (let id = open.shift(); id !== undefined; id = open.shift()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const state = await unlessErased(handler.load(procedure, id, transaction));
    if (state === null) continue;
    found.set(id, state);
    open.push(...state.linkedCaseIds);
  }
  return [...found];
}

/** Ledgers of this agency of all cases of a person, the given one first. */
export async function ownLedgersOfPerson(
  node: Pick<NodeContext, 'handler'>,
  caseId: string,
  transaction?: Transaction,
): Promise<OfOnePerson<HoldLedger>> {
  const { state } = await node.handler.load(holdLedgerProcedure, caseId, transaction);
  return ofOnePerson(node, holdLedgerProcedure, [caseId, state], transaction === undefined ? {} : { transaction });
}

/** A state; null where the case was erased here. */
export async function unlessErased<S>(loading: Promise<{ readonly state: S }>): Promise<S | null> {
  try {
    return (await loading).state;
  } catch (error) {
    if (error instanceof StreamErasedError) return null;
    throw error;
  }
}

/** Ids of the other cases of the person, sorted. */
export function otherCasesOf(cases: OfOnePerson<unknown>): readonly string[] {
  return cases
    .slice(1)
    .map(([caseId]) => caseId)
    .sort();
}
