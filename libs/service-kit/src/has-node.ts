import type { NodeContext } from './node-definition.ts';

/** Whether an agency takes part with a node: it hears of what is sealed to it, and can be handed custody. */
export function hasNode({ agencyId, members }: Pick<NodeContext, 'agencyId' | 'members'>, agency: string): boolean {
  return agency === agencyId || members().some((member) => member.agencyId === agency);
}
