import { inTransaction } from '@acogida/event-store';
import type { TestNode } from '@acogida/testing/node';
import { gateDesk } from '../../gate/gate-desk.ts';
import { heard } from '../../gate/testing/gate-bench.ts';
import type { NodeDefinition } from '../../node-definition.ts';
import { besideDesks } from '../../testing/desk-node.ts';
import type { AuthorityBench } from './authority-bench.ts';
import { CONATT } from './authority-bench.ts';

const NOW = '2026-11-22T09:00:00.000Z';

/** Id of the link that agencies say in specs of links, where no other one is named. */
export const LINK_ID = '5d6a4c80-3c41-4a58-9b75-6b1f4e0b9c77';

/** An authority that has a gate as well: both have to hear of links. For specs. */
export function authorityWithGate(world: AuthorityBench): NodeDefinition {
  const authority = besideDesks(world.definition());
  const gate = gateDesk(['EXPULSION']);
  return {
    ...authority,
    procedures: [...authority.procedures, ...gate.procedures],
    controllers: [...authority.controllers, ...gate.controllers],
    providers: [...authority.providers, ...gate.providers.filter(isNotFaked)],
    policies: (context) => [...authority.policies(context), ...gate.policies(context)],
  };
}

function isNotFaked(provider: NodeDefinition['providers'][number]): boolean {
  return typeof provider !== 'function' || provider.name !== 'OwnObstacles';
}

/** All policies of the node react to a word of another agency on a link, as its inbox lets them. */
export async function sayOfLink(
  { node }: TestNode,
  type: 'CasesLinked' | 'CasesUnlinked',
  [caseId, linkedCaseId]: readonly [string | null, string],
  revision = 1,
  { source = CONATT, linkId = LINK_ID }: { readonly source?: string; readonly linkId?: string } = {},
): Promise<void> {
  const { context, definition, pool } = node.runtime;
  const at = type === 'CasesLinked' ? 'linkedAt' : 'unlinkedAt';
  const event = heard(type, source, 7, caseId, { linkId, linkedCaseId, revision, [at]: NOW });
  await inTransaction(pool, async (transaction) => {
    for (const policy of definition.policies(context)) if (policy.on === type) await policy.react(event, transaction);
  });
}
