import type { Transaction } from '@acogida/event-store';
import { LocalDirectory, type NodeContext, successorOf } from '@acogida/service-kit';

/** Other agencies whom gates of this country ask about children alone, as far as the directory has named them, and their successors. */
export async function childAuthorities(
  node: Pick<NodeContext, 'agencyId' | 'jurisdiction' | 'members'>,
  lookup: Pick<Transaction, 'query'>,
): Promise<readonly string[]> {
  const members = node.members();
  const listed = await new LocalDirectory(node, lookup).clearanceAuthorities(node.jurisdiction ?? '');
  return listed
    .filter(({ holds }) => holds.includes('CHILD_NO_BID'))
    .map(({ agencyId }) => successorOf(agencyId, members) ?? agencyId)
    .filter((agency) => agency !== node.agencyId);
}
