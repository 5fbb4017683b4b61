import type { Ids, Instant } from '@acogida/core';
import type { Transaction } from '@acogida/event-store';
import type { NodeContext } from '../node-definition.ts';
import { DeadlineNotSettledError, DeadlineWithoutRuleError } from './errors.ts';
import type { DeadlineStore, DeadlineTurn, OpenDeadline } from './port.ts';
import { openDeadlines, type RuleCatalogue } from './rule-catalogue.ts';

/** What a turn is made with. */
export interface TurnParts {
  readonly store: DeadlineStore;
  readonly catalogue: RuleCatalogue;
  readonly node: NodeContext;
  readonly ids: Ids;
}

/** Who acts: no one of the staff, but what was missed. */
function actorOf({ agencyId }: NodeContext, kind: string): string {
  return `${agencyId}.when-${kind.toLowerCase().replaceAll('_', '-')}-is-due`;
}

function turnOf(
  parts: TurnParts,
  kind: string,
  now: Instant,
  { transaction, lookAgainAt }: Pick<DeadlineTurn, 'transaction' | 'lookAgainAt'>,
): DeadlineTurn {
  const { node, ids } = parts;
  const metadata = { actor: actorOf(node, kind), correlationId: ids.uuid(), causation: null };
  return {
    ...{ now, node, transaction, lookAgainAt },
    run: (command) => node.handler.executeWithin(transaction, { ...command, ...metadata }),
  };
}

/**
 * One turn of a deadline that has come due, within its transaction: its rule acts, and then it must not stand open any more.
 * Where the rule did nothing because the state has moved on without the row (a restored database), the row is put right.
 *
 * @throws DeadlineNotSettledError, DeadlineWithoutRuleError, and whatever the rule throws
 */
export async function takeTurn(
  parts: TurnParts,
  deadline: OpenDeadline,
  now: Instant,
  transaction: Transaction,
): Promise<void> {
  const { store, catalogue, node } = parts;
  const { stream, kind, dueAt } = deadline;
  const owner = catalogue.ownerOf(stream);
  if (owner === undefined) throw new DeadlineWithoutRuleError();
  const { rule, id } = owner;
  let until: Instant | null = null;
  const lookAgainAt = (instant: Instant): void => void (until = instant);
  await rule.handle({ stream, id, kind, dueAt }, turnOf(parts, kind, now, { transaction, lookAgainAt }));
  if (!(await store.isOpen(deadline, transaction))) return;
  if (until !== null) return store.putOff(deadline, until, transaction);
  await store.hold(stream, transaction);
  const loaded: { readonly state: unknown } = await node.handler.load(rule.procedure, id, transaction);
  const open = openDeadlines(rule, loaded.state);
  if (open.some((other) => other.kind === kind && other.dueAt === dueAt)) throw new DeadlineNotSettledError();
  await store.replace([{ stream, open }], transaction);
}
