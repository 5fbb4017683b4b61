import type { Transaction } from '@acogida/event-store';
import { REMOVAL_HOLDS, type RemovalHold } from '@acogida/reference';
import type { HoldElsewhere, HoldLedger } from '@acogida/safeguards';
import type { NodeContext, NodeMember } from '../node-definition.ts';

interface Row {
  readonly source: string;
  readonly holdId: string;
  readonly kind: string | null;
  readonly takenOverFrom: string | null;
  readonly since: string;
}

/** Who answers for what an agency left, over any number of successions; null while the agency is there. */
export function successorOf(agency: string, members: readonly NodeMember[]): string | null {
  const passed = new Set([agency]);
  let found: string | null = null;
  for (;;) {
    const next = members.find(({ agencyId }) => agencyId === (found ?? agency))?.successor ?? null;
    if (next === null || passed.has(next)) return found;
    passed.add(next);
    found = next;
  }
}

/** Without those that this agency has taken over, as successor of an agency that is gone: they stand, or stood, in its own ledger. */
export function notTakenOver(heard: readonly HoldElsewhere[], { holds }: HoldLedger): readonly HoldElsewhere[] {
  return heard.filter(
    ({ holdId, authority }) => !holds.some((own) => own.holdId === holdId && own.takenOverFrom === authority),
  );
}

/** A kind that a newer release made is one that cannot be read here. */
function kindOf(kind: string | null): RemovalHold | null {
  return REMOVAL_HOLDS.find((known) => known === kind) ?? null;
}

/**
 * Open holds of others on a case, oldest first, as far as this node has heard. One that a successor took over stands once, as the
 * successor's.
 *
 * @param lookup the node's pool, or a transaction
 */
export async function openHoldsElsewhere(
  node: Pick<NodeContext, 'members'>,
  lookup: Pick<Transaction, 'query'>,
  caseId: string,
): Promise<readonly HoldElsewhere[]> {
  const { rows } = await lookup.query<Row>(
    `SELECT source, hold_id::text AS "holdId", kind, taken_over_from AS "takenOverFrom", since FROM known_hold
     WHERE case_id = $1 AND placed_number IS NOT NULL AND (lifted_number IS NULL OR lifted_number < placed_number)
     ORDER BY since, source, hold_id`,
    [caseId],
  );
  const members = node.members();
  const isTakenOver = ({ source, holdId }: Row): boolean =>
    rows.some((one) => one.holdId === holdId && one.takenOverFrom === source && successorOf(source, members) !== null);
  return rows
    .filter((row) => !isTakenOver(row))
    .map(({ source: authority, holdId, kind, since }) => ({
      ...{ holdId, authority, successor: successorOf(authority, members), kind: kindOf(kind), since },
    }));
}
