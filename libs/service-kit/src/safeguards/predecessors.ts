import type { Trust } from '@acogida/event-log';
import type { Transaction } from '@acogida/event-store';
import type { NodeContext } from '../node-definition.ts';
import { successorOf } from './known-holds.ts';

const READ_THROUGH = {
  name: 'predecessors-read-through',
  text: 'SELECT source, last_number AS "lastNumber" FROM inbox.source_cursor WHERE source = ANY($1)',
};

/**
 * Whether all is read here that the agencies said whose successor this one is, through the last number that the roots let stand:
 * before that, holds of theirs may stand that nobody here has heard of.
 */
export async function hasReadPredecessors(
  { agencyId, members }: Pick<NodeContext, 'agencyId' | 'members'>,
  trust: Pick<Trust, 'get'>,
  lookup: Pick<Transaction, 'query'>,
): Promise<boolean> {
  const all = members();
  const gone = all.filter((one) => successorOf(one.agencyId, all) === agencyId).map((one) => one.agencyId);
  if (gone.length === 0) return true;
  const { rows } = await lookup.query<{ source: string; lastNumber: number }>({ ...READ_THROUGH, values: [gone] });
  return gone.every((agency) => {
    const ends = (trust.get(agency) ?? []).map(({ throughNumber }) => throughNumber ?? Infinity);
    return (rows.find(({ source }) => source === agency)?.lastNumber ?? 0) >= Math.max(0, ...ends);
  });
}
