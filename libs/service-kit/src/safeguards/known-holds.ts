import type { HoldLiftedV1Data } from '@acogida/contracts';
import type { ReceivedEvent } from '@acogida/event-log';
import type { Transaction } from '@acogida/event-store';
import { REMOVAL_HOLDS, type RemovalHold } from '@acogida/reference';
import type { HoldElsewhere, HoldLedger } from '@acogida/safeguards';
import type { NodeContext, NodeMember } from '../node-definition.ts';
import { dataOf } from '../received-data.ts';

interface Row {
  readonly source: string;
  readonly holdId: string;
  readonly kind: string | null;
  readonly takenOverFrom: string | null;
  readonly since: string;
  readonly isOpen: boolean;
}

/** Who answered for what an agency left, one after the other; nobody while the agency is there. */
function heirsOf(agency: string, members: readonly NodeMember[]): readonly string[] {
  const heirs: string[] = [];
  for (;;) {
    const next = members.find(({ agencyId }) => agencyId === (heirs.at(-1) ?? agency))?.successor ?? null;
    if (next === null || next === agency || heirs.includes(next)) return heirs;
    heirs.push(next);
  }
}

/** Who answers for what an agency left, over any number of successions; null while the agency is there. */
export function successorOf(agency: string, members: readonly NodeMember[]): string | null {
  return heirsOf(agency, members).at(-1) ?? null;
}

/** Without those that this agency has taken over, as successor of an agency that is gone: they stand, or stood, in its own ledger. */
export function notTakenOver(heard: readonly HoldElsewhere[], { holds }: HoldLedger): readonly HoldElsewhere[] {
  return heard.filter(
    ({ holdId, authority }) => !holds.some((own) => own.holdId === holdId && own.takenOverFrom === authority),
  );
}

/**
 * Whether the authority of a hold that is told of has lifted it since: a key that comes late opens what is long over.
 *
 * @param batch what is read in one go with the word, which `known_hold` does not know yet
 */
export async function isLiftedSince(
  { source, number }: Pick<ReceivedEvent, 'source' | 'number'>,
  holdId: string,
  lookup: Pick<Transaction, 'query'>,
  batch: readonly ReceivedEvent[] = [],
): Promise<boolean> {
  const isLifting = (event: ReceivedEvent): boolean =>
    event.payload.type === 'HoldLifted' && dataOf<HoldLiftedV1Data>(event).holdId === holdId;
  if (batch.some((event) => event.source === source && event.number > number && isLifting(event))) return true;
  const { rows } = await lookup.query(
    'SELECT FROM known_hold WHERE source = $1 AND hold_id = $2 AND lifted_number > $3',
    [source, holdId, number],
  );
  return rows.length > 0;
}

/** A kind that a newer release made is one that cannot be read here. */
function kindOf(kind: string | null): RemovalHold | null {
  return REMOVAL_HOLDS.find((known) => known === kind) ?? null;
}

/**
 * Open holds of others on a case, oldest first, as far as this node has heard. One that a successor took over is the successor's from
 * then on, and over once that has lifted it.
 *
 * @param lookup the node's pool, or a transaction
 */
export async function openHoldsElsewhere(
  node: Pick<NodeContext, 'members'>,
  lookup: Pick<Transaction, 'query'>,
  caseId: string,
): Promise<readonly HoldElsewhere[]> {
  const { rows } = await lookup.query<Row>(
    `SELECT source, hold_id::text AS "holdId", kind, taken_over_from AS "takenOverFrom", since,
            lifted_number IS NULL OR lifted_number < placed_number AS "isOpen"
     FROM known_hold WHERE case_id = $1 AND placed_number IS NOT NULL ORDER BY since, source, hold_id`,
    [caseId],
  );
  const members = node.members();
  const isTakenOver = ({ source, holdId }: Row): boolean => {
    const heirs = heirsOf(source, members);
    return rows.some((one) => one.holdId === holdId && one.takenOverFrom === source && heirs.includes(one.source));
  };
  return rows
    .filter((row) => row.isOpen && !isTakenOver(row))
    .map(({ source: authority, holdId, kind, since }) => ({
      ...{ holdId, authority, successor: successorOf(authority, members), kind: kindOf(kind), since },
    }));
}
